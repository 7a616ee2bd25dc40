"""Shapes of macros at the HTTP edge."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from trato.decide.placeholders import unknown
from trato.kit.errors import Unfit
from trato.kit.inputs import Line, Prose, unchanged
from trato.kit.paging import Page


def _known_places(text: str) -> str:
    if wrong := unknown(text):
        raise Unfit("There is no place “{place}”.", values={"place": "{{" + wrong[0] + "}}"})
    return text


Language = Literal["es", "en", "pt"]
MacroText = Annotated[Prose, Field(min_length=1, max_length=5_000), AfterValidator(_known_places)]
Texts = dict[Language, MacroText]


class MacroBody(BaseModel):
    """A text for the composer, in one language or several, with places such as `{{case.promise}}`.

    Using it gives its tags to the conversation and offers its disposition at the end of the work.
    """

    model_config = ConfigDict(extra="forbid")

    name: Line = Field(max_length=80)
    brand_id: UUID | None = None
    texts: Texts = Field(min_length=1)
    tag_ids: list[UUID] = Field(default_factory=list, max_length=10)
    disposition: str | None = Field(default=None, max_length=60)


class MacroChange(MacroBody):
    """What may change of a macro; what is left out stays."""

    name: Line = unchanged(max_length=80)
    texts: Texts = unchanged(min_length=1)
    tag_ids: list[UUID] = unchanged(max_length=10)


class MacroView(BaseModel):
    """A macro."""

    id: UUID
    name: str
    brand_id: UUID | None
    texts: dict[str, str]
    tag_ids: list[UUID]
    disposition: str | None
    version: int
    created_at: datetime


class MacroPlaceView(BaseModel):
    """A place that a text may have; `news`: what stands there can be new to the contact."""

    name: str
    news: bool


class MacroPage(Page[MacroView]):
    """All macros, by name, and the places that their texts may have."""

    places: list[MacroPlaceView]


class FilledMacro(BaseModel):
    """The text of a macro with what is known of a conversation; `unfilled` is not known and still there."""

    text: str
    language: str
    unfilled: list[str]
    disposition: str | None


class FillBody(BaseModel):
    """Who is to be written to first: a brand's contact, known or new, on a matter, known or new."""

    model_config = ConfigDict(extra="forbid")

    brand_id: UUID
    contact_id: UUID | None = None
    case_id: UUID | None = None
