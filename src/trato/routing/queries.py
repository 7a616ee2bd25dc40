"""Reads the floor from the database, whole at an election and row by row after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.engine import Database
from trato.decide.floor import Floor
from trato.decide.routing import Candidate, Waiting

_WAITING = text("""
    SELECT conversation_id, since, priority, needs FROM waiting WHERE offer_id IS NULL
""")
_AGENTS = text("""
    SELECT agent_for_leader(agent_id) FROM presence WHERE state = 'available'
""")
_INBOX = text("SELECT id FROM routing_inbox ORDER BY id LIMIT :limit")
_PRESENCES = text("""
    SELECT presence_view(p) FROM presence p JOIN agent a ON a.id = p.agent_id
    WHERE a.active ORDER BY a.name, a.id
""")
_PRESENCE = text("SELECT presence_view(p) FROM presence p WHERE agent_id = :agent_id")


async def load_floor(db: Database, limit: int) -> tuple[Floor, list[int]]:
    """Return the floor as it stands, and inbox rows that it holds already.

    The inbox is read first: what those rows tell of was committed before the rest is read. What commits
    in between is read twice, which does no harm.
    """
    floor = Floor()
    async with db.connect() as c:
        seen = list((await c.execute(_INBOX, {"limit": limit})).scalars())
        for row in await c.execute(_WAITING):
            floor.waits(_waiting(row.conversation_id, row.since, row.priority, row.needs))
        for agent in (await c.execute(_AGENTS)).scalars():
            if agent is not None:
                place_agent(floor, agent["agent_id"], agent)
    return floor, seen


def place_waiting(floor: Floor, conversation_id: str, waiting: Mapping[str, Any] | None) -> None:
    """Tell the floor how a conversation waits, as `waiting_for_leader` (SQL) says it."""
    if waiting is None:
        floor.left(UUID(conversation_id))
    else:
        since = datetime.fromisoformat(waiting["since"])
        floor.waits(_waiting(UUID(conversation_id), since, waiting["priority"], waiting["needs"]))


def place_agent(floor: Floor, agent_id: str, agent: Mapping[str, Any] | None) -> None:
    """Tell the floor what room an agent has, as `agent_for_leader` (SQL) says it."""
    if agent is None:
        floor.absent(UUID(agent_id))
    else:
        floor.present(
            Candidate(
                UUID(agent_id),
                load=agent["load"],
                capacity=agent["capacity"],
                idle_since=datetime.fromisoformat(agent["idle_since"]),
                languages=frozenset(agent["languages"]),
            )
        )


async def presences(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return the presence of every active agent, by name."""
    return list((await c.execute(_PRESENCES)).scalars())


async def presence(c: AsyncConnection, agent_id: UUID) -> dict[str, Any] | None:
    """Return one agent's presence."""
    view: dict[str, Any] | None = (await c.execute(_PRESENCE, {"agent_id": agent_id})).scalar()
    return view


def _waiting(conversation_id: UUID, since: datetime, priority: int, needs: Mapping[str, Any]) -> Waiting:
    return Waiting(
        conversation_id,
        since,
        priority,
        language=needs.get("language"),
        owner=_agent(needs.get("owner")),
        spoke_last=_agent(needs.get("spoke_last")),
        declined={UUID(agent): datetime.fromisoformat(at) for agent, at in needs.get("declined", {}).items()},
    )


def _agent(agent_id: str | None) -> UUID | None:
    return UUID(agent_id) if agent_id else None
