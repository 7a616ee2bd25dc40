"""A contact's thread over HTTP: words in it, how far one has read, who looks at it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from trato.access.edge import Caller, require
from trato.contacts import service as contacts
from trato.conversations import queries, thread, thread_schemas
from trato.db.edge import Read, Shared, Tx
from trato.kit.errors import Conflict
from trato.kit.paging import Cursor, Limit
from trato.live import service as live

router = APIRouter(tags=["conversations"])

Reader = Annotated[Caller, require("agent", "conversations:read")]
Writer = Annotated[Caller, require("agent", "conversations:write")]


@router.get("/contacts/{contact_id}/timeline/search", response_model=thread_schemas.MatchPage)
async def search(
    _: Reader,
    c: Read,
    contact_id: UUID,
    q: Annotated[str, Query(max_length=200)],
    cursor: Cursor = None,
    limit: Limit = 200,
) -> Any:
    """Return where all of some words stand in a contact's messages, newest first; accents are forgiven."""
    await contacts.get_contact(c, contact_id)
    return await thread.search(c, contact_id, q, cursor=cursor, limit=limit)


@router.put("/conversations/{conversation_id}/reading", status_code=204)
async def note_reading(
    caller: Writer, c: Tx, conversation_id: UUID, body: thread_schemas.ReadingBody
) -> None:
    """Note up to when you have read this person's thread; your other devices begin there."""
    if caller.agent_id is None:
        raise Conflict("You do not take conversations.", todo="Ask an administrator to make you an agent.")
    await thread.note_reading(c, conversation_id, caller.agent_id, body.until)


@router.post("/conversations/{conversation_id}/looking", status_code=204)
async def looking(
    caller: Writer, c: Read, shared: Shared, conversation_id: UUID, body: thread_schemas.LookingBody
) -> None:
    """Tell the colleagues that you have it before you, each minute that it stays so, or left it."""
    await queries.get_conversation(c, conversation_id)
    live.looking(shared.wake, conversation_id, agent_id=caller.agent_id, name=caller.name, here=body.here)
