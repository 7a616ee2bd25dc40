"""Conditions instead of sleeps."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], *, limit_s: float = 20.0, what: str = "") -> T:
    """Return the condition's first true value, or fail after `limit_s` seconds."""
    deadline = time.monotonic() + limit_s
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise AssertionError(what or f"not within {limit_s} s")
        time.sleep(0.02)
