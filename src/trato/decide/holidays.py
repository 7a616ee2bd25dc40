"""Days on which a place is closed, read from iCalendar text (RFC 5545) for a stretch of time.

An event of whole days closes these days, one with times closes that stretch; whether it is shown as busy
plays no part, as public holiday calendars show theirs as free. Cancelled ones are left out.

The library reads the text; which dates a rule falls on is decided here, by asking of each date whether it
does. Libraries for that walk from one date to the next and, for a rule that never falls, to the year 9999; a
calendar from somebody else's server must not hold us up for that long.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar as Parsed

from trato.decide.hours import Spell

MAX_TEXT: Final = 1_000_000
MAX_EVENTS: Final = 5_000
MAX_RECURRING: Final = 500
MAX_DAYS: Final = 366  # of one event
OLDEST: Final = date(1900, 1, 1)

_DAY: Final = timedelta(days=1)
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KNOWN: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"})


class NoCalendar(ValueError):
    """The text is no calendar that can be used; `code` says why, `about` names the event."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code, about)
        self.code = code
        self.about = about


@dataclass(frozen=True, slots=True)
class Holidays:
    """What a calendar closes: whole dates, by name, and stretches of time."""

    days: Mapping[date, str] = field(default_factory=dict)
    closures: Sequence[Spell] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of recurrence, as far as calendars of closed days use it (RFC 5545, section 3.3.10)."""

    frequency: str
    start: date
    interval: int = 1
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = frozenset()  # (which one, 0 for each; weekday)
    week_start: int = 0

    def falls_on(self, day: date) -> bool:
        """Say whether the rule falls on a date, from its start on."""
        if day < self.start or not self._in_turn(day):
            return False
        if self.months and day.month not in self.months:
            return False
        if self.month_days:
            return bool(self.month_days & {day.day, day.day - _days_of_month(day) - 1}) and (
                not self.weekdays or self._on_weekday(day)
            )
        if self.weekdays:
            return self._on_weekday(day)
        return self._as_at_the_start(day)

    def _in_turn(self, day: date) -> bool:
        if self.frequency == "YEARLY":
            return (day.year - self.start.year) % self.interval == 0
        if self.frequency == "MONTHLY":
            months = (day.year - self.start.year) * 12 + day.month - self.start.month
            return months % self.interval == 0
        if self.frequency == "WEEKLY":
            weeks = (self._week(day) - self._week(self.start)).days // 7
            return weeks % self.interval == 0
        return (day - self.start).days % self.interval == 0

    def _week(self, day: date) -> date:
        return day - timedelta(days=(day.weekday() - self.week_start) % 7)

    def _on_weekday(self, day: date) -> bool:
        for which, weekday in self.weekdays:
            if weekday == day.weekday() and (which == 0 or which in self._ordinals(day)):
                return True
        return False

    def _ordinals(self, day: date) -> set[int]:
        """Return which of its weekday a date is, from the front and the back of its month or year."""
        if self.frequency == "YEARLY" and not self.months:
            first, last = date(day.year, 1, 1), date(day.year, 12, 31)
        else:
            first, last = day.replace(day=1), day.replace(day=_days_of_month(day))
        return {(day - first).days // 7 + 1, -((last - day).days // 7) - 1}

    def _as_at_the_start(self, day: date) -> bool:
        if self.frequency == "YEARLY":
            return day.day == self.start.day and (bool(self.months) or day.month == self.start.month)
        if self.frequency == "MONTHLY":
            return day.day == self.start.day
        return self.frequency == "DAILY" or day.weekday() == self.start.weekday()


def holidays(text: str, zone: ZoneInfo, since: date, until: date) -> Holidays:
    """Return what a calendar closes from one date until another; raises `NoCalendar`.

    Times without a zone of their own are those of `zone`.
    """
    days: dict[date, str] = {}
    closures: list[Spell] = []
    events = _events(text)
    moved = _moved(events)
    for event in events:
        length = _length(event)
        start = event.start
        for day in _dates(event, moved, since - length - _DAY, until):
            if isinstance(start, datetime):
                begins = datetime.combine(day, start.timetz())
                begins = begins if begins.tzinfo else begins.replace(tzinfo=zone)
                begins = begins.astimezone(UTC)
                if length:
                    closures.append(Spell(begins, begins + length))
                continue
            for number in range(max(1, length.days)):
                if since <= (closed := day + number * _DAY) < until:
                    days.setdefault(closed, str(event.get("SUMMARY", "")))
    return Holidays(days, sorted(closures))


def _events(text: str) -> list[Any]:
    if len(text) > MAX_TEXT:
        raise NoCalendar("too-large")
    try:
        found = [event for one in Parsed.from_ical(text, multiple=True) for event in one.walk("VEVENT")]
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise NoCalendar("unreadable") from error
    if "END:VCALENDAR" not in text.upper():  # nothing, another thing, or the first half of one
        raise NoCalendar("unreadable")
    used = [event for event in found if str(event.get("STATUS", "")).upper() != "CANCELLED"]
    if len(used) > MAX_EVENTS or sum("RRULE" in event for event in used) > MAX_RECURRING:
        raise NoCalendar("too-large")
    return [event for event in used if _readable(event)]


def _readable(event: Any) -> bool:
    try:
        event.start, _length(event)  # the library reads it when it is asked for
    except Exception as error:
        raise NoCalendar("event", _name(event)) from error
    return True


def _name(event: Any) -> str:
    return str(event.get("SUMMARY", "") or event.get("UID", ""))[:80]


def _length(event: Any) -> timedelta:
    length: timedelta = event.duration
    if not timedelta() <= length <= MAX_DAYS * _DAY:
        raise NoCalendar("event", _name(event))
    return length


def _moved(events: Sequence[Any]) -> Mapping[str, set[date]]:
    """Return, by event, the dates that another event of the same id stands for (RECURRENCE-ID)."""
    found: dict[str, set[date]] = {}
    for event in events:
        if "RECURRENCE-ID" in event:
            found.setdefault(str(event.get("UID", "")), set()).add(_date(event["RECURRENCE-ID"].dt))
    return found


def _dates(event: Any, moved: Mapping[str, set[date]], since: date, until: date) -> Iterator[date]:
    start = _date(event.start)
    if "RECURRENCE-ID" in event:
        if since <= start < until:
            yield start
        return
    left_out = _listed(event, "EXDATE") | moved.get(str(event.get("UID", "")), set())
    found = {start} | _listed(event, "RDATE") | set(_recurring(event, start, since, until))
    yield from sorted(day for day in found - left_out if since <= day < until)


def _recurring(event: Any, start: date, since: date, until: date) -> Iterator[date]:
    if "RRULE" not in event:
        return
    said = event["RRULE"]
    if isinstance(said, list) or start < OLDEST:
        raise NoCalendar("rule", _name(event))
    rule = _rule(event, said, start)
    last = min(until, _last(said, until))
    count = int(said["COUNT"][0]) if "COUNT" in said else None
    # Only a rule that counts is asked about the days before those that we want.
    day = start if count is not None else max(start, since)
    given = 0
    while day < last and (count is None or given < count):
        if rule.falls_on(day):
            given += 1
            yield day
        day += _DAY


def _last(said: Mapping[str, Any], until: date) -> date:
    return _date(said["UNTIL"][0]) + _DAY if "UNTIL" in said else until


def _rule(event: Any, said: Mapping[str, Any], start: date) -> Rule:
    try:
        frequency, interval = str(said["FREQ"][0]), int(said.get("INTERVAL", [1])[0])
        rule = Rule(
            frequency,
            start,
            interval,
            months=_numbers(said, "BYMONTH", 12, signed=False),
            month_days=_numbers(said, "BYMONTHDAY", 31, signed=True),
            weekdays=frozenset(_weekday(str(one)) for one in said.get("BYDAY", ())),
            week_start=_WEEKDAYS.index(str(said.get("WKST", ["MO"])[0])),
        )
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise NoCalendar("rule", _name(event)) from error
    understood = {key.upper() for key in said} <= _KNOWN and interval > 0
    if not understood or frequency not in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY"):
        raise NoCalendar("rule", _name(event))
    if frequency in ("WEEKLY", "DAILY") and any(which for which, _ in rule.weekdays):
        raise NoCalendar("rule", _name(event))
    return rule


def _numbers(said: Mapping[str, Any], key: str, most: int, *, signed: bool) -> frozenset[int]:
    found = frozenset(int(one) for one in said.get(key, ()))
    if any(not 1 <= (abs(one) if signed else one) <= most for one in found):
        raise ValueError(key)
    return found


def _weekday(said: str) -> tuple[int, int]:
    return int(said[:-2] or 0), _WEEKDAYS.index(said[-2:])


def _listed(event: Any, key: str) -> set[date]:
    said = event.get(key, [])
    lists = said if isinstance(said, list) else [said]
    return {_date(one.dt[0] if isinstance(one.dt, tuple) else one.dt) for many in lists for one in many.dts}


def _date(found: date | datetime) -> date:
    return found.date() if isinstance(found, datetime) else found


def _days_of_month(day: date) -> int:
    return ((day.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY).day
