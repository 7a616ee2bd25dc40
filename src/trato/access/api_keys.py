"""API keys: `trato_<prefix>_<secret>`, shown once, found by their hash, bounded by who made them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import tables
from trato.access.roles import SCOPES
from trato.kit.errors import Invalid, NotFound
from trato.kit.ids import new_id, new_token, token_hash

PREFIX_BYTES = 6
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Found:
    """A key that may act now, and the user for whom it does."""

    id: UUID
    user_id: UUID
    agent_id: UUID | None
    role: str
    name: str
    language: str
    scopes: frozenset[str]


async def create(
    c: AsyncConnection,
    *,
    name: str,
    scopes: Sequence[str],
    created_by: UUID,
    expires_at: datetime | None,
    now: datetime,
) -> tuple[dict[str, Any], str]:
    """Make a key; returns its view and the key itself, which is never shown again."""
    unknown = sorted(set(scopes) - SCOPES.keys())
    if unknown or not scopes:
        raise Invalid("Choose at least one of the scopes that exist.", field="scopes")
    if expires_at is not None and expires_at <= now:
        raise Invalid("The end of a key lies in the future.", field="expires_at")
    prefix = new_token(PREFIX_BYTES).replace("_", "A").replace("-", "B")
    token = f"trato_{prefix}_{new_token()}"
    key = tables.api_key
    row = await c.execute(
        insert(key)
        .values(
            id=new_id(),
            name=name,
            prefix=prefix,
            token_hash=token_hash(token),
            scopes=sorted(set(scopes)),
            created_by=created_by,
            expires_at=expires_at,
        )
        .returning(key)
    )
    return view(row.one()), token


async def find(c: AsyncConnection, token: str, *, now: datetime) -> Found | None:
    """Return the key of a token when it may act: not revoked, not over, its maker still active.

    Read from the database each time: a revoked key stops with the next request.
    """
    key, user, agent = tables.api_key, tables.user, tables.agent
    row = (
        await c.execute(
            select(key, user.c.role, user.c.language, agent.c.id.label("agent_id"))
            .join(user, user.c.id == key.c.created_by)
            .outerjoin(agent, agent.c.user_id == user.c.id)
            .where(
                key.c.token_hash == token_hash(token),
                key.c.revoked_at.is_(None),
                or_(key.c.expires_at.is_(None), key.c.expires_at > now),
                user.c.active,
            )
        )
    ).one_or_none()
    if row is None:
        return None
    if row.last_used_at is None or row.last_used_at + SEEN_EVERY <= now:
        await c.execute(update(key).where(key.c.id == row.id).values(last_used_at=now))
    return Found(
        id=row.id,
        user_id=row.created_by,
        agent_id=row.agent_id,
        role=row.role,
        name=row.name,
        language=row.language,
        scopes=frozenset(row.scopes),
    )


async def alive(c: AsyncConnection, key_id: UUID, *, now: datetime) -> bool:
    """Say whether a key may still act: for streams that outlive the check at their start."""
    key, user = tables.api_key, tables.user
    found = await c.scalar(
        select(key.c.id)
        .join(user, user.c.id == key.c.created_by)
        .where(
            key.c.id == key_id,
            key.c.revoked_at.is_(None),
            or_(key.c.expires_at.is_(None), key.c.expires_at > now),
            user.c.active,
        )
    )
    return found is not None


async def every(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return the keys that are not revoked, the newest first."""
    key = tables.api_key
    rows = await c.execute(select(key).where(key.c.revoked_at.is_(None)).order_by(key.c.id.desc()))
    return [view(row) for row in rows]


async def revoke(c: AsyncConnection, key_id: UUID, *, now: datetime) -> UUID:
    """End a key for good and return who made it; raises `NotFound`."""
    key = tables.api_key
    maker = await c.scalar(
        update(key)
        .where(key.c.id == key_id, key.c.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(key.c.created_by)
    )
    if maker is None:
        raise NotFound("That key does not exist or was revoked.")
    return UUID(str(maker))


async def revoke_all(c: AsyncConnection, user_id: UUID, *, now: datetime) -> int:
    """End all keys that a user made; returns how many."""
    key = tables.api_key
    done = await c.execute(
        update(key).where(key.c.created_by == user_id, key.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return done.rowcount


def view(row: Any) -> dict[str, Any]:
    """Return what may be shown of a key."""
    return {
        "id": row.id,
        "name": row.name,
        "prefix": row.prefix,
        "scopes": list(row.scopes),
        "created_by": row.created_by,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "last_used_at": row.last_used_at,
    }
