"""What readers of the help centre see: sections, articles in their language, addresses that lead on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class MayRead:
    """What somebody may read: which visibilities, and of which brand; of all where none is said."""

    visibilities: tuple[str, ...]
    brand_id: UUID | None = None

    def of(self, brand_id: UUID | None) -> "MayRead":
        """Return the same for who reads at a brand."""
        return replace(self, brand_id=brand_id)

    def sees(self, visibility: str, brand_ids: Collection[UUID]) -> bool:
        """Say whether an article is among it; one that names no brand is of all."""
        shown = self.brand_id is None or not brand_ids or self.brand_id in brand_ids
        return shown and visibility in self.visibilities

    @property
    def everybody(self) -> bool:
        """Say whether anybody may read the same."""
        return self.visibilities == EVERYBODY.visibilities

    @property
    def staff(self) -> bool:
        """Say whether the team reads."""
        return self.visibilities == STAFF.visibilities

    @property
    def values(self) -> dict[str, Any]:
        """Return what `_MAY` asks for."""
        return {"allowed": list(self.visibilities), "brand": self.brand_id}


EVERYBODY: Final = MayRead(("public",))
SIGNED_IN: Final = MayRead(("public", "signed_in"))
STAFF: Final = MayRead(("public", "signed_in", "agents"))

_OF_BRAND: Final = """
    (CAST(:brand AS uuid) IS NULL OR a.brand_ids = '{}' OR CAST(:brand AS uuid) = ANY(a.brand_ids))"""
_MAY: Final = f"a.removed_at IS NULL AND a.visibility = ANY(:allowed) AND {_OF_BRAND}"

# An article in the reader's language, else in the one it was written in.
_SHOWN: Final = f"""
    SELECT DISTINCT ON (a.id) a.id, a.kind, a.section_id, a.position, a.visibility, t.language, t.slug,
           v.title, v.summary, t.published_at
    FROM article a
    JOIN article_translation t ON t.article_id = a.id
    JOIN article_version v ON v.article_id = a.id AND v.language = t.language AND v.number = t.published
    WHERE {_MAY}
    ORDER BY a.id, t.language = :language DESC, t.language = a.source_language DESC, t.language
"""
_HOME = text(f"""
    SELECT * FROM (
        SELECT shown.*, count(*) OVER (PARTITION BY section_id) AS of_section,
               row_number() OVER (PARTITION BY section_id ORDER BY position, title, id) AS nth
        FROM ({_SHOWN}) shown) ranked
    WHERE nth <= :each ORDER BY nth
""")
_SECTION = text(f"""
    SELECT shown.*, count(*) OVER () AS of_section FROM ({_SHOWN}) shown
    WHERE section_id IS NOT DISTINCT FROM CAST(:section AS uuid)
    ORDER BY position, title, id LIMIT :limit OFFSET :offset
""")
_ARTICLE = text(f"""
    SELECT a.id, a.kind, a.visibility, a.section_id, t.language, t.slug, t.published AS number,
           t.published_at, t.first_published_at, v.title, v.summary, v.html
    FROM article_translation t
    JOIN article a ON a.id = t.article_id
    JOIN article_version v ON v.article_id = a.id AND v.language = t.language AND v.number = t.published
    WHERE t.language = :language AND t.slug = :slug AND {_MAY}
""")
_LANGUAGES = text("""
    SELECT language, slug FROM article_translation WHERE article_id = :id AND published IS NOT NULL
""")
_RELATED = text(f"""
    SELECT * FROM ({_SHOWN}) shown
    WHERE section_id = CAST(:section AS uuid) AND id <> :id ORDER BY position, title, id LIMIT :limit
""")
# The address may be an older one, or one in another language.
_LEADS = text("""
    SELECT article_id FROM (
        SELECT article_id, 0 AS far FROM article_old_slug WHERE language = :language AND slug = :slug
        UNION ALL SELECT article_id, 1 FROM article_translation WHERE slug = :slug
        UNION ALL SELECT article_id, 2 FROM article_old_slug WHERE slug = :slug) found
    ORDER BY far, article_id LIMIT 1
""")
_IN_LANGUAGE = text(f"""
    SELECT t.language, t.slug FROM article a JOIN article_translation t ON t.article_id = a.id
    WHERE a.id = :id AND {_MAY} AND t.published IS NOT NULL
    ORDER BY t.language = :language DESC, t.language = a.source_language DESC LIMIT 1
""")
_FOUND = text(f"""
    SELECT a.id, a.kind, t.language, t.slug, v.title, v.summary, a.visibility
    FROM unnest(CAST(:ids AS uuid[]), CAST(:languages AS text[])) AS found (id, language)
    JOIN article a ON a.id = found.id
    JOIN article_translation t ON t.article_id = a.id AND t.language = found.language
    JOIN article_version v ON v.article_id = a.id AND v.language = t.language AND v.number = t.published
    WHERE {_MAY}
""")
_MAP = text(f"""
    SELECT a.id, t.language, t.slug, t.published_at FROM article a
    JOIN article_translation t ON t.article_id = a.id
    WHERE a.removed_at IS NULL AND a.visibility = 'public' AND {_OF_BRAND} AND t.published IS NOT NULL
    ORDER BY t.published_at DESC, a.id, t.language LIMIT :limit
""")
_NEWS = text(f"""
    SELECT a.id, t.slug, t.published_at, t.first_published_at, v.title, v.summary, v.html FROM article a
    JOIN article_translation t ON t.article_id = a.id
    JOIN article_version v ON v.article_id = a.id AND v.language = t.language AND v.number = t.published
    WHERE a.removed_at IS NULL AND a.visibility = 'public' AND {_OF_BRAND} AND t.language = :language
    ORDER BY t.published_at DESC, a.id LIMIT :limit
""")
_SECTIONS = text("SELECT id, slug, names, descriptions FROM section ORDER BY position, created_at")
# All but those whose articles are all of other brands.
_SECTIONS_OF = text(f"""
    SELECT s.id, s.slug, s.names, s.descriptions FROM section s
    WHERE EXISTS (SELECT FROM article a WHERE a.section_id = s.id AND a.removed_at IS NULL AND {_OF_BRAND})
       OR NOT EXISTS (SELECT FROM article a WHERE a.section_id = s.id AND a.removed_at IS NULL)
    ORDER BY s.position, s.created_at
""")
_ONE_SECTION = text("""
    SELECT id, slug, names, descriptions FROM section WHERE slug = :slug OR :slug = ANY(old_slugs)
    ORDER BY slug = :slug DESC LIMIT 1
""")


@dataclass(frozen=True, slots=True)
class Link:
    """An article in a list; `language` may be another than the reader's."""

    language: str
    slug: str
    title: str
    summary: str
    visibility: str
    kind: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """A section as a reader sees it, and some of its articles; `slug` is None for what is in none."""

    slug: str | None
    name: str
    description: str
    articles: Sequence[Link]
    count: int


@dataclass(frozen=True, slots=True)
class Page:
    """An article as a reader sees it."""

    id: UUID
    language: str
    slug: str
    number: int
    title: str
    summary: str
    html: str
    visibility: str
    kind: str
    published_at: datetime
    first_published_at: datetime
    languages: Mapping[str, str]  # → its address there
    section: tuple[str, str] | None  # address and name
    related: Sequence[Link]


async def home(c: AsyncConnection, language: str, may: MayRead, *, each: int) -> list[Shelf]:
    """Return the sections that have something to read, each with its first articles."""
    values = {"language": language, **may.values, "each": each}
    rows = [dict(row) for row in (await c.execute(_HOME, values)).mappings()]
    found = [dict(row) for row in (await c.execute(_SECTIONS)).mappings()]
    shelves = [
        _shelf(one, [row for row in rows if row["section_id"] == one["id"]], language) for one in found
    ]
    shelves.append(_shelf(None, [row for row in rows if row["section_id"] is None], language))
    return [shelf for shelf in shelves if shelf.count]


async def section(
    c: AsyncConnection, slug: str, language: str, may: MayRead, *, offset: int, limit: int
) -> Shelf:
    """Return a section and a stretch of its articles, also by an old address; raises `NotFound`."""
    one = (await c.execute(_ONE_SECTION, {"slug": slug})).mappings().first()
    if one is None:
        raise NotFound("There is no such section.")
    values = {"language": language, **may.values, "section": one["id"]}
    stretch = values | {"limit": limit, "offset": offset}
    rows = [dict(row) for row in (await c.execute(_SECTION, stretch)).mappings()]
    return _shelf(dict(one), rows, language)


async def article(c: AsyncConnection, language: str, slug: str, may: MayRead) -> Page | None:
    """Return an article by its address, None when there is none that this reader may see."""
    values = {"language": language, "slug": slug, **may.values}
    row = (await c.execute(_ARTICLE, values)).mappings().first()
    if row is None:
        return None
    rows = await c.execute(_LANGUAGES, {"id": row["id"]})
    shelf, related = None, []
    if row["section_id"] is not None:
        every = [dict(one) for one in (await c.execute(_SECTIONS)).mappings()]
        own = next(one for one in every if one["id"] == row["section_id"])
        shelf = (str(own["slug"]), _said(own["names"], language))
        beside = {"section": row["section_id"], "id": row["id"], "limit": 6}
        related = [_link(dict(one)) for one in (await c.execute(_RELATED, values | beside)).mappings()]
    shown = {key: value for key, value in row.items() if key != "section_id"}
    languages = {one.language: one.slug for one in rows}
    return Page(**shown, languages=languages, section=shelf, related=related)


async def leads_to(c: AsyncConnection, language: str, slug: str, may: MayRead) -> tuple[str, str] | None:
    """Return language and address of the article that an address once had, or has in another language."""
    found = await c.scalar(_LEADS, {"language": language, "slug": slug})
    if found is None:
        return None
    values = {"id": found, "language": language, **may.values}
    row = (await c.execute(_IN_LANGUAGE, values)).first()
    return (row.language, row.slug) if row is not None else None


async def links(
    c: AsyncConnection, names: Sequence[tuple[UUID, str]], may: MayRead
) -> Mapping[tuple[UUID, str], Link]:
    """Return those of the texts that are published and that this reader may see, by article and language."""
    values = {
        "ids": [article_id for article_id, _ in names],
        "languages": [language for _, language in names],
        **may.values,
    }
    rows = [dict(row) for row in (await c.execute(_FOUND, values)).mappings()]
    return {(row["id"], row["language"]): _link(row) for row in rows}


async def site_map(c: AsyncConnection, limit: int, brand_id: UUID | None = None) -> list[Mapping[str, Any]]:
    """Return what search engines may know: each public text of a brand, and when it was published last."""
    return [dict(row) for row in (await c.execute(_MAP, {"limit": limit, "brand": brand_id})).mappings()]


async def news(
    c: AsyncConnection, language: str, limit: int, brand_id: UUID | None = None
) -> list[Mapping[str, Any]]:
    """Return the public texts of a language that were published last, those that a brand shows."""
    values = {"language": language, "limit": limit, "brand": brand_id}
    return [dict(row) for row in (await c.execute(_NEWS, values)).mappings()]


async def sections(c: AsyncConnection, brand_id: UUID | None) -> list[Mapping[str, Any]]:
    """Return the sections of a brand in their order: all but those that only others fill."""
    return [dict(row) for row in (await c.execute(_SECTIONS_OF, {"brand": brand_id})).mappings()]


def _shelf(one: Mapping[str, Any] | None, rows: Sequence[Mapping[str, Any]], language: str) -> Shelf:
    count = rows[0]["of_section"] if rows else 0
    links = [_link(row) for row in rows]
    if one is None:
        return Shelf(None, "", "", links, count)
    said = _said(one["names"], language), _said(one["descriptions"], language)
    return Shelf(one["slug"], *said, links, count)


def _link(row: Mapping[str, Any]) -> Link:
    return Link(row["language"], row["slug"], row["title"], row["summary"], row["visibility"], row["kind"])


def _said(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or next(iter(words.values()), "")
