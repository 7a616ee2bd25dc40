"""Reads the things that can be found as they are now: who they are, and their words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide import find_words
from trato.finding.marks import Kind

CASE_WORDS: Final = frozenset({"caso", "case"})  # what people say before its number


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing with its words; `named` are those of its name or title; `internal`: for staff alone."""

    ref: UUID
    words: frozenset[str]
    named: frozenset[str] = frozenset()
    internal: bool = False


_CONTACT: Final = """
    SELECT k.id, k.name, coalesce((SELECT jsonb_agg(jsonb_build_array(a.kind, a.value)) FROM address a
               WHERE a.contact_id = k.id AND a.kind <> 'visitor'), '[]') AS addresses,
           fields_said(k.id, NULL) AS own
    FROM contact k WHERE k.merged_into IS NULL AND {which}
"""
_CASE: Final = """
    SELECT k.id, k.number, k.title, concat_ws(' ', k.expectation, k.promise, k.resolution,
           fields_said(NULL, k.id)) AS said
    FROM cases k WHERE k.merged_into IS NULL AND {which}
"""
_ARTICLE: Final = """
    SELECT k.id, string_agg(v.title, ' ') AS title,
           string_agg(concat_ws(' ', v.summary, v.text), ' ') AS said
    FROM article k JOIN article_translation t ON t.article_id = k.id
    JOIN article_version v
      ON v.article_id = t.article_id AND v.language = t.language AND v.number = t.published
    WHERE k.removed_at IS NULL AND k.kind = 'article' AND {which} GROUP BY k.id
"""
_MESSAGE: Final = f"""
    SELECT k.id, k.direction = 'internal' AS internal, k.author_name,
           left(concat_ws(' ', k.subject, k.text), {find_words.MOST_LETTERS}) AS said
    FROM message k WHERE k.kind IN ('text', 'media', 'transcript') AND k.status <> 'cancelled'
      AND (k.text <> '' OR k.subject <> '') AND {{which}}
"""


def _contact(row: Any) -> Thing:
    named = find_words.words_of(row.name)
    for kind, value in row.addresses:
        named |= find_words.telephone(value) if kind == "phone" else find_words.words_of(value)
    return Thing(row.id, frozenset(named) | find_words.words_of(row.own or ""), frozenset(named))


def _case(row: Any) -> Thing:
    named = frozenset({str(row.number), *find_words.words_of(row.title)})
    return Thing(row.id, named | CASE_WORDS | find_words.words_of(row.said), named)


def _article(row: Any) -> Thing:
    named = frozenset(find_words.words_of(row.title))
    return Thing(row.id, named | find_words.words_of(row.said), named)


def _message(row: Any) -> Thing:
    return Thing(row.id, frozenset(find_words.words_of(row.said)), internal=row.internal)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a kind is read from, and which events tell of it."""

    sql: str
    thing: Callable[[Any], Thing]
    table: str
    events: Mapping[str, tuple[str, str]]  # type of event → what of its data names the thing, and how


SOURCES: Final[Mapping[Kind, Source]] = {
    Kind.CONTACT: Source(
        _CONTACT,
        _contact,
        "contact",
        {"contact.changed": ("contact", "id"), "contact_field.changed": ("contact_field", "contact_id")},
    ),
    Kind.CASE: Source(
        _CASE,
        _case,
        "cases",
        {"case.changed": ("case", "id"), "case_field.changed": ("case_field", "case_id")},
    ),
    Kind.ARTICLE: Source(
        _ARTICLE,
        _article,
        "article",
        {
            "article.published": ("article", "id"),
            "article.withdrawn": ("article", "id"),
            "article.changed": ("article", "id"),
        },
    ),
    Kind.MESSAGE: Source(
        _MESSAGE,
        _message,
        "message",
        {"message.created": ("message", "id"), "message.changed": ("message", "id")},
    ),
}


async def now_of(c: AsyncConnection, kind: Kind, ids: Sequence[UUID]) -> list[Thing]:
    """Return the things of these ids that can be found, in the order of the ids."""
    source = SOURCES[kind]
    rows = await c.execute(text(source.sql.format(which="k.id = ANY(:ids)")), {"ids": list(ids)})
    things = {row.id: source.thing(row) for row in rows}
    return [things[one] for one in ids if one in things]


async def before(
    c: AsyncConnection, kind: Kind, behind: UUID | None, limit: int
) -> tuple[list[Thing], UUID | None]:
    """Return the next things of earlier times, the latest first, and the id reached; None at the end.

    Ids are UUIDv7: their order is that in which they were made.
    """
    source = SOURCES[kind]
    query = f"""
        SELECT id FROM {source.table} WHERE CAST(:behind AS uuid) IS NULL OR id < :behind
        ORDER BY id DESC LIMIT :limit
    """
    ids = list((await c.scalars(text(query), {"behind": behind, "limit": limit})).all())
    if not ids:
        return [], None
    return await now_of(c, kind, ids), ids[-1]
