"""Incidents over HTTP: read by everybody who answers, declared and resolved by supervisors."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter

from trato.access import audit
from trato.access.edge import Caller, require
from trato.db.edge import Read, Tx
from trato.incidents import affected, announcement, queries, schemas, service
from trato.kit.paging import Cursor, Limit, Page
from trato.live.versions import Expected

router = APIRouter(tags=["incidents"])

Reader = Annotated[Caller, require("agent", "incidents:read")]
Editor = Annotated[Caller, require("supervisor", "incidents:write")]


@router.get("/incidents", response_model=Page[schemas.IncidentView])
async def find(
    _: Reader, c: Read, state: Literal["open", "past"] = "open", cursor: Cursor = None, limit: Limit = 50
) -> Any:
    """List what is open, planned or suspected (all of it), or a page of what is over; the latest first."""
    if state == "open":
        return {"items": await queries.open_ones(c)}
    return await queries.past(c, cursor=cursor, limit=limit)


@router.get("/incidents/announcement", response_model=schemas.AnnouncementView)
async def announce(_: Reader, c: Read, brand_id: UUID | None = None) -> Any:
    """Return what a phone menu or a bot says first, in each language; of the first brand without one."""
    return await announcement.of(c, brand_id)


@router.post("/incidents", response_model=schemas.IncidentView, status_code=201)
async def declare(caller: Editor, c: Tx, body: schemas.IncidentBody) -> Any:
    """Declare an incident or plan maintenance; help centre, widget and desk tell of it at once."""
    found = await service.declare(c, body.model_dump(), actor=caller.actor)
    await audit.record(
        c, caller.actor, "incident.declared", str(found["id"]), {"titles": found["titles"]}, caller.ip
    )
    return found


@router.get("/incidents/{incident_id}", response_model=schemas.IncidentView)
async def get(_: Reader, c: Read, incident_id: UUID) -> Any:
    """Return an incident with all that was told of it."""
    return await queries.get(c, incident_id)


@router.patch("/incidents/{incident_id}", response_model=schemas.IncidentView)
async def change(
    caller: Editor, c: Tx, incident_id: UUID, body: schemas.IncidentChange, expected: Expected
) -> Any:
    """Change what is said of an incident; what is left out stays."""
    values = body.model_dump(exclude_unset=True)
    found = await service.change(c, incident_id, values, actor=caller.actor, expected=expected)
    fields = {"fields": sorted(values)}
    await audit.record(c, caller.actor, "incident.changed", str(incident_id), fields, caller.ip)
    return found


@router.post("/incidents/{incident_id}/confirm", response_model=schemas.IncidentView)
async def confirm(caller: Editor, c: Tx, incident_id: UUID) -> Any:
    """Make a suspected incident one that everybody is told of."""
    found = await service.confirm(c, incident_id, actor=caller.actor)
    await audit.record(c, caller.actor, "incident.confirmed", str(incident_id), ip=caller.ip)
    return found


@router.post("/incidents/{incident_id}/dismiss", response_model=schemas.IncidentView)
async def dismiss(caller: Editor, c: Tx, incident_id: UUID) -> Any:
    """Put a suspicion aside, or call maintenance off before it begins."""
    found = await service.dismiss(c, incident_id, actor=caller.actor)
    await audit.record(c, caller.actor, "incident.dismissed", str(incident_id), ip=caller.ip)
    return found


@router.post("/incidents/{incident_id}/updates", response_model=schemas.IncidentView)
async def say(caller: Editor, c: Tx, incident_id: UUID, body: schemas.UpdateBody) -> Any:
    """Tell what is new; sent twice it is one."""
    return await service.say(c, incident_id, body.client_id, body.model_dump()["texts"], actor=caller.actor)


@router.post("/incidents/{incident_id}/resolve", response_model=schemas.IncidentView)
async def resolve(caller: Editor, c: Tx, incident_id: UUID, body: schemas.ResolveBody) -> Any:
    """End an incident; everybody who asked or was touched is told, once, however often this is asked for."""
    found = await service.resolve(c, incident_id, body.model_dump()["texts"], actor=caller.actor)
    await audit.record(c, caller.actor, "incident.resolved", str(incident_id), ip=caller.ip)
    return found


@router.post("/incidents/{incident_id}/reopen", response_model=schemas.IncidentView)
async def reopen(caller: Editor, c: Tx, incident_id: UUID, body: schemas.ResolveBody) -> Any:
    """Say that an incident is not over after all; everybody who was told so is told that, once."""
    found = await service.reopen(c, incident_id, body.model_dump()["texts"], actor=caller.actor)
    await audit.record(c, caller.actor, "incident.reopened", str(incident_id), ip=caller.ip)
    return found


@router.get("/services", response_model=Page[schemas.ServiceView])
async def every_service(_: Reader, c: Read) -> Any:
    """List what of each brand can be affected, in its order."""
    return {"items": await affected.every(c)}


@router.post("/services", response_model=schemas.ServiceView, status_code=201)
async def add_service(caller: Editor, c: Tx, body: schemas.ServiceBody) -> Any:
    """Add a product, site or channel that can be affected."""
    found = await affected.create(c, body.model_dump())
    await audit.record(
        c, caller.actor, "service.created", str(found["id"]), {"names": found["names"]}, caller.ip
    )
    return found


@router.patch("/services/{service_id}", response_model=schemas.ServiceView)
async def change_service(
    caller: Editor, c: Tx, service_id: UUID, body: schemas.ServiceChange, expected: Expected
) -> Any:
    """Change one; what is left out stays."""
    values = body.model_dump(exclude_unset=True)
    found = await affected.change(c, service_id, values, expected=expected)
    fields = {"fields": sorted(values)}
    await audit.record(c, caller.actor, "service.changed", str(service_id), fields, caller.ip)
    return found


@router.delete("/services/{service_id}", status_code=204)
async def remove_service(caller: Editor, c: Tx, service_id: UUID) -> None:
    """Remove one that no incident has affected."""
    await affected.remove(c, service_id)
    await audit.record(c, caller.actor, "service.removed", str(service_id), ip=caller.ip)
