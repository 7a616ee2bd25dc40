"""What a client sent before and sends again, having heard no answer: the first one is answered once more.

A look before anything is done, so that sending again opens and takes nothing, and does not fail for what has
changed since. Two at once both find nothing here: of them the database makes one.
"""

from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations import queries

_MESSAGE = text("""
    SELECT message_view(m) FROM message m WHERE conversation_id = :conversation_id AND client_id = :client_id
""")
_SCHEDULED = text("""
    SELECT scheduled_view(s) FROM scheduled_message s
    WHERE conversation_id = :conversation_id AND client_id = :client_id
""")


async def message(c: AsyncConnection, conversation_id: UUID, client_id: str) -> dict[str, Any] | None:
    """Return the message that a client wrote with this id before; None the first time."""
    values = {"conversation_id": conversation_id, "client_id": client_id}
    found: dict[str, Any] | None = await c.scalar(_MESSAGE, values)
    return found


async def scheduled(c: AsyncConnection, conversation_id: UUID, client_id: str) -> dict[str, Any] | None:
    """Return, as it stands now, what a client had kept with this id before; None the first time."""
    values = {"conversation_id": conversation_id, "client_id": client_id}
    found: dict[str, Any] | None = await c.scalar(_SCHEDULED, values)
    return found


async def started(
    c: AsyncConnection, account_id: UUID, client_id: str, *, kept: bool
) -> dict[str, Any] | None:
    """Return the conversation that a client began with this id before, as `replies.start` answers."""
    conversation_id = thread(account_id, client_id)
    found = await (scheduled if kept else message)(c, conversation_id, client_id)
    if found is None:
        return None
    conversation = await queries.get_conversation(c, conversation_id)
    return {
        "conversation": conversation,
        "message": None if kept else found,
        "scheduled": found if kept else None,
    }


def thread(account_id: UUID, client_id: str) -> UUID:
    """Return the id of the conversation that a client begins with this id."""
    return uuid5(account_id, client_id)
