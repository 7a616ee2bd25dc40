"""One-time links: invitations, password resets and the first administrator; only their hash is stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import tables
from trato.access.errors import LinkSpent
from trato.kit.ids import new_token, token_hash

Purpose = Literal["invitation", "reset", "set-up"]

LIFETIMES: dict[Purpose, timedelta] = {
    "invitation": timedelta(days=7),
    "reset": timedelta(hours=1),
    "set-up": timedelta(days=7),
}


@dataclass(frozen=True, slots=True)
class Link:
    """What a valid link is for."""

    purpose: Purpose
    user_id: UUID | None


async def create(c: AsyncConnection, purpose: Purpose, user_id: UUID | None, *, now: datetime) -> str:
    """Make a link's token; those given before for the same purpose and user stop working."""
    await revoke(c, purpose, user_id, now=now)
    token = new_token()
    await c.execute(
        insert(tables.one_time_link).values(
            token_hash=token_hash(token),
            purpose=purpose,
            user_id=user_id,
            expires_at=now + LIFETIMES[purpose],
        )
    )
    return token


async def look(c: AsyncConnection, token: str, *, now: datetime) -> Link:
    """Return what a link is for without using it; raises `LinkSpent`."""
    link = tables.one_time_link
    row = (
        await c.execute(
            select(link.c.purpose, link.c.user_id).where(
                link.c.token_hash == token_hash(token), link.c.used_at.is_(None), link.c.expires_at > now
            )
        )
    ).one_or_none()
    if row is None:
        raise LinkSpent
    return Link(row.purpose, row.user_id)


async def use(c: AsyncConnection, token: str, purpose: Purpose, *, now: datetime) -> Link:
    """Take the link, once: of two requests at the same moment one gets it. Raises `LinkSpent`."""
    link = tables.one_time_link
    row = (
        await c.execute(
            update(link)
            .where(
                link.c.token_hash == token_hash(token),
                link.c.purpose == purpose,
                link.c.used_at.is_(None),
                link.c.expires_at > now,
            )
            .values(used_at=now)
            .returning(link.c.purpose, link.c.user_id)
        )
    ).one_or_none()
    if row is None:
        raise LinkSpent
    return Link(row.purpose, row.user_id)


async def revoke(c: AsyncConnection, purpose: Purpose, user_id: UUID | None, *, now: datetime) -> None:
    """Make the unused links of a purpose and user stop working."""
    link = tables.one_time_link
    await c.execute(
        update(link)
        .where(
            link.c.purpose == purpose,
            link.c.user_id.is_not_distinct_from(user_id),
            link.c.used_at.is_(None),
        )
        .values(used_at=now)
    )


def url(public_url: str, token: str) -> str:
    """Return the page of a link; the token stands after `#`, so that no server or proxy logs it."""
    return f"{public_url.rstrip('/')}/link#{token}"
