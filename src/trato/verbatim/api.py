"""The same text to many, over HTTP: asked before a text goes out, and counted for supervisors."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from trato.access.edge import Caller, require
from trato.conversations import queries
from trato.db.edge import Read, Shared
from trato.decide.placeholders import FACT
from trato.decide.verbatim import is_told
from trato.kit.clock import now
from trato.macros import known
from trato.verbatim import schemas, service

router = APIRouter(tags=["desk"])

Writer = Annotated[Caller, require("agent", "conversations:write")]
Supervisor = Annotated[Caller, require("supervisor", "conversations:read")]
_OF_CASE = ("case.promise", "case.step", "case.next_step", "case.done_step", "case.number", "case.title")
MOST_FIELDS = 8


@router.post("/same-text", response_model=schemas.SameTextView)
async def look(caller: Writer, c: Read, shared: Shared, body: schemas.SameTextBody) -> Any:
    """Say whether the caller has sent a text to others within a day; nothing of it is kept.

    Short texts, greetings and courtesies never count, and neither does the name of who is written to.
    """
    contact_id = body.contact_id
    if body.conversation_id is not None:
        view = await queries.get_conversation(c, body.conversation_id)
        contact_id = UUID(str(view["contact_id"]))
    people = 0
    if caller.agent_id is not None:
        people = await service.others(c, shared.secrets, caller.agent_id, body.text, contact_id)
    told = is_told(people)
    fields = []
    if told and body.conversation_id is not None:
        facts = await known.of_conversation(c, body.conversation_id)
        named = [*_OF_CASE, *(place for place in facts.values if place.startswith(FACT))]
        found = [{"place": one, "value": facts.values[one]} for one in named if facts.values.get(one)]
        fields = found[:MOST_FIELDS]
    return {"told": told, "people": people, "fields": fields}


@router.get("/same-text/days", response_model=schemas.SameTextPage)
async def days(_: Supervisor, c: Read, days: Annotated[int, Query(ge=1, le=90)] = 30) -> Any:
    """Return how often the same text went to three people and more, by day and agent; the latest first."""
    return {"items": await service.counts(c, (now() - timedelta(days=days)).date())}
