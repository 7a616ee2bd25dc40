"""Macros: kept, found in the contact's language, filled; and the guard against texts that are canned."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations import labels
from trato.conversations.queries import get_conversation
from trato.decide.placeholders import fill, places
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.live import versions
from trato.macros import known
from trato.macros.tables import macro

_CANNED = text("SELECT name FROM macro WHERE digests @> ARRAY[:digest] AND removed_at IS NULL LIMIT 1")


async def every(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return the macros by name."""
    query = select(macro).where(macro.c.removed_at.is_(None)).order_by(func.lower(macro.c.name))
    return [dict(row) for row in (await c.execute(query)).mappings()]


async def get(c: AsyncConnection, macro_id: UUID) -> dict[str, Any]:
    """Return a macro; raises `NotFound`."""
    row = (
        (await c.execute(select(macro).where(macro.c.id == macro_id, macro.c.removed_at.is_(None))))
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound("There is no such macro.")
    return dict(row)


async def create(c: AsyncConnection, values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a new macro; raises `Conflict` for a name that is taken, `Invalid` for what it names."""
    await _check(c, values)
    return await _written(c, insert(macro).values(id=new_id(), **_columns(values)).returning(macro))


async def change(
    c: AsyncConnection, macro_id: UUID, values: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """Change a macro; what is left out stays. Raises `NotFound`, `Conflict`, `Invalid`."""
    await versions.check(c, macro, macro_id, expected, action="macro.changed")
    await get(c, macro_id)
    await _check(c, values)
    query = update(macro).where(macro.c.id == macro_id).returning(macro)
    return await _written(c, query.values(**_columns(values), version=macro.c.version + 1))


async def _written(c: AsyncConnection, query: Any) -> dict[str, Any]:
    try:
        async with c.begin_nested():
            return dict((await c.execute(query)).mappings().one())
    except IntegrityError as error:
        raise Conflict("There is a macro of this name.", todo="Choose another name.") from error


async def _check(c: AsyncConnection, values: Mapping[str, Any]) -> None:
    for tag_id in values.get("tag_ids", ()):
        await labels.get_tag(c, UUID(str(tag_id)))
    await labels.check_disposition(c, values.get("disposition"))


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    if "texts" not in values:
        return dict(values)
    plain = [digest(one) for one in values["texts"].values() if not places(one)]
    return {**values, "digests": plain}


async def remove(c: AsyncConnection, macro_id: UUID) -> None:
    """Take a macro out of use; raises `NotFound`."""
    await get(c, macro_id)
    await c.execute(update(macro).where(macro.c.id == macro_id).values(removed_at=func.now()))


async def use(
    c: AsyncConnection, macro_id: UUID, conversation_id: UUID, *, agent_name: str, actor: str
) -> dict[str, Any]:
    """Return a macro's text with what is known of a conversation, and give the conversation its tags.

    Its disposition is offered when the work ends. The text is that of the contact's language, else the
    brand's, else any. Raises `NotFound`.
    """
    await get_conversation(c, conversation_id)
    found = await fill_for(c, macro_id, conversation_id, agent_name=agent_name)
    for tag_id in found.tag_ids:
        await labels.give(c, "conversation", conversation_id, tag_id, actor=actor)
    if found.disposition:
        await labels.offer_disposition(c, conversation_id, found.disposition)
    return {
        "text": found.text,
        "language": found.language,
        "unfilled": list(found.unfilled),
        "disposition": found.disposition,
    }


@dataclass(frozen=True, slots=True)
class FilledMacro:
    """A macro's text with what is known of a conversation, and what goes with it."""

    text: str
    language: str
    unfilled: Sequence[str]
    tag_ids: Sequence[UUID]
    disposition: str | None


async def fill_for(
    c: AsyncConnection, macro_id: UUID, conversation_id: UUID, *, agent_name: str = ""
) -> FilledMacro:
    """Return a macro filled for a conversation; writes nothing. Raises `NotFound`."""

    async def ask(language: str | None) -> known.Known:
        return await known.of_conversation(c, conversation_id, agent_name=agent_name, language=language)

    return await _filled(c, macro_id, ask)


async def fill_before(
    c: AsyncConnection,
    macro_id: UUID,
    *,
    brand_id: UUID,
    contact_id: UUID | None,
    case_id: UUID | None,
    agent_name: str = "",
) -> FilledMacro:
    """Return a macro filled for who is written to first; writes nothing. Raises `NotFound`."""

    async def ask(language: str | None) -> known.Known:
        return await known.before(c, brand_id, contact_id, case_id, agent_name=agent_name, language=language)

    return await _filled(c, macro_id, ask)


async def _filled(
    c: AsyncConnection, macro_id: UUID, ask: Callable[[str | None], Awaitable[known.Known]]
) -> FilledMacro:
    found = await get(c, macro_id)
    texts: Mapping[str, str] = found["texts"]
    spoken = (await ask(None)).language[:2]
    language = next((one for one in (spoken, "es", *texts) if one in texts), "es")
    filled = fill(texts[language], (await ask(language)).values)
    tag_ids = [UUID(one) for one in found["tag_ids"]]
    return FilledMacro(filled.text, language, filled.unfilled, tag_ids, found["disposition"])


async def check_adapted(c: AsyncConnection, body: str) -> None:
    """Raise `Invalid` for a text to a contact that has places to fill, or is a macro's as it stands."""
    if missing := places(body):
        raise Invalid(
            "{place} is still to be filled in.",
            todo="Write what belongs there, or take it out.",
            field="text",
            values={"place": "{{" + missing[0] + "}}"},
        )
    name = await c.scalar(_CANNED, {"digest": digest(body)})
    if name is not None:
        raise Invalid(
            "This is the macro “{name}” as it stands.",
            todo="Add what concerns this person's matter.",
            field="text",
            values={"name": name},
        )


def digest(body: str) -> str:
    """Return by what a text is known again, whatever its capitals, blanks and ends of lines."""
    return hashlib.sha256(" ".join(body.casefold().split()).encode()).hexdigest()
