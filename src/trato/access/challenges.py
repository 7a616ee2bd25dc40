"""What a ceremony of several steps remembers between two requests: found by a random token, taken once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import tables
from trato.kit.ids import new_token, token_hash
from trato.kit.secret_box import SecretBox

Purpose = Literal["second-factor", "passkey-sign-in", "passkey-creation", "totp-set-up"]

LIFETIME = timedelta(minutes=10)
MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Challenge:
    """What was remembered."""

    user_id: UUID | None
    value: bytes


async def create(
    c: AsyncConnection,
    secrets: SecretBox,
    purpose: Purpose,
    *,
    user_id: UUID | None,
    value: bytes = b"",
    now: datetime,
) -> str:
    """Remember `value`, encrypted, for a few minutes; returns the token that finds it."""
    await c.execute(delete(tables.challenge).where(tables.challenge.c.expires_at <= now))
    token = new_token()
    await c.execute(
        insert(tables.challenge).values(
            token_hash=token_hash(token),
            user_id=user_id,
            purpose=purpose,
            value=secrets.seal(value),
            expires_at=now + LIFETIME,
        )
    )
    return token


async def attempt(
    c: AsyncConnection, secrets: SecretBox, purpose: Purpose, token: str, *, now: datetime
) -> Challenge | None:
    """Count one attempt and return what was remembered; None when it is over or was tried too often."""
    known = tables.challenge
    row = (
        await c.execute(
            update(known)
            .where(
                known.c.token_hash == token_hash(token),
                known.c.purpose == purpose,
                known.c.expires_at > now,
                known.c.attempts < MAX_ATTEMPTS,
            )
            .values(attempts=known.c.attempts + 1)
            .returning(known.c.user_id, known.c.value)
        )
    ).one_or_none()
    return None if row is None else Challenge(row.user_id, secrets.open(row.value))


async def take(
    c: AsyncConnection, secrets: SecretBox, purpose: Purpose, token: str, *, now: datetime
) -> Challenge | None:
    """Return what was remembered and forget it: of two requests at once, one gets it."""
    known = tables.challenge
    row = (
        await c.execute(
            delete(known)
            .where(
                known.c.token_hash == token_hash(token),
                known.c.purpose == purpose,
                known.c.expires_at > now,
            )
            .returning(known.c.user_id, known.c.value)
        )
    ).one_or_none()
    return None if row is None else Challenge(row.user_id, secrets.open(row.value))


async def take_of_user(
    c: AsyncConnection, secrets: SecretBox, purpose: Purpose, user_id: UUID, *, now: datetime
) -> Challenge | None:
    """Return and forget what was remembered for a user; there is one of a purpose at most."""
    known = tables.challenge
    rows = await c.execute(
        delete(known)
        .where(known.c.user_id == user_id, known.c.purpose == purpose, known.c.expires_at > now)
        .returning(known.c.value)
    )
    row = rows.first()
    return None if row is None else Challenge(user_id, secrets.open(row.value))


async def forget_of_user(c: AsyncConnection, purpose: Purpose, user_id: UUID) -> None:
    """Forget what was remembered for a user, before a ceremony starts anew."""
    known = tables.challenge
    await c.execute(delete(known).where(known.c.user_id == user_id, known.c.purpose == purpose))
