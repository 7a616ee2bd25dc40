"""Shapes of notifications at the HTTP edge."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from trato.decide.notify import Kind, Way
from trato.kit.paging import Page

Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="on the agent's own clock")]


class NotificationView(BaseModel):
    """One thing that an agent is told. The words are those of the message or task as it stands now."""

    id: UUID
    kind: Kind
    conversation_id: UUID | None
    case_id: UUID | None
    message_id: UUID | None
    about_id: UUID | None
    count: int = Field(description="how often it happened since it was last read")
    told_at: datetime
    expires_at: datetime | None
    read_at: datetime | None
    actor: str | None = Field(description="the colleague who did it")
    contact: str | None
    case_number: int | None
    case_title: str | None
    words: str


class NotificationPage(Page[NotificationView]):
    """Some of what an agent was told, and how many of all wait to be read."""

    unread: int


class ReadBody(BaseModel):
    """What was read: some, all of one conversation, or everything told until an instant."""

    model_config = ConfigDict(extra="forbid")

    ids: list[UUID] = Field(default=[], max_length=200)
    conversation_id: UUID | None = None
    everything: bool = False
    until: datetime | None = None


class UnreadView(BaseModel):
    """How many wait to be read."""

    unread: int


class WishesView(BaseModel):
    """How an agent is told: the ways of each kind, the quiet hours, do-not-disturb and the mail."""

    ways: dict[Kind, list[Way]]
    quiet_from: Hour
    quiet_to: Hour
    time_zone: str | None
    zone: str = Field(description="the time zone that counts: the agent's, else the organisation's")
    silent_until: datetime | None
    digest: Literal["off", "daily", "weekdays"]
    digest_at: Hour
    words_in_push: bool


class WishesChange(BaseModel):
    """What is to be changed; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    ways: dict[Kind, list[Way]] = {}
    quiet_from: Hour = "22:00"
    quiet_to: Hour = "07:00"
    time_zone: str | None = Field(default=None, max_length=60)
    silent_until: datetime | None = None
    digest: Literal["off", "daily", "weekdays"] = "off"
    digest_at: Hour = "08:00"
    words_in_push: bool = True


class PushKeyView(BaseModel):
    """The key that a browser asks for before it lets this installation send to it (RFC 8292)."""

    public_key: str


class DeviceKeys(BaseModel):
    """The keys of a device, as `PushSubscription.toJSON()` has them."""

    p256dh: str = Field(max_length=200)
    auth: str = Field(max_length=100)


class NewDevice(BaseModel):
    """A device as its browser describes it, and what the agent calls it."""

    model_config = ConfigDict(extra="forbid")

    endpoint: str = Field(max_length=2_000)
    keys: DeviceKeys
    name: str = Field(default="", max_length=100)


class DeviceGone(BaseModel):
    """The device that somebody signs out on."""

    model_config = ConfigDict(extra="forbid")

    endpoint: str = Field(max_length=2_000)


class DeviceView(BaseModel):
    """A device that is told."""

    id: UUID
    name: str
    created_at: datetime
    last_sent_at: datetime | None


class DevicePage(Page[DeviceView]):
    """All devices of an agent."""


class FollowedView(BaseModel):
    """Something that an agent follows, and where it was last spoken of."""

    kind: Literal["conversation", "case"]
    about_id: UUID
    since: datetime
    conversation_id: UUID | None
    contact: str | None
    case_number: int | None
    case_title: str | None
    channel: str | None
    status: str | None
    words: str | None


class FollowedPage(Page[FollowedView]):
    """Some of what an agent follows."""
