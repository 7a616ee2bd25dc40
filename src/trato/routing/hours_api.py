"""Calendars over HTTP: kept by supervisors, shown to everybody who works here."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access import audit
from trato.access.edge import Caller, require
from trato.db.edge import TOPICS, Read, Services, Shared
from trato.kit.clock import now
from trato.live.versions import Expected
from trato.routing import hours, hours_feed
from trato.routing import hours_schemas as schemas
from trato.webhooks.api import ALLOW_PRIVATE

router = APIRouter(prefix="/calendars", tags=["routing"])

Reader = Annotated[Caller, require("agent", "organisation:read")]
Writer = Annotated[Caller, require("supervisor", "organisation:write")]


@router.get("", response_model=schemas.CalendarPage)
async def every(_: Reader, c: Read) -> Any:
    """List the calendars by name, each with whether it is open now."""
    return {"items": await hours.views(await hours.every(c))}


@router.post("", response_model=schemas.CalendarDetail, status_code=201)
async def create(caller: Writer, shared: Shared, body: schemas.CalendarBody) -> Any:
    """Add a calendar. Holidays from an address are fetched before it is kept."""
    values = await _with_holidays(shared, body.model_dump(mode="json"))
    async with shared.db.begin() as c:
        kept = await hours.create(c, values)
        await audit.record(c, caller.actor, "calendar.created", target=str(kept["id"]), ip=caller.ip)
    return (await hours.views([kept]))[0]


@router.post("/preview", response_model=schemas.CalendarPreview)
async def preview(_: Writer, body: schemas.CalendarBody) -> Any:
    """Say what a calendar that is not kept yet means: open now, opens next, the next 14 days.

    Holidays from an address are not fetched for that.
    """
    values = body.model_dump(mode="json")
    await asyncio.to_thread(hours.judge, values)
    return await hours.preview(values)


@router.get("/{calendar_id}", response_model=schemas.CalendarDetail)
async def one(_: Reader, c: Read, calendar_id: UUID) -> Any:
    """Return a calendar with the text of its holidays."""
    return (await hours.views([await hours.record(c, calendar_id)]))[0]


@router.get("/{calendar_id}/preview", response_model=schemas.CalendarPreview)
async def preview_of(_: Reader, c: Read, calendar_id: UUID) -> Any:
    """Say what a calendar means: open now, opens next, the next 14 days."""
    return await hours.preview(await hours.record(c, calendar_id))


@router.patch("/{calendar_id}", response_model=schemas.CalendarDetail)
async def change(
    caller: Writer, shared: Shared, calendar_id: UUID, body: schemas.CalendarChange, expected: Expected
) -> Any:
    """Change a calendar; what is left out stays."""
    changes = body.model_dump(mode="json", exclude_unset=True)
    if "ical" in changes or changes.get("ical_url", "") is None:
        changes = {"ical": "", "ical_url": None, **changes}
    values = await _with_holidays(shared, changes)
    async with shared.db.begin() as c:
        kept = await hours.change(c, calendar_id, values, expected=expected)
        await audit.record(
            c,
            caller.actor,
            "calendar.changed",
            target=str(calendar_id),
            data={"fields": sorted(changes)},
            ip=caller.ip,
        )
        shown = await hours.tell(c, kept, actor=caller.actor)
    shared.wake.ring(*TOPICS)
    return shown


@router.delete("/{calendar_id}", status_code=204)
async def remove(caller: Writer, shared: Shared, calendar_id: UUID) -> None:
    """Remove a calendar that nothing goes by."""
    async with shared.db.begin() as c:
        await hours.remove(c, calendar_id)
        await audit.record(c, caller.actor, "calendar.removed", target=str(calendar_id), ip=caller.ip)


async def _with_holidays(shared: Services, values: dict[str, Any]) -> dict[str, Any]:
    """Return what is to be kept, with the holidays from the address that it names, if it names one."""
    if "ical_url" not in values:
        return values
    if values["ical_url"] is None:
        return {**values, "ical_fetched_at": None, "ical_tried_at": None, "ical_error": None}
    allow_private = bool(shared.extras.get(ALLOW_PRIVATE, False))
    url = hours_feed.checked(values["ical_url"], allow_private=allow_private)
    at = now()
    return {
        **values,
        "ical_url": url,
        "ical": await hours_feed.fetch(url, allow_private=allow_private),
        "ical_fetched_at": at,
        "ical_tried_at": at,
        "ical_error": None,
    }
