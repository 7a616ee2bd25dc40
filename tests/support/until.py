"""Waiting for a condition with a deadline, in a loop or without one."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def until(condition: Callable[[], bool], what: str, *, within_s: float = 60) -> None:
    """Return once the condition holds; fail with `what` when it never does."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        await asyncio.sleep(0.01)


def wait_until(condition: Callable[[], T], *, what: str = "the condition holds", within_s: float = 60) -> T:
    """Block until the condition gives a true value and return it, for tests of whole processes."""
    deadline = time.monotonic() + within_s
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        time.sleep(0.02)
    return value
