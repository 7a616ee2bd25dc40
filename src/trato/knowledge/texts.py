"""The text of an article in one language: written as a draft, published as a version, withdrawn, restored.

A draft stands beside what readers see: saving it changes nothing for them.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as on_conflict_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import queries as access
from trato.access.errors import ChangedMeanwhile
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.knowledge import queries, service
from trato.knowledge.markdown import render
from trato.knowledge.slugs import another, slug_of
from trato.knowledge.tables import article, article_old_slug, article_translation, article_version

MAX_HTML_BYTES = 80_000  # of the 100 kB of a page
_TRIES = 200

_row = article_translation.c


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody wrote."""

    title: str
    summary: str = ""
    body: str = ""
    slug: str | None = None
    source_version: int | None = None


async def write(
    c: AsyncConnection,
    article_id: UUID,
    language: str,
    written: Text,
    *,
    actor: str,
    expected: int | None = None,
) -> dict[str, Any]:
    """Save a draft, the first text in its language too; readers see nothing of it.

    Raises `NotFound`, `ChangedMeanwhile`, and `Conflict` for an address that another article has.
    """
    before = await _held(c, article_id, language, expected)
    slug = await _address(c, article_id, language, written, before)
    base = written.source_version
    values = {
        "title": written.title,
        "summary": written.summary,
        "body": written.body,
        "slug": slug,
        "source_version": await _source_version(c, article_id) if base is None else base,
        "drafted": True,
        "edited_by": actor,
    }
    if before is None:
        await c.execute(
            insert(article_translation).values(article_id=article_id, language=language, **values)
        )
    else:
        changed = any(before[name] != values[name] for name in ("title", "summary", "body"))
        values["drafted"] = bool(before["drafted"] or changed)
        await _set(c, article_id, language, **values, edited_at=func.now())
        await _lead_on(c, article_id, language, before["slug"], slug)
    await _touch(c, article_id)
    await service.tell(c, article_id, actor=actor)
    return await queries.get_text(c, article_id, language)


async def publish(
    c: AsyncConnection,
    article_id: UUID,
    language: str,
    *,
    actor: str,
    note: str = "",
    minor: bool = False,
    expected: int | None = None,
) -> dict[str, Any]:
    """Show the draft to readers as a new version; raises `NotFound`, `ChangedMeanwhile`, `Invalid`."""
    row = await _held(c, article_id, language, expected)
    if row is None:
        raise NotFound("This article has no text in that language.")
    if not row["body"].strip():
        raise Invalid("There is no text to publish.", todo="Write it first.", field="body")
    made = render(row["body"])
    if len(made.html.encode()) > MAX_HTML_BYTES:
        raise Invalid("The text is too long for one page.", todo="Make two articles of it.", field="body")
    number = int(await c.scalar(_NEXT, {"id": article_id, "language": language}) or 1)
    await c.execute(
        insert(article_version).values(
            article_id=article_id,
            language=language,
            number=number,
            title=row["title"],
            summary=row["summary"],
            body=row["body"],
            html=made.html,
            text=made.text,
            note=note,
            minor=minor and number > 1,
            source_version=row["source_version"],
            published_by=actor,
        )
    )
    await _set(
        c,
        article_id,
        language,
        drafted=False,
        published=number,
        published_at=func.now(),
        first_published_at=func.coalesce(_row.first_published_at, func.now()),
    )
    await _touch(c, article_id)
    await service.tell(c, article_id, actor=actor, event="article.published", language=language)
    return await queries.get_text(c, article_id, language)


async def withdraw(
    c: AsyncConnection, article_id: UUID, language: str, *, actor: str, expected: int | None = None
) -> dict[str, Any]:
    """Take a text away from readers; it stays as a draft.

    Raises `NotFound`, `ChangedMeanwhile`, `Conflict`.
    """
    row = await _held(c, article_id, language, expected)
    if row is None:
        raise NotFound("This article has no text in that language.")
    if row["published"] is None:
        raise Conflict("This text is not published.")
    await _set(c, article_id, language, published=None, published_at=None, drafted=True)
    await _touch(c, article_id)
    await service.tell(c, article_id, actor=actor, event="article.withdrawn", language=language)
    return await queries.get_text(c, article_id, language)


async def still_right(c: AsyncConnection, article_id: UUID, language: str, *, actor: str) -> dict[str, Any]:
    """Say that a translation holds although its source changed; raises `NotFound`."""
    row = await _held(c, article_id, language, None)
    if row is None:
        raise NotFound("This article has no text in that language.")
    base = await _source_version(c, article_id)
    await _set(c, article_id, language, source_version=base)
    await c.execute(
        update(article_version)
        .where(
            article_version.c.article_id == article_id,
            article_version.c.language == language,
            article_version.c.number == row["published"],
        )
        .values(source_version=base)
    )
    await service.tell(c, article_id, actor=actor)
    return await queries.get_text(c, article_id, language)


async def discard(c: AsyncConnection, article_id: UUID, language: str, *, actor: str) -> dict[str, Any]:
    """Put the draft back to what readers see; raises `NotFound`, `Conflict` when they see nothing."""
    row = await _held(c, article_id, language, None)
    if row is None:
        raise NotFound("This article has no text in that language.")
    if row["published"] is None:
        raise Conflict("This text is not published.")
    return await restore(c, article_id, language, row["published"], actor=actor)


async def restore(
    c: AsyncConnection, article_id: UUID, language: str, number: int, *, actor: str
) -> dict[str, Any]:
    """Make an earlier version the draft; readers see it once it is published. Raises `NotFound`."""
    row = await _held(c, article_id, language, None)
    version = await queries.get_version(c, article_id, language, number)
    if row is None:
        raise NotFound("This article has no text in that language.")
    await _set(
        c,
        article_id,
        language,
        title=version["title"],
        summary=version["summary"],
        body=version["body"],
        source_version=version["source_version"],
        drafted=row["published"] != number,
        edited_by=actor,
        edited_at=func.now(),
    )
    await _touch(c, article_id)
    await service.tell(c, article_id, actor=actor)
    return await queries.get_text(c, article_id, language)


_NEXT = text("""
    SELECT coalesce(max(number), 0) + 1 FROM article_version WHERE article_id = :id AND language = :language
""")
_SOURCE = text("""
    SELECT coalesce(max(v.number), 0) FROM article a
    LEFT JOIN article_version v ON v.article_id = a.id AND v.language = a.source_language
    WHERE a.id = :id
""")


async def _held(
    c: AsyncConnection, article_id: UUID, language: str, expected: int | None
) -> dict[str, Any] | None:
    """Hold the article until the transaction ends and return the row of a language, None without one."""
    there = select(article.c.id).where(article.c.id == article_id, article.c.removed_at.is_(None))
    if await c.scalar(there.with_for_update()) is None:
        raise NotFound("There is no such article.")
    query = select(article_translation).where(_row.article_id == article_id, _row.language == language)
    row = (await c.execute(query)).mappings().first()
    if row is not None and expected is not None and row["revision"] != expected:
        by = await access.actor_name(c, row["edited_by"])
        raise ChangedMeanwhile(version=row["revision"], by=by, at=row["edited_at"])
    return dict(row) if row is not None else None


async def _set(c: AsyncConnection, article_id: UUID, language: str, **values: Any) -> None:
    await c.execute(
        update(article_translation)
        .where(_row.article_id == article_id, _row.language == language)
        .values(**values, revision=_row.revision + 1)
    )


async def _touch(c: AsyncConnection, article_id: UUID) -> None:
    await c.execute(update(article).where(article.c.id == article_id).values(changed_at=func.now()))


async def _source_version(c: AsyncConnection, article_id: UUID) -> int:
    return int(await c.scalar(_SOURCE, {"id": article_id}) or 0)


async def _address(
    c: AsyncConnection, article_id: UUID, language: str, written: Text, before: dict[str, Any] | None
) -> str:
    if written.slug is not None:
        if await _taken(c, article_id, language, written.slug):
            raise Conflict("Another article has this address.", todo="Choose another one, or leave it out.")
        return written.slug
    if before is not None:
        return str(before["slug"])  # a title may change, links stay
    first = slug_of(written.title, str(article_id)[:8])
    for nth in range(1, _TRIES):
        slug = first if nth == 1 else another(first, nth)
        if not await _taken(c, article_id, language, slug):
            return slug
    return str(article_id)


async def _taken(c: AsyncConnection, article_id: UUID, language: str, slug: str) -> bool:
    query = select(_row.article_id).where(
        _row.language == language, _row.slug == slug, _row.article_id != article_id
    )
    return await c.scalar(query) is not None


async def _lead_on(c: AsyncConnection, article_id: UUID, language: str, old: str, new: str) -> None:
    """Have an old address lead to the article; one that is in use again leads nowhere else."""
    if old == new:
        return
    kept = on_conflict_insert(article_old_slug).values(language=language, slug=old, article_id=article_id)
    await c.execute(
        kept.on_conflict_do_update(
            index_elements=["language", "slug"], set_={"article_id": article_id, "created_at": func.now()}
        )
    )
    current = (article_old_slug.c.language == language) & (article_old_slug.c.slug == new)
    await c.execute(delete(article_old_slug).where(current))
