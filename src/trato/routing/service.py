"""Where agents are, as they say it and as their connection shows."""

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.errors import NotFound

SaidState = Literal["available", "away", "offline"]

_SET = text("SELECT presence_view(set_presence(:agent_id, :state, :reason, :actor, NULL))")
_SEEN = text("""
    UPDATE presence SET last_seen_at = now()
    WHERE agent_id = ANY (:agent_ids)
      AND (last_seen_at BETWEEN now() - interval '10 seconds' AND now()) IS NOT TRUE
""")
_BACK = text("""
    WITH back AS (
        UPDATE presence SET reconnecting = false WHERE agent_id = ANY (:agent_ids) AND reconnecting
        RETURNING presence AS seen
    )
    SELECT tell_presence('system', seen) FROM back
""")


async def set_presence(
    c: AsyncConnection, agent_id: UUID, state: SaidState, *, reason: str | None, actor: str
) -> dict[str, Any]:
    """Set where an agent is and return the presence.

    Going away keeps accepted work; offers that stand are withdrawn by the router and go to the next one.
    """
    values = {"agent_id": agent_id, "state": state, "reason": reason, "actor": actor}
    presence: dict[str, Any] = (await c.execute(_SET, values)).scalar_one()
    if presence["agent_id"] is None:
        raise NotFound("There is no such agent.")
    return presence


async def seen(c: AsyncConnection, agent_ids: list[UUID]) -> None:
    """Note that these agents are connected, at best every 20 s.

    A minute without it (a lost connection has that long to come back) sets them offline. Written at most
    every 10 s for each.
    """
    await c.execute(_SEEN, {"agent_ids": agent_ids})
    await c.execute(_BACK, {"agent_ids": agent_ids})
