"""When a system that does not answer is left alone, and when it is asked again. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

AFTER: Final = 3  # failures in a row
FIRST: Final = timedelta(seconds=30)
LONGEST: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Breaker:
    """How a system has answered lately: failures in a row, and until when it is left alone."""

    failures: int = 0
    until: datetime | None = None

    def rests(self, now: datetime) -> bool:
        """Say whether nobody asks by themselves now; a person who presses for it may."""
        return self.until is not None and now < self.until

    def after(self, now: datetime, *, answered: bool) -> "Breaker":
        """Return how it stands after an attempt: one good answer and it is as if nothing had been."""
        if answered:
            return Breaker()
        failures = self.failures + 1
        if failures < AFTER:
            return Breaker(failures)
        pause = min(FIRST * 2 ** min(failures - AFTER, 10), LONGEST)
        return Breaker(failures, now + pause)
