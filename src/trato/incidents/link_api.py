"""Whom an incident touches, and who is told, over HTTP: linked and undone by everybody who answers."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access.edge import Caller, require
from trato.db.edge import Read, Tx
from trato.incidents import links, queries, schemas, tellings
from trato.kit.paging import Cursor, Limit, Page

router = APIRouter(tags=["incidents"])

Reader = Annotated[Caller, require("agent", "incidents:read", "conversations:read")]
Linker = Annotated[Caller, require("agent", "incidents:write", "conversations:read")]


@router.get("/incidents/{incident_id}/conversations", response_model=Page[schemas.IncidentLinkView])
async def touched(_: Reader, c: Read, incident_id: UUID, cursor: Cursor = None, limit: Limit = 50) -> Any:
    """List the conversations that an incident touches, the latest first, each with the reason."""
    await queries.get(c, incident_id)
    return await links.of_incident(c, incident_id, cursor=cursor, limit=limit)


@router.get("/incidents/{incident_id}/told", response_model=Page[schemas.TellingView])
async def told(_: Reader, c: Read, incident_id: UUID, cursor: Cursor = None, limit: Limit = 50) -> Any:
    """List who is told that an incident is over, who cannot be reached first."""
    await queries.get(c, incident_id)
    return await tellings.of_incident(c, incident_id, cursor=cursor, limit=limit)


@router.get("/conversations/{conversation_id}/incidents", response_model=Page[schemas.IncidentLinkView])
async def touching(_: Reader, c: Read, conversation_id: UUID) -> Any:
    """List the incidents that touch a conversation, with the reason."""
    return {"items": await links.of_conversation(c, conversation_id)}


@router.put("/incidents/{incident_id}/conversations/{conversation_id}", status_code=204)
async def link(caller: Linker, c: Tx, incident_id: UUID, conversation_id: UUID) -> None:
    """Link a conversation by hand: its contact is told when it is over."""
    await links.link(c, incident_id, conversation_id, actor=caller.actor)


@router.delete("/incidents/{incident_id}/conversations/{conversation_id}", status_code=204)
async def undo(caller: Linker, c: Tx, incident_id: UUID, conversation_id: UUID) -> None:
    """Take a link away; it does not come back by itself."""
    await links.undo(c, incident_id, conversation_id, actor=caller.actor)


@router.put("/incidents/{incident_id}/followers/{conversation_id}", response_model=schemas.IncidentLinkView)
async def follow(caller: Linker, c: Tx, incident_id: UUID, conversation_id: UUID) -> Any:
    """Note that the contact of a conversation wants to be told when it is over."""
    return await links.follow(c, incident_id, conversation_id, actor=caller.actor)
