"""When a contact may take a matter to its owner, and by when the owner answers."""

from datetime import datetime, timedelta
from typing import Literal

Status = Literal["open", "waiting", "resolved", "closed"]


def may_go(status: Status, *, taken_at: datetime | None, promised_at: datetime | None, now: datetime) -> bool:
    """Say whether the way to the owner is open: for all that is unresolved, and for a broken promise.

    Whoever is there already waits for the date that the owner was given; once that broke, it is open again.
    """
    if status not in ("open", "waiting"):
        return False
    return taken_at is None or promised_at is None or promised_at <= now


def answers_by(now: datetime, answer_hours: int) -> datetime:
    """Return by when the owner answers: a whole minute, since it is told to people."""
    return (now + timedelta(hours=answer_hours)).replace(second=0, microsecond=0)
