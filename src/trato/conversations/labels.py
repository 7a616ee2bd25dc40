"""Tags, which anybody may hang on a conversation or a case, and the list of dispositions."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Table, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as on_conflict_insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations.label_tables import case_tag, conversation_tag, disposition, tag
from trato.conversations.tables import interaction
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.live import service as live
from trato.live import versions

About = Literal["conversation", "case"]

_CONVERSATION = text("SELECT contact_id, id AS conversation_id, case_id FROM conversation WHERE id = :id")
_CASE = text(
    "SELECT contact_id, CAST(NULL AS uuid) AS conversation_id, id AS case_id FROM cases WHERE id = :id"
)


async def every_tag(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return the tags that may be given, by name."""
    query = select(tag).where(tag.c.removed_at.is_(None)).order_by(func.lower(tag.c.name))
    return [dict(row) for row in (await c.execute(query)).mappings()]


async def get_tag(c: AsyncConnection, tag_id: UUID) -> dict[str, Any]:
    """Return a tag that may be given; raises `NotFound`."""
    query = select(tag).where(tag.c.id == tag_id, tag.c.removed_at.is_(None))
    row = (await c.execute(query)).mappings().first()
    if row is None:
        raise NotFound("There is no such tag.")
    return dict(row)


async def create_tag(c: AsyncConnection, name: str) -> dict[str, Any]:
    """Add a tag; raises `Conflict` for a name that is taken, whatever its capitals."""
    return await _named(c, insert(tag).values(id=new_id(), name=name).returning(tag))


async def rename_tag(
    c: AsyncConnection, tag_id: UUID, name: str, *, expected: int | None = None
) -> dict[str, Any]:
    """Give a tag another name, everywhere; raises `NotFound` and `Conflict`."""
    await versions.check(c, tag, tag_id, expected, action="tag.changed")
    await get_tag(c, tag_id)
    query = update(tag).where(tag.c.id == tag_id).values(name=name, version=tag.c.version + 1).returning(tag)
    return await _named(c, query)


async def _named(c: AsyncConnection, query: Any) -> dict[str, Any]:
    try:
        async with c.begin_nested():
            return dict((await c.execute(query)).mappings().one())
    except IntegrityError as error:
        raise Conflict("There is a tag of this name.", todo="Use it, or choose another name.") from error


async def remove_tag(c: AsyncConnection, tag_id: UUID) -> None:
    """Give a tag to nothing any more; what has it keeps it. Raises `NotFound`."""
    await get_tag(c, tag_id)
    await c.execute(update(tag).where(tag.c.id == tag_id).values(removed_at=func.now()))


async def tags_of(c: AsyncConnection, about: About, row_id: UUID) -> list[dict[str, Any]]:
    """Return the tags of a conversation or a case, by name."""
    table, column = _where(about)
    query = (
        select(tag.c.id, tag.c.name)
        .join(table, table.c.tag_id == tag.c.id)
        .where(column == row_id)
        .order_by(func.lower(tag.c.name))
    )
    return [dict(row) for row in (await c.execute(query)).mappings()]


async def give(c: AsyncConnection, about: About, row_id: UUID, tag_id: UUID, *, actor: str) -> dict[str, Any]:
    """Hang a tag on a conversation or a case and return what it has then; raises `NotFound`."""
    await get_tag(c, tag_id)
    place = await _place(c, about, row_id)
    table, column = _where(about)
    query = (
        on_conflict_insert(table)
        .values({column.name: row_id, "tag_id": tag_id, "actor": actor})
        .on_conflict_do_nothing()
        .returning(table.c.tag_id)
    )
    changed = (await c.execute(query)).first() is not None
    return await _told(c, about, row_id, place, actor=actor, changed=changed)


async def take(c: AsyncConnection, about: About, row_id: UUID, tag_id: UUID, *, actor: str) -> dict[str, Any]:
    """Take a tag off a conversation or a case and return what is left; raises `NotFound`."""
    place = await _place(c, about, row_id)
    table, column = _where(about)
    query = delete(table).where(column == row_id, table.c.tag_id == tag_id).returning(table.c.tag_id)
    changed = (await c.execute(query)).first() is not None
    return await _told(c, about, row_id, place, actor=actor, changed=changed)


def _where(about: About) -> tuple[Table, Any]:
    if about == "case":
        return case_tag, case_tag.c.case_id
    return conversation_tag, conversation_tag.c.conversation_id


async def _place(c: AsyncConnection, about: About, row_id: UUID) -> Mapping[str, Any]:
    row = (await c.execute(_CASE if about == "case" else _CONVERSATION, {"id": row_id})).mappings().first()
    if row is None and about == "case":
        raise NotFound("There is no such case.")
    if row is None:
        raise NotFound("There is no such conversation.")
    return dict(row)


async def _told(
    c: AsyncConnection, about: About, row_id: UUID, place: Mapping[str, Any], *, actor: str, changed: bool
) -> dict[str, Any]:
    shown = [{"id": str(one["id"]), "name": one["name"]} for one in await tags_of(c, about, row_id)]
    tagged = {"about": about, "id": str(row_id), "tags": shown}
    if changed:
        data = {"tagged": tagged}
        await live.append(c, "tags.changed", audience="staff", actor=actor, **place, data=data)
    return tagged


async def dispositions(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return all dispositions in the order that was given to them, those out of use too."""
    query = select(disposition).order_by(disposition.c.position, disposition.c.code)
    return [dict(row) for row in (await c.execute(query)).mappings()]


async def create_disposition(c: AsyncConnection, values: Mapping[str, Any]) -> dict[str, Any]:
    """Add a disposition; raises `Conflict` for a code that is taken."""
    query = insert(disposition).values(id=new_id(), **values).returning(disposition)
    try:
        async with c.begin_nested():
            return dict((await c.execute(query)).mappings().one())
    except IntegrityError as error:
        raise Conflict("There is a disposition of this code.", todo="Choose another code.") from error


async def change_disposition(
    c: AsyncConnection, disposition_id: UUID, values: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """Change how a disposition is called, where it stands or whether it is in use; raises `NotFound`."""
    await versions.check(c, disposition, disposition_id, expected, action="disposition.changed")
    query = (
        update(disposition)
        .where(disposition.c.id == disposition_id)
        .values(**values, version=disposition.c.version + (1 if values else 0))
        .returning(disposition)
    )
    row = (await c.execute(query)).mappings().first()
    if row is None:
        raise NotFound("There is no such disposition.")
    return dict(row)


async def check_disposition(c: AsyncConnection, code: str | None) -> None:
    """Raise `Invalid` for a code that is not in the list; without a list in use any word will do."""
    if code is None:
        return
    query = select(disposition.c.code).where(disposition.c.active)
    known = list(await c.scalars(query))
    if known and code not in known:
        raise Invalid(
            "There is no disposition “{code}”.",
            todo="Choose one of the list.",
            field="disposition",
            values={"code": code[:60]},
        )


async def offer_disposition(c: AsyncConnection, conversation_id: UUID, code: str) -> None:
    """Note how the work that goes on in a conversation may end; who ends it says whether it is so."""
    going_on = interaction.c.conversation_id == conversation_id, interaction.c.state == "accepted"
    await c.execute(update(interaction).where(*going_on).values(disposition_offered=code))
