"""What an agent was told: read, and marked as read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Uuid

from trato.kit.errors import NotFound

_CURRENT: Final = "(n.expires_at IS NULL OR n.expires_at > now() OR n.read_at IS NOT NULL)"
_LIST = text(f"""
    SELECT notification_view(n) FROM notification n
    WHERE n.agent_id = :agent AND {_CURRENT} AND (n.read_at IS NULL OR NOT :unread)
      AND (CAST(:at AS timestamptz) IS NULL OR (n.told_at, n.id) < (:at, :id))
    ORDER BY n.told_at DESC, n.id DESC LIMIT :limit
""")
_READ = text("""
    WITH done AS (
        UPDATE notification SET read_at = now()
        WHERE agent_id = :agent AND read_at IS NULL
          AND told_at <= coalesce(CAST(:until AS timestamptz), now())
          AND (:all OR id = ANY(:ids) OR conversation_id = CAST(:conversation AS uuid))
        RETURNING id)
    SELECT count(*) FROM done
""").bindparams(bindparam("ids", type_=ARRAY(Uuid)))
_UNREAD_AGAIN = text("""
    UPDATE notification SET read_at = NULL WHERE id = :id AND agent_id = :agent AND read_at IS NOT NULL
    RETURNING id
""")
_MINE = text("SELECT EXISTS (SELECT FROM notification WHERE id = :id AND agent_id = :agent)")
_COUNT = text("SELECT unread_notifications(:agent)")
_SAY = text("SELECT tell_notified(:agent, NULL::notification, '[]')")


async def page(
    c: AsyncConnection, agent_id: UUID, *, unread: bool, at: datetime | None, id_: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """Return what an agent was told, the newest first; what came to nothing meanwhile is left out."""
    asked = {"agent": agent_id, "unread": unread, "at": at, "id": id_, "limit": limit}
    return list((await c.execute(_LIST, asked)).scalars())


async def unread(c: AsyncConnection, agent_id: UUID) -> int:
    """Return how many wait to be read."""
    return int(await c.scalar(_COUNT, {"agent": agent_id}) or 0)


async def read(
    c: AsyncConnection,
    agent_id: UUID,
    *,
    ids: Sequence[UUID] = (),
    conversation_id: UUID | None = None,
    until: datetime | None = None,
    everything: bool = False,
) -> int:
    """Mark as read and return how many are left; what was told after `until` stays."""
    asked = {
        "agent": agent_id,
        "ids": list(ids),
        "conversation": conversation_id,
        "until": until,
        "all": everything,
    }
    if await c.scalar(_READ, asked):
        await c.execute(_SAY, {"agent": agent_id})
    return await unread(c, agent_id)


async def unread_again(c: AsyncConnection, agent_id: UUID, notification_id: UUID) -> int:
    """Mark one as not read and return how many wait; raises `NotFound`."""
    asked = {"id": notification_id, "agent": agent_id}
    if not await c.scalar(_MINE, asked):
        raise NotFound("There is no such notification.")
    if await c.scalar(_UNREAD_AGAIN, asked):
        await c.execute(_SAY, {"agent": agent_id})
    return await unread(c, agent_id)
