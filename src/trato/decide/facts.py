"""When a new saying takes the place of what is known: pure, the same answer for the same values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Saying:
    """A fact as it was said once: its value, when, and how certain we are that it was said and meant so."""

    value: object
    said_at: datetime
    certainty: float


def replaces(new: Saying, known: Saying) -> bool:
    """Say whether a saying takes the place of an older one of the same name.

    The later one does, unless it is less certain: a guess never overwrites what somebody told us.
    """
    return new.certainty >= known.certainty and new.said_at >= known.said_at


def best(sayings: Sequence[Saying]) -> Saying | None:
    """Return the saying to go by when several stand: the most certain, of those the latest."""
    return max(sayings, key=lambda one: (one.certainty, one.said_at), default=None)
