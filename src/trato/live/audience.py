"""Who listens to a stream, and what of each event they may see."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from trato.live import queries
from trato.live.catalogue import KINDS
from trato.live.queries import Event

_PERSONAL = {name for name, kind in KINDS.items() if kind.personal}
Project = Callable[[str, dict[str, Any]], dict[str, Any] | None]


class Audience(Protocol):
    """One kind of listener."""

    @property
    def key(self) -> object:
        """Say under which name the hub files these streams."""

    async def page(self, c: AsyncConnection, after: int, until: int, limit: int) -> list[Event]:
        """Return the next events of the log for them."""

    def render(self, event: Event) -> bytes | None:
        """Return what goes over the wire, or None for an event that is not for them."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Signed-in users: everything but what only machines need.

    `agent_id` says whose desk it is: as long as it listens, that agent is there. `types`, for API keys, are
    the only ones that it is told of.
    """

    key: object = "staff"
    agent_id: UUID | None = None
    types: frozenset[str] | None = None

    async def page(self, c: AsyncConnection, after: int, until: int, limit: int) -> list[Event]:
        """Return the next events for signed-in users."""
        return await queries.for_staff(c, after, until, limit)

    def render(self, event: Event) -> bytes | None:
        """Return the event whole."""
        if event.audience not in ("staff", "all") or (
            self.types is not None and event.type not in self.types
        ):
            return None
        personal = event.type in _PERSONAL and self.types is None
        if personal and event.data["agent_id"] != str(self.agent_id):
            return None
        return event.frame


@dataclass(frozen=True, slots=True)
class Visitor:
    """The contact on the other side of one conversation.

    `project(type, data)` is the portal's whitelist: it returns what the visitor may know, or None. The
    envelope is `{id, type, at, data}` (`{type, data}` for an ephemeral event): it says nothing of actors,
    contacts and cases, whatever the whitelist lets through.
    """

    conversation_id: UUID
    project: Project

    @property
    def key(self) -> object:
        """File the stream under its conversation."""
        return self.conversation_id

    async def page(self, c: AsyncConnection, after: int, until: int, limit: int) -> list[Event]:
        """Return the next events of the conversation that are meant for all."""
        return await queries.for_visitor(c, self.conversation_id, after, until, limit)

    def render(self, event: Event) -> bytes | None:
        """Return the event as the whitelist leaves it; notes and staff events never get here."""
        if event.audience != "all" or event.conversation_id != self.conversation_id:
            return None
        data = self.project(event.type, event.data)
        if data is None:
            return None
        envelope: dict[str, Any] = {"type": event.type, "data": data}
        if event.position:
            envelope = {"id": event.position, "at": event.envelope["at"], **envelope}
        return queries.frame(event.type, json.dumps(envelope, ensure_ascii=False), event.position)
