"""Chooses the one of a queue, skill, team or site who is asked first whether they take a conversation on."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide.consults import Expert, choose_expert
from trato.kit.errors import Conflict

_FITTING = text("""
    SELECT p.agent_id, p.state = 'available' AS here, p.load, p.capacity, p.idle_since,
           coalesce((SELECT s.level FROM agent_skill s
                     WHERE :kind = 'skill' AND s.agent_id = a.id AND s.skill_id = :to), 0) AS level,
           a.id IS NOT DISTINCT FROM k.owner_id AS owns_case,
           EXISTS (SELECT FROM interaction i WHERE i.conversation_id = v.id
                   AND i.agent_id = a.id AND i.state = 'ended') AS spoke_last,
           coalesce(profile_of(a.id)->'languages' ? v.language, false) AS speaks
    FROM conversation v LEFT JOIN cases k ON k.id = v.case_id
    JOIN agent a ON a.active AND belongs_to(a.id, :kind, :to, :level)
    JOIN presence p ON p.agent_id = a.id
    WHERE v.id = :id
      AND NOT EXISTS (SELECT FROM interaction i WHERE i.conversation_id = v.id
                      AND i.agent_id = a.id AND i.state = 'accepted')
""")
# Whoever said no to this conversation a moment ago is not asked again at once.
_DECLINED = text("""
    SELECT to_id FROM transfer WHERE conversation_id = :id AND state = 'declined'
      AND settled_at > now() - interval '10 minutes'
""")


async def of_group(
    c: AsyncConnection, conversation_id: UUID, kind: str, to_id: UUID, level: int | None
) -> UUID:
    """Return who of a group knows best and has room; who has the conversation is never the one.

    Raises `Conflict` when nobody of it is free.
    """
    asked = {"id": conversation_id, "kind": kind, "to": to_id, "level": level}
    experts = [Expert(**row) for row in (await c.execute(_FITTING, asked)).mappings()]
    declined = set((await c.execute(_DECLINED, {"id": conversation_id})).scalars())
    chosen = choose_expert(experts, declined)
    if chosen is None:
        raise Conflict("Nobody of them is free now.", todo="Give it on at once, or choose somebody.")
    return chosen.agent_id
