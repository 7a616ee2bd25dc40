"""Shapes of what agents write and of what needs a hand, at the HTTP edge."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from trato.access.views import AgentView
from trato.brands.schemas import AccountView
from trato.contacts.schemas import ContactView
from trato.conversations.schemas import (
    AttachmentView,
    Body,
    CaseView,
    ConversationView,
    CountsView,
    InteractionView,
    MessageView,
    View,
)
from trato.kit.inputs import Line, MaybeLine
from trato.kit.paging import Page
from trato.routing.schemas import PresenceView

Addresses = list[Annotated[Line, Field(max_length=400)]]


class WriteBody(Body):
    """A reply or a note."""

    text: str = Field(default="", max_length=100_000)
    client_id: Line = Field(min_length=8, max_length=100)
    kind: Literal["reply", "note"] = "reply"
    attachment_ids: list[UUID] = Field(default_factory=list, max_length=20)
    subject: str | None = Field(default=None, max_length=900)
    to: Addresses = Field(default_factory=list, max_length=50)
    cc: Addresses = Field(default_factory=list, max_length=50)
    bcc: Addresses = Field(default_factory=list, max_length=50)
    reply_all: bool = False
    mentions: list[UUID] = Field(default_factory=list, max_length=50)  # colleagues that a note calls
    marks: bool = False  # the text has marks of CommonMark: each channel gets them as it can show them


class ScheduleBody(WriteBody):
    """A reply that waits: for `send_at`, or without it for the seconds in which it can be taken back."""

    kind: Literal["reply"] = "reply"
    send_at: AwareDatetime | None = None
    even_if_written: bool = False  # goes out whatever the contact writes until then


class PlanBody(Body):
    """Another moment for a reply that waits; without one, now."""

    send_at: AwareDatetime | None = None
    even_if_written: bool = False


class ScheduledView(View):
    """A reply before its moment; empty once it is out under the same id, or was taken back."""

    id: UUID
    conversation_id: UUID
    agent_id: UUID | None
    author_name: str
    client_id: str
    kind: Literal["undo", "later"]
    state: Literal["waiting", "held", "sent", "taken_back"]
    due_at: datetime
    even_if_written: bool
    text: str
    subject: str | None
    to: list[dict[str, str]]
    cc: list[dict[str, str]]
    bcc: list[dict[str, str]]
    attachments: list[AttachmentView]
    files_missing: int  # gone with other messages: without them it does not go out by itself
    forwards: UUID | None = None  # the message that it sends on
    judged_at: datetime  # when an agent last said that it goes: what the contact writes later holds it back
    version: int
    created_at: datetime


class ScheduledPage(Page[ScheduledView]):
    """What waits for its moment in a conversation, the next first."""


class ForwardBody(Body):
    """A message to send on to a third party."""

    message_id: UUID
    text: str = Field(default="", max_length=100_000)
    client_id: str = Field(min_length=8, max_length=100)
    to: Addresses = Field(min_length=1, max_length=20)
    cc: Addresses = Field(default_factory=list, max_length=20)


class StartBody(Body):
    """A first message to an existing or a new contact."""

    account_id: UUID
    to: Addresses = Field(min_length=1, max_length=50)
    cc: Addresses = Field(default_factory=list, max_length=50)
    bcc: Addresses = Field(default_factory=list, max_length=50)
    subject: str = Field(default="", max_length=900)
    text: str = Field(min_length=1, max_length=100_000)
    client_id: str = Field(min_length=8, max_length=100)
    attachment_ids: list[UUID] = Field(default_factory=list, max_length=20)
    contact_id: UUID | None = None
    case_id: UUID | None = None
    marks: bool = False
    undo: bool = False  # waits for the seconds in which it can be taken back
    send_at: AwareDatetime | None = None  # or for this moment
    even_if_written: bool = False  # then it goes out whatever the contact writes until then


class Started(View):
    """A conversation that we opened, and its first message."""

    conversation: ConversationView
    message: MessageView | None  # null while it waits, as `scheduled`
    scheduled: ScheduledView | None = None


class ConversationChange(Body):
    """What may change of a conversation; what is left out stays."""

    status: Literal["open", "snoozed", "closed"] | None = None
    snoozed_until: AwareDatetime | None = None
    case_id: UUID | None = None
    new_case_title: Line | None = Field(default=None, max_length=200)
    subject: MaybeLine | None = Field(default=None, max_length=900)
    disposition: MaybeLine | None = Field(default=None, max_length=200)


class SettleBody(Body):
    """What a person found out about a message: it did arrive, or it is given up."""

    as_: Literal["sent", "failed"] = Field(alias="as")


class ReceiptView(View):
    """Something that came in and could not be read."""

    account_id: UUID
    account_name: str
    provider_id: str
    state: Literal["pending", "broken"]
    error: str | None
    attempts: int
    received_at: datetime
    has_raw: bool


class ReceiptBody(Body):
    """Which receipt."""

    account_id: UUID
    provider_id: str = Field(max_length=500)


class ReceiptPage(Page[ReceiptView]):
    """A page of what could not be read, newest first."""


class StrayView(View):
    """A request that no account claims, or an event nobody understands."""

    id: UUID
    endpoint: str
    reason: str
    received_at: datetime


class StrayPage(Page[StrayView]):
    """A page of strays, newest first."""


class StrayLook(StrayView):
    """A stray and the beginning of what it holds, as text; the whole of it is at `raw`."""

    method: str
    content_type: str
    size: int
    text: str
    cut: bool  # there is more than `text` shows


class StrayOutcome(View):
    """What came of reading a stray again: taken (then it is gone), or why it still cannot be placed."""

    outcome: Literal["taken", "stray", "refused"]
    events: int
    reason: str


class Outcome(View):
    """What became of it."""

    outcome: str
    conversation_id: UUID | None = None
    message_id: UUID | None = None


class SnapshotView(View):
    """What is open, at one moment; `truncated` when there is more, `counts` are of everything."""

    position: int
    truncated: bool
    counts: CountsView
    conversations: list[ConversationView]
    contacts: list[ContactView]
    cases: list[CaseView]
    interactions: list[InteractionView]
    presences: list[PresenceView]
    agents: list[AgentView]
    accounts: list[AccountView]
