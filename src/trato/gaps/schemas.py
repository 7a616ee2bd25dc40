"""Shapes of gaps at the HTTP edge."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from trato.kit.inputs import Line, MaybeLine
from trato.kit.paging import Page
from trato.knowledge.schemas import Language

State = Literal["open", "writing", "answered", "ignored"]
Source = Literal["search", "article", "contact", "bot"]


class Body(BaseModel):
    """What is sent; nothing else is taken."""

    model_config = ConfigDict(extra="forbid")


class SourcesView(BaseModel):
    """How often a gap was met: by a search, a no to an article, a contact right after, a bot."""

    search: int
    article: int
    contact: int
    bot: int


class GapArticleView(BaseModel):
    """The article that answers a gap, or is being written for it; `written_by` of a draft from a case."""

    id: UUID
    title: str
    language: str
    published: bool
    written_by: Literal["case", "model"] | None


class GapTaskView(BaseModel):
    """Who sees to a gap."""

    id: UUID
    state: Literal["open", "done", "dropped"]
    owner_id: UUID | None
    owner_name: str | None
    due_at: datetime | None


class GapView(BaseModel):
    """Something that people ask and do not find answered.

    `volume` is how often in the last `days`, `before` in as many days before that; `weeks` the last eight
    weeks, the latest last. `since`: how often since it was answered or left.
    """

    id: UUID
    state: State
    title: str
    language: str
    languages: list[str]
    volume: int
    before: int
    weeks: list[int]
    sources: SourcesView
    questions: int  # different ones
    examples: list[str]
    article: GapArticleView | None
    task: GapTaskView | None
    reason: str
    decided_by: str | None
    decided_at: datetime | None
    since: int
    first_at: datetime
    last_at: datetime
    version: int


class GapPage(Page[GapView]):
    """Gaps, the most met first."""

    days: int


class GapQuestionView(BaseModel):
    """A question as people put it; `article_title` is of the article that did not solve it."""

    id: UUID
    source: Source
    language: str
    question: str
    times: int
    article_id: UUID | None
    article_title: str | None
    reason: str | None
    conversation_id: UUID | None
    last_at: datetime


class NotAnsweredBody(Body):
    """A question that a bot had no answer to, as the contact put it; its long numbers are left out."""

    question: Annotated[Line, Field(max_length=600)]
    language: Language


class GapTaskBody(Body):
    """Who sees to it, and until when; without an owner supervisors do."""

    owner_id: UUID | None = None
    due_at: AwareDatetime | None = None


class GapAnsweredBody(Body):
    """The article that answers it, and the words by which the search shall find it, as people put them."""

    article_id: UUID
    language: Language
    questions: list[Annotated[Line, Field(max_length=200)]] = Field(default=[], max_length=5)


class GapIgnoreBody(Body):
    """Why nobody writes about it."""

    reason: Line = Field(max_length=300)


class GapWriteBody(Body):
    """The article to begin: its title and language."""

    title: Annotated[MaybeLine, Field(max_length=200)] = ""
    language: Language


class GapCaseView(BaseModel):
    """A resolved case that answered what a gap asks; `likeness` is 1 for one that came by the gap itself."""

    id: UUID
    number: int
    title: str
    question: str | None
    resolution: str
    resolved_at: datetime | None
    resolved_by: str | None
    likeness: float


class GapDraftBody(Body):
    """The case to draft an article from, in which language, and whether a language model may write it."""

    case_id: UUID
    language: Language
    by_model: bool = True


class MeasuresView(BaseModel):
    """What an article did in the last days.

    `matters_solved`: readers who said so and cases that were resolved with it. `contacts_after`: who wrote
    right after reading, which tells what is missing in it.
    """

    days: int
    reads: int
    matters_solved: int
    solved: int
    cases_solved: int
    unsolved: int
    reasons: dict[str, int]
    contacts_after: int


class SourceView(BaseModel):
    """The case that an article was drafted from."""

    id: UUID
    number: int
    title: str
    conversation_id: UUID | None


class UnsupportedView(BaseModel):
    """Something in a draft that its case does not say; `start` and `end` count characters of that field."""

    kind: Literal["figure", "date", "link", "mail", "phone", "price", "percent"]
    field: Literal["title", "summary", "body"]
    start: int
    end: int
    text: str


class ArticleDraftView(BaseModel):
    """Who wrote a draft; `title` and `body` are what the case says in its own words.

    `problem`: why the language model that is set wrote none.
    """

    language: str
    written_by: Literal["case", "model"]
    model: str | None
    problem: Literal["slow", "unreachable", "refused", "too_long", "unreadable", "nonsense", "changed"] | None
    title: str
    body: str
    unsupported: list[UnsupportedView]


class MaybeSourceView(BaseModel):
    """The case that an article was drafted from; null for one that was written otherwise."""

    case: SourceView | None
    draft: ArticleDraftView | None
