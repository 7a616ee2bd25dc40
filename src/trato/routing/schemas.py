"""Shapes of presence at the HTTP edge."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from trato.kit.inputs import MaybeLine
from trato.kit.paging import Page

PresenceState = Literal["available", "away", "offline"]


class PresenceView(BaseModel):
    """Where an agent is, and how much of their capacity is in use.

    `reason` is the agent's own word, or `unanswered_offers`, `connection_lost`, `deactivated` when the
    system changed the state. `reconnecting`: their desk is not heard of, and they are set offline unless it
    comes back. `load` are units of `capacity`, by what they were offered, handle or wrap up.
    """

    agent_id: UUID
    state: PresenceState
    reason: str | None
    since: datetime
    capacity: int
    load: int
    idle_since: datetime
    reconnecting: bool


class Presences(Page[PresenceView]):
    """The presence of every active agent."""


class PresenceChange(BaseModel):
    """Where the caller is now."""

    model_config = ConfigDict(extra="forbid")

    state: PresenceState
    reason: MaybeLine | None = Field(default=None, max_length=100)
