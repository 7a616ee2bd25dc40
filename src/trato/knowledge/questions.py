"""Wordings by which the search finds a text: as people ask, beside what the text itself says."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as on_conflict_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.errors import Conflict, NotFound
from trato.kit.ids import new_id
from trato.kit.text import one_line
from trato.knowledge import queries
from trato.knowledge.tables import article_question

MOST: Final = 30  # of one text: more say that the text is about too much
MAX_LENGTH: Final = 200

_row = article_question.c


async def add(
    c: AsyncConnection, article_id: UUID, language: str, question: str, *, actor: str
) -> dict[str, Any]:
    """Keep a wording of a text, once; it is found by it within a second.

    Raises `NotFound` where there is no such text, `Conflict` when it has too many.
    """
    article = await queries.get_article(c, article_id)
    if language not in {one["language"] for one in article["translations"]}:
        raise NotFound("This article has no text in that language.")
    mine = (_row.article_id == article_id) & (_row.language == language)
    if int(await c.scalar(select(func.count()).where(mine)) or 0) >= MOST:
        raise Conflict("This text has enough of other wordings.", todo="Remove one that nobody needs.")
    said = one_line(question, MAX_LENGTH)
    values = {"id": new_id(), "article_id": article_id, "language": language, "question": said}
    statement = on_conflict_insert(article_question).values(**values, made_by=actor)
    await c.execute(statement.on_conflict_do_nothing())
    row = await c.execute(select(article_question).where(mine & (_row.question == said)))
    return dict(row.mappings().one())


async def every(c: AsyncConnection, article_id: UUID) -> list[dict[str, Any]]:
    """Return the wordings of an article in all its languages, the oldest first; raises `NotFound`."""
    await queries.get_article(c, article_id)
    query = select(article_question).where(_row.article_id == article_id).order_by(_row.language, _row.id)
    return [dict(row) for row in (await c.execute(query)).mappings()]


async def remove(c: AsyncConnection, article_id: UUID, question_id: UUID) -> None:
    """Take a wording away; raises `NotFound`."""
    query = delete(article_question).where(_row.id == question_id, _row.article_id == article_id)
    if not (await c.execute(query)).rowcount:
        raise NotFound("There is no such wording.")
