"""Writing to the event log, and the ephemeral events that go beside it."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.engine import Database
from trato.db.wake import Wake
from trato.kit.errors import TooLarge

WAKE_TOPIC: Final = "events"
EPHEMERAL_TOPIC: Final = "live"
EPHEMERAL_LIMIT_BYTES: Final = 4_000  # PostgreSQL takes payloads below 8,000

ABANDONED_AFTER: Final = 4  # times the usual retention

SEQUENCE: Final = "SELECT sequence_events()"

_APPEND = text(
    "SELECT append_event(:type, :audience, :actor, CAST(:contact_id AS uuid),"
    " CAST(:conversation_id AS uuid), CAST(:case_id AS uuid), :data)"
).bindparams(bindparam("data", type_=JSONB))


# Only a whole beginning of the log is deleted: transactions may give `at` in another order than positions.
_DELETE_OLD = text("""
    WITH oldest AS MATERIALIZED (
        SELECT position, at FROM event WHERE position IS NOT NULL ORDER BY position LIMIT :limit
    ), needed AS (
        SELECT least((SELECT min(position) FROM consumer), CAST(:hold AS bigint)) AS after
    ), kept AS (
        SELECT min(position) AS first FROM oldest, needed
        WHERE at >= now() - CAST(:keep AS interval)
           OR (position > needed.after AND at >= now() - CAST(:long AS interval))
    )
    DELETE FROM event WHERE position < coalesce(
        (SELECT first FROM kept), (SELECT max(position) + 1 FROM oldest))
""")


async def append(
    c: AsyncConnection,
    type: str,  # noqa: A002  the event's own word
    *,
    audience: str,
    actor: str = "system",
    contact_id: UUID | None = None,
    conversation_id: UUID | None = None,
    case_id: UUID | None = None,
    data: Mapping[str, Any],
) -> None:
    """Append one event to the caller's transaction; the edge rings "events" after the commit.

    `audience` is "staff" (signed-in users), "all" (also the visitor of that conversation) or "system"
    (webhooks and automation only). `data` holds whole entities in the shape of the REST view.
    """
    await c.execute(
        _APPEND,
        {
            "type": type,
            "audience": audience,
            "actor": actor,
            "contact_id": contact_id,
            "conversation_id": conversation_id,
            "case_id": case_id,
            "data": dict(data),
        },
    )


async def position(c: AsyncConnection) -> int:
    """Return the last position given so far.

    Read it in the same REPEATABLE READ transaction as a snapshot: whoever follows the log from there sees
    everything that the snapshot does not hold, and some events that it holds already.
    """
    return int((await c.execute(text("SELECT last FROM event_position"))).scalar_one())


async def sequence(db: Database) -> int:
    """Give positions to committed events, in a transaction of its own; return the last one given."""
    return int(await db.call(SEQUENCE))


def ephemeral(
    wake: Wake,
    type: str,  # noqa: A002  the event's own word
    *,
    audience: str,
    conversation_id: UUID,
    data: Mapping[str, Any],
) -> None:
    """Tell those who are connected now, such as that somebody types; never stored, lost without harm.

    Raises TooLarge over 4,000 bytes.
    """
    said = json.dumps(
        {"type": type, "audience": audience, "conversation_id": str(conversation_id), "data": dict(data)},
        ensure_ascii=False,
    )
    if len(said.encode()) > EPHEMERAL_LIMIT_BYTES:
        raise TooLarge("That is too long for an event that is not kept.")
    wake.say(EPHEMERAL_TOPIC, said)


def typing(wake: Wake, conversation_id: UUID, *, who: str, name: str) -> None:
    """Tell that the contact or an agent (`who`) is typing; the visitor hears of agents only."""
    ephemeral(
        wake,
        "typing",
        audience="all" if who == "agent" else "staff",
        conversation_id=conversation_id,
        data={"conversation_id": str(conversation_id), "who": who, "name": name},
    )


async def delete_old(c: AsyncConnection, keep: timedelta, hold: int | None, limit: int = 10_000) -> int:
    """Delete events older than `keep` that everybody has read, oldest first; return how many.

    `hold` is the lowest position that a reader outside the `consumer` table still stands at. A reader
    that has not moved for four times `keep` holds nothing back: it gets a reset instead. What is left
    always begins at one position and has no hole.
    """
    deleted = await c.execute(
        _DELETE_OLD, {"keep": keep, "long": ABANDONED_AFTER * keep, "hold": hold, "limit": limit}
    )
    return int(deleted.rowcount)


def looking(wake: Wake, conversation_id: UUID, *, agent_id: UUID | None, name: str, here: bool) -> None:
    """Tell the staff that an agent has a conversation on the screen or left it; no visitor hears of it."""
    ephemeral(
        wake,
        "looking",
        audience="staff",
        conversation_id=conversation_id,
        data={
            "conversation_id": str(conversation_id),
            "agent_id": str(agent_id) if agent_id else None,
            "name": name,
            "here": here,
        },
    )
