"""Shapes of a contact's line and of what colleagues say to each other of a case, at the HTTP edge."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from trato.conversations.schemas import Body, MessageView, View
from trato.conversations.thread_schemas import Timeline
from trato.flow.transfer_schemas import TransferView, WholeConsult
from trato.kit.paging import Page
from trato.trail.schemas import PlacedStep


class Segment(View):
    """A conversation as it stands on its contact's line: where it began and, closed, where it ended.

    `queue` and `agent_id` are of the latest stretch of work, `outcome` its disposition with its names.
    """

    id: UUID
    channel: str
    account: str
    status: Literal["open", "snoozed", "closed"]
    began_at: datetime
    ended_at: datetime | None
    queue: str | None
    agent_id: UUID | None
    outcome: str | None
    outcome_names: dict[str, str] | None


class WholeTimeline(Timeline):
    """A stretch of a contact's messages, and what happened around them between its bounds."""

    segments: list[Segment]
    transfers: list[TransferView]
    consults: list[WholeConsult]
    trail: list[PlacedStep]


class SideMember(View):
    """A colleague in the talk about a case, and what for.

    `owner` of the case, `holder` of a conversation of it, `follower`, `called` by name, or `wrote`.
    """

    agent_id: UUID
    name: str
    why: Literal["owner", "holder", "follower", "called", "wrote"]


class SideChat(Page[MessageView]):
    """What colleagues said to each other of a case: the latest page first and in it the oldest first.

    `unread` counts what others said since you read it last, 0 for who is no member.
    """

    members: list[SideMember]
    unread: int
    read_until: datetime | None


class SideBody(Body):
    """What is said to the colleagues; who is called by name becomes a member and is told."""

    text: str = Field(max_length=10_000)
    client_id: str = Field(min_length=1, max_length=64)
    mentions: list[UUID] = Field(default_factory=list, max_length=50)


class SideReadBody(Body):
    """How far somebody has read."""

    until: AwareDatetime
