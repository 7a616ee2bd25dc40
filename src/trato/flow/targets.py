"""Where a conversation can go, and who is free there: what the dialog of transfers shows."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.errors import NotFound

_HERE = text("""
    SELECT v.assignee_id, k.owner_id, v.language,
           (SELECT i.agent_id FROM interaction i WHERE i.conversation_id = v.id AND i.state = 'ended'
              AND i.agent_id IS DISTINCT FROM v.assignee_id ORDER BY i.ended_at DESC LIMIT 1) AS had_before
    FROM conversation v LEFT JOIN cases k ON k.id = v.case_id WHERE v.id = :id
""")
_AGENTS = text("""
    SELECT a.id AS agent_id, a.name, p.state, p.load, p.capacity, t.name AS team,
           coalesce((SELECT jsonb_agg(jsonb_build_object('name', s.name, 'level', k.level)
                                      ORDER BY k.level DESC, s.name)
                     FROM agent_skill k JOIN skill s ON s.id = k.skill_id
                     WHERE k.agent_id = a.id AND (k.until IS NULL OR k.until > now())), '[]') AS skills,
           (profile_of(a.id)->'languages') ? CAST(:language AS text) AS speaks
    FROM agent a JOIN presence p ON p.agent_id = a.id
    LEFT JOIN agent_profile f ON f.agent_id = a.id LEFT JOIN team t ON t.id = f.team_id
    WHERE a.active AND a.user_id IS NOT NULL
    ORDER BY p.state <> 'available', p.load >= p.capacity, p.load::float / greatest(p.capacity, 1),
             a.name, a.id
""")
# Of each group: how many belong to it, how many of them are here, how many have room.
_GROUPS = text("""
    WITH crew AS (
        SELECT a.id, p.state = 'available' AS here, p.state = 'available' AND p.load < p.capacity AS free,
               f.team_id, t.site_id
        FROM agent a JOIN presence p ON p.agent_id = a.id
        LEFT JOIN agent_profile f ON f.agent_id = a.id LEFT JOIN team t ON t.id = f.team_id
        WHERE a.active
    ), belongs AS (
        SELECT 'team' AS kind, team_id AS id, here, free FROM crew
        UNION ALL SELECT 'site', site_id, here, free FROM crew
        UNION ALL SELECT 'skill', s.skill_id, here, free FROM crew JOIN agent_skill s ON s.agent_id = crew.id
                  WHERE s.until IS NULL OR s.until > now()
        UNION ALL SELECT 'queue', q.id, here, free FROM crew CROSS JOIN queue q
                  WHERE NOT EXISTS (SELECT FROM queue_skill need WHERE need.queue_id = q.id AND NOT EXISTS (
                      SELECT FROM agent_skill s WHERE s.agent_id = crew.id AND s.skill_id = need.skill_id
                        AND s.level >= need.level AND (s.until IS NULL OR s.until > now())))
                    AND (crew.team_id IN (SELECT team_id FROM queue_team WHERE queue_id = q.id)
                         OR NOT EXISTS (SELECT FROM queue_team WHERE queue_id = q.id))
    ), places AS (
        SELECT 'queue' AS kind, id, name FROM queue WHERE active
        UNION ALL SELECT 'skill', id, name FROM skill
        UNION ALL SELECT 'team', id, name FROM team
        UNION ALL SELECT 'site', id, name FROM site
    )
    SELECT places.kind, places.id, places.name, count(b.id) AS people,
           count(*) FILTER (WHERE b.here) AS here, count(*) FILTER (WHERE b.free) AS free,
           (SELECT count(*) FROM waiting w WHERE places.kind = 'queue' AND w.queue_id = places.id) AS waiting
    FROM places LEFT JOIN belongs b ON b.kind = places.kind AND b.id = places.id
    GROUP BY places.kind, places.id, places.name
    ORDER BY places.kind, places.name, places.id
""")


async def of(c: AsyncConnection, conversation_id: UUID) -> dict[str, Any]:
    """Return the agents and groups that a conversation can go to, those with room first.

    `because` says what sets an agent apart: owns the case, had this conversation before, has it now.
    """
    here = (await c.execute(_HERE, {"id": conversation_id})).mappings().first()
    if here is None:
        raise NotFound("There is no such conversation.")
    agents = [dict(row) for row in (await c.execute(_AGENTS, {"language": here["language"]})).mappings()]
    for agent in agents:
        agent["speaks"] = bool(agent["speaks"])
        agent["because"] = next(
            (
                because
                for because, who in (
                    ("has_it", here["assignee_id"]),
                    ("owner", here["owner_id"]),
                    ("had_before", here["had_before"]),
                )
                if who == agent["agent_id"]
            ),
            None,
        )
    groups = [dict(row) for row in (await c.execute(_GROUPS)).mappings()]
    return {"agents": agents, "groups": groups, "owner_id": here["owner_id"]}
