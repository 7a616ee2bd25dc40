"""Follows what agents send, and knows a text again that has gone to others within a day."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.edge import Services
from trato.db.engine import Database
from trato.db.periodic import Periodic
from trato.decide.verbatim import WINDOW, is_told, same_words
from trato.kit.clock import now
from trato.kit.ids import new_id
from trato.kit.secret_box import SecretBox
from trato.live.consumers import Consumer
from trato.live.queries import Event

CONSUMER: Final = "verbatim"
TYPES: Final = ("message.created",)
FORGET: Final = "verbatim.forget"
COUNTS_KEPT: Final = timedelta(days=90)
_PURPOSE: Final = "verbatim"

_NAME = text("SELECT name FROM contact WHERE id = :id")
_OTHERS = text("""
    SELECT count(DISTINCT contact_id) FROM verbatim_sent
    WHERE digest = :digest AND sent_at > :since AND contact_id IS DISTINCT FROM CAST(:contact AS uuid)
""")
_HAD_IT = text("""
    SELECT EXISTS (SELECT FROM verbatim_sent
                   WHERE digest = :digest AND sent_at > :since AND contact_id = :contact)
""")
_NOTE = text("""
    INSERT INTO verbatim_sent (id, agent_id, contact_id, digest, sent_at)
    SELECT :id, a.id, c.id, :digest, :at FROM agent a, contact c WHERE a.id = :agent AND c.id = :contact
""")
_COUNT = text("""
    INSERT INTO verbatim_day (id, agent_id, day, texts, messages)
    SELECT :id, a.id, (CAST(:at AS timestamptz)
                       AT TIME ZONE coalesce((SELECT time_zone FROM organisation), 'UTC'))::date, :texts, 1
    FROM agent a WHERE a.id = :agent
    ON CONFLICT (agent_id, day) DO UPDATE
        SET texts = verbatim_day.texts + excluded.texts, messages = verbatim_day.messages + 1
""")
_COUNTS = text("""
    SELECT d.agent_id, a.name AS agent_name, d.day, d.texts, d.messages
    FROM verbatim_day d JOIN agent a ON a.id = d.agent_id
    WHERE d.day >= :since ORDER BY d.day DESC, d.messages DESC, a.name LIMIT 500
""")


def digest(box: SecretBox, agent_id: UUID, words: str) -> str:
    """Return by what an agent's text is known again; it cannot be made without the installation's key."""
    said = f"{agent_id}\n{words}".encode()
    return hmac.new(box.derive(_PURPOSE), said, hashlib.sha256).hexdigest()


def consumer(services: Services) -> Consumer:
    """Return who follows what is sent."""

    async def handle(c: AsyncConnection, events: Sequence[Event]) -> None:
        for event in events:
            message = event.data["message"]
            if _counts(message):
                await note(c, services.secrets, message)

    return Consumer(CONSUMER, services.db, services.wake, handle, types=TYPES)


def _counts(message: Mapping[str, Any]) -> bool:
    """Say whether a message is what an agent wrote to the contact; what goes on to others is no answer."""
    return bool(
        message["direction"] == "out"
        and message["author_kind"] == "agent"
        and message["author_id"]
        and not message["payload"].get("apart")
    )


async def note(c: AsyncConnection, box: SecretBox, message: Mapping[str, Any]) -> None:
    """Know a message again for a day, and count it when its text has gone to others."""
    agent_id, contact_id = UUID(message["author_id"]), UUID(message["contact_id"])
    name = await c.scalar(_NAME, {"id": contact_id}) or ""
    words = same_words(message["text"], [name])
    if words is None:
        return
    at = datetime.fromisoformat(message["created_at"])
    found = {"digest": digest(box, agent_id, words), "since": at - WINDOW, "contact": contact_id}
    others = await c.scalar(_OTHERS, found) or 0
    if is_told(others) and not await c.scalar(_HAD_IT, found):
        first = not is_told(others - 1)
        await c.execute(_COUNT, {"id": new_id(), "agent": agent_id, "at": at, "texts": int(first)})
    row = {"id": new_id(), "agent": agent_id, "contact": contact_id, "digest": found["digest"], "at": at}
    await c.execute(_NOTE, row)


async def others(
    c: AsyncConnection, box: SecretBox, agent_id: UUID, body: str, contact_id: UUID | None
) -> int:
    """Return how many other people this agent has written a text to within a day; 0 for a short one.

    `contact_id` is who it is written to now, None for somebody new.
    """
    name = await c.scalar(_NAME, {"id": contact_id}) or ""
    words = same_words(body, [name])
    if words is None:
        return 0
    asked = {"digest": digest(box, agent_id, words), "since": now() - WINDOW, "contact": contact_id}
    return await c.scalar(_OTHERS, asked) or 0


async def counts(c: AsyncConnection, since: date) -> list[dict[str, Any]]:
    """Return by day and agent how many texts went to three people and more, the latest day first."""
    return [dict(row) for row in (await c.execute(_COUNTS, {"since": since})).mappings()]


async def forget(c: AsyncConnection) -> None:
    """Forget digests after a day, and counts after a season."""
    await c.execute(text("DELETE FROM verbatim_sent WHERE sent_at <= :at"), {"at": now() - WINDOW})
    query = text("DELETE FROM verbatim_day WHERE day < :day")
    await c.execute(query, {"day": (now() - COUNTS_KEPT).date()})


def forgetting(db: Database) -> Periodic:
    """Return the job that forgets what is old."""

    async def run() -> None:
        async with db.begin() as c:
            await forget(c)

    return Periodic(FORGET, timedelta(hours=1), db, run)
