"""What the event log can be asked: pages of events for the staff, for one visitor, or for a consumer."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True)
class Event:
    """One event of the log. `position` is 0 for an ephemeral one, which the log never holds."""

    position: int
    type: str
    audience: str
    conversation_id: UUID | None
    body: str  # the whole envelope as one line of JSON

    @cached_property
    def envelope(self) -> dict[str, Any]:
        """Return `{id, type, at, actor, contact_id, conversation_id, case_id, data}`."""
        envelope: dict[str, Any] = json.loads(self.body)
        return envelope

    @property
    def data(self) -> dict[str, Any]:
        """Return the entities that the event carries."""
        data: dict[str, Any] = self.envelope["data"]
        return data

    @cached_property
    def frame(self) -> bytes:
        """Return the event as it goes over the wire (WHATWG HTML, server-sent events); made once."""
        return frame(self.type, self.body, self.position)


def frame(kind: str, body: str, position: int = 0) -> bytes:
    """Return one server-sent event; without a position it leaves the client's Last-Event-ID as it is."""
    identifier = f"id: {position}\n" if position else ""
    return f"{identifier}event: {kind}\ndata: {body}\n\n".encode()


_PAGE = """
    SELECT position, type, audience, conversation_id, json_build_object(
             'id', position, 'type', type, 'at', at, 'actor', actor, 'contact_id', contact_id,
             'conversation_id', conversation_id, 'case_id', case_id, 'data', data)::text AS body
    FROM event WHERE position > :after AND position <= :until {only}
    ORDER BY position LIMIT :limit
"""
_EVERYTHING = text(_PAGE.format(only=""))
_STAFF = text(_PAGE.format(only="AND audience IN ('staff', 'all')"))
_VISITOR = text(_PAGE.format(only="AND audience = 'all' AND conversation_id = :conversation_id"))
_TYPES = text(_PAGE.format(only="AND type = ANY(:types)"))

END = 2**63 - 1


async def everything(
    c: AsyncConnection, after: int, *, until: int = END, types: Sequence[str] = (), limit: int = 500
) -> list[Event]:
    """Return the next events of all audiences in order; with `types`, only those."""
    asked: dict[str, Any] = {"after": after, "until": until, "limit": limit}
    if types:
        return _events(await c.execute(_TYPES, asked | {"types": list(types)}))
    return _events(await c.execute(_EVERYTHING, asked))


async def for_staff(c: AsyncConnection, after: int, until: int, limit: int = 200) -> list[Event]:
    """Return the next events that signed-in users may see."""
    return _events(await c.execute(_STAFF, {"after": after, "until": until, "limit": limit}))


async def for_visitor(
    c: AsyncConnection, conversation_id: UUID, after: int, until: int, limit: int = 200
) -> list[Event]:
    """Return the next events of one conversation that its visitor may see."""
    asked = {"after": after, "until": until, "limit": limit, "conversation_id": conversation_id}
    return _events(await c.execute(_VISITOR, asked))


async def reachable(c: AsyncConnection, after: int) -> bool:
    """Say whether a reader at `after` can go on: nothing behind it is gone, nor is it from the future.

    A position from the future comes from a log that was restored from an older backup.
    """
    found = await c.execute(
        text(
            "SELECT last, coalesce((SELECT position FROM event WHERE position IS NOT NULL"
            " ORDER BY position LIMIT 1), last + 1) FROM event_position"
        )
    )
    last, oldest = found.one()
    return bool(oldest - 1 <= after <= last)


@dataclass(frozen=True, slots=True)
class ConsumerState:
    """Where a durable consumer stands; `behind` counts the events it has still to see."""

    name: str
    position: int
    behind: int
    updated_at: datetime


async def consumers(c: AsyncConnection) -> list[ConsumerState]:
    """Return all durable consumers, the one furthest behind first."""
    found = await c.execute(
        text(
            "SELECT name, position, greatest(last - position, 0) AS behind, updated_at"
            " FROM consumer, event_position ORDER BY position, name"
        )
    )
    return [ConsumerState(**row) for row in found.mappings()]


def _events(rows: Any) -> list[Event]:
    return [Event(*row) for row in rows]
