"""What a connector hands in: values, parsed and bounded, never yet stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

Sender = Literal["person", "auto_reply", "bounce", "list", "feedback_report", "loop"]


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody on the other side: an address of a kind (`email`, `phone`, `visitor` …) and a name."""

    kind: str
    value: str
    name: str = ""
    role: Literal["contact", "third_party", "copy"] = "contact"


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a message; `data` is stored before the message is."""

    filename: str
    content_type: str
    data: bytes
    content_id: str | None = None
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message from outside.

    `provider_id` makes the receipt: the same one on the same account is the same message.
    `conversation_id` is set only when a signed token proves it; `references` are looked up among the
    ids of known messages; else `conversation_key` finds or opens the conversation.
    """

    provider_id: str
    conversation_key: str
    sender: Party
    occurred_at: datetime
    text: str = ""
    html: str | None = None  # already sanitised
    subject: str | None = None
    external_id: str | None = None
    dedupe_key: str | None = None  # the same on every account that gets a copy of this message
    references: Sequence[str] = ()
    conversation_id: UUID | None = None
    case_id: UUID | None = None
    others: Sequence[Party] = ()
    files: Sequence[File] = ()
    file_ids: Sequence[UUID] = ()  # files uploaded before the message
    verified: bool = False  # the channel proved that the sender owns the address
    sent_by: Sender = "person"
    spam: bool = False
    language: str | None = None
    client_id: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    raw: bytes | None = None  # the thing as it came, kept for repair and export


@dataclass(frozen=True, slots=True)
class Delivery:
    """News of a message that we sent."""

    provider_id: str
    external_id: str
    status: Literal["delivered", "read", "failed"]
    at: datetime
    error: str | None = None
    recipient: str | None = None
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Typing:
    """The contact is writing; told to the desk, never stored."""

    conversation_key: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Something came that could not be read: kept raw, shown, and never in the way of the next."""

    provider_id: str
    error: str
    raw: bytes


InboundEvent = Inbound | Delivery | Typing | Broken
