"""What agents are writing, kept on the server: it follows every device and goes with the conversation."""

from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.text import clean

DraftKind = Literal["reply", "note"]
LENGTH: Final = 100_000

_KEEP = text("""
    INSERT INTO draft (conversation_id, agent_id, kind, text)
    SELECT v.id, :agent, :kind, :text FROM conversation v WHERE v.id = :conversation
    ON CONFLICT (conversation_id, agent_id, kind) DO UPDATE
        SET text = excluded.text, updated_at = now()
""")
_FORGET = text(
    "DELETE FROM draft WHERE conversation_id = :conversation AND agent_id = :agent AND kind = :kind"
)
_MINE = text("""
    SELECT kind, text, from_agent_id, updated_at FROM draft
    WHERE conversation_id = :conversation AND agent_id = CAST(:agent AS uuid) ORDER BY kind DESC
""")


async def keep(
    c: AsyncConnection, conversation_id: UUID, agent_id: UUID, kind: DraftKind, words: str
) -> None:
    """Keep what an agent has written so far; nothing written forgets it."""
    written = clean(words, LENGTH)
    values = {"conversation": conversation_id, "agent": agent_id, "kind": kind}
    if written.strip():
        await c.execute(_KEEP, {**values, "text": written})
    else:
        await c.execute(_FORGET, values)


async def mine(c: AsyncConnection, conversation_id: UUID, agent_id: UUID | None) -> list[dict[str, Any]]:
    """Return an agent's drafts in a conversation; `from_agent_id` says who began it when it came along."""
    rows = await c.execute(_MINE, {"conversation": conversation_id, "agent": agent_id})
    return [dict(row) for row in rows.mappings()]
