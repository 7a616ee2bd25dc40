"""What a search answers over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from trato.kit.paging import Page

KindName = Literal["contact", "case", "article", "message"]


class PartView(BaseModel):
    """A stretch of a text; `marked` when it is what was looked for."""

    text: str
    marked: bool


class HitView(BaseModel):
    """Something that was found: what it is called, what it says where it was found, and where it is."""

    kind: KindName
    id: UUID
    title: Annotated[list[PartView], Field(description="a name, a title, or who wrote")]
    snippet: list[PartView]
    at: datetime
    number: int | None = Field(None, description="of the case, when there is one")
    status: str | None = Field(None, description="of a case or of a conversation")
    channel: str | None = None
    direction: Literal["in", "out", "internal"] | None = Field(None, description="`internal`: a note")
    contact_id: UUID | None = None
    contact_name: str = ""
    conversation_id: UUID | None = Field(
        None, description="where it is read; the latest of a contact or case"
    )


class SimilarCase(BaseModel):
    """A case that is like another: the words they share, and how it was solved if it was."""

    id: UUID
    number: int
    title: str
    status: Literal["open", "waiting", "resolved", "closed"]
    resolution: str
    shared: list[str]
    conversation_id: UUID | None


class SimilarCases(Page[SimilarCase]):
    """The cases that are most like one; those first of which is known how they were solved."""


class GroupView(BaseModel):
    """What was found of one kind, the newest first; `next_cursor` leads to more of it."""

    kind: KindName
    items: list[HitView]
    next_cursor: str | None = None


class ChangedWord(BaseModel):
    """A word as it was typed, and a word in use."""

    typed: str
    word: str


class SearchView(BaseModel):
    """The answer to what was typed, by kind.

    `replaced` words were looked for instead of what was typed, which nobody uses; `meant` ones were not, but
    are far more common. `complete` is false while what was there before is still being read.
    """

    groups: list[GroupView]
    replaced: list[ChangedWord]
    meant: list[ChangedWord]
    complete: bool
