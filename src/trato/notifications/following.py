"""What an agent follows without having it: conversations, and cases whichever conversation they are in."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.errors import NotFound

Followed = Literal["conversation", "case"]

_EXISTS = {
    "conversation": text("SELECT EXISTS (SELECT FROM conversation WHERE id = :id)"),
    "case": text("SELECT EXISTS (SELECT FROM cases WHERE id = :id)"),
}
_FOLLOW = text("""
    INSERT INTO followed (agent_id, kind, about_id) VALUES (:agent, :kind, :id) ON CONFLICT DO NOTHING
""")
_UNFOLLOW = text("DELETE FROM followed WHERE agent_id = :agent AND kind = :kind AND about_id = :id")
_LIST = text("""
    SELECT f.kind, f.about_id, f.created_at AS since, v.id AS conversation_id, nullif(k.name, '') AS contact,
           s.number AS case_number, nullif(s.title, '') AS case_title, v.channel, v.status, v.preview AS words
    FROM followed f
    LEFT JOIN LATERAL (
        SELECT * FROM conversation v
        WHERE f.kind = 'conversation' AND v.id = f.about_id OR f.kind = 'case' AND v.case_id = f.about_id
        ORDER BY v.last_message_at DESC NULLS LAST LIMIT 1) v ON true
    LEFT JOIN cases s ON s.id = CASE f.kind WHEN 'case' THEN f.about_id ELSE v.case_id END
    LEFT JOIN contact k ON k.id = coalesce(v.contact_id, s.contact_id)
    WHERE f.agent_id = :agent
      AND (CAST(:at AS timestamptz) IS NULL OR (f.created_at, f.about_id) < (:at, :id))
    ORDER BY f.created_at DESC, f.about_id DESC LIMIT :limit
""")


async def follow(c: AsyncConnection, agent_id: UUID, kind: Followed, about_id: UUID) -> None:
    """Have an agent told of what is said there; twice is once. Raises `NotFound`."""
    if not await c.scalar(_EXISTS[kind], {"id": about_id}):
        raise NotFound("There is nothing to follow here.")
    await c.execute(_FOLLOW, {"agent": agent_id, "kind": kind, "id": about_id})


async def of_case(c: AsyncConnection, case_id: UUID) -> list[UUID]:
    """Return who follows a case, or a conversation of it."""
    query = text("""
        SELECT agent_id FROM followed WHERE kind = 'case' AND about_id = :case
        UNION SELECT f.agent_id FROM followed f JOIN conversation v ON v.id = f.about_id
              WHERE f.kind = 'conversation' AND v.case_id = :case
    """)
    return list((await c.execute(query, {"case": case_id})).scalars())


async def unfollow(c: AsyncConnection, agent_id: UUID, kind: Followed, about_id: UUID) -> None:
    """Tell them no more."""
    await c.execute(_UNFOLLOW, {"agent": agent_id, "kind": kind, "id": about_id})


async def page(
    c: AsyncConnection, agent_id: UUID, *, at: datetime | None, id_: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """Return what an agent follows, the latest first, with where it is spoken of."""
    rows = await c.execute(_LIST, {"agent": agent_id, "at": at, "id": id_, "limit": limit})
    return [dict(row) for row in rows.mappings()]
