"""Articles: made, changed, given to an owner, taken away; what changes is told to everybody who listens."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import queries as access
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.knowledge import help_centres, queries
from trato.knowledge.schemas import ArticleView
from trato.knowledge.tables import article, article_translation, section
from trato.live import service as live
from trato.live import versions

# What was written here goes out under its own id, and comes in again under it.
_NAMED = text("""
    SELECT id FROM article
    WHERE (external_id = :external_id OR (external_id IS NULL AND id::text = :external_id))
      AND removed_at IS NULL
""")


async def create(c: AsyncConnection, values: Mapping[str, Any]) -> UUID:
    """Keep a new article without texts; raises `Conflict` for an external id that is taken, `Invalid`."""
    await _check(c, values)
    row_id = new_id()
    try:
        async with c.begin_nested():
            await c.execute(insert(article).values(id=row_id, **values))
    except IntegrityError as error:
        raise Conflict(
            "There is an article with this external id.", todo="Change that one, or choose another id."
        ) from error
    return row_id


async def change(
    c: AsyncConnection,
    article_id: UUID,
    values: Mapping[str, Any],
    *,
    actor: str,
    expected: int | None = None,
) -> dict[str, Any]:
    """Change an article beside its texts; what is left out stays.

    Raises `NotFound`, `Conflict`, `Invalid`.
    """
    await versions.check(c, article, article_id, expected, action="article.changed")
    before = await queries.get_article(c, article_id)
    await _check(c, values)
    source = values.get("source_language", before["source_language"])
    if source not in {one["language"] for one in before["translations"]}:
        raise Invalid("The article has no text in that language.", field="source_language")
    await c.execute(
        update(article)
        .where(article.c.id == article_id)
        .values(**values, version=article.c.version + 1, changed_at=func.now())
    )
    return await tell(c, article_id, actor=actor)


async def remove(c: AsyncConnection, article_id: UUID, *, actor: str) -> None:
    """Take an article away from readers and lists; its history stays. Raises `NotFound`."""
    view = await queries.get_article(c, article_id)
    await c.execute(
        update(article)
        .where(article.c.id == article_id)
        .values(removed_at=func.now(), changed_at=func.now(), version=article.c.version + 1, external_id=None)
    )
    # its addresses may be given to others
    await c.execute(
        update(article_translation)
        .where(article_translation.c.article_id == article_id)
        .values(slug=func.concat(str(article_id), "-", article_translation.c.language), published=None)
    )
    await c.execute(text("DELETE FROM article_old_slug WHERE article_id = :id"), {"id": article_id})
    shown = ArticleView.model_validate(view).model_dump(mode="json")
    for one in view["translations"]:
        if one["published"] is not None:
            told = {"article": shown, "language": one["language"]}
            await live.append(c, "article.withdrawn", audience="staff", actor=actor, data=told)
    gone = {"article": shown, "removed": True}
    await live.append(c, "article.changed", audience="staff", actor=actor, data=gone)


async def forget(c: AsyncConnection, article_id: UUID) -> None:
    """Delete an article that never got a text, as if it had not been made."""
    await c.execute(text("DELETE FROM article_file WHERE article_id = :id"), {"id": article_id})
    await c.execute(text("DELETE FROM article WHERE id = :id"), {"id": article_id})


async def by_external_id(c: AsyncConnection, external_id: str) -> UUID | None:
    """Return the article that was imported under a name, or was written here and has that id."""
    found: UUID | None = await c.scalar(_NAMED, {"external_id": external_id})
    return found


async def tell(
    c: AsyncConnection,
    article_id: UUID,
    *,
    actor: str,
    event: str = "article.changed",
    language: str | None = None,
) -> dict[str, Any]:
    """Tell those who listen how an article stands now, and return it."""
    view = await queries.get_article(c, article_id)
    data: dict[str, Any] = {"article": ArticleView.model_validate(view).model_dump(mode="json")}
    if language is not None:
        data["language"] = language
    await live.append(c, event, audience="staff", actor=actor, data=data)
    return view


async def _check(c: AsyncConnection, values: Mapping[str, Any]) -> None:
    for brand_id in values.get("brand_ids") or ():
        await help_centres.get(c, brand_id)
    section_id, owner_id = values.get("section_id"), values.get("owner_id")
    if section_id is not None and not await c.scalar(select(section.c.id).where(section.c.id == section_id)):
        raise Invalid("There is no such section.", field="section_id")
    if owner_id is not None:
        try:
            await access.agent(c, owner_id)
        except NotFound as error:
            raise Invalid("There is no such agent.", field="owner_id") from error
