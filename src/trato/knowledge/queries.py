"""Reading articles: for lists and editors, for readers, and whole for a search index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import queries as access
from trato.decide import articles as decide
from trato.kit.errors import NotFound
from trato.kit.paging import decode, moment, page, row_id

_ARTICLES = """
    SELECT a.id, a.kind, a.section_id, a.visibility, a.brand_ids, a.source_language,
           a.owner_id, o.name AS owner_name, a.review_at, a.position, a.external_id, a.version,
           a.created_at, a.changed_at, f.matters,
           coalesce((SELECT jsonb_agg(jsonb_build_object(
                'language', t.language, 'slug', t.slug, 'title', t.title, 'drafted', t.drafted,
                'published', t.published, 'published_at', t.published_at,
                'source_version', t.source_version,
                'written_from', coalesce(v.source_version, t.source_version),
                'edited_by', t.edited_by, 'edited_at', t.edited_at, 'revision', t.revision)
                ORDER BY t.language <> a.source_language, t.language)
            FROM article_translation t
            LEFT JOIN article_version v ON v.article_id = t.article_id AND v.language = t.language
                AND v.number = t.published
            WHERE t.article_id = a.id), '[]') AS translations
    FROM article a LEFT JOIN agent o ON o.id = a.owner_id
    CROSS JOIN LATERAL (
        SELECT coalesce(max(number), 0) AS matters FROM article_version
        WHERE article_id = a.id AND language = a.source_language AND NOT minor) f
"""
_ONE = text(_ARTICLES + " WHERE a.id = :id AND a.removed_at IS NULL")
_STALE = """EXISTS (
    SELECT FROM article_translation t JOIN article_version v ON v.article_id = t.article_id
        AND v.language = t.language AND v.number = t.published
    WHERE t.article_id = a.id AND t.language <> a.source_language AND v.source_version < f.matters)"""
_STATES = {
    "draft": "EXISTS (SELECT FROM article_translation t WHERE t.article_id = a.id AND t.drafted)",
    "published": "EXISTS (SELECT FROM article_translation t WHERE t.article_id = a.id"
    " AND t.published IS NOT NULL)",
    "stale": _STALE,
    "due": "a.review_at <= CAST(:today AS date)",
}
_TEXT = text("""
    SELECT t.summary, t.body,
           (SELECT count(*) FROM article_feedback b WHERE b.article_id = t.article_id
              AND b.language = t.language AND b.solved) AS solved,
           (SELECT count(*) FROM article_feedback b WHERE b.article_id = t.article_id
              AND b.language = t.language AND NOT b.solved) AS unsolved
    FROM article_translation t WHERE t.article_id = :id AND t.language = :language
""")
_PUBLISHED = text("""
    SELECT a.id AS article_id, t.language, v.number, a.kind, a.visibility, t.slug, v.title, v.summary, v.text,
           v.published_at, f.solved, f.unsolved,
           ARRAY(SELECT q.question FROM article_question q
                 WHERE q.article_id = a.id AND q.language = t.language ORDER BY q.id) AS questions
    FROM article a
    JOIN article_translation t ON t.article_id = a.id
    JOIN article_version v ON v.article_id = a.id AND v.language = t.language AND v.number = t.published
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE b.solved) AS solved, count(*) FILTER (WHERE NOT b.solved) AS unsolved
        FROM article_feedback b WHERE b.article_id = a.id AND b.language = t.language) f
    WHERE a.removed_at IS NULL AND (CAST(:only AS uuid[]) IS NULL OR a.id = ANY(:only))
        AND (CAST(:last AS uuid) IS NULL OR (a.id, t.language) > (CAST(:last AS uuid), :last_language))
    ORDER BY a.id, t.language LIMIT :limit
""")
_NUMBERS = text("""
    SELECT a.id, t.language, t.published || coalesce((
               SELECT ':' || count(*) || ':' || max(q.id::text) FROM article_question q
               WHERE q.article_id = a.id AND q.language = t.language HAVING count(*) > 0), ''), a.visibility,
           a.brand_ids
    FROM article a JOIN article_translation t ON t.article_id = a.id
    WHERE a.removed_at IS NULL AND t.published IS NOT NULL
""")
# A sum and no maximum: of two changes at once, the one that began earlier may come to be seen later.
_STATE = text("""
    SELECT count(*) AS texts, coalesce(sum(extract(epoch FROM a.changed_at) + t.published), 0)
               + (SELECT coalesce(sum(extract(epoch FROM q.created_at)), 0) FROM article_question q) AS sum
    FROM article a JOIN article_translation t ON t.article_id = a.id
    WHERE a.removed_at IS NULL AND t.published IS NOT NULL
""")


@dataclass(frozen=True, slots=True)
class PublishedText:
    """What readers of one language see of an article; `number` grows with each publication of it."""

    article_id: UUID
    language: str
    number: int
    kind: str
    visibility: str
    slug: str
    title: str
    summary: str
    text: str
    published_at: datetime
    solved: int
    unsolved: int
    questions: Sequence[str] = ()


async def published_texts(
    c: AsyncConnection,
    *,
    only: Sequence[UUID] | None = None,
    behind: tuple[UUID, str] | None = None,
    limit: int = 500,
) -> list[PublishedText]:
    """Return texts that are published, of all visibilities: a stretch of all, or those of some articles.

    They come in the order of article and language; `behind` names the last one of the stretch before.
    """
    last, language = behind or (None, None)
    values = {"only": list(only) if only is not None else None, "last": last, "last_language": language}
    rows = await c.execute(_PUBLISHED, values | {"limit": limit})
    return [PublishedText(**row) for row in rows.mappings()]


async def published_numbers(c: AsyncConnection) -> list[tuple[UUID, str, str, str, list[UUID]]]:
    """Return article, language, state, visibility and brands of every text that is published.

    The state changes with each publication and with the questions by which the text is found.
    """
    return [tuple(row) for row in await c.execute(_NUMBERS)]


async def published_state(c: AsyncConnection) -> tuple[int, Decimal]:
    """Return how many texts are published, and a sum that every change of them changes."""
    row = (await c.execute(_STATE)).one()
    return row.texts, row.sum


async def get_article(c: AsyncConnection, article_id: UUID) -> dict[str, Any]:
    """Return an article as the API shows it; raises `NotFound`."""
    row = (await c.execute(_ONE, {"id": article_id})).mappings().first()
    if row is None:
        raise NotFound("There is no such article.")
    return (await _views(c, [dict(row)]))[0]


async def find(
    c: AsyncConnection,
    *,
    today: date,
    section_id: UUID | None = None,
    owner_id: UUID | None = None,
    state: str | None = None,
    language: str | None = None,
    words: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Return a page of articles, the latest changed first; raises `Invalid` for a cursor that is not ours."""
    at, last = decode(cursor, moment, row_id)
    conditions = ["a.removed_at IS NULL"]
    values = {"today": today, "section": section_id, "owner": owner_id, "language": language, "at": at}
    values |= {"last": last, "limit": limit + 1, "words": f"%{_plain(words)}%" if words else None}
    if at is not None:
        conditions.append("(a.changed_at, a.id) < (:at, :last)")
    if section_id is not None:
        conditions.append("a.section_id = :section")
    if owner_id is not None:
        conditions.append("a.owner_id = :owner")
    if state is not None:
        conditions.append(_STATES[state])
    if language is not None:
        conditions.append(
            "EXISTS (SELECT FROM article_translation t WHERE t.article_id = a.id AND t.language = :language)"
        )
    if words:
        conditions.append(
            "EXISTS (SELECT FROM article_translation t WHERE t.article_id = a.id AND t.title ILIKE :words)"
        )
    query = f"{_ARTICLES} WHERE {' AND '.join(conditions)} ORDER BY a.changed_at DESC, a.id DESC LIMIT :limit"
    rows = [dict(row) for row in (await c.execute(text(query), values)).mappings()]
    return page(await _views(c, rows), limit, lambda view: (view["changed_at"], view["id"]))


def _plain(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def _views(c: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    names = await names_of(c, {one["edited_by"] for row in rows for one in row["translations"]})
    return [_view(row, names) for row in rows]


async def names_of(c: AsyncConnection, actors: set[str]) -> dict[str, str | None]:
    """Return the names of those who did something, as events name them."""
    return {actor: await access.actor_name(c, actor) for actor in actors}


def _view(row: Mapping[str, Any], names: Mapping[str, str | None]) -> dict[str, Any]:
    written = {one["language"]: one["written_from"] for one in row["translations"]}
    behind = decide.stale(row["source_language"], row["matters"], written)
    translations = [
        {key: value for key, value in one.items() if key != "written_from"}
        | {"stale": one["language"] in behind, "edited_by": names[one["edited_by"]]}
        for one in row["translations"]
    ]
    shown = {key: value for key, value in row.items() if key != "matters"}
    return {**shown, "translations": translations}


async def get_text(c: AsyncConnection, article_id: UUID, language: str) -> dict[str, Any]:
    """Return the text of an article in one language as it is being written; raises `NotFound`."""
    article = await get_article(c, article_id)
    for one in article["translations"]:
        if one["language"] == language:
            row = (await c.execute(_TEXT, {"id": article_id, "language": language})).mappings().one()
            return {**one, **row, "article_id": article_id}
    raise NotFound("This article has no text in that language.")


async def versions(
    c: AsyncConnection, article_id: UUID, language: str, *, before: int | None, limit: int
) -> dict[str, Any]:
    """Return a page of what was published of an article in one language, the latest first."""
    query = text("""
        SELECT number, title, note, minor, source_version, published_by, published_at FROM article_version
        WHERE article_id = :id AND language = :language AND (CAST(:before AS int) IS NULL OR number < :before)
        ORDER BY number DESC LIMIT :limit
    """)
    values = {"id": article_id, "language": language, "before": before, "limit": limit + 1}
    rows = [dict(row) for row in (await c.execute(query, values)).mappings()]
    names = await names_of(c, {row["published_by"] for row in rows})
    shown = [row | {"published_by": names[row["published_by"]]} for row in rows]
    return page(shown, limit, lambda row: (row["number"],))


async def get_version(c: AsyncConnection, article_id: UUID, language: str, number: int) -> dict[str, Any]:
    """Return one version with its text; raises `NotFound`."""
    query = text("""
        SELECT number, title, note, minor, source_version, published_by, published_at, summary, body
        FROM article_version WHERE article_id = :id AND language = :language AND number = :number
    """)
    values = {"id": article_id, "language": language, "number": number}
    row = (await c.execute(query, values)).mappings().first()
    if row is None:
        raise NotFound("There is no such version.")
    return {**row, "published_by": await access.actor_name(c, row["published_by"])}
