"""What colleagues say to each other of a case, over HTTP; no customer's route leads here."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access.edge import Caller, require
from trato.beside import schemas, side
from trato.conversations.schemas import MessageView
from trato.db.edge import Moment, Shared, Tx
from trato.flow.assign_api import agent_of
from trato.flow.desk_api import author_of
from trato.kit.paging import Cursor, Limit

router = APIRouter(prefix="/cases/{case_id}/side-chat", tags=["cases"])

Reader = Annotated[Caller, require("agent", "cases:read", "conversations:read")]
Writer = Annotated[Caller, require("agent", "cases:read", "conversations:write")]


@router.get("", response_model=schemas.SideChat)
async def read(caller: Reader, c: Moment, case_id: UUID, cursor: Cursor = None, limit: Limit = 50) -> Any:
    """Return what was said of a case among colleagues, who they are, and how much you have not read."""
    return await side.chat(c, case_id, caller.agent_id, cursor=cursor, limit=limit)


@router.post("", response_model=MessageView, status_code=201)
async def say(caller: Writer, c: Tx, shared: Shared, case_id: UUID, body: schemas.SideBody) -> Any:
    """Say something to the colleagues on a case; it is internal, and whoever is called by name is told."""
    agent_of(caller)
    return await side.say(
        shared,
        c,
        case_id,
        author_of(caller),
        body.text,
        client_id=body.client_id,
        mentions=body.mentions,
    )


@router.put("/reading", status_code=204)
async def note_read(caller: Writer, c: Tx, case_id: UUID, body: schemas.SideReadBody) -> None:
    """Note up to when you have read it; your other devices begin there."""
    await side.note_read(c, case_id, agent_of(caller), body.until)


@router.delete("/membership", status_code=204)
async def leave(caller: Writer, c: Tx, case_id: UUID) -> None:
    """Leave: what you said or were called for brings you in no more; nothing of it is deleted."""
    await side.leave(c, case_id, agent_of(caller), actor=caller.actor)
