"""Cuts opening hours into the times at which somebody can be called or written back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """From `start` until `end`; `left` contacts can still be agreed with."""

    start: datetime
    end: datetime
    left: int


def free_slots(
    openings: Iterable[tuple[datetime, datetime]],
    *,
    length: timedelta,
    capacity: int,
    taken: Mapping[datetime, int],
    not_before: datetime,
    limit: int,
) -> list[Slot]:
    """Return the first slots with room, in order, each whole within an opening and at a round time.

    Round: a whole number of lengths after midnight in UTC, so that two who look see the same ones.
    """
    found: list[Slot] = []
    for opens, closes in sorted(openings):
        start = _round_up(max(opens, not_before), length)
        while start + length <= closes:
            left = capacity - taken.get(start, 0)
            if left > 0:
                found.append(Slot(start, start + length, left))
                if len(found) >= limit:
                    return found
            start += length
    return found


def _round_up(at: datetime, length: timedelta) -> datetime:
    at = at.astimezone(UTC)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + -((midnight - at) // length) * length
