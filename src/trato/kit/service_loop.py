"""The event loop of a role: runs until SIGTERM or SIGINT, then lets its work finish."""

import asyncio
import signal
from collections.abc import Awaitable, Callable


def run_until_stopped(main: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run `main` on a fast loop; the event it is given is set when the process is asked to stop.

    `main` returns when it has finished what it had in hand; how long that may take is its parent's patience.
    """
    import uvloop

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await main(stop)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
