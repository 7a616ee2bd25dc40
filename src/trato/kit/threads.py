"""Work that may take long, beside the event loop and never in the way of the process's end."""

import asyncio
import contextlib
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


async def beside(work: Callable[[], T], name: str) -> T:
    """Run `work` in a thread of its own and return what it returns.

    Unlike those of `asyncio.to_thread` nobody waits for the thread when the process ends.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if done.done():
            return  # whoever waited was cancelled
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # without an error there is a result

    def run() -> None:
        result, failed = None, None
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001  it is raised where it is waited for
            failed = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, result, failed)

    Thread(target=run, name=name, daemon=True).start()
    return await done
