"""Links what customers write to the incident that it is about, as it comes and looking back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.edge import Services
from trato.db.jobs import Handler
from trato.decide.incident_match import About, match
from trato.decide.small_words import SMALL
from trato.incidents import links
from trato.kit.errors import Conflict, NotFound
from trato.live.consumers import Consumer
from trato.live.queries import Event

CONSUMER: Final = "incidents"
TYPES: Final = ("message.created",)
BEFORE: Final = timedelta(hours=2)  # customers notice before anybody declares
AT_MOST: Final = 2_000  # conversations looked through for one incident
AT_ONCE: Final = 200
SMALL_WORDS: Final = frozenset[str]().union(*SMALL.values())

_OPEN = text("""
    SELECT i.id, i.brand_id, i.titles, i.noticed, i.words,
           coalesce((SELECT jsonb_agg(s.names) FROM incident_service t JOIN service s ON s.id = t.service_id
                     WHERE t.incident_id = i.id), '[]') AS names
    FROM incident i
    WHERE i.state IN ('open', 'suspected') AND (i.starts_at IS NULL OR i.starts_at <= now())
      AND (CAST(:id AS uuid) IS NULL OR i.id = :id)
""")
_ABOUT = text("""
    SELECT v.id, v.brand_id, v.subject, k.title FROM conversation v LEFT JOIN cases k ON k.id = v.case_id
    WHERE v.id = ANY(:ids) AND NOT v.spam
""")
# What was written since shortly before it began, in conversations of the brand that nobody has judged yet.
_RECENT = text("""
    SELECT v.id, concat_ws(E'\\n', v.subject, k.title, (
        SELECT string_agg(left(m.text, 2000), E'\\n' ORDER BY m.created_at) FROM message m
        WHERE m.conversation_id = v.id AND m.direction = 'in' AND m.created_at > :since)) AS said
    FROM conversation v LEFT JOIN cases k ON k.id = v.case_id
    WHERE v.brand_id = :brand_id AND NOT v.spam AND v.last_inbound_at > :since
      AND v.id > CAST(:after AS uuid)
      AND NOT EXISTS (SELECT FROM incident_link l WHERE l.incident_id = :id AND l.conversation_id = v.id)
    ORDER BY v.id LIMIT :limit
""")
_BEGAN = text("SELECT began_at FROM incident WHERE id = :id")
_FIRST: Final = UUID(int=0)


def consumer(services: Services) -> Consumer:
    """Return who reads what customers write."""
    return Consumer(CONSUMER, services.db, services.wake, handle, types=TYPES)


async def handle(c: AsyncConnection, events: Sequence[Event]) -> None:
    """Link the conversations of these messages to the incidents that they are about."""
    known = await _known(c)
    said = [one.data["message"] for one in events]
    theirs = [one for one in said if one["direction"] == "in" and one["author_kind"] == "contact"]
    if not known or not theirs:
        return
    ids = {UUID(one["conversation_id"]) for one in theirs}
    rows = {str(row.id): row for row in await c.execute(_ABOUT, {"ids": list(ids)})}
    for one in theirs:
        if (row := rows.get(one["conversation_id"])) is None:
            continue
        text_of = "\n".join(part for part in (row.subject, row.title, one["text"]) if part)
        for incident, about in known:
            if incident["brand_id"] == row.brand_id:
                await _link(c, incident["id"], row.id, about, text_of)


def looking_back(services: Services) -> Handler:
    """Return the job that looks through what was written before an incident was declared or changed."""

    async def run(data: dict[str, Any], attempt: int) -> None:
        del attempt
        after, seen = _FIRST, 0
        while seen < AT_MOST:
            async with services.db.begin() as c:
                last, count = await _look(c, UUID(data["incident_id"]), after)
            services.wake.ring("events")
            if last is None:
                return
            after, seen = last, seen + count

    return run


async def _look(c: AsyncConnection, incident_id: UUID, after: UUID) -> tuple[UUID | None, int]:
    known = await _known(c, incident_id)
    if not known:
        return None, 0
    incident, about = known[0]
    asked = {
        "id": incident_id,
        "brand_id": incident["brand_id"],
        "since": await c.scalar(_BEGAN, {"id": incident_id}) - BEFORE,
        "after": after,
        "limit": AT_ONCE,
    }
    rows = (await c.execute(_RECENT, asked)).all()
    for row in rows:
        await _link(c, incident_id, row.id, about, row.said)
    return (rows[-1].id if len(rows) == AT_ONCE else None), len(rows)


async def _link(
    c: AsyncConnection, incident_id: UUID, conversation_id: UUID, about: About, said: str
) -> None:
    found = match(about, said, SMALL_WORDS)
    if found is None:
        return
    reason: dict[str, Any] = {"words": list(found.words)}
    if found.phrase:
        reason["phrase"] = found.phrase
    try:
        async with c.begin_nested():
            await links.link(c, incident_id, conversation_id, actor=links.MATCHED, reason=reason)
    except (Conflict, NotFound):  # it was ended at this moment
        return


async def _known(
    c: AsyncConnection, incident_id: UUID | None = None
) -> list[tuple[Mapping[str, Any], About]]:
    rows = (await c.execute(_OPEN, {"id": incident_id})).mappings().all()
    return [(dict(row), _about(row)) for row in rows]


def _about(row: Any) -> About:
    names = [name for one in row["names"] for name in one.values()]
    return About([*row["titles"].values(), *names], list(row["noticed"].values()), row["words"])
