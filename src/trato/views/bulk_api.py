"""Acts on many conversations over HTTP: one by one, with an answer for each, and one way back."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import database
from trato.access.edge import Caller, require
from trato.access.problems import language_of
from trato.access.roles import Role
from trato.conversations import queries
from trato.db.edge import TOPICS, Services, Shared
from trato.kit.clock import now
from trato.kit.errors import DomainError, Invalid, Unavailable, filled
from trato.kit.words import translated
from trato.views import bulk, bulk_schemas
from trato.views.bulk import Act, Doer

router = APIRouter(tags=["views"])

Writer = Annotated[Caller, require("agent", "conversations:write")]
Work = Callable[[AsyncConnection, UUID], Awaitable[bool]]

UNDO = timedelta(days=1)
_AS_KEPT: TypeAdapter[bulk_schemas.BulkAct] = TypeAdapter(bulk_schemas.BulkAct)
TRIES = 2  # two who do the same at once may lock crosswise: one of them tries again


def doer_of(caller: Caller) -> Doer:
    """Return the caller as who acts; a supervisor also moves what a colleague has."""
    over = caller.role >= Role.SUPERVISOR
    return Doer(caller.user_id, caller.agent_id, caller.actor, over=over)


@router.post("/bulk-acts", response_model=bulk_schemas.BulkView)
async def perform(caller: Writer, request: Request, shared: Shared, body: bulk_schemas.BulkBody) -> Any:
    """Do one thing to many conversations, each by itself: what cannot be done to one hinders no other.

    The answer says of each whether it was done, and why not. The same `id` continues where it was cut off.
    """
    doer, said = doer_of(caller), body.act.model_dump(mode="json")
    async with shared.db.begin() as c:
        await bulk.begin(c, body.id, doer, said)
    act = _act(body.act)

    async def work(c: AsyncConnection, conversation_id: UUID) -> bool:
        return await bulk.perform(c, body.id, conversation_id, act, doer)

    ids = list(dict.fromkeys(body.conversation_ids))
    return await _each(shared, body.id, ids, work, language_of(request))


@router.post("/bulk-acts/{act_id}/undo", response_model=bulk_schemas.BulkView)
async def undo(caller: Writer, request: Request, shared: Shared, act_id: UUID) -> Any:
    """Bring back what your act changed and nobody changed since; says which did not come back, and why."""
    doer = doer_of(caller)
    async with shared.db.connect() as c:
        said, ids = await bulk.get(c, act_id, doer)
    act = _act(_AS_KEPT.validate_python(said))

    async def work(c: AsyncConnection, conversation_id: UUID) -> bool:
        await bulk.undo(c, act_id, conversation_id, act, doer)
        return True

    return await _each(shared, act_id, ids, work, language_of(request))


async def _each(shared: Services, act_id: UUID, ids: Sequence[UUID], work: Work, language: str) -> Any:
    items = [await _one(shared, one, work, language) for one in ids]
    shared.wake.ring(*TOPICS)
    return {"id": act_id, "items": items, "undo_until": now() + UNDO}


async def _one(shared: Services, conversation_id: UUID, work: Work, language: str) -> dict[str, Any]:
    found: dict[str, Any] = {"conversation_id": conversation_id, "done": False, "changed": False}
    nothing: dict[str, Any] = {"conversation": None, "problem": None}
    try:
        changed, view = await _tried(shared, conversation_id, work)
    except DomainError as error:
        return {**found, **nothing, "problem": _in_words(error, language)}
    return {**found, **nothing, "done": True, "changed": changed, "conversation": view}


async def _tried(shared: Services, conversation_id: UUID, work: Work) -> tuple[bool, dict[str, Any]]:
    """Do it in a transaction of its own; raises the domain error that an error of the database means."""
    for left in reversed(range(TRIES)):
        try:
            async with shared.db.begin() as c:
                changed = await work(c, conversation_id)
                return changed, await queries.get_conversation(c, conversation_id)
        except database.KINDS as error:
            known = database.meaning(error)
            if known is None:
                raise
            if not left or not isinstance(known, Unavailable):
                raise known from error
    raise AssertionError


def _in_words(error: DomainError, language: str) -> dict[str, str | None]:
    def told(sentence: str) -> str:
        return filled(translated(sentence, language), error.values)

    field = error.field or None if isinstance(error, Invalid) else None
    return {"type": error.kind, "detail": told(error.sentence), "todo": told(error.next_step), "field": field}


def _act(said: bulk_schemas.BulkAct) -> Act:
    """Return an act as a value."""
    values: dict[str, Any] = said.model_dump()
    return Act(**values)
