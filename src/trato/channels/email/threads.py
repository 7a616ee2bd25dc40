"""Blocking calls in threads that hold up neither the loop nor the end of the process."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(call: Callable[[], T]) -> T:
    """Run a call in a thread of its own and return what it returns or raise what it raises.

    Unlike a pool's thread it is a daemon: one that hangs on a dead server does not keep us from ending.
    When the caller is cancelled, the thread goes on and its result is dropped.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(error: BaseException | None, result: T | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        error, result = None, None
        try:
            result = call()
        except Exception as raised:  # noqa: BLE001  carried over to the caller
            error = raised
        try:
            loop.call_soon_threadsafe(settle, error, result)
        except RuntimeError:  # the loop has ended, nobody waits
            return

    threading.Thread(target=run, name="mailbox", daemon=True).start()
    return await future
