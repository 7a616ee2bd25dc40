"""Reads the floor from the database, whole at an election and row by row after."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from asyncpg.pgproto import pgproto
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.engine import Database
from trato.decide.agents import NOTHING_SPECIAL, Candidate, Profile
from trato.decide.floor import Floor
from trato.decide.waiting import COMMON, NOBODY, NONE, Queue, Waiting
from trato.kit import clock

# Ids as the driver gives them: compared and hashed far faster than Python's own.
IDENTIFIER: Final[Callable[[str], UUID]] = pgproto.UUID

_PLAIN: Final = tuple(Waiting._field_defaults[name] for name in Waiting._fields[8:])
PREFETCH: Final = 2_000  # rows at a time, so that the start takes little memory

# Few have more needs than a language: only theirs are read as JSON.
_WAITING = """
    SELECT w.conversation_id, w.since, w.priority, w.queue_id, w.channel, coalesce(h.units, 1),
           coalesce(h.exclusive, false), w.needs->>'language',
           CASE WHEN w.needs ?| '{skills,owner,spoke_last,declined,teams,sites,moved_at}' THEN w.needs END
    FROM waiting w LEFT JOIN channel_weight h ON h.channel = w.channel
    WHERE w.offer_id IS NULL
"""
_ONE = f"{_WAITING} AND w.conversation_id = $1"
_ONE_QUEUE = "SELECT queue_for_leader($1)"
_AVAILABLE = """
    SELECT a.id AS agent_id, a.name, profile_of(a.id) AS profile, agent_for_leader(a.id) AS agent
    FROM presence p JOIN agent a ON a.id = p.agent_id WHERE p.state = 'available' AND a.active ORDER BY a.name
"""
_QUEUES = "SELECT queue_for_leader(id) FROM queue"
_AGENTS = """
    SELECT a.id AS agent_id, profile_of(a.id) AS profile, agent_for_leader(a.id) AS agent
    FROM agent a WHERE a.active
"""
_NAMES = "SELECT id, name FROM skill"
_INBOX = text("SELECT id FROM routing_inbox ORDER BY id LIMIT :limit")


async def load_floor(db: Database, limit: int) -> tuple[Floor, list[int]]:
    """Return the floor as it stands, and inbox rows that it holds already.

    The inbox is read first: what those rows tell of was committed before the rest is read. What commits
    in between is read twice, which does no harm. A hundred thousand who wait are read in well under a
    second, by the driver alone.
    """
    floor = Floor()
    async with db.connect() as c:
        with _without_collection():
            seen = await _read_floor(floor, c, limit)
            floor.catch_up(clock.now())
    return floor, seen


async def _read_floor(floor: Floor, c: AsyncConnection, limit: int) -> list[int]:
    seen = list((await c.execute(_INBOX, {"limit": limit})).scalars())
    driver: Any = (await c.get_raw_connection()).driver_connection
    floor.names.update({row["id"]: row["name"] for row in await driver.fetch(_NAMES)})
    for row in await driver.fetch(_QUEUES):
        floor.queue(Queue.of(row[0]))
    for row in await driver.fetch(_AGENTS):
        place_profile(floor, row["agent_id"], row["profile"])
        place_agent(floor, row["agent_id"], row["agent"])
    same: dict[Any, Any] = {}  # a hundred thousand share few queues, channels and languages
    async for row in driver.cursor(_WAITING, prefetch=PREFETCH):
        conversation_id, since, priority, queue_id, channel, units, exclusive, language, needs = row
        queue_id, channel = same.setdefault(queue_id, queue_id), same.setdefault(channel, channel)
        language = same.setdefault(language, language)
        columns = (conversation_id, since, priority, queue_id, channel, units, exclusive, language)
        floor.waits(_waiting(columns, needs))
    return seen


@dataclass(frozen=True, slots=True)
class OneWaiting:
    """A contact who waits with all who are available, for the plain decision."""

    waiting: Waiting
    queue: Queue
    candidates: list[Candidate]
    agents: dict[UUID, str]
    names: dict[UUID, str]


async def load_one(c: AsyncConnection, conversation_id: UUID) -> OneWaiting | None:
    """Return how a conversation waits now; None for one that does not, or is offered."""
    driver: Any = (await c.get_raw_connection()).driver_connection
    row = await driver.fetchrow(_ONE, conversation_id)
    if row is None:
        return None
    *columns, needs = row
    waiting = _waiting(tuple(columns), needs)
    queue = await driver.fetchval(_ONE_QUEUE, waiting.queue_id)
    available = [row for row in await driver.fetch(_AVAILABLE) if row["agent"]]
    return OneWaiting(
        waiting,
        Queue.of(queue) if queue else COMMON,
        [_candidate(row["agent_id"], row["agent"], Profile.of(row["profile"])) for row in available],
        {row["agent_id"]: row["name"] for row in available},
        {row["id"]: row["name"] for row in await driver.fetch(_NAMES)},
    )


def take_in(floor: Floor, news: Mapping[str, Any]) -> None:
    """Tell the floor what a row of the inbox, or of refused offers, tells of: how things stand now."""
    if news["conversation_id"] is not None:
        place_waiting(floor, news["conversation_id"], news["waiting"])
    if news["agent_id"] is not None:
        if news.get("kind") == "profile":
            place_profile(floor, IDENTIFIER(news["agent_id"]), news["profile"])
        place_agent(floor, IDENTIFIER(news["agent_id"]), news["agent"])
    if news.get("queue_id") is not None:
        place_queue(floor, news["queue_id"], news["queue"])


def place_waiting(floor: Floor, conversation_id: str, waiting: Mapping[str, Any] | None) -> None:
    """Tell the floor how a conversation waits, as `waiting_for_leader` (SQL) says it."""
    if waiting is None:
        floor.left(IDENTIFIER(conversation_id))
        return
    needs = waiting["needs"]
    floor.names.update(_named(waiting["names"] or {}))
    columns = (
        IDENTIFIER(conversation_id),
        datetime.fromisoformat(waiting["since"]),
        waiting["priority"],
        _id(waiting["queue_id"]),
        waiting["channel"],
        waiting["units"],
        waiting["exclusive"],
        needs.get("language"),
    )
    floor.waits(_waiting(columns, needs))


def place_profile(floor: Floor, agent_id: UUID, profile: Mapping[str, Any] | None) -> None:
    """Tell the floor what an agent can do, as `profile_of` (SQL) says it."""
    floor.profile(agent_id, Profile.of(profile) if profile else None)


def place_agent(floor: Floor, agent_id: UUID, agent: Mapping[str, Any] | None) -> None:
    """Tell the floor what room an agent has, as `agent_for_leader` (SQL) says it."""
    if agent is None:
        floor.absent(agent_id)
    else:
        floor.present(_candidate(agent_id, agent, NOTHING_SPECIAL))


def place_queue(floor: Floor, queue_id: str, queue: Mapping[str, Any] | None) -> None:
    """Tell the floor what a queue asks for, as `queue_for_leader` (SQL) says it."""
    if queue is None:
        floor.queue_gone(IDENTIFIER(queue_id))
    else:
        floor.names.update(_named(queue["names"]))
        floor.queue(Queue.of(queue))


def _candidate(agent_id: UUID, agent: Mapping[str, Any], profile: Profile) -> Candidate:
    idle_since = datetime.fromisoformat(agent["idle_since"])
    return Candidate(agent_id, agent["load"], agent["capacity"], idle_since, profile, agent["held"] or {})


def _waiting(columns: tuple[Any, ...], needs: Mapping[str, Any] | None) -> Waiting:
    """Return who waits from the columns of `_WAITING` and what only few need."""
    plain = Waiting._make((*columns, *_PLAIN))
    if not needs:
        return plain
    return plain._replace(
        skills=_levels(needs.get("skills")),
        owner=_id(needs.get("owner")),
        spoke_last=_id(needs.get("spoke_last")),
        spoke_at=_instant(needs.get("spoke_at")),
        declined=_instants(needs.get("declined")),
        teams=_ids(needs.get("teams")),
        sites=_ids(needs.get("sites")),
        moved_at=_instant(needs.get("moved_at")),
    )


@contextmanager
def _without_collection() -> Iterator[None]:
    """Look for no garbage: among a hundred thousand new objects that stay, it would take half of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _named(names: Mapping[str, str]) -> dict[UUID, str]:
    return {IDENTIFIER(skill): name for skill, name in names.items()}


def _levels(skills: Mapping[str, int] | None) -> Mapping[UUID, int]:
    return {IDENTIFIER(skill): level for skill, level in skills.items()} if skills else NONE


def _instants(declined: Mapping[str, str] | None) -> Mapping[UUID, datetime]:
    return (
        {IDENTIFIER(agent): datetime.fromisoformat(at) for agent, at in declined.items()}
        if declined
        else NONE
    )


def _id(value: str | None) -> UUID | None:
    return IDENTIFIER(value) if value else None


def _ids(values: list[str] | None) -> frozenset[UUID]:
    return frozenset(map(IDENTIFIER, values)) if values else NOBODY


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
