"""What readers say: whether an article solved their matter, and what was missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.ids import new_id
from trato.kit.paging import decode, moment, page, row_id
from trato.kit.text import clean
from trato.knowledge import queries
from trato.knowledge.tables import article_feedback

MAX_WORDS: Final = 1_000
EXPLAINED_WITHIN: Final = timedelta(hours=2)
# A reader explains within two hours; whoever did is looked at at once.
_UNSOLVED: Final = text("""
    SELECT b.id, b.article_id, b.language, b.reason, b.words, b.created_at AS at, v.title
    FROM article_feedback b
    JOIN article_version v ON v.article_id = b.article_id AND v.language = b.language AND v.number = b.number
    WHERE NOT b.solved AND NOT b.taken
        AND (b.reason IS NOT NULL OR b.words <> '' OR b.created_at < now() - CAST(:explained AS interval))
    ORDER BY b.id LIMIT :limit
""")
_FORGET: Final = (
    text("DELETE FROM article_feedback WHERE created_at < now() - CAST(:keep AS interval)"),
    text("DELETE FROM answer_sample WHERE created_at < now() - CAST(:keep AS interval)"),
    text("DELETE FROM article_read WHERE day < current_date - CAST(:keep AS interval)"),
)
_TAKE: Final = text("UPDATE article_feedback SET taken = true WHERE id = ANY(CAST(:ids AS uuid[]))")
Reason = Literal["unclear", "wrong", "incomplete", "another_matter", "other"]


async def say(c: AsyncConnection, article_id: UUID, language: str, number: int, *, solved: bool) -> UUID:
    """Count a yes or a no for the version that the reader saw; return its id."""
    said_id = new_id()
    values = {"article_id": article_id, "language": language, "number": number, "solved": solved}
    await c.execute(insert(article_feedback).values(id=said_id, **values))
    return said_id


async def explain(c: AsyncConnection, said_id: UUID, reason: Reason | None, words: str) -> None:
    """Add why it did not help to a no of just now; what was said already stays."""
    said = article_feedback.c
    await c.execute(
        update(article_feedback)
        .where(
            said.id == said_id,
            said.solved.is_(False),
            said.reason.is_(None),
            said.words == "",
            said.created_at > func.now() - EXPLAINED_WITHIN,
        )
        .values(reason=reason, words=clean(words.strip(), MAX_WORDS))
    )


async def said(c: AsyncConnection, said_id: UUID) -> dict[str, Any] | None:
    """Return the reason and the words of a no of just now; None when it is not there or too old."""
    found = article_feedback.c
    query = select(found.reason, found.words).where(
        found.id == said_id, found.solved.is_(False), found.created_at > func.now() - EXPLAINED_WITHIN
    )
    row = (await c.execute(query)).mappings().first()
    return dict(row) if row else None


async def of_article(
    c: AsyncConnection, article_id: UUID, *, cursor: str | None, limit: int
) -> dict[str, Any]:
    """Return a page of what readers said, the latest first, with the counts of all; raises `NotFound`."""
    await queries.get_article(c, article_id)
    at, last = decode(cursor, moment, row_id)
    said = article_feedback.c
    query = select(article_feedback).where(said.article_id == article_id)
    if at is not None:
        query = query.where(text("(created_at, id) < (:at, :last)").bindparams(at=at, last=last))
    query = query.order_by(said.created_at.desc(), said.id.desc()).limit(limit + 1)
    rows = [dict(row) for row in (await c.execute(query)).mappings()]
    counts = (
        await c.execute(
            select(
                func.count().filter(said.solved).label("solved"),
                func.count().filter(~said.solved).label("unsolved"),
            ).where(said.article_id == article_id)
        )
    ).one()
    found = page(rows, limit, lambda row: (row["created_at"], row["id"]))
    return {**found, "solved": counts.solved, "unsolved": counts.unsolved}


@dataclass(frozen=True, slots=True)
class Unsolved:
    """A no of a reader: of which article, as it was called, and what was missing."""

    id: UUID
    article_id: UUID
    language: str
    reason: str | None
    words: str
    title: str
    at: datetime


async def unsolved(c: AsyncConnection, limit: int) -> list[Unsolved]:
    """Return what readers said no to and that was not taken yet, the oldest first."""
    values = {"limit": limit, "explained": EXPLAINED_WITHIN}
    return [Unsolved(**row) for row in (await c.execute(_UNSOLVED, values)).mappings()]


async def take(c: AsyncConnection, ids: Sequence[UUID]) -> None:
    """Say that these are counted among what is missing."""
    await c.execute(_TAKE, {"ids": list(ids)})


async def forget(c: AsyncConnection, keep: timedelta) -> None:
    """Forget what readers said, and how often articles were read, longer ago than that."""
    for statement in _FORGET:
        await c.execute(statement, {"keep": keep})
