"""Shapes of what keeps cases in motion at the HTTP edge."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from trato.contacts.schemas import ContactView
from trato.conversations.schemas import Body, CaseView, View
from trato.kit.errors import Unfit
from trato.kit.inputs import Line, MaybeLine, unchanged
from trato.kit.paging import Page


class TaskView(View):
    """Something to do by a date; reminders of promises and steps are tasks too.

    Of kind `elsewhere` it is about no case; `place` is the path at the desk where it is done.
    """

    id: UUID
    case_id: UUID | None
    place: str | None
    kind: Literal["follow_up", "promise", "step", "elsewhere"]
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


class DoorView(View):
    """A thing with a named owner, to whom contacts take an unresolved matter."""

    id: UUID
    kind: Literal["shop", "product", "site", "other"]
    name: str
    owner_id: UUID
    owner_name: str
    answer_hours: int  # the owner answers within
    for_all: bool  # also of what has no door of its own
    active: bool
    version: int
    created_at: datetime


class DoorPage(Page[DoorView]):
    """The things that have an owner."""


class DoorBody(Body):
    """A thing and its owner."""

    kind: Literal["shop", "product", "site", "other"]
    name: Line = Field(max_length=120)
    owner_id: UUID
    answer_hours: int = Field(default=24, ge=1, le=720)
    for_all: bool = False


class DoorChange(Body):
    """What may change of a thing; what is left out stays."""

    kind: Literal["shop", "product", "site", "other"] = unchanged()
    name: Line = unchanged(max_length=120)
    owner_id: UUID = unchanged()
    answer_hours: int = unchanged(ge=1, le=720)
    for_all: bool = unchanged()
    active: bool = unchanged()


class TouchesView(View):
    """How often somebody worked on a case, and how often without moving it on."""

    all: int
    without_progress: int


class ProgressView(View):
    """What came of the work that goes on in a conversation, since it was accepted."""

    moves: list[str]
    facts: int
    progress: bool


def _as_written(value: Any) -> Any:
    """Refuse "1.500", which means a thousand and a half where a point parts thousands, and 1.5 elsewhere."""
    if isinstance(value, str) and not _PLAIN_AMOUNT.fullmatch(value):
        raise Unfit(
            "Write an amount without a mark for thousands, and two decimals at most: 1500 or 1500.50."
        )
    return value


_CURRENCY: Final = re.compile("[A-Z]{3}")  # ISO 4217
_PLAIN_AMOUNT: Final = re.compile(r"\d{1,10}(\.\d{1,2})?")


def _currency(value: str) -> str:
    if not _CURRENCY.fullmatch(value):
        raise Unfit("Write the three letters of a currency, such as USD.")
    return value


Currency = Annotated[str, AfterValidator(_currency), Field(json_schema_extra={"pattern": "^[A-Z]{3}$"})]
Amount = Annotated[Decimal, BeforeValidator(_as_written), Field(gt=0, max_digits=12, decimal_places=2)]


class GestureView(View):
    """Something given to make up for what went wrong, or asked of a supervisor."""

    id: UUID
    case_id: UUID
    amount: str
    currency: str
    what: str
    state: Literal["asked", "given", "refused"]
    given_by: UUID
    decided_by: UUID | None  # null: within the agent's own latitude, or not decided yet
    decided_at: datetime | None
    reason: str
    version: int
    created_at: datetime


class GesturePage(Page[GestureView]):
    """Gestures that wait for a supervisor, oldest first, with the cases and contacts that they are about."""

    cases: list[CaseView]
    contacts: list[ContactView]
    places: list[PlaceView]


class GestureBody(Body):
    """What to give."""

    amount: Amount
    currency: Currency
    what: Line = Field(max_length=200)


class DecisionBody(Body):
    """Whether it may be given; a refusal says why."""

    approve: bool
    reason: MaybeLine = Field(default="", max_length=200)


class LatitudeBody(Body):
    """What an agent may give without asking; without an amount, nothing."""

    amount: Amount | None = None
    currency: Currency = "USD"


class LatitudeView(View):
    """What an agent may give without asking; nothing without an amount."""

    agent_id: UUID
    amount: str | None
    currency: str | None


class MotionView(View):
    """What keeps a case in motion, at one moment."""

    tasks: list[TaskView]
    moves: list[MoveView]
    related: list[CaseView]
    merges: list[CaseMergeView]
    touches: TouchesView
    gestures: list[GestureView]
