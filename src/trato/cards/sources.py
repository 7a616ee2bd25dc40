"""The sources of cards: registered by an administrator, each with a secret that is shown once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.cards.tables import card_answer, card_source
from trato.kit.errors import Conflict, Invalid, NotFound, TooLarge
from trato.kit.ids import new_id
from trato.kit.secret_box import SecretBox
from trato.live import versions
from trato.webhooks import signing
from trato.webhooks.target import check_url

MAX_SOURCES: Final = 20
_SHOWN: Final = tuple(one for one in card_source.c if one.name != "secret")
_ORDER: Final = (card_source.c.position, card_source.c.key)


async def every(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return all sources in their order, without their secrets."""
    return [dict(row) for row in (await c.execute(select(*_SHOWN).order_by(*_ORDER))).mappings()]


async def shown_in(c: AsyncConnection, brand_id: UUID, channel: str) -> list[dict[str, Any]]:
    """Return the sources whose card stands beside a conversation of a brand on a channel."""
    return [
        one
        for one in await every(c)
        if one["active"]
        and (not one["brands"] or brand_id in one["brands"])
        and (not one["channels"] or channel in one["channels"])
    ]


async def get(c: AsyncConnection, key: str) -> dict[str, Any]:
    """Return a source by its key, without its secret; raises `NotFound`."""
    row = (await c.execute(select(*_SHOWN).where(card_source.c.key == key))).mappings().first()
    if row is None:
        raise NotFound("There is no such source of cards.")
    return dict(row)


async def secret_of(c: AsyncConnection, secrets: SecretBox, source_id: UUID) -> str:
    """Return a source's secret, to sign with."""
    sealed = await c.scalar(select(card_source.c.secret).where(card_source.c.id == source_id))
    return secrets.open(sealed or b"").decode()


async def make(
    c: AsyncConnection, secrets: SecretBox, values: Mapping[str, Any]
) -> tuple[dict[str, Any], str]:
    """Register a source; return it and its secret, which is shown this once.

    Raises `Conflict` for a key that is taken, `Invalid` for a URL that leads nowhere.
    """
    kept = dict(values)
    _check(kept)
    count, last = (await c.execute(select(func.count(), func.max(card_source.c.position)))).one()
    if count >= MAX_SOURCES:
        raise TooLarge("There are too many sources of cards already.", todo="Remove one first.")
    if kept.get("position") is None:
        kept["position"] = (last or 0) + 1
    secret = signing.new_secret()
    try:
        async with c.begin_nested():
            await c.execute(
                insert(card_source).values(id=new_id(), **kept, secret=secrets.seal(secret.encode()))
            )
    except IntegrityError as error:
        raise Conflict("There is a source with this key.", todo="Choose another key.") from error
    return await get(c, kept["key"]), secret


async def change(
    c: AsyncConnection, key: str, changes: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """Change a source; what is left out stays. What it answered before is forgotten.

    Raises `NotFound`, `Invalid`, `ChangedMeanwhile`.
    """
    before = await get(c, key)
    await versions.check(c, card_source, before["id"], expected, action="card_source.changed")
    _check({**before, **changes})
    await c.execute(
        update(card_source)
        .where(card_source.c.id == before["id"])
        .values(**changes, version=card_source.c.version + 1)
    )
    await c.execute(delete(card_answer).where(card_answer.c.source_id == before["id"]))
    return await get(c, key)


async def new_secret(c: AsyncConnection, secrets: SecretBox, key: str) -> tuple[dict[str, Any], str]:
    """Give a source another secret, shown this once; the one before is worth nothing from now on."""
    before = await get(c, key)
    secret = signing.new_secret()
    await c.execute(
        update(card_source)
        .where(card_source.c.id == before["id"])
        .values(secret=secrets.seal(secret.encode()), version=card_source.c.version + 1)
    )
    return await get(c, key), secret


async def remove(c: AsyncConnection, key: str) -> dict[str, Any]:
    """Remove a source, its secret and what it answered; raises `NotFound`."""
    before = await get(c, key)
    await c.execute(delete(card_source).where(card_source.c.id == before["id"]))
    return before


def _check(values: Mapping[str, Any]) -> None:
    check_url(values["url"], allow_private=True)  # only administrators write it: decision 0019
    sends: Sequence[str] = values["sends"]
    if "facts" in sends and not values["facts"]:
        raise Invalid(
            "Which facts may the source be told?", todo="Name them, such as order number.", field="facts"
        )
