"""Shapes of cards and their sources at the HTTP edge; a card is shown in its reader's language."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from trato.cards.contract import Key, Language, Tone
from trato.kit.inputs import Line, unchanged
from trato.kit.paging import Page

Name = Annotated[Line, Field(max_length=80)]
Names = Annotated[dict[Language, Name], Field(min_length=1)]
Sends = Literal["emails", "phones", "customer_numbers", "name", "case", "facts"]
Problem = Literal["slow", "down", "forbidden", "refused", "unsigned", "large", "wrong", "resting"]
Url = Annotated[str, Field(max_length=2_000)]
SendsList = Annotated[list[Sends], Field(min_length=1, max_length=6)]
Facts = Annotated[list[Annotated[Line, Field(max_length=60)]], Field(max_length=10)]
Brands = Annotated[list[UUID], Field(max_length=50)]
Channels = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)]
Position = Annotated[int, Field(ge=0, le=10_000)]


class SourceBody(BaseModel):
    """A new source of cards; its key stays for good."""

    model_config = ConfigDict(extra="forbid")

    key: Key
    names: Names
    url: Url
    sends: SendsList  # what of a contact it may be told; addresses only once they are verified
    facts: Facts = Field(default_factory=list)  # by name; told when `sends` has facts
    brands: Brands = Field(default_factory=list)  # none: all
    channels: Channels = Field(default_factory=list)  # none: all
    position: Position | None = None
    active: bool = True


class SourceChange(BaseModel):
    """What may change of a source; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    names: Names = unchanged()
    url: Url = unchanged()
    sends: SendsList = unchanged()
    facts: Facts = unchanged()
    brands: Brands = unchanged()
    channels: Channels = unchanged()
    position: Position = unchanged()
    active: bool = unchanged()


class CardSourceView(BaseModel):
    """A source of cards, without its secret."""

    id: UUID
    key: str
    names: dict[str, str]
    url: str
    sends: list[Sends]
    facts: list[str]
    brands: list[UUID]
    channels: list[str]
    position: int
    active: bool
    version: int
    created_at: datetime


class CardSourcePage(Page[CardSourceView]):
    """All sources in their order."""


class MadeSource(BaseModel):
    """A source and its secret, which is shown this once."""

    source: CardSourceView
    secret: str


class ChangedBody(BaseModel):
    """Of whom a source has something new."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["email", "phone", "external"]
    value: Annotated[str, Field(min_length=1, max_length=320)]


class AskBody(BaseModel):
    """Whether what was answered a moment ago does."""

    model_config = ConfigDict(extra="forbid")

    again: bool = False


class PressBody(BaseModel):
    """A press that was confirmed; pressed again with the same id, the source does it once."""

    model_config = ConfigDict(extra="forbid")

    press_id: UUID
    confirmed: Literal[True]


class ShownValue(BaseModel):
    """What stands beside a label: which of the rest there is, its type says."""

    type: Literal["text", "money", "date", "status", "link"]
    text: str | None = None
    amount: str | None = None
    currency: str | None = None
    at: str | None = None  # a day or an instant (RFC 3339)
    tone: Tone | None = None
    url: str | None = None


class ShownRow(BaseModel):
    """A label and what stands beside it."""

    label: str
    value: ShownValue


class ShownItem(BaseModel):
    """One of a list of things."""

    title: str
    values: list[ShownValue]


class ShownAction(BaseModel):
    """A button: a link, or something that the source does once it was confirmed."""

    type: Literal["link", "callback"]
    key: str
    label: str
    url: str | None = None
    confirm: str | None = None
    danger: bool = False


class ShownCard(BaseModel):
    """What a source says of a contact."""

    title: str
    rows: list[ShownRow]
    items_title: str | None
    items: list[ShownItem]
    actions: list[ShownAction]


class CardPlace(BaseModel):
    """A source whose card stands beside a conversation."""

    key: str
    names: dict[str, str]


class CardPlaces(Page[CardPlace]):
    """The sources whose cards stand beside a conversation, in their order."""


class CardView(BaseModel):
    """The card of a source: what it says and when that was so, nothing, or what is wrong with the source.

    `problem`: slow (no answer in time), down, forbidden (it leads where requests may not go), refused (with
    the `status` it answered), unsigned, large, wrong (not as the contract has it), resting (it failed again
    and again, and is asked by itself only after `retry_at`).
    """

    key: str
    names: dict[str, str]
    card: ShownCard | None
    as_of: datetime | None
    stale: bool  # something was done since: ask again
    problem: Problem | None
    status: int | None
    retry_at: datetime | None


class PressedView(CardView):
    """What came of a press: `said` by the source, and the card as it is since.

    Without `said` nobody knows whether it was done; the same `press_id` may be sent again.
    """

    said: str | None
