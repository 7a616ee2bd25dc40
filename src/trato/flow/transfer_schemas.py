"""Shapes of transfers, drafts, consults and the line at the HTTP edge."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from trato.conversations.schemas import Body, View
from trato.kit.inputs import Line, MaybeLine
from trato.kit.paging import Page


class Destination(Body):
    """Where a conversation goes; `level` is of a skill, an `owner` needs no id."""

    kind: Literal["agent", "queue", "skill", "team", "site", "owner"]
    id: UUID | None = None
    level: int | None = Field(default=None, ge=1, le=5)


class TransferBody(Body):
    """How a conversation is given on.

    `warm` asks an agent first and needs a note. `draft` is what was being written. `wait`: an agent who is
    not here or has no room is waited for in line, before others.
    """

    kind: Literal["blind", "warm"] = "blind"
    to: Destination
    note: str = Field(default="", max_length=4_000)
    draft: str | None = Field(default=None, max_length=100_000)
    wait: bool = False


class TransferView(View):
    """A transfer: asked and not answered, under way in line, done, declined or withdrawn.

    `answer` says why it was declined, or `ended`, `left`, `moved` for one that was withdrawn by itself.
    """

    id: UUID
    conversation_id: UUID
    kind: Literal["blind", "warm"]
    from_agent_id: UUID | None
    to_kind: Literal["agent", "queue", "skill", "team", "site"]
    to_id: UUID
    to_name: str
    level: int | None
    note: str
    state: Literal["asked", "waiting", "done", "declined", "withdrawn"]
    got_by: UUID | None
    answer: str
    version: int
    created_at: datetime
    settled_at: datetime | None


class TransferPage(Page[TransferView]):
    """Transfers, oldest first."""


class ReasonBody(Body):
    """Why not, in a few words."""

    reason: MaybeLine = Field(default="", max_length=200)


class SkillLevel(View):
    """What somebody knows, and how well."""

    name: str
    level: int


class TargetAgent(View):
    """An agent whom a conversation can go to."""

    agent_id: UUID
    name: str
    state: Literal["available", "away", "offline"]
    load: int
    capacity: int
    team: str | None
    skills: list[SkillLevel]
    speaks: bool  # the contact's language
    because: Literal["has_it", "owner", "had_before"] | None


class TargetGroup(View):
    """A queue, skill, team or site: how many belong to it, are here, have room, and wait in it."""

    kind: Literal["queue", "skill", "team", "site"]
    id: UUID
    name: str
    people: int
    here: int
    free: int
    waiting: int


class TargetsView(View):
    """Where a conversation can go."""

    agents: list[TargetAgent]
    groups: list[TargetGroup]
    owner_id: UUID | None


class DraftBody(Body):
    """What is being written; nothing written forgets it.

    Recipients are as they were typed. `file_ids` are files of one's own that no message has yet; `took` is
    what came along with the conversation and stands in it now. With a text alone the rest stays as it is.
    """

    text: str = Field(max_length=100_000)
    to: str = Field(default="", max_length=10_000)
    cc: str = Field(default="", max_length=10_000)
    bcc: str = Field(default="", max_length=10_000)
    reply_all: bool = False
    file_ids: list[UUID] = Field(default=[], max_length=100)
    took: list[UUID] = Field(default=[], max_length=100)


class DraftFile(View):
    """A file that goes out with a draft."""

    id: UUID
    filename: str
    size: int


class DraftPart(View):
    """What somebody was writing, and for whom."""

    text: str
    to: str
    cc: str
    bcc: str
    reply_all: bool
    files: list[DraftFile]
    from_agent_id: UUID | None


class CameView(DraftPart):
    """What a colleague was writing, and came along to somebody who had begun a draft."""

    id: UUID


class DraftView(DraftPart):
    """A draft of one's own; `from_agent_id` began it, when it came with the conversation."""

    kind: Literal["reply", "note"]
    updated_at: datetime
    came: list[CameView]


class DraftPage(Page[DraftView]):
    """One's own drafts in a conversation."""


class JoinedView(View):
    """An agent beside who has the conversation."""

    agent_id: UUID
    name: str


class JoinedPage(Page[JoinedView]):
    """The agents beside who has the conversation."""


class Consulted(Body):
    """Of whom something is asked: an agent, or whoever has a skill or is of a team."""

    kind: Literal["agent", "skill", "team"]
    id: UUID
    level: int | None = Field(default=None, ge=1, le=5)


class ConsultBody(Body):
    """A question to a colleague."""

    to: Consulted
    question: str = Field(min_length=1, max_length=4_000)


class ConsultView(View):
    """A consult; without `expert_id` whoever knows may take it. `decision` says why this expert."""

    id: UUID
    conversation_id: UUID
    case_id: UUID | None
    asker_id: UUID
    to_kind: Literal["agent", "skill", "team"]
    to_id: UUID
    to_name: str
    level: int | None
    question: str
    expert_id: UUID | None
    decision: dict[str, Any]
    declined: list[UUID]
    state: Literal["asked", "answering", "closed"]
    outcome: str
    version: int
    created_at: datetime
    accepted_at: datetime | None
    closed_at: datetime | None
    messages: int


class ConsultMessageView(View):
    """What one of the two said."""

    id: UUID
    consult_id: UUID
    agent_id: UUID
    text: str
    client_id: str
    position: int
    created_at: datetime


class WholeConsult(View):
    """A consult with what was said in it."""

    consult: ConsultView
    messages: list[ConsultMessageView]


class ConsultPage(Page[WholeConsult]):
    """Consults, oldest first."""


class SayBody(Body):
    """A message in a consult."""

    text: str = Field(min_length=1, max_length=4_000)
    client_id: Line = Field(min_length=8, max_length=100)


class OutcomeBody(Body):
    """What came of it, in a few words."""

    outcome: MaybeLine = Field(default="", max_length=400)


class NeedView(View):
    """A skill that a contact needs."""

    name: str
    level: int
    known_by: int  # how many agents have it so well


class WaitingView(View):
    """A contact in line; `why` is why nobody has them yet.

    `place` counts from 1 over all who wait, in the order in which they are due.
    """

    place: int
    conversation_id: UUID
    contact_name: str
    subject: str
    preview: str
    case_number: int | None
    channel: str
    since: datetime
    due: datetime
    priority: int
    queue_id: UUID | None
    queue_name: str | None
    needs: list[NeedView]
    language: str | None
    teams: list[str]
    sites: list[str]
    waits_for: UUID | None  # the agent who is preferred
    offered_to: UUID | None
    why: Literal["offered", "nobody_knows", "nobody_here", "all_busy", "declined", "next"]


class WaitingPage(Page[WaitingView]):
    """Who waits, the next first."""


class WaitingChange(Body):
    """What changes of a contact's place; what is left out stays.

    A step of priority is a head start of 5 minutes.
    """

    queue_id: UUID | None = None
    priority: int | None = Field(default=None, ge=-10, le=10)
