"""Shapes of presence at the HTTP edge."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from trato.kit.inputs import MaybeLine
from trato.kit.paging import Page
from trato.routing.service import SaidState

PresenceState = Literal["available", "handling", "wrap_up", "away", "offline"]


class PresenceView(BaseModel):
    """Where an agent is, what they do, and how much of their capacity is in use.

    `said` is what they (or the system for them) have said: who is available there is offered what fits.
    `state` tells of those what they do: `handling` something, or only wrapping up (`wrap_up`). `reason` is
    the agent's own word, or `unanswered_offers`, `connection_lost`, `deactivated` when the system changed
    the state. `reconnecting`: their desk is not heard of, and they are set offline unless it comes back.
    `load` are units of `capacity`, by what they were offered, handle or wrap up.
    """

    agent_id: UUID
    state: PresenceState
    said: SaidState
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

    state: SaidState
    reason: MaybeLine | None = Field(default=None, max_length=100)
