"""Sections of the help centre, in their order; an old address goes on leading to its section."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.errors import Conflict, NotFound
from trato.kit.ids import new_id
from trato.knowledge.slugs import slug_of
from trato.knowledge.tables import article, section
from trato.live import versions

_count = (
    select(func.count())
    .where(article.c.section_id == section.c.id, article.c.removed_at.is_(None))
    .correlate(section)
    .scalar_subquery()
    .label("articles")
)


async def every(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return the sections in their order."""
    query = select(section, _count).order_by(section.c.position, section.c.created_at, section.c.id)
    return [dict(row) for row in (await c.execute(query)).mappings()]


async def get(c: AsyncConnection, section_id: UUID) -> dict[str, Any]:
    """Return a section; raises `NotFound`."""
    row = (await c.execute(select(section, _count).where(section.c.id == section_id))).mappings().first()
    if row is None:
        raise NotFound("There is no such section.")
    return dict(row)


async def create(c: AsyncConnection, values: Mapping[str, Any]) -> dict[str, Any]:
    """Add a section; raises `Conflict` for an address or external id that is taken."""
    row_id = new_id()
    first = next(iter(values["names"].values()))
    slug = values.get("slug") or slug_of(first, str(row_id)[-8:])
    await _written(c, insert(section).values(id=row_id, **{**values, "slug": slug}))
    return await get(c, row_id)


async def change(
    c: AsyncConnection, section_id: UUID, values: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """Change a section; what is left out stays. Raises `NotFound`, `Conflict`."""
    await versions.check(c, section, section_id, expected, action="section.changed")
    before = await get(c, section_id)
    slug = values.get("slug", before["slug"])
    old = [one for one in before["old_slugs"] if one != slug]
    if slug != before["slug"]:
        old.append(before["slug"])
    await _written(
        c,
        update(section)
        .where(section.c.id == section_id)
        .values(**values, old_slugs=old, version=section.c.version + 1),
    )
    return await get(c, section_id)


async def remove(c: AsyncConnection, section_id: UUID) -> None:
    """Remove a section without articles; raises `NotFound`, `Conflict`."""
    found = await get(c, section_id)
    if found["articles"]:
        raise Conflict("The section has articles.", todo="Move them to another section first.")
    await c.execute(update(article).where(article.c.section_id == section_id).values(section_id=None))
    await c.execute(text("DELETE FROM section WHERE id = :id"), {"id": section_id})


async def named(c: AsyncConnection, name: str, language: str, external_id: str | None = None) -> UUID:
    """Return the section of this external id or name, made when there is none."""
    known = await c.scalar(
        text(
            "SELECT id FROM section WHERE external_id = :external_id"
            " OR lower(names ->> :language) = lower(:name)"
            " ORDER BY external_id IS NOT DISTINCT FROM :external_id DESC LIMIT 1"
        ),
        {"external_id": external_id, "language": language, "name": name},
    )
    if known is not None:
        return UUID(str(known))
    values = {"names": {language: name}, "external_id": external_id}
    slug = slug_of(name, "")
    taken = await c.scalar(select(section.c.id).where(section.c.slug == slug)) if slug else None
    if taken is not None:
        values["slug"] = f"{slug}-{str(new_id())[-4:]}"
    return UUID(str((await create(c, values))["id"]))


async def _written(c: AsyncConnection, query: Any) -> None:
    try:
        async with c.begin_nested():
            await c.execute(query)
    except IntegrityError as error:
        raise Conflict("Another section has this address.", todo="Choose another one.") from error
