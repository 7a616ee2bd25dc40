"""When a date that somebody was promised needs a hand, and when it is broken."""

from datetime import datetime, timedelta
from typing import Final

LEAST_NOTICE: Final = timedelta(hours=1)
SHARE: Final = 10  # of the time there was: a promise for ten days is looked at one day before


def remind_at(made_at: datetime, due_at: datetime) -> datetime:
    """Return when whoever keeps the promise is reminded: a fair time before, never before it was made.

    An hour before at least, a tenth of the whole span when that is more.
    """
    span = due_at - made_at
    return max(made_at, due_at - max(LEAST_NOTICE, span / SHARE))


def is_broken(due_at: datetime, now: datetime) -> bool:
    """Say whether the date has passed."""
    return now >= due_at
