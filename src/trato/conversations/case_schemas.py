"""Shapes of what keeps cases in motion at the HTTP edge."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from trato.contacts.schemas import ContactView
from trato.conversations.schemas import Body, CaseView, View
from trato.kit.inputs import Line, unchanged
from trato.kit.paging import Page


class TaskView(View):
    """Something to do about a case by a date; reminders of promises and steps are tasks too."""

    id: UUID
    case_id: UUID
    kind: Literal["follow_up", "promise", "step"]
    step_id: UUID | None
    title: str
    owner_id: UUID | None  # null: nobody's, supervisors see to it
    due_at: datetime | None
    state: Literal["open", "done", "dropped"]
    snoozed_until: datetime | None
    until_reply: bool  # put off until the contact writes
    broken_at: datetime | None  # the date passed while it was open
    done_at: datetime | None
    done_by: UUID | None
    created_by: UUID | None
    version: int
    created_at: datetime


class PlaceView(View):
    """Where a case is talked about: its open conversation, else the latest."""

    case_id: UUID
    conversation_id: UUID


class TaskPage(Page[TaskView]):
    """A page of tasks, with the cases and contacts that they name."""

    cases: list[CaseView]
    contacts: list[ContactView]
    places: list[PlaceView]


class TaskBody(Body):
    """Something to do."""

    title: Line = Field(max_length=200)
    due_at: AwareDatetime | None = None
    owner_id: UUID | None = None


class TaskChange(Body):
    """What may change of a task; what is left out stays."""

    title: Line = unchanged(max_length=200)
    due_at: AwareDatetime | None = None
    owner_id: UUID | None = None
    state: Literal["open", "done", "dropped"] = unchanged()
    snoozed_until: AwareDatetime | None = None
    until_reply: bool = unchanged()


class MoveView(View):
    """Something that happened to a case: what, by whom, when."""

    id: UUID
    case_id: UUID
    kind: str
    actor: str
    agent_id: UUID | None
    data: dict[str, Any]
    at: datetime


class MovePage(Page[MoveView]):
    """A page of what happened to a case, newest first."""


class CaseMergeView(View):
    """A case that was merged into this one or split off it; undone by its id."""

    id: UUID
    kind: Literal["merge", "split"]
    other_id: UUID
    other_number: int
    other_title: str
    created_at: datetime


class MergeBody(Body):
    """The case that becomes part of this one."""

    other_id: UUID


class SplitBody(Body):
    """What goes to a case of its own, and what that one is called."""

    title: Line = Field(max_length=200)
    conversation_ids: list[UUID] = Field(default=[], max_length=200)
    message_ids: list[UUID] = Field(default=[], max_length=500)
    step_ids: list[UUID] = Field(default=[], max_length=50)
    fact_ids: list[UUID] = Field(default=[], max_length=200)


class MergedView(View):
    """The case, and the one that was merged into it or split off it."""

    merge_id: UUID
    case: CaseView
    other: CaseView


class RelatedPage(Page[CaseView]):
    """The cases that have to do with one, newest first."""


class MotionView(View):
    """What keeps a case in motion, at one moment."""

    tasks: list[TaskView]
    moves: list[MoveView]
    related: list[CaseView]
    merges: list[CaseMergeView]
