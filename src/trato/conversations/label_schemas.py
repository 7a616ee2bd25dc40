"""Shapes of tags and dispositions at the HTTP edge."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from trato.kit.inputs import Line, unchanged
from trato.kit.paging import Page

Language = Literal["es", "en", "pt"]
Names = dict[Language, Line]


class TagBody(BaseModel):
    """What a tag is called."""

    model_config = ConfigDict(extra="forbid")

    name: Line = Field(max_length=60)


class TagView(BaseModel):
    """A tag that may be given."""

    id: UUID
    name: str
    version: int
    created_at: datetime


class TagPage(Page[TagView]):
    """All tags that may be given, by name."""


class GivenTag(BaseModel):
    """A tag that hangs on something."""

    id: UUID
    name: str


class TaggedPage(Page[GivenTag]):
    """The tags of one conversation or case, by name."""


class Tagged(BaseModel):
    """What a conversation or a case is tagged with, as events tell it."""

    about: Literal["conversation", "case"]
    id: UUID
    tags: list[GivenTag]


class DispositionBody(BaseModel):
    """A way in which work may end; `names` in each language that agents read."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9_]{0,59}$")
    names: Names = Field(min_length=1)
    position: int = Field(default=0, ge=0, le=10_000)
    active: bool = True


class DispositionChange(BaseModel):
    """What may change of a disposition; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    names: Names = unchanged(min_length=1)
    position: int = unchanged(ge=0, le=10_000)
    active: bool = unchanged()


class DispositionView(BaseModel):
    """A way in which work may end."""

    id: UUID
    code: str
    names: dict[str, str]
    position: int
    active: bool
    version: int
    created_at: datetime


class DispositionPage(Page[DispositionView]):
    """All dispositions, in the order that was given to them."""
