"""Touches without progress: each stretch of work that ended is looked at once, and counted by its case."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide.progress import moved_on
from trato.kit.errors import NotFound

ACTOR: Final = "system"
AT_ONCE: Final = 200  # the rest a minute later

_ENDED = text("""
    SELECT i.id, i.accepted_at, i.ended_at, coalesce(i.case_id, v.case_id) AS case_id, v.contact_id
    FROM interaction i JOIN conversation v ON v.id = i.conversation_id
    WHERE i.state = 'ended' AND i.progress IS NULL AND i.accepted_at IS NOT NULL
    ORDER BY i.ended_at, i.id LIMIT :limit FOR NO KEY UPDATE OF i SKIP LOCKED
""")
_RUNNING = text("""
    SELECT i.accepted_at, now() AS ended_at, coalesce(v.case_id, i.case_id) AS case_id, v.contact_id
    FROM conversation v
    LEFT JOIN interaction i ON i.conversation_id = v.id AND i.state IN ('accepted', 'wrap_up')
    WHERE v.id = :id ORDER BY i.accepted_at DESC NULLS LAST LIMIT 1
""")
_MOVES = text("""
    SELECT DISTINCT kind FROM case_move
    WHERE case_id = :case_id AND at BETWEEN :since AND :until ORDER BY kind
""")
_FACTS = text("""
    SELECT count(*) FROM fact
    WHERE contact_id = :contact_id AND greatest(created_at, said_at) BETWEEN :since AND :until
""")
_MARK = text("""
    WITH marked AS (
        UPDATE interaction SET progress = :progress WHERE id = :id RETURNING interaction
    )
    SELECT append_event('interaction.changed', 'staff', :actor, v.contact_id, v.id, v.case_id,
                        jsonb_build_object('interaction', interaction_view((marked).interaction)))
    FROM marked JOIN conversation v ON v.id = ((marked).interaction).conversation_id
""")
_TOUCHES = text("""
    SELECT count(*) AS all, count(*) FILTER (WHERE progress = false) AS without_progress
    FROM interaction WHERE case_id = :id AND accepted_at IS NOT NULL
""")


async def mark_ended(c: AsyncConnection) -> None:
    """Mark what ended since the last look, each by whether it moved its matter on."""
    for row in (await c.execute(_ENDED, {"limit": AT_ONCE})).all():
        moves, facts = await _between(c, row.case_id, row.contact_id, row.accepted_at, row.ended_at)
        values = {"id": row.id, "progress": moved_on(moves, facts), "actor": ACTOR}
        await c.execute(_MARK, values)


async def so_far(c: AsyncConnection, conversation_id: UUID) -> dict[str, Any]:
    """Return what came of the work that goes on; of none that goes on, nothing. Raises `NotFound`."""
    row = (await c.execute(_RUNNING, {"id": conversation_id})).first()
    if row is None:
        raise NotFound("There is no such conversation.")
    if row.accepted_at is None:
        return {"moves": [], "facts": 0, "progress": False}
    moves, facts = await _between(c, row.case_id, row.contact_id, row.accepted_at, row.ended_at)
    return {"moves": moves, "facts": facts, "progress": moved_on(moves, facts)}


async def touches(c: AsyncConnection, case_id: UUID) -> dict[str, int]:
    """Return how often somebody worked on a case, and how often without moving it on."""
    return dict((await c.execute(_TOUCHES, {"id": case_id})).mappings().one())


async def _between(
    c: AsyncConnection, case_id: UUID | None, contact_id: UUID, since: datetime, until: datetime
) -> tuple[list[str], int]:
    span = {"since": since, "until": until}
    moves = (await c.execute(_MOVES, span | {"case_id": case_id})).scalars().all() if case_id else []
    facts = await c.scalar(_FACTS, span | {"contact_id": contact_id})
    return list(moves), int(facts or 0)
