"""The picture that agents give of themselves: customers see who is there, and who answers them."""

import hashlib
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.tables import agent, portrait
from trato.decide import pictures
from trato.kit.errors import Invalid, NotFound, TooLarge

PORTRAITS: Final = "/look/people"


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with nothing but what draws it; its digest names it in an address that may be kept for ever."""

    png: bytes
    digest: str


def checked(data: bytes, field: str) -> Picture:
    """Return a picture that may be shown to anybody; raises `Invalid` or `TooLarge` with what to do."""
    try:
        png = pictures.cleaned(data)
    except pictures.TooBig as error:
        raise TooLarge(
            "The picture is larger than {kilobytes} kB or {pixels} pixels.",
            todo="Send a smaller picture.",
            values={"kilobytes": pictures.MAX_BYTES // 1_000, "pixels": pictures.MAX_SIDE_PX},
        ) from error
    except pictures.NoPicture as error:
        raise Invalid(
            "This is not a PNG picture that can be shown.",
            todo="Send a PNG file that an ordinary program shows.",
            field=field,
        ) from error
    return Picture(png, hashlib.sha256(png).hexdigest()[:32])


def path(digest: str | None) -> str | None:
    """Return where a portrait is on this server."""
    return f"{PORTRAITS}/{digest}.png" if digest else None


async def put(c: AsyncConnection, agent_id: UUID, data: bytes | None) -> None:
    """Keep the picture of an agent, None for none; one that nobody wears any more is forgotten."""
    digest = None
    if data is not None:
        given = checked(data, "picture")
        digest = given.digest
        await c.execute(insert(portrait).values(digest=digest, picture=given.png).on_conflict_do_nothing())
    await c.execute(update(agent).where(agent.c.id == agent_id).values(portrait=digest))
    worn = exists().where(agent.c.portrait == portrait.c.digest)
    await c.execute(delete(portrait).where(~worn))


async def picture(c: AsyncConnection, digest: str) -> bytes:
    """Return a portrait by its digest; raises `NotFound`."""
    found: bytes | None = await c.scalar(select(portrait.c.picture).where(portrait.c.digest == digest))
    if found is None:
        raise NotFound("There is no such picture.")
    return found
