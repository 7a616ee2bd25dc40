"""Who waits beside an agent who could help: the plain decision asks the database, not the memory."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from trato.decide.agents import Candidate, Profile
from trato.decide.eligibility import patient_until
from trato.decide.routing import Offer, choose_agent
from trato.decide.waiting import COMMON, Queue, Waiting

Rows = Sequence[Any]  # by name and by number
Fetch = Callable[..., Awaitable[Rows]]
"""Reads rows with the driver: `fetch(sql, *args)`; JSON comes parsed."""

_FREE: Final = """
    SELECT EXISTS (SELECT FROM presence p JOIN agent a ON a.id = p.agent_id
                   WHERE p.state = 'available' AND a.active AND p.load < p.capacity) AS free, now() AS now
"""
_AGENTS: Final = """
    SELECT a.id, profile_of(a.id) AS profile, agent_for_leader(a.id) AS agent
    FROM presence p JOIN agent a ON a.id = p.agent_id WHERE p.state = 'available' AND a.active
"""
_QUEUES: Final = "SELECT id, queue_for_leader(id) AS queue FROM queue"
# Of those who need the same the one who waits longest speaks for all: for whoever came later less will do
# later. Who came, or was moved, a moment ago is left to the router.
_GROUPS: Final = """
    SELECT w.queue_id, w.channel, coalesce(h.units, 1) AS units, coalesce(h.exclusive, false) AS exclusive,
           w.needs->>'language' AS language, w.needs->'skills' AS skills, w.needs->'teams' AS teams,
           w.needs->'sites' AS sites, w.needs->>'moved_at' AS moved_at, w.needs->'declined' AS declined,
           (w.needs ? 'owner' OR w.needs ? 'spoke_last') AS known, min(w.since) AS since,
           min(w.conversation_id::text) AS conversation_id
    FROM waiting w LEFT JOIN channel_weight h ON h.channel = w.channel
    WHERE w.offer_id IS NULL AND w.since < now() - interval '3 seconds'
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
"""


async def stranded(fetch: Fetch) -> set[str]:
    """Return for each kind of contact who waits beside an eligible agent one conversation that stands for it.

    True for a moment beside any router: look twice before you raise an alarm. Costs next to nothing while
    nobody is free.
    """
    (look,) = await fetch(_FREE)
    if not look["free"]:
        return set()
    now: datetime = look["now"]
    candidates = [_candidate(row) for row in await fetch(_AGENTS) if row["agent"]]
    queues = {row["id"]: Queue.of(row["queue"]) for row in await fetch(_QUEUES)}
    found = set()
    for row in await fetch(_GROUPS):
        queue = queues.get(row["queue_id"], COMMON)
        waiting = _waiting(row)
        if row["known"] and _is_patient(waiting, queue, now):
            continue
        if isinstance(choose_agent(waiting, candidates, now, queue), Offer):
            found.add(row["conversation_id"])
    return found


def _is_patient(waiting: Waiting, queue: Queue, now: datetime) -> bool:
    """Say whether those of a group may wait for somebody they know, each for another one."""
    until = patient_until(waiting._replace(owner=UUID(int=0), declined={}), queue)
    return until is not None and now < until


def _candidate(row: Mapping[str, Any]) -> Candidate:
    agent = row["agent"]
    return Candidate(
        row["id"],
        agent["load"],
        agent["capacity"],
        datetime.fromisoformat(agent["idle_since"]),
        Profile.of(row["profile"]),
        agent["held"] or {},
    )


def _waiting(row: Mapping[str, Any]) -> Waiting:
    return Waiting(
        UUID(row["conversation_id"]),
        row["since"],
        queue_id=row["queue_id"],
        channel=row["channel"],
        units=row["units"],
        exclusive=row["exclusive"],
        language=row["language"],
        skills={UUID(skill): level for skill, level in (row["skills"] or {}).items()},
        declined={UUID(agent): datetime.fromisoformat(at) for agent, at in (row["declined"] or {}).items()},
        teams=frozenset(map(UUID, row["teams"] or ())),
        sites=frozenset(map(UUID, row["sites"] or ())),
        moved_at=datetime.fromisoformat(row["moved_at"]) if row["moved_at"] else None,
    )
