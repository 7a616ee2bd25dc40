"""Views over HTTP: kept, shared, put in order; and what stands in one."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from trato.access.edge import Caller, require
from trato.access.roles import Role
from trato.db.edge import Moment, Read, Tx
from trato.decide.views import seen_by
from trato.kit.clock import now
from trato.kit.paging import PAGE, Cursor, Limit
from trato.live.versions import Expected
from trato.views import lists, names, schemas, service
from trato.views.service import Person

router = APIRouter(tags=["views"])

Reader = Annotated[Caller, require("agent", "conversations:read")]
# What carries the people and the cases beside the conversations.
ReaderOfAll = Annotated[Caller, require("agent", "conversations:read", "contacts:read", "cases:read")]
# What can be named is the organisation's, in all its parts.
ReaderOfNames = Annotated[
    Caller,
    require(
        "agent",
        "conversations:read",
        "organisation:read",
        "channels:read",
        "queues:read",
        "users:read",
        "automation:read",
    ),
]
Writer = Annotated[Caller, require("agent", "conversations:write")]

ASKED = 200  # conversations in one question who belongs


def person_of(caller: Caller) -> Person:
    """Return the caller as who looks at views; a supervisor also changes what others share."""
    return Person(caller.user_id, caller.agent_id, caller.actor, over=caller.role >= Role.SUPERVISOR)


@router.get("/views", response_model=schemas.CustomViewPage)
async def every(caller: Reader, c: Read, *, counts: bool = False) -> Any:
    """List your views and those shared with you, in your order; `counts`: with how many stand in each."""
    person = person_of(caller)
    found = await service.every(c, person)
    if not counts:
        return {"items": found}
    viewer = await service.viewer_of(c, person)
    asked = {str(one["id"]): seen_by(service.read(one["conditions"]), viewer) for one in found}
    return {"items": found, "counts": await lists.counts(c, asked, now())}


@router.post("/views", response_model=schemas.CustomView, status_code=201)
async def create(caller: Writer, c: Tx, body: schemas.ViewBody) -> Any:
    """Keep a view, for yourself, your team or everybody."""
    return await service.create(c, person_of(caller), _values(body))


@router.get("/views/choices", response_model=schemas.NamedChoicesView)
async def choices(_: ReaderOfNames, c: Read) -> Any:
    """Return what conditions can name: queues, teams, labels and the like, by name."""
    found = await names.choices(c)
    return {
        field: [{"id": str(one["id"]), "name": one["name"]} for one in some] for field, some in found.items()
    }


@router.post("/views/count", response_model=schemas.CountView)
async def count(caller: Reader, c: Read, body: schemas.ConditionsBody) -> Any:
    """Count what stands in a view that is not kept yet."""
    viewer = await service.viewer_of(c, person_of(caller))
    conditions = seen_by(service.read([one.model_dump() for one in body.conditions]), viewer)
    return {"count": (await lists.counts(c, {"one": conditions}, now()))["one"]}


@router.put("/views/order", response_model=schemas.CustomViewPage)
async def put_in_order(caller: Writer, c: Tx, body: schemas.OrderBody) -> Any:
    """Keep your own order of the views that you see; nobody else's changes."""
    person = person_of(caller)
    await service.put_in_order(c, person, body.ids)
    return {"items": await service.every(c, person)}


@router.get("/views/{view_id}", response_model=schemas.CustomView)
async def get(caller: Reader, c: Read, view_id: UUID) -> Any:
    """Return a view; `gone` says what it names and is not in use any more."""
    return await service.get(c, person_of(caller), view_id)


@router.patch("/views/{view_id}", response_model=schemas.CustomView)
async def change(caller: Writer, c: Tx, view_id: UUID, body: schemas.ViewChange, expected: Expected) -> Any:
    """Change a view that you made, or as a supervisor one that is shared; what is left out stays."""
    return await service.change(c, person_of(caller), view_id, _values(body), expected=expected)


@router.delete("/views/{view_id}", response_model=schemas.CustomView)
async def remove(caller: Writer, c: Tx, view_id: UUID) -> Any:
    """Delete a view; the conversations in it are not touched."""
    return await service.remove(c, person_of(caller), view_id)


@router.post("/views/{view_id}/restore", response_model=schemas.CustomView)
async def restore(caller: Writer, c: Tx, view_id: UUID) -> Any:
    """Bring a deleted view back as it was."""
    return await service.remove(c, person_of(caller), view_id, gone=False)


@router.get("/views/{view_id}/conversations", response_model=schemas.ViewList)
async def conversations(
    caller: ReaderOfAll, c: Moment, view_id: UUID, cursor: Cursor = None, limit: Limit = PAGE
) -> Any:
    """Return a page of what stands in a view, what hurts first, as of the moment of the first page."""
    conditions = await service.conditions_of(c, person_of(caller), view_id)
    return await lists.page(c, conditions, now(), cursor=cursor, limit=limit)


@router.get("/views/{view_id}/members", response_model=schemas.MembersView)
async def members(
    caller: Reader,
    c: Read,
    view_id: UUID,
    conversation_id: Annotated[list[UUID] | None, Query(max_length=ASKED)] = None,
) -> Any:
    """Say which of some conversations stand in a view now, and how many stand in it."""
    conditions = await service.conditions_of(c, person_of(caller), view_id)
    at = now()
    return {
        "members": await lists.members(c, conditions, at, conversation_id or []),
        "count": (await lists.counts(c, {"one": conditions}, at))["one"],
    }


def _values(body: schemas.ViewBody) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if "conditions" in values:
        values["conditions"] = [one.model_dump() for one in body.conditions]
    if not isinstance(body, schemas.ViewChange):
        values["shared"] = body.shared
    return values
