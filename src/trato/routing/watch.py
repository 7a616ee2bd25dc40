"""Notices that a clock was set: it and the monotonic clock go on alike, or somebody moved its hands."""

from datetime import datetime
from typing import Final

TOLERATED_S: Final = 5.0  # between two looks; a clock that is only adjusted (adjtime) drifts far less


class Watch:
    """Compares one clock with the monotonic one, look by look."""

    def __init__(self) -> None:
        self._apart_s: float | None = None
        self._since_s = 0.0

    def was_set(self, clock: datetime, at_s: float) -> bool:
        """Take a look at the clock, `at_s` by the monotonic one; return whether it jumped since the last."""
        apart_s = clock.timestamp() - at_s
        jumped = self._apart_s is not None and abs(apart_s - self._apart_s) > TOLERATED_S
        if jumped or self._apart_s is None:
            self._since_s = at_s
        self._apart_s = apart_s
        return jumped

    def undisturbed_s(self, at_s: float) -> float:
        """Return for how long, until `at_s`, the clock has gone without a jump."""
        return at_s - self._since_s
