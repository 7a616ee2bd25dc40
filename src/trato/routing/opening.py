"""When each queue is open: by its own calendar, else by the organisation's hours, else always."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.decide import hours as decide
from trato.decide.hours import Calendar
from trato.kit.errors import NotFound
from trato.routing import hours

_CALENDARS = text("SELECT id, calendar_id FROM queue")
_CALENDAR = text("SELECT calendar_id FROM queue WHERE id = CAST(:id AS uuid)")


@dataclass(frozen=True, slots=True)
class Hours:
    """Whether it is open at a moment, when it opens next and when it closes; None: not within a year."""

    is_open: bool = True
    opens_at: datetime | None = None
    closes_at: datetime | None = None


ALWAYS: Final = Hours()


async def of_queues(c: AsyncConnection, now: datetime) -> Mapping[UUID | None, Hours]:
    """Return the hours of each queue that has some; None stands for the common line."""
    by_queue: dict[UUID | None, UUID | None] = {
        row.id: row.calendar_id for row in await c.execute(_CALENDARS)
    }
    by_queue[None] = None
    calendars = {key: await _calendar(c, key, now) for key in set(by_queue.values())}
    states = await asyncio.to_thread(
        lambda: {key: _state(calendar, now) for key, calendar in calendars.items() if calendar is not None}
    )
    return {queue: states[key] for queue, key in by_queue.items() if key in states}


async def openings(
    c: AsyncConnection, queue_id: UUID | None, since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """Return the stretches in which a queue is open; all of it when nobody has said its hours."""
    calendar_id: UUID | None = await c.scalar(_CALENDAR, {"id": queue_id}) if queue_id else None
    calendar = await _calendar(c, calendar_id, since)
    if calendar is None:
        return [(since, until)]
    spells = await asyncio.to_thread(decide.openings, calendar, since, until)
    return [(spell.start, spell.end) for spell in spells]


async def _calendar(c: AsyncConnection, calendar_id: UUID | None, at: datetime) -> Calendar | None:
    """Return a calendar; the organisation's hours for None or one that is gone, if somebody has said them."""
    if calendar_id is not None:
        try:
            return await hours.find(c, calendar_id, at=at)
        except NotFound:  # removed a moment ago
            pass
    organisation = await brands.get_organisation(c)
    if organisation is None or not any(organisation["hours"].values()):
        return None
    return await hours.find(c, None, at=at)


def _state(calendar: Calendar, at: datetime) -> Hours:
    return Hours(
        decide.is_open(calendar, at), decide.next_opening(calendar, at), decide.next_closing(calendar, at)
    )
