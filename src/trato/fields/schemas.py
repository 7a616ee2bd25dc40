"""Shapes of fields of an installation's own at the HTTP edge."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, model_validator

from trato.access.roles import RoleName
from trato.decide.fields import MAX_LINK
from trato.kit.errors import Unfit
from trato.kit.inputs import Line, unchanged
from trato.kit.paging import Page

About = Literal["contact", "case"]
Kind = Literal["text", "number", "date", "choice", "yes_no", "link"]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[Line, Field(max_length=80)]
Language = Literal["es", "en", "pt"]
Labels = Annotated[dict[Language, Label], Field(min_length=1)]
FieldValue = StrictBool | StrictInt | StrictFloat | Annotated[str, Field(max_length=MAX_LINK)]
Position = Annotated[int, Field(ge=0, le=10_000)]

MAX_CHOICES = 50


class ChoiceBody(BaseModel):
    """One of what can be chosen."""

    model_config = ConfigDict(extra="forbid")

    key: Key
    labels: Labels


Choices = Annotated[list[ChoiceBody], Field(max_length=MAX_CHOICES)]


class FieldBody(BaseModel):
    """A new field; its key, what it is about and its kind stay for good."""

    model_config = ConfigDict(extra="forbid")

    key: Key
    about: About
    kind: Kind
    labels: Labels
    choices: Choices = Field(default_factory=list)
    required: bool = False
    found: bool = False
    visible_to: RoleName = "agent"
    position: Position | None = None  # without one: the last

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.kind == "choice") != bool(self.choices):
            raise Unfit("A field to choose from has choices, and others have none.")
        return self


class FieldChange(BaseModel):
    """What may change of a field; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    labels: Labels = unchanged()
    choices: Choices = unchanged()
    required: bool = unchanged()
    found: bool = unchanged()
    visible_to: RoleName = unchanged()
    position: Position = unchanged()
    retired: bool = unchanged()


class ChoiceView(BaseModel):
    """One of what can be chosen; retired it only stays where it was chosen before."""

    key: str
    labels: dict[str, str]
    retired: bool = False


class OwnFieldView(BaseModel):
    """A field: what it is called, what it takes, who sees it.

    An event of a field that not everybody may see carries neither labels nor choices.
    """

    id: UUID
    key: str
    about: About
    kind: Kind
    labels: dict[str, str]
    choices: list[ChoiceView]
    required: bool
    found: bool
    visible_to: RoleName
    position: int
    retired_at: datetime | None
    version: int
    created_at: datetime


class OwnFieldPage(Page[OwnFieldView]):
    """All fields in their order, those of contacts first."""


class FieldValueView(BaseModel):
    """What stands in a field of a contact or a case.

    A field that nobody has filled in yet has `version` 0. `hidden`: an event does not carry the value, as not
    everybody may see it.
    """

    key: str
    contact_id: UUID | None
    case_id: UUID | None
    value: FieldValue | None
    version: int
    actor: str | None
    updated_at: datetime | None
    hidden: bool = False


class FieldValuePage(Page[FieldValueView]):
    """The fields of a contact or a case that the caller may see, filled in or not, in their order."""


class FieldValueBody(BaseModel):
    """What to put into a field; null empties it. A date is `YYYY-MM-DD`, of a choice its key."""

    model_config = ConfigDict(extra="forbid")

    value: FieldValue | None
