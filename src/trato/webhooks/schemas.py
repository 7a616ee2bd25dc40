"""What the webhooks API takes and gives."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from trato.kit.errors import Unfit
from trato.kit.inputs import Prose
from trato.kit.paging import Page
from trato.live.catalogue import EventType

EventTypes = Annotated[list[EventType], Field(max_length=50)]
Description = Annotated[Prose, StringConstraints(max_length=500)]


class NewWebhook(BaseModel):
    """An endpoint to be made; without `event_types` it gets every event."""

    model_config = ConfigDict(extra="forbid")

    url: str
    description: Description = ""
    event_types: EventTypes = Field(default_factory=list)


class WebhookChange(BaseModel):
    """What to change; `active` also resumes a paused or disabled endpoint."""

    model_config = ConfigDict(extra="forbid")

    url: str | None = None
    description: Description | None = None
    event_types: EventTypes | None = None
    state: Literal["active", "paused"] | None = None


class Replay(BaseModel):
    """Either every event from a position on, or one delivery again."""

    model_config = ConfigDict(extra="forbid")

    from_position: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    delivery_id: UUID | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.from_position is None) == (self.delivery_id is None):
            raise Unfit("Give either from_position or delivery_id.")
        return self


class Webhook(BaseModel):
    """An endpoint; `behind` counts the events that it has not been told of yet."""

    id: UUID
    url: str
    description: str
    event_types: list[str]
    state: Literal["active", "paused", "disabled"]
    position: int
    behind: int
    failing_since: datetime | None
    last_error: str | None
    created_at: datetime


class MadeWebhook(BaseModel):
    """A new endpoint and its secret, which is shown this once."""

    webhook: Webhook
    secret: str


class WebhookList(Page[Webhook]):
    """All endpoints."""


class Delivery(BaseModel):
    """One event for one endpoint, and what came of it so far."""

    id: UUID
    position: int
    type: str
    state: Literal["waiting", "delivered", "failed"]
    attempts: int
    next_attempt_at: datetime | None
    status_code: int | None
    error: str | None
    created_at: datetime
    settled_at: datetime | None


class DeliveryList(Page[Delivery]):
    """A page of deliveries, the newest event first."""
