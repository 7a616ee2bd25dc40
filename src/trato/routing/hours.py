"""Calendars: kept, judged, and made into the value that `decide.hours` decides over.

Holidays may be a long text: it is read in a thread, so that nobody else's request waits for it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.decide.holidays import Holidays, NoCalendar, holidays
from trato.decide.hours import Calendar, is_open, next_closing, next_opening, openings, pieces_of
from trato.decide.timetable import Fault, calendar_of, first_fault
from trato.kit.clock import now
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.live import service as live
from trato.live import versions
from trato.routing.hours_schemas import CalendarView
from trato.routing.hours_tables import hours_calendar

# Holidays are read this far around the month in which they are asked for: more than anybody looks ahead.
BEHIND: Final = timedelta(days=400)
AHEAD: Final = timedelta(days=900)
PREVIEW: Final = timedelta(days=14)

_USED = text("SELECT name FROM queue WHERE calendar_id = :id ORDER BY name LIMIT 1")


async def find(c: AsyncConnection, calendar_id: UUID | None, *, at: datetime) -> Calendar:
    """Return a calendar as a value, the organisation's own hours for None; raises `NotFound`.

    `at` is about when it will be asked for: holidays are known from a year before until two years after.
    """
    if calendar_id is None:
        organisation = await brands.get_organisation(c) or {}
        zone = ZoneInfo(organisation.get("time_zone", "UTC"))
        return calendar_of(zone, organisation.get("hours", {}))
    return await asyncio.to_thread(value_of, await record(c, calendar_id), at=at)


async def record(c: AsyncConnection, calendar_id: UUID) -> dict[str, Any]:
    """Return a calendar as it is kept; raises `NotFound`."""
    query = select(hours_calendar).where(hours_calendar.c.id == calendar_id)
    row = (await c.execute(query)).mappings().first()
    if row is None:
        raise NotFound("There is no such calendar.")
    return dict(row)


async def every(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return all calendars as they are kept, by name."""
    rows = await c.execute(select(hours_calendar).order_by(hours_calendar.c.name))
    return [dict(row) for row in rows.mappings()]


async def create(c: AsyncConnection, values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a new calendar; raises `Invalid` for hours that cannot be, `Conflict` for a name that is taken."""
    await asyncio.to_thread(judge, values)
    query = insert(hours_calendar).values(id=new_id(), **values).returning(hours_calendar)
    return await _written(c, query)


async def change(
    c: AsyncConnection, calendar_id: UUID, values: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """Change a calendar; what is left out stays. Raises `NotFound`, `Invalid`, `Conflict`."""
    await versions.check(c, hours_calendar, calendar_id, expected, action="calendar.changed")
    await asyncio.to_thread(judge, {**await record(c, calendar_id), **values})
    query = (
        update(hours_calendar)
        .where(hours_calendar.c.id == calendar_id)
        .values(**values, version=hours_calendar.c.version + (1 if values else 0))
        .returning(hours_calendar)
    )
    return await _written(c, query)


async def _written(c: AsyncConnection, query: Any) -> dict[str, Any]:
    try:
        async with c.begin_nested():
            return dict((await c.execute(query)).mappings().one())
    except IntegrityError as error:
        raise Conflict("There is another calendar of this name.", todo="Choose another name.") from error


async def remove(c: AsyncConnection, calendar_id: UUID) -> None:
    """Remove a calendar; raises `NotFound`, and `Conflict` while something goes by it."""
    await record(c, calendar_id)
    used = await c.scalar(_USED, {"id": calendar_id})
    if used is not None:
        raise Conflict(
            "The queue {queue} goes by this calendar.",
            todo="Give the queue another calendar first.",
            values={"queue": used},
        )
    try:
        async with c.begin_nested():
            await c.execute(delete(hours_calendar).where(hours_calendar.c.id == calendar_id))
    except IntegrityError as error:
        raise Conflict(
            "What is promised to customers goes by this calendar.",
            todo="Give the targets of service another calendar first.",
        ) from error


async def tell(c: AsyncConnection, kept: Mapping[str, Any], *, actor: str) -> dict[str, Any]:
    """Append that a calendar is another now; return it as the API shows it."""
    (shown,) = await views([kept])
    data = {"calendar": CalendarView(**shown).model_dump(mode="json")}
    await live.append(c, "calendar.changed", audience="staff", actor=actor, data=data)
    return shown


def judge(values: Mapping[str, Any]) -> None:
    """Raise `Invalid`, naming the day, for spans that are none or overlap, and for holidays not readable."""
    exceptions = values["exceptions"]
    dates = [one["date"] for one in exceptions]
    for day in dates:
        if dates.count(day) > 1:
            raise Invalid("{day} is there twice.", field="exceptions", values={"day": day})
    spans = {date.fromisoformat(one["date"]): one["spans"] for one in exceptions}
    if fault := first_fault(values["week"], spans):
        raise _wrong(fault, f"week.{fault.day}" if fault.day in values["week"] else f"exceptions.{fault.day}")
    try:
        value_of(values, at=now())
    except NoCalendar as error:
        raise unreadable(error) from error


def _wrong(fault: Fault, field: str) -> Invalid:
    if fault.kind == "overlap":
        values = {"one": fault.said, "other": fault.other}
        return Invalid("{one} overlaps {other}.", todo="Make one span of both.", field=field, values=values)
    return Invalid(
        "“{said}” is not a span of hours.",
        todo="Write it like 09:00 to 18:00; 24:00 is midnight.",
        field=field,
        values={"said": fault.said},
    )


def unreadable(error: NoCalendar) -> Invalid:
    """Return why a text of holidays is not taken."""
    if error.code == "too-large":
        return Invalid("This calendar of holidays is too large.", field="ical")
    if error.code == "unreadable":
        return Invalid(
            "This is not a calendar of holidays.",
            todo="Give iCalendar text, which begins with BEGIN:VCALENDAR.",
            field="ical",
        )
    return Invalid(
        "The holiday “{event}” cannot be read.",
        todo="Correct it in its calendar, or write it as an exception.",
        field="ical",
        values={"event": error.about},
    )


def value_of(values: Mapping[str, Any], *, at: datetime) -> Calendar:
    """Return a calendar as a value, from what is kept; raises `NoCalendar` for holidays not readable."""
    zone = ZoneInfo(values["time_zone"])
    found = _holidays_of(values, at)
    spans: dict[date, Any] = dict.fromkeys(found.days, ())
    spans |= {date.fromisoformat(one["date"]): one["spans"] for one in values["exceptions"]}
    return calendar_of(zone, values["week"], spans, found.closures)


def state(calendar: Calendar, at: datetime) -> dict[str, Any]:
    """Return whether it is open, and when it opens and closes next."""
    return {
        "open": is_open(calendar, at),
        "opens_at": next_opening(calendar, at),
        "closes_at": next_closing(calendar, at),
    }


async def views(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return calendars as the API shows them."""
    return await asyncio.to_thread(lambda at: [_view(one, at) for one in found], now())


def _view(values: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {**values, "has_ical": bool(values["ical"]), "now": state(value_of(values, at=at), at)}


async def preview(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a calendar says of now and of the two weeks to come."""
    return await asyncio.to_thread(_preview, values, now())


def _preview(values: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    calendar = value_of(values, at=at)
    names = {day.isoformat(): name for day, name in _holidays_of(values, at).days.items()}
    names |= {one["date"]: one["name"] for one in values["exceptions"]}
    first = at.astimezone(calendar.zone).date()
    days = []
    for number in range(PREVIEW.days):
        day = first + timedelta(days=number)
        pieces = pieces_of(calendar.zone, day)  # none: a date that the zone has left out
        found = openings(calendar, pieces[0].start, pieces[-1].end) if pieces else []
        special = day in calendar.exceptions
        days.append(
            {
                "date": day,
                "name": names.get(day.isoformat(), ""),
                "special": special,
                "openings": [{"start": one.start, "end": one.end} for one in found],
            }
        )
    return {**state(calendar, at), "days": days}


def _holidays_of(values: Mapping[str, Any], at: datetime) -> Holidays:
    if not values.get("ical"):
        return Holidays()
    return _holidays(values["ical"], values["time_zone"], at.date().replace(day=1))


@lru_cache(maxsize=64)
def _holidays(ical: str, time_zone: str, month: date) -> Holidays:
    return holidays(ical, ZoneInfo(time_zone), month - BEHIND, month + AHEAD)
