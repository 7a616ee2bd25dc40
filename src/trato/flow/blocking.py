"""Blocking a sender: nobody is disturbed by them any more; unblocking brings back what that had moved."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.contacts import service as contacts
from trato.conversations import service as conversations
from trato.flow import assign

CAUSE = "blocked"

_OPEN = text("""
    SELECT id FROM conversation WHERE contact_id = :id AND status IN ('open', 'snoozed') AND NOT spam
    ORDER BY id FOR NO KEY UPDATE
""")
_MOVED = text("""
    SELECT id, assignee_id, status, status = 'closed' AND last_inbound_at > closed_at AS written_since
    FROM conversation WHERE contact_id = :id AND spam AND spam_cause = :cause
    ORDER BY id FOR NO KEY UPDATE
""")


async def block(c: AsyncConnection, contact_id: UUID, *, actor: str) -> dict[str, Any]:
    """Block a sender and return the contact: what they write and what is open of theirs goes to spam."""
    view = await contacts.set_blocked(c, contact_id, blocked=True, actor=actor)
    for conversation_id in list((await c.execute(_OPEN, {"id": contact_id})).scalars()):
        await assign.end(c, conversation_id, reason="spam", actor=actor, disposition="spam")
        await conversations.set_spam(c, conversation_id, spam=True, actor=actor, cause=CAUSE)
    return view


async def unblock(
    c: AsyncConnection, contact_id: UUID, *, actor: str, agent_id: UUID | None
) -> dict[str, Any]:
    """Undo the blocking: what it moved to spam is back where it was, what was marked as spam itself is not.

    What is open goes to whoever had it when they are the one who asks, else in line.
    """
    view = await contacts.set_blocked(c, contact_id, blocked=False, actor=actor)
    for row in (await c.execute(_MOVED, {"id": contact_id, "cause": CAUSE})).all():
        await conversations.set_spam(c, row.id, spam=False, actor=actor)
        if row.written_since:
            await conversations.set_status(c, row.id, "open", snoozed_until=None, actor=actor)
        if row.status == "open" or row.written_since:
            await assign.give_back(
                c, row.id, to=agent_id if row.assignee_id == agent_id else None, actor=actor
            )
    return view
