"""Shapes of views at the HTTP edge."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from trato.conversations.schemas import InboxView
from trato.decide import views as decide
from trato.decide.views import BESIDE, MAX_CONDITIONS, MAX_OVER_MIN, MAX_VALUES, NAMING
from trato.kit.errors import Unfit
from trato.kit.inputs import Line, unchanged
from trato.kit.paging import Page
from trato.views.names import is_id

Shared = Literal["nobody", "team", "everybody"]
Value = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class ConditionBody(BaseModel):
    """One thing that must be so of a conversation.

    It has one of the `values` of a field (with `none`, none of them); `waiting` and `quiet` last longer than
    `over_min` minutes. `me` is whoever looks, `mine` their team, `nobody` that there is none.
    """

    model_config = ConfigDict(extra="forbid")

    field: decide.Field
    values: list[Value] = Field(default_factory=list, max_length=MAX_VALUES)
    none: bool = False
    over_min: int = Field(default=0, ge=0, le=MAX_OVER_MIN)

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        wrong = decide.wrong(decide.Condition(self.field, tuple(self.values), self.none, self.over_min))
        if wrong is None and self.field in NAMING:
            beside = BESIDE.get(self.field, frozenset())
            wrong = next(("values" for one in self.values if one not in beside and not is_id(one)), None)
        if wrong is not None:
            raise Unfit("This is not a condition: {wrong}.", values={"wrong": wrong})
        return self


Conditions = list[ConditionBody]


class ViewBody(BaseModel):
    """A view: its conditions all hold. Shared with a team, it is one's own unless `team_id` says which."""

    model_config = ConfigDict(extra="forbid")

    name: Line = Field(max_length=60)
    conditions: Conditions = Field(min_length=1, max_length=MAX_CONDITIONS)
    shared: Shared = "nobody"
    team_id: UUID | None = None


class ViewChange(ViewBody):
    """What may change of a view; what is left out stays."""

    name: Line = unchanged(max_length=60)
    conditions: Conditions = unchanged(min_length=1, max_length=MAX_CONDITIONS)
    shared: Shared = unchanged()


class ConditionsBody(BaseModel):
    """Conditions that are not kept yet."""

    model_config = ConfigDict(extra="forbid")

    conditions: Conditions = Field(min_length=1, max_length=MAX_CONDITIONS)


class OrderBody(BaseModel):
    """One's own views and those shared with one, in the order in which one wants them."""

    model_config = ConfigDict(extra="forbid")

    ids: list[UUID] = Field(max_length=500)


class GoneView(BaseModel):
    """What a view names and is not in use any more, as it was called."""

    field: str
    id: str
    name: str


class CustomView(BaseModel):
    """A view; `gone` is what it names and is not in use any more, `names` how the others are called."""

    id: UUID
    name: str
    conditions: list[ConditionBody]
    shared: Shared
    team_id: UUID | None
    user_id: UUID
    owner_name: str
    mine: bool
    may_change: bool
    gone: list[GoneView]
    names: dict[str, str]
    version: int
    created_at: datetime
    removed: bool


class CustomViewPage(Page[CustomView]):
    """All views of whoever asks, in their order, and when asked how many conversations stand in each."""

    counts: dict[str, int] = Field(default_factory=dict)


class ViewList(InboxView):
    """A page of the conversations of a view, what hurts first, and how many there are."""

    count: int


class CountView(BaseModel):
    """How many conversations match."""

    count: int


class MembersView(BaseModel):
    """Which of the conversations that were asked about stand in a view, and how many stand in it."""

    members: list[UUID]
    count: int


class NamedChoiceView(BaseModel):
    """Something that a condition can name."""

    id: str
    name: str


class NamedChoicesView(BaseModel):
    """What conditions can name, by field."""

    account: list[NamedChoiceView]
    brand: list[NamedChoiceView]
    queue: list[NamedChoiceView]
    team: list[NamedChoiceView]
    label: list[NamedChoiceView]
    assignee: list[NamedChoiceView]
    channel: list[NamedChoiceView]
    language: list[NamedChoiceView]
