"""When a place is open: weekly hours in a time zone, exceptions and holidays, right on every night of it.

The rule is the clock on the wall: a place is open when the local time stands within a span of its hours.
On the nights on which clocks are changed, a time that is left out never comes (a span inside it is empty, one
that ends in it ends when the clocks jump), and a time that comes twice counts twice. A span belongs to the
day on which it begins, and may reach into the next one; an exception governs its whole date, so it also cuts
what the day before would reach into it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import Final
from zoneinfo import ZoneInfo

# How far ahead is looked for an opening or a closing.
LOOK_AHEAD: Final = timedelta(days=400)
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAY: Final = timedelta(days=1)
_DAY_MINUTES: Final = 24 * 60
# Every instant of a local date lies within these of its midnight in UTC: zones reach from -12 to +14 hours.
_BEFORE: Final = timedelta(hours=15)
_AFTER: Final = timedelta(hours=37)
_STEP: Final = timedelta(hours=13)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Minutes after midnight, from `start` until before `end`; `end` is up to 1440 more than a day."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Spell:
    """A stretch of time between two instants, the second not in it."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """The hours of a place: by weekday (0 = Monday), by date, and the stretches when it is closed anyway."""

    zone: ZoneInfo
    week: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    exceptions: Mapping[date, Sequence[Span]] = field(default_factory=dict)  # an empty one: closed
    closures: Sequence[Spell] = ()


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Say whether the place is open at an instant."""
    first = next(_spells(calendar, at), None)
    return first is not None and first.start <= at


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """Return the first instant from `at` on at which it is open, `at` itself when it is; None in 400 days."""
    first = next(_spells(calendar, at), None)
    return None if first is None else max(at, first.start).astimezone(UTC)


def next_closing(calendar: Calendar, at: datetime) -> datetime | None:
    """Return when what is open at `at`, or opens next, closes; None if it does not within 400 days."""
    first = next(_spells(calendar, at), None)
    return None if first is None or first.end >= _horizon(calendar, at) else first.end


def open_time_between(calendar: Calendar, since: datetime, until: datetime) -> timedelta:
    """Return how long it was open between two instants; nothing when `until` is not the later one.

    Costs some microseconds for each day in between.
    """
    spells = _spells(calendar, since, until)
    return sum((min(s.end, until) - max(s.start, since) for s in spells), start=timedelta())


def add_open_time(calendar: Calendar, start: datetime, duration: timedelta) -> datetime | None:
    """Return the first instant by which it has been open for `duration` since `start`; None in 400 days."""
    if duration <= timedelta():
        return start.astimezone(UTC)
    left = duration
    for spell in _spells(calendar, start):
        begins = max(spell.start, start)
        if spell.end - begins >= left:
            return (begins + left).astimezone(UTC)
        left -= spell.end - begins
    return None


def openings(calendar: Calendar, since: datetime, until: datetime) -> list[Spell]:
    """Return the stretches between two instants in which it is open, cut at both."""
    return [
        Spell(max(s.start, since.astimezone(UTC)), min(s.end, until.astimezone(UTC)))
        for s in _spells(calendar, since, until)
    ]


def _spells(calendar: Calendar, since: datetime, until: datetime | None = None) -> Iterator[Spell]:
    """Yield in order what is open, ends after `since` and begins before `until`; touching ones as one."""
    end = _horizon(calendar, since) if until is None else until.astimezone(UTC)
    found = (spell for spell in _merged(_by_day(calendar, since, end)) if spell.end > since)
    return takewhile(lambda spell: spell.start < end, found)


def _horizon(calendar: Calendar, at: datetime) -> datetime:
    last = _local_date(calendar.zone, at) + LOOK_AHEAD
    return datetime(last.year, last.month, last.day, tzinfo=UTC) - _BEFORE


def _by_day(calendar: Calendar, since: datetime, until: datetime) -> Iterator[Spell]:
    closed = sorted(calendar.closures)
    day = _local_date(calendar.zone, since) - _DAY
    last = _local_date(calendar.zone, until) + _DAY
    held: list[Spell] = []
    while day <= last:
        parts = list(_parts(calendar, day))
        held = sorted([*held, *(_without(parts, closed) if closed else parts)])
        day += _DAY
        # Where clocks go back over midnight, a date begins before the one that it follows has ended.
        begins = min((piece.start for piece in pieces_of(calendar.zone, day)), default=None) if held else None
        while held and (begins is None or held[0].start < begins):
            yield held.pop(0)
    yield from held


def _parts(calendar: Calendar, day: date) -> Iterator[Spell]:
    spans = _spans_of(calendar, day)
    for piece in pieces_of(calendar.zone, day) if spans else ():
        for span in spans:
            begins = max(piece.start, piece.at(day, span.start))
            ends = min(piece.end, piece.at(day, span.end))
            if begins < ends:
                yield Spell(begins, ends)


def _spans_of(calendar: Calendar, day: date) -> list[Span]:
    """Return what is open on a date by the clock on the wall, within its 24 hours."""
    own = calendar.exceptions.get(day)
    spans = [Span(s.start, min(s.end, _DAY_MINUTES)) for s in (_day(calendar, day) if own is None else own)]
    if own is None:
        spans += [Span(0, s.end - _DAY_MINUTES) for s in _day(calendar, day - _DAY) if s.end > _DAY_MINUTES]
    return spans


def _day(calendar: Calendar, day: date) -> Sequence[Span]:
    own = calendar.exceptions.get(day)
    return calendar.week.get(day.weekday(), ()) if own is None else own


def _without(spells: Sequence[Spell], closed: Sequence[Spell]) -> Iterator[Spell]:
    for spell in spells:
        start = spell.start
        for gap in closed:
            if gap.start >= spell.end:
                break
            if gap.end <= start:
                continue
            if gap.start > start:
                yield Spell(start, gap.start)
            start = gap.end
        if start < spell.end:
            yield Spell(start, spell.end)


def _merged(spells: Iterator[Spell]) -> Iterator[Spell]:
    held: Spell | None = None
    for spell in spells:
        if held is not None and spell.start <= held.end:
            held = Spell(held.start, max(held.end, spell.end))
            continue
        if held is not None:
            yield held
        held = spell
    if held is not None:
        yield held


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a local date with one offset from UTC: the whole of it, but for the days of a change."""

    start: datetime
    end: datetime
    offset: timedelta

    def at(self, day: date, minutes: int) -> datetime:
        """Return the instant of a time on the wall, by this piece's offset."""
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes) - self.offset


@lru_cache(maxsize=8_192)
def pieces_of(zone: ZoneInfo, day: date) -> tuple[Piece, ...]:
    """Return the pieces of a local date, in order; none for a date that a zone has left out."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    edges = [midnight - _BEFORE]
    while edges[-1] < midnight + _AFTER:
        probe = min(edges[-1] + _STEP, midnight + _AFTER)
        if _offset(zone, edges[-1]) != _offset(zone, probe):
            edges.append(_change(zone, edges[-1], probe))
        edges.append(probe)
    found: list[Piece] = []
    for start, end in pairwise(edges):
        offset = _offset(zone, start)
        begins, ends = max(start, midnight - offset), min(end, midnight + _DAY - offset)
        if begins >= ends:
            continue
        if found and found[-1].offset == offset and found[-1].end == begins:
            found[-1] = Piece(found[-1].start, ends, offset)
        else:
            found.append(Piece(begins, ends, offset))
    return tuple(found)


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first second between two instants at which the zone has the second's offset."""
    low, high = int(before.timestamp()), int(after.timestamp())
    old = _offset(zone, before)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, datetime.fromtimestamp(middle, UTC)) == old:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def _offset(zone: tzinfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _local_date(zone: ZoneInfo, at: datetime) -> date:
    if at.tzinfo is None:
        raise ValueError("an instant has a time zone")
    return at.astimezone(zone).date()
