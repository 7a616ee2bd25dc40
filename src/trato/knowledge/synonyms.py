"""Words that mean the same: kept in groups, read by the search of every process within a second."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.errors import Conflict, NotFound
from trato.kit.ids import new_id
from trato.knowledge.tables import synonym_group
from trato.live import versions

MOST: Final = 500

_row = synonym_group.c


async def every(c: AsyncConnection, language: str | None = None) -> list[dict[str, Any]]:
    """Return the groups of a language and those of all languages, by their first word."""
    query = select(synonym_group).order_by(func.lower(_row.words[1]), _row.id)
    if language is not None:
        query = query.where((_row.language == language) | _row.language.is_(None))
    return [dict(row) for row in (await c.execute(query)).mappings()]


async def groups(c: AsyncConnection) -> dict[str, list[Sequence[str]]]:
    """Return the groups as the search takes them: by language, under "" those of all."""
    found: dict[str, list[Sequence[str]]] = {}
    for row in await c.execute(select(_row.language, _row.words).order_by(_row.id)):
        found.setdefault(row.language or "", []).append(row.words)
    return found


async def add(c: AsyncConnection, language: str | None, words: list[str], *, actor: str) -> dict[str, Any]:
    """Keep a group; raises `Conflict` when there are too many."""
    if int(await c.scalar(select(func.count()).select_from(synonym_group)) or 0) >= MOST:
        raise Conflict("There are too many groups of synonyms.", todo="Remove those that nobody needs.")
    group_id = new_id()
    values = {"language": language, "words": words, "made_by": actor}
    await c.execute(insert(synonym_group).values(id=group_id, **values))
    return await get(c, group_id)


async def change(
    c: AsyncConnection, group_id: UUID, values: dict[str, Any], *, actor: str, expected: int | None
) -> dict[str, Any]:
    """Change a group; what is left out stays. Raises `NotFound`, `Conflict`."""
    await versions.check(c, synonym_group, group_id, expected, action="synonyms.changed")
    await get(c, group_id)
    changed = {"made_by": actor, "version": _row.version + 1, "changed_at": func.now()}
    await c.execute(update(synonym_group).where(_row.id == group_id).values(**values, **changed))
    return await get(c, group_id)


async def remove(c: AsyncConnection, group_id: UUID) -> None:
    """Take a group away; raises `NotFound`."""
    if not (await c.execute(delete(synonym_group).where(_row.id == group_id))).rowcount:
        raise NotFound("There is no such group of synonyms.")


async def get(c: AsyncConnection, group_id: UUID) -> dict[str, Any]:
    """Return a group; raises `NotFound`."""
    row = (await c.execute(select(synonym_group).where(_row.id == group_id))).mappings().first()
    if row is None:
        raise NotFound("There is no such group of synonyms.")
    return dict(row)
