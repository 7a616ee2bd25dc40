"""What the visitor API takes and gives."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from trato.kit.paging import Page

MAX_ATTACHMENTS = 10

Token = Annotated[str, StringConstraints(min_length=1, max_length=100)]
ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Prefers = Literal["unknown", "alone", "person"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class IdentityBody(_Body):
    """Who the host site says its visitor is, with its signature (see the channel's README)."""

    user_id: Annotated[str, StringConstraints(max_length=320)]
    name: Annotated[str, StringConstraints(max_length=320)] = ""
    email: Annotated[str, StringConstraints(max_length=320)] = ""
    exp: int
    signature: Annotated[str, StringConstraints(max_length=200)]


class SessionBody(_Body):
    """Where a page begins: the account it names, and what it kept from before."""

    account: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    token: Token | None = None
    identity: IdentityBody | None = None
    language: Annotated[str, StringConstraints(max_length=35)] = ""  # BCP 47
    page: Annotated[str, StringConstraints(max_length=2_000)] = ""


class MessageBody(_Body):
    """Something said; `client_id` makes a repetition harmless."""

    client_id: ClientId
    text: Annotated[str, StringConstraints(max_length=100_000)] = ""
    attachment_ids: Annotated[list[UUID], Field(max_length=MAX_ATTACHMENTS)] = []


class SeenBody(_Body):
    """Up to which answer the visitor's screen has got, or the visitor has read."""

    message_id: UUID
    state: Literal["delivered", "read"] = "read"


class AnswerBody(_Body):
    """Whether the matter that a message asks about is solved, and what is missing if not."""

    message_id: UUID
    solved: bool
    text: Annotated[str, StringConstraints(max_length=4_000)] = ""


class TranscriptBody(_Body):
    """Where the copy of the conversation goes."""

    email: Annotated[str, StringConstraints(max_length=254)]


class PreferenceBody(_Body):
    """How the visitor likes to be helped; what is left out stays."""

    prefers: Prefers | None = None
    channel: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")] | None = None
    tone: Literal["usted", "tu", "vos"] | None = None


class AttachmentView(BaseModel):
    """A file of the conversation."""

    id: UUID
    filename: str
    content_type: str
    size: int


class MessageView(BaseModel):
    """A message as its visitor sees it."""

    id: UUID
    conversation_id: UUID
    mine: bool
    author: str | None
    text: str
    at: datetime
    client_id: str | None
    version: int
    marks: bool  # the text has marks of CommonMark: bold, italic, code, links, lists, quotes
    asks: Literal["resolved"] | None  # a question that buttons answer, until it was answered
    attachments: list[AttachmentView]


class PersonLine(BaseModel):
    """Who attends, or could: nothing more than the name, and the picture they gave for it."""

    name: str
    picture: str | None  # its path on this server


class ConversationView(BaseModel):
    """How the conversation stands."""

    id: UUID
    status: Literal["open", "closed"]
    agent: PersonLine | None
    beside: list[str]  # names of those who help with it
    waiting: bool
    agent_read_at: datetime | None
    contact_read_at: datetime | None


class WholeConversation(ConversationView):
    """The conversation with what was said, oldest first."""

    messages: list[MessageView]


class CaseLine(BaseModel):
    """The visitor's open matter."""

    number: int
    title: str
    status: Literal["open", "waiting", "resolved", "closed"]
    step: str | None
    promised_at: datetime | None


class Greeting(BaseModel):
    """What we know when the conversation opens."""

    name: str
    case: CaseLine | None
    brand: str
    text: str | None


class Limits(BaseModel):
    """What may be sent, told before it is tried."""

    max_file_bytes: int
    max_text: int
    extensions: list[str]


class PreferenceView(BaseModel):
    """How the visitor likes to be helped."""

    prefers: Prefers
    channel: str | None = None
    tone: str | None = None


class ChannelLine(BaseModel):
    """A channel that the visitor may prefer."""

    kind: str
    name: str


class LinkView(BaseModel):
    """Where to go."""

    url: str


class ToldWait(BaseModel):
    """What is said of a wait; the codes are those of `GET /routing/waits`."""

    code: Literal["moment", "under", "about", "between", "today", "later", "closed", "nobody"]
    low_min: int | None
    high_min: int | None
    opens_at: datetime | None


class AgreedCallback(BaseModel):
    """What was agreed instead of waiting on the page; without a slot: when the turn comes."""

    how: Literal["here", "email", "phone"]
    address: str | None
    slot_start: datetime | None
    slot_end: datetime | None
    state: Literal["waiting", "scheduled", "done", "cancelled"]


class WaitView(BaseModel):
    """How the visitor waits; without a position, how they would if they wrote now.

    `is_long`: other ways than waiting here are offered at once.
    """

    position: int | None
    told: ToldWait | None
    is_long: bool
    is_open: bool
    callback: AgreedCallback | None


class WaitAnswer(BaseModel):
    """How the visitor waits after what they asked for."""

    wait: WaitView | None


class CallbackBody(_Body):
    """How the visitor is reached; `here`: in this chat, when they look again. `slot`: the start of one."""

    how: Literal["here", "email", "phone"]
    address: Annotated[str, StringConstraints(max_length=254)] = ""
    slot: AwareDatetime | None = None


class SlotView(BaseModel):
    """A time at which we can write or call."""

    start: datetime
    end: datetime


class SlotPage(Page[SlotView]):
    """The next times with room."""


class OwnerLine(BaseModel):
    """Who answers for the thing that the visitor's matter is about."""

    name: str
    thing: str


class OwnerBody(_Body):
    """What the owner should know."""

    text: Annotated[str, StringConstraints(max_length=4_000)] = ""


class KnownIncident(BaseModel):
    """A known incident in the visitor's language; `reachable`: one click is enough to be told.

    `by_mail`: whoever is not can give an address; else they are told in the conversation that they begin.
    """

    id: UUID
    kind: Literal["incident", "maintenance"]
    planned: bool
    title: str
    text: str
    follows: bool
    reachable: bool
    by_mail: bool


class FollowBody(_Body):
    """Where to tell them, when we do not know."""

    email: Annotated[str, StringConstraints(max_length=254)] = ""


class FollowView(BaseModel):
    """`confirm`: a mail asks whether the address is theirs."""

    state: Literal["noted", "confirm"]


class TrailStanding(BaseModel):
    """Whether the visitor shares what they try alone, and for how many days it would be kept."""

    shared: bool
    days: int


class SessionView(BaseModel):
    """All that a page needs to go on, at one moment; the stream goes on from `position`."""

    token: str
    visitor_id: UUID
    identified: bool
    identity_problem: str | None
    greeting: Greeting
    preference: PreferenceView
    channels: list[ChannelLine]
    email: str | None  # what this visitor gave before: nobody writes it twice
    owner: OwnerLine | None  # to whom the matter may be taken now
    people: Literal["available", "busy", "away"]
    present: list[PersonLine]  # by first name: who can take somebody on now
    limits: Limits
    transcript: bool
    conversation: WholeConversation | None
    wait: WaitView | None  # null while somebody attends
    incidents: list[KnownIncident]
    trail: TrailStanding
    position: int


class SentView(BaseModel):
    """A message that is durable now, and how the conversation stands."""

    message: MessageView
    conversation: ConversationView
    people: Literal["available", "busy", "away"]
    wait: WaitView | None


class CasesLinkView(BaseModel):
    """Where the visitor finds their own cases; the link works once."""

    url: str
    expires_at: datetime
