"""How each agent wants to be told: by kind and way, quiet hours, do-not-disturb, the daily mail."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide import notify
from trato.decide.notify import KINDS, WAYS, Kind, Way, Wishes
from trato.kit.errors import Invalid

COLUMNS: Final = (
    *("ways", "quiet_from", "quiet_to", "time_zone", "silent_until"),
    *("digest", "digest_at", "words_in_push"),
)
USUAL: Final[Mapping[str, Any]] = {
    "ways": {},
    "quiet_from": "22:00",
    "quiet_to": "07:00",
    "time_zone": None,
    "silent_until": None,
    "digest": "off",
    "digest_at": "08:00",
    "words_in_push": True,
}

_GET = text("""
    SELECT w.*, coalesce(w.time_zone, (SELECT time_zone FROM organisation LIMIT 1), 'UTC') AS zone
    FROM (SELECT) one LEFT JOIN notification_wishes w ON w.agent_id = :agent
""")
_BEGIN = text("INSERT INTO notification_wishes (agent_id) VALUES (:agent) ON CONFLICT DO NOTHING")
_ALONE = text("SELECT FROM notification_wishes WHERE agent_id = :agent FOR UPDATE")
_PUT = text("""
    UPDATE notification_wishes SET ways = :ways, quiet_from = :quiet_from, quiet_to = :quiet_to,
           time_zone = :time_zone, silent_until = :silent_until, digest = :digest, digest_at = :digest_at,
           words_in_push = :words_in_push WHERE agent_id = :agent
""").bindparams(bindparam("ways", type_=JSONB))


async def get(c: AsyncConnection, agent_id: UUID) -> dict[str, Any]:
    """Return what an agent wishes, each kind with its ways whether chosen or usual."""
    row = (await c.execute(_GET, {"agent": agent_id})).mappings().one()
    found = dict(USUAL) if row["agent_id"] is None else {name: row[name] for name in COLUMNS}
    chosen = _ways(found["ways"])
    return {**found, "ways": {kind: _sorted(chosen[kind]) for kind in KINDS}, "zone": row["zone"]}


async def change(c: AsyncConnection, agent_id: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
    """Change what an agent wishes; what is left out stays. Raises `Invalid` for a time zone that is none."""
    if values.get("time_zone") is not None and _zone(values["time_zone"]) is None:
        raise Invalid(
            "That time zone is not known.", field="time_zone", todo="Choose a time zone of the list."
        )
    for statement in (_BEGIN, _ALONE):  # two devices may change something at once
        await c.execute(statement, {"agent": agent_id})
    before = await get(c, agent_id)
    ways = {**before["ways"], **values.get("ways", {})}
    merged = {**{name: before[name] for name in COLUMNS}, **values, "ways": ways}
    await c.execute(_PUT, {"agent": agent_id, **merged})
    return await get(c, agent_id)


async def ways_now(c: AsyncConnection, agent_id: UUID, kind: Kind, moment: datetime) -> frozenset[Way]:
    """Return how something of this kind reaches an agent at this moment."""
    found = await get(c, agent_id)
    local = moment.astimezone(_zone(found["zone"]) or ZoneInfo("UTC")).time()
    return notify.ways_at(of(found), kind, moment, local)


def of(found: Mapping[str, Any]) -> Wishes:
    """Return the value that decisions are made of."""
    return Wishes(
        ways=_ways(found["ways"]),
        quiet_from=time.fromisoformat(found["quiet_from"]),
        quiet_to=time.fromisoformat(found["quiet_to"]),
        silent_until=found["silent_until"],
    )


def _ways(chosen: Mapping[str, Any]) -> dict[Kind, frozenset[Way]]:
    return {
        kind: frozenset(way for way in WAYS if way in chosen[kind])
        if kind in chosen
        else notify.DEFAULT_WAYS[kind]
        for kind in KINDS
    }


def _sorted(ways: frozenset[Way]) -> list[Way]:
    return [way for way in WAYS if way in ways]


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None
