"""Shapes of articles, their translations and sections at the HTTP edge."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from trato.kit.inputs import Line, MaybeLine, Prose, unchanged
from trato.kit.paging import Page
from trato.knowledge.slugs import HOST, MAX_SLUG, PATTERN

MAX_BODY = 60_000
LANGUAGES = ("es", "en", "pt")

Language = Literal["es", "en", "pt"]
Kind = Literal["article", "policy"]
Visibility = Literal["public", "signed_in", "agents"]
State = Literal["draft", "published", "stale", "due"]
Slug = Annotated[str, Field(pattern=PATTERN, max_length=MAX_SLUG)]
Title = Annotated[Line, Field(max_length=200)]
Summary = Annotated[MaybeLine, Field(max_length=400)]
Body = Annotated[Prose, Field(max_length=MAX_BODY)]
Names = dict[Language, Annotated[Line, Field(max_length=80)]]
Sentences = dict[Language, Annotated[MaybeLine, Field(max_length=300)]]
ExternalId = Annotated[Line, Field(max_length=300)]
BrandIds = Annotated[list[UUID], Field(max_length=50)]  # that show it; none: all do


class TextBody(BaseModel):
    """The text of an article in one language, in Markdown.

    `source_version`: from which version of the source it was written; without it, the one that stands now.
    """

    model_config = ConfigDict(extra="forbid")

    title: Title
    summary: Summary = ""
    body: Body = ""
    slug: Slug | None = None
    source_version: int | None = Field(default=None, ge=0, le=1_000_000)


class ArticleBody(BaseModel):
    """A new article, with the text of its first language, from which the others are translated."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind = "article"
    section_id: UUID | None = None
    visibility: Visibility = "public"
    brand_ids: BrandIds = Field(default_factory=list)
    language: Language
    owner_id: UUID | None = None
    review_at: date | None = None
    external_id: ExternalId | None = None
    text: TextBody


class ArticleChange(BaseModel):
    """What may change of an article beside its texts; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind = unchanged()
    section_id: UUID | None = None
    visibility: Visibility = unchanged()
    brand_ids: BrandIds = unchanged()
    source_language: Language = unchanged()
    owner_id: UUID | None = None
    review_at: date | None = None
    position: int = unchanged(ge=0, le=1_000_000)


class Publication(BaseModel):
    """What changed, for the history; `minor`: translations of the version before still hold."""

    model_config = ConfigDict(extra="forbid")

    note: Annotated[MaybeLine, Field(max_length=300)] = ""
    minor: bool = False


class TranslationView(BaseModel):
    """Where an article stands in one language; `stale`: its source changed since, in what matters."""

    language: str
    slug: str
    title: str
    drafted: bool
    published: int | None
    published_at: datetime | None
    stale: bool
    source_version: int
    edited_by: str | None
    edited_at: datetime
    revision: int


class ArticleView(BaseModel):
    """An article and where it stands in each language."""

    id: UUID
    kind: str
    section_id: UUID | None
    visibility: str
    brand_ids: list[UUID]
    source_language: str
    owner_id: UUID | None
    owner_name: str | None
    review_at: date | None
    position: int
    external_id: str | None
    version: int
    created_at: datetime
    changed_at: datetime
    translations: list[TranslationView]


class TextView(TranslationView):
    """The text of an article in one language as it is being written, and what readers said of it."""

    article_id: UUID
    summary: str
    body: str
    solved: int
    unsolved: int
    editable: bool


class VersionView(BaseModel):
    """A version that was published: who, when, and what changed."""

    number: int
    title: str
    note: str
    minor: bool
    source_version: int
    published_by: str | None
    published_at: datetime


class VersionText(VersionView):
    """The text of a version."""

    summary: str
    body: str


class PreviewBody(BaseModel):
    """Markdown to look at."""

    model_config = ConfigDict(extra="forbid")

    body: Body


class Preview(BaseModel):
    """Markdown as readers would see it."""

    html: str


class SectionBody(BaseModel):
    """A section of the help centre; the address comes from its first name when none is given."""

    model_config = ConfigDict(extra="forbid")

    names: Names = Field(min_length=1)
    descriptions: Sentences = Field(default_factory=dict)
    slug: Slug | None = None
    position: int = Field(default=0, ge=0, le=1_000_000)
    external_id: ExternalId | None = None


class SectionChange(BaseModel):
    """What may change of a section; what is left out stays. An old address goes on leading to it."""

    model_config = ConfigDict(extra="forbid")

    names: Names = unchanged(min_length=1)
    descriptions: Sentences = unchanged()
    slug: Slug = unchanged()
    position: int = unchanged(ge=0, le=1_000_000)


class SectionView(BaseModel):
    """A section, and how many articles it has."""

    id: UUID
    slug: str
    names: dict[str, str]
    descriptions: dict[str, str]
    position: int
    external_id: str | None
    articles: int
    version: int


class ArticleFileView(BaseModel):
    """A file of an article; `url` is what its text refers to."""

    id: UUID
    article_id: UUID
    filename: str
    content_type: str
    size: int
    url: str
    created_at: datetime


class FeedbackView(BaseModel):
    """What a reader said of a version."""

    id: UUID
    language: str
    number: int
    solved: bool
    reason: str | None
    words: str
    created_at: datetime


class FeedbackPage(Page[FeedbackView]):
    """What readers said, the latest first, and how often a yes and a no in all."""

    solved: int
    unsolved: int


class WordingBody(BaseModel):
    """A question by which an article is found, as people put it."""

    model_config = ConfigDict(extra="forbid")

    language: Language
    question: Annotated[Line, Field(max_length=200)]


class WordingView(BaseModel):
    """A question by which an article is found in one language."""

    id: UUID
    language: str
    question: str
    created_at: datetime


class FoundView(BaseModel):
    """An article that a question found; `passage` is empty where its title alone matched."""

    article_id: UUID
    language: str
    title: str
    slug: str
    visibility: str
    passage: str


class FoundPage(Page[FoundView]):
    """What a question found, the best first; there are no further pages.

    `answers`: the first passage surely answers it. `understood`: the question with its typing errors mended.
    """

    answers: bool
    understood: str


class HelpCentreChange(BaseModel):
    """What may change of a help centre's face; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    titles: Sentences = unchanged()
    accent: Annotated[str, Field(pattern="^#[0-9a-fA-F]{6}$")] | None = None
    site_url: Annotated[str, Field(pattern=r"^https?://\S+$", max_length=300)] | None = None
    owner_id: UUID | None = None
    slug: Annotated[str, Field(pattern=PATTERN, min_length=3, max_length=40)] | None = None
    host: Annotated[str, Field(pattern=HOST, max_length=200)] | None = None


class HelpCentreView(BaseModel):
    """How a help centre looks and what stands above it."""

    brand_id: UUID
    brand_name: str
    titles: dict[str, str]
    accent: str | None
    site_url: str | None
    owner_id: UUID | None  # who answers for pages that no owner of an article does
    slug: str | None  # at /help/{slug}; the first brand is at /help
    host: str | None  # a name of its own
    url: str | None  # where it is; nowhere while it has neither and is not the first
    is_first: bool
    version: int
