"""Hours as people write them ("09:00" to "18:00", day by day): read, judged and made into a calendar."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Literal
from zoneinfo import ZoneInfo

from trato.decide.hours import DAYS, Calendar, Span, Spell

# "09:00" to "18:00"; an end that is not later than its start is on the next day, and 24:00 is midnight.
Written = Sequence[tuple[str, str]]
Week = Mapping[str, Written]

_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_DAY_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with written hours: `clock` (no time of day), `empty` (no length) or `overlap`."""

    kind: Literal["clock", "empty", "overlap"]
    day: str  # as it was given: "mon" or "2026-12-24"
    said: str  # the span that is wrong
    other: str = ""  # the one that it overlaps


def calendar_of(
    zone: ZoneInfo,
    week: Week,
    exceptions: Mapping[date, Written] | None = None,
    closures: Sequence[Spell] = (),
) -> Calendar:
    """Return the calendar of written hours that have no fault."""
    return Calendar(
        zone,
        {DAYS.index(day): [span_of(one) for one in spans] for day, spans in week.items()},
        {day: [span_of(one) for one in spans] for day, spans in (exceptions or {}).items()},
        closures,
    )


def span_of(written: tuple[str, str]) -> Span:
    """Return a written span; raises ValueError for what is no time of day."""
    start, end = _minutes(written[0]), _minutes(written[1], midnight=True)
    return Span(start, end if end > start else end + _DAY_MINUTES)


def first_fault(week: Week, exceptions: Mapping[date, Written] | None = None) -> Fault | None:
    """Return the first thing wrong with written hours, None when they are well.

    Spans of a day may touch and not overlap; nor may one that passes midnight overlap the next day's.
    """
    for day, spans in [*week.items(), *((str(day), spans) for day, spans in (exceptions or {}).items())]:
        if fault := next(_in_a_day(day, spans), None):
            return fault
    return next(_over_midnight(week), None)


def said(span: tuple[str, str]) -> str:
    """Return a written span as one text."""
    return f"{span[0]}-{span[1]}"


def _in_a_day(day: str, spans: Written) -> Iterator[Fault]:
    for one in spans:
        try:
            span_of(one)
        except ValueError:
            yield Fault("clock", day, said(one))
        if one[0] == one[1]:
            yield Fault("empty", day, said(one))
    for one, other in pairwise(sorted(spans, key=span_of)):
        if span_of(other).start < span_of(one).end:
            yield Fault("overlap", day, said(other), said(one))


def _over_midnight(week: Week) -> Iterator[Fault]:
    for index, day in enumerate(DAYS):
        for one in week.get(day, ()):
            after = DAYS[(index + 1) % len(DAYS)]
            for other in week.get(after, ()):
                if span_of(one).end - _DAY_MINUTES > span_of(other).start:
                    yield Fault("overlap", after, said(other), said(one))


def _minutes(clock: str, *, midnight: bool = False) -> int:
    if midnight and clock == "24:00":
        return _DAY_MINUTES
    found = _CLOCK.fullmatch(clock)
    if found is None:
        raise ValueError(clock)
    return int(found[1]) * 60 + int(found[2])
