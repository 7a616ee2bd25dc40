"""Shapes of conversations and cases at the HTTP edge."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from trato.contacts.schemas import ContactView
from trato.kit.inputs import Line, MaybeLine, Prose, unchanged
from trato.kit.paging import Page


class Body(BaseModel):
    """A request body: unknown fields are refused, so that a typing error is told."""

    model_config = ConfigDict(extra="forbid")


class View(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(extra="forbid")


class AttachmentView(View):
    """A file of a message."""

    id: UUID
    filename: str
    content_type: str
    size: int
    inline: bool
    content_id: str | None


class MessageView(View):
    """A message."""

    id: UUID
    conversation_id: UUID
    case_id: UUID | None
    contact_id: UUID
    direction: Literal["in", "out", "internal"]
    kind: str
    author_kind: Literal["contact", "agent", "third_party", "system"]
    author_id: UUID | None
    author_name: str
    text: str
    subject: str | None
    has_html: bool
    has_original: bool  # the thing as it came is kept
    payload: dict[str, Any]
    status: Literal[
        "received",
        "noted",
        "queued",
        "sending",
        "sent",
        "delivered",
        "read",
        "failed",
        "uncertain",
        "cancelled",
    ]
    error: str | None
    created_at: datetime
    occurred_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    client_id: str | None
    version: int
    attachments: list[AttachmentView]


class ConversationView(View):
    """A conversation."""

    id: UUID
    account_id: UUID
    channel: str
    brand_id: UUID
    contact_id: UUID
    case_id: UUID | None
    subject: str
    status: Literal["open", "snoozed", "closed"]
    spam: bool
    language: str | None
    assignee_id: UUID | None
    preview: str
    waiting_since: datetime | None
    last_message_at: datetime | None
    last_inbound_at: datetime | None
    contact_read_at: datetime | None
    agent_read_at: datetime | None
    snoozed_until: datetime | None
    trouble: Literal["failed", "uncertain"] | None
    version: int
    created_at: datetime
    closed_at: datetime | None


class StepView(View):
    """A step of a case."""

    id: UUID
    position: int
    title: str
    state: Literal["done", "now", "later"]
    due_at: datetime | None
    done_at: datetime | None


class CaseView(View):
    """A case."""

    id: UUID
    number: int
    brand_id: UUID
    contact_id: UUID
    title: str
    expectation: str
    status: Literal["open", "waiting", "resolved", "closed"]
    waiting_for: str | None
    owner_id: UUID | None
    promised_at: datetime | None
    promise: str  # what was promised for then
    promised_by: UUID | None
    promised_on: datetime | None
    snoozed_until: datetime | None
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str  # what was done, as the contact was told
    asked_at: datetime | None  # when the contact was asked whether that was it
    merged_into: UUID | None
    door_id: UUID | None  # the thing that it is about, which has an owner
    taken_to_owner_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    steps: list[StepView]


class InteractionView(View):
    """A stretch of work: offered, accepted, wrapped up, ended."""

    id: UUID
    conversation_id: UUID
    case_id: UUID | None
    agent_id: UUID
    state: Literal["offered", "accepted", "wrap_up", "ended", "declined", "expired", "withdrawn"]
    reason: str
    decision: dict[str, Any]  # {reasons: [{code, values}]}, or of work taken by hand {code, values}
    queued_at: datetime | None
    offered_at: datetime
    offer_expires_at: datetime | None
    accepted_at: datetime | None
    first_reply_at: datetime | None
    wrap_up_at: datetime | None
    wrap_up_ends_at: datetime | None
    wrap_up_extended: bool
    ended_at: datetime | None
    disposition: str | None
    progress: bool | None  # whether it moved the matter on; null until it was looked at


class MessagePage(View):
    """Messages, oldest first; the cursor leads to earlier ones."""

    items: list[MessageView]
    next_cursor: str | None


class UrlView(View):
    """Where to look."""

    url: str


class ParticipantView(View):
    """Somebody who takes part in a conversation."""

    role: Literal["contact", "agent", "third_party", "copy"]
    name: str
    address: str


class InboxView(View):
    """A page of conversations with all that they name."""

    items: list[ConversationView]
    contacts: list[ContactView]
    cases: list[CaseView]
    interactions: list[InteractionView]
    position: int
    next_cursor: str | None


class WholeConversation(View):
    """A conversation with all that belongs to it."""

    conversation: ConversationView
    contact: ContactView
    case: CaseView | None
    interactions: list[InteractionView]
    participants: list[ParticipantView]
    messages: list[MessageView]
    messages_cursor: str | None
    read_until: datetime | None  # how far the one who asks has read this person's thread
    position: int


class CountsView(View):
    """How many conversations stand in each tab that is kept live."""

    mine: int
    team: int
    waiting: int
    trouble: int


class CasePage(Page[CaseView]):
    """A page of cases, newest first."""


class StepBody(Body):
    """A step as written."""

    id: UUID | None = None
    title: Line = Field(max_length=200)
    state: Literal["done", "now", "later"] = "later"
    due_at: AwareDatetime | None = None


class StepsBody(Body):
    """All steps of a case, in order."""

    steps: list[StepBody] = Field(max_length=50)


class CaseBody(Body):
    """A new case."""

    contact_id: UUID
    brand_id: UUID
    title: Line = Field(max_length=200)
    expectation: Prose = Field(default="", max_length=2_000)


class CaseChange(Body):
    """What may change of a case; what is left out stays."""

    title: Line = unchanged(max_length=200)
    expectation: Prose = unchanged(max_length=2_000)
    status: Literal["open", "waiting", "resolved", "closed"] | None = None
    waiting_for: MaybeLine | None = Field(default=None, max_length=200)
    owner_id: UUID | None = None
    door_id: UUID | None = None
    promised_at: AwareDatetime | None = None
    promise: MaybeLine = unchanged(max_length=200)
    snoozed_until: AwareDatetime | None = Field(
        default=None, description="with `status` waiting: until when at the latest"
    )
