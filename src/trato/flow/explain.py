"""Explains to a person what routing decided about a conversation, and what it would decide now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide.explain import sentence, why_waiting
from trato.decide.routing import Wait, choose_agent
from trato.decide.why_not import why_not
from trato.kit.clock import now
from trato.kit.errors import NotFound
from trato.routing import loading

_TODO = "Give the id of a conversation or interaction, or the number of a case."
LONGEST_NUMBER = 18  # digits that fit a bigint

_FOUND = text("""
    SELECT c.id, c.channel, c.status, k.number AS case
    FROM conversation c LEFT JOIN cases k ON k.id = c.case_id
    WHERE c.id = CAST(:id AS uuid) OR k.number = CAST(:number AS bigint)
       OR c.id = (SELECT conversation_id FROM interaction WHERE id = CAST(:id AS uuid))
    ORDER BY c.id
""")
_DECISIONS = text("""
    SELECT i.id, i.offered_at AS at, a.name AS agent, i.agent_id, q.name AS queue, i.reason, i.decision,
           i.units, i.state, i.end_reason, i.accepted_at, i.ended_at,
           round(extract(epoch FROM i.offered_at - i.queued_at)::numeric, 1)::float AS waited_s
    FROM interaction i JOIN agent a ON a.id = i.agent_id LEFT JOIN queue q ON q.id = i.queue_id
    WHERE i.conversation_id = :id ORDER BY i.offered_at, i.id
""")


async def explain(c: AsyncConnection, wanted: str) -> list[dict[str, Any]]:
    """Return each conversation of an id (of a conversation, an interaction) or of a case's number.

    Each has its `decisions` in order, and `now` while it waits: who would be asked, or why nobody, and of
    each agent who is available why not them. Raises `NotFound`.
    """
    rows = (await c.execute(_FOUND, _key(wanted))).mappings().all()
    if not rows:
        raise NotFound("There is no such conversation.", todo=_TODO)
    found = []
    for row in rows:
        decisions = [
            _decision(dict(one)) for one in (await c.execute(_DECISIONS, {"id": row["id"]})).mappings()
        ]
        found.append(
            {
                "conversation_id": str(row["id"]),
                "case": row["case"],
                "channel": row["channel"],
                "status": row["status"],
                "decisions": decisions,
                "now": await _now(c, row["id"]),
            }
        )
    return found


def _key(wanted: str) -> dict[str, Any]:
    wanted = wanted.strip().lstrip("#")
    if wanted.isdecimal() and len(wanted) <= LONGEST_NUMBER:
        return {"id": None, "number": int(wanted)}
    try:
        return {"id": UUID(wanted), "number": None}
    except ValueError:
        raise NotFound("There is no such conversation.", todo=_TODO) from None


def _decision(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{
            name: row[name]
            for name in ("agent", "queue", "reason", "decision", "units", "state", "end_reason")
        },
        "interaction_id": str(row["id"]),
        "agent_id": str(row["agent_id"]),
        "waited_s": row["waited_s"],
        **{name: _text(row[name]) for name in ("at", "accepted_at", "ended_at")},
    }


async def _now(c: AsyncConnection, conversation_id: UUID) -> dict[str, Any] | None:
    """Decide anew for a conversation that waits, over all who are available; None for one that does not."""
    seen = await loading.load_one(c, conversation_id)
    if seen is None:
        return None
    at = now()
    decision = choose_agent(seen.waiting, seen.candidates, at, seen.queue, seen.names)
    others = {
        seen.agents[one.agent_id]: why_not(seen.waiting, seen.queue, one, at, seen.names)
        for one in seen.candidates
    }
    if isinstance(decision, Wait):
        said = {"sentence": why_waiting(decision.code), "code": decision.code, "until": _text(decision.until)}
        return {**said, "queue": seen.queue.name or None, "agents": others}
    return {
        "sentence": f"{seen.agents[decision.agent_id]} is asked next: {sentence(decision.reasons)}",
        "code": "asks",
        "until": None,
        "queue": seen.queue.name or None,
        "agents": others,
    }


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
