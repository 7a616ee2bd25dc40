"""Shapes of the same text to many at the HTTP edge."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from trato.kit.paging import Page


class SameTextBody(BaseModel):
    """A text that is about to go out, and to whom: in a conversation, to a contact, or to somebody new."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=100_000)
    conversation_id: UUID | None = None
    contact_id: UUID | None = None


class SameTextField(BaseModel):
    """Something of the case that a text can carry, as it stands now."""

    place: str  # as macros name it: `case.promise`
    value: str


class SameTextView(BaseModel):
    """Whether the caller has sent this text to others within a day.

    `told` from the third person on: say so before it goes. `fields` are what could be said of this case.
    """

    told: bool
    people: int
    fields: list[SameTextField]


class SameTextDay(BaseModel):
    """How often one agent's same text went to three people and more on one day."""

    agent_id: UUID
    agent_name: str
    day: date
    texts: int
    messages: int


class SameTextPage(Page[SameTextDay]):
    """The latest day first."""
