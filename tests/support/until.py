"""Waiting for a condition with a deadline."""

import asyncio
import time
from collections.abc import Callable


async def until(condition: Callable[[], bool], what: str, *, within_s: float = 20) -> None:
    """Return once the condition holds; fail with `what` when it never does."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        await asyncio.sleep(0.01)
