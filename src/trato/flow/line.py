"""The line as supervisors see it: who waits, for what, and why still; and moving somebody in it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide.line import Able, Needs, why_waiting
from trato.kit import paging
from trato.kit.errors import Conflict, Invalid

# In the order of decision 0023: since + the queue's target - 5 minutes for each step of priority.
_LINE = text("""
    WITH placed AS (
        SELECT w.*, q.name AS queue_name, d.due,
               row_number() OVER (ORDER BY d.due, w.conversation_id) AS place
        FROM waiting w LEFT JOIN queue q ON q.id = w.queue_id
        CROSS JOIN LATERAL (SELECT w.since + make_interval(secs => coalesce(q.target_s, 60))
            - interval '5 minutes' * (w.priority + coalesce(q.priority, 0)) AS due) d
    )
    SELECT p.place, p.conversation_id, p.since, p.due, p.priority, p.queue_id, p.queue_name, p.needs,
           p.channel, o.agent_id AS offered_to, c.name AS contact_name, v.subject, v.preview,
           k.number AS case_number,
           coalesce((SELECT jsonb_object_agg(s.skill_id, s.level) FROM queue_skill s
                     WHERE s.queue_id = p.queue_id), '{}') AS queue_skills,
           coalesce((SELECT jsonb_agg(t.team_id) FROM queue_team t
                     WHERE t.queue_id = p.queue_id), '[]') AS queue_teams
    FROM placed p JOIN conversation v ON v.id = p.conversation_id JOIN contact c ON c.id = v.contact_id
    LEFT JOIN cases k ON k.id = v.case_id LEFT JOIN interaction o ON o.id = p.offer_id
    WHERE (CAST(:due AS timestamptz) IS NULL OR (p.due, p.conversation_id) > (:due, CAST(:id AS uuid)))
      AND (CAST(:only AS uuid) IS NULL OR p.conversation_id = :only)
    ORDER BY p.place LIMIT :limit
""")
_ABLE = text("""
    SELECT p.agent_id, p.state = 'available' AS here, p.state = 'available' AND p.load < p.capacity AS free,
           profile_of(p.agent_id) AS profile
    FROM presence p JOIN agent a ON a.id = p.agent_id WHERE a.active
""")
_NAMES = text("""
    SELECT id, name FROM skill UNION ALL SELECT id, name FROM team UNION ALL SELECT id, name FROM site
""")


async def waiting(
    c: AsyncConnection, *, cursor: str | None = None, limit: int = paging.PAGE, only: UUID | None = None
) -> dict[str, Any]:
    """Return a page of who waits, the next first, each with why nobody has them yet; or one contact alone."""
    due, row_id = paging.decode(cursor, paging.moment, paging.row_id)
    asked = {"due": due, "id": row_id, "only": only, "limit": limit + 1}
    rows = (await c.execute(_LINE, asked)).mappings().all()
    found = paging.page(rows, limit, lambda row: (row["due"], row["conversation_id"]))
    agents = [_able(dict(row)) for row in (await c.execute(_ABLE)).mappings()]
    names = {row.id: row.name for row in await c.execute(_NAMES)}
    return {**found, "items": [_item(dict(row), agents, names) for row in found["items"]]}


def _able(row: Mapping[str, Any]) -> Able:
    profile = row["profile"]
    return Able(
        row["agent_id"],
        here=row["here"],
        free=row["free"],
        skills={UUID(skill): level for skill, level in profile["skills"].items()},
        team=_id(profile["team"]),
        site=_id(profile["site"]),
    )


def _id(said: str | None) -> UUID | None:
    return UUID(said) if said else None


def _needs(row: Mapping[str, Any]) -> Needs:
    needs = row["needs"]
    skills = {UUID(skill): level for skill, level in row["queue_skills"].items()}
    for skill, level in needs.get("skills", {}).items():
        skills[UUID(skill)] = max(level, skills.get(UUID(skill), 0))
    return Needs(
        skills,
        teams=frozenset(map(UUID, needs.get("teams") or row["queue_teams"])),
        sites=frozenset(map(UUID, needs.get("sites", []))),
        declined=frozenset(map(UUID, needs.get("declined", {}))),
    )


def _item(row: Mapping[str, Any], agents: Sequence[Able], names: Mapping[UUID, str]) -> dict[str, Any]:
    needs = _needs(row)
    told = (
        "place",
        "conversation_id",
        "contact_name",
        "subject",
        "preview",
        "case_number",
        "channel",
        "since",
        "due",
        "priority",
        "queue_id",
        "queue_name",
        "offered_to",
    )
    return {
        **{name: row[name] for name in told},
        "needs": [
            {
                "name": names.get(skill, "?"),
                "level": level,
                "known_by": sum(one.skills.get(skill, 0) >= level for one in agents),
            }
            for skill, level in needs.skills.items()
        ],
        "language": row["needs"].get("language"),
        "teams": [names.get(team, "?") for team in needs.teams],
        "sites": [names.get(site, "?") for site in needs.sites],
        "waits_for": row["needs"].get("owner") or row["needs"].get("spoke_last"),
        "why": why_waiting(needs, agents, offered=row["offered_to"] is not None),
    }


async def move(
    c: AsyncConnection, conversation_id: UUID, changes: Mapping[str, Any], *, actor: str
) -> dict[str, Any]:
    """Change the queue or the priority of a contact in line, who keeps the time they have waited.

    Raises `Conflict` when they wait no more, `Invalid` for a queue that is not in use.
    """
    if changes.get("queue_id") is not None:
        active = await c.scalar(text("SELECT active FROM queue WHERE id = :id"), {"id": changes["queue_id"]})
        if not active:
            raise Invalid("That queue is not in use.", field="queue_id", todo="Choose another.")
    query = text(
        "SELECT move_in_line(:id, :set_queue, CAST(:queue AS uuid), CAST(:priority AS integer), :actor)"
    )
    values = {
        "id": conversation_id,
        "set_queue": "queue_id" in changes,
        "queue": changes.get("queue_id"),
        "priority": changes.get("priority"),
        "actor": actor,
    }
    if not (await c.execute(query, values)).scalar_one():
        raise Conflict("They wait no more.", todo="Look at the list again.")
    moved: dict[str, Any] = (await waiting(c, only=conversation_id))["items"][0]
    return moved
