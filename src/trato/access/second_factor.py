"""The second factor of a user: set up, proved by a code or a recovery code, taken away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import audit, challenges, queries, tables, totp
from trato.access.errors import CodeNotConfirmed
from trato.access.users import Author
from trato.kit.errors import Conflict
from trato.kit.secret_box import SecretBox


async def begin(
    c: AsyncConnection, secrets: SecretBox, user_id: UUID, *, issuer: str, now: datetime
) -> dict[str, str]:
    """Make a secret to be scanned; it counts only once a code of it was confirmed."""
    row = await queries.user_row(c, user_id)
    if row.totp_secret is not None:
        raise Conflict("A second factor is set already.", todo="Take it away before you set another.")
    await challenges.forget_of_user(c, "totp-set-up", user_id)
    secret = totp.new_secret()
    await challenges.create(c, secrets, "totp-set-up", user_id=user_id, value=secret.encode(), now=now)
    address = totp.uri(secret, email=row.email, issuer=issuer)
    return {"secret": secret, "uri": address, "svg": totp.qr_svg(address)}


async def confirm(
    c: AsyncConnection, secrets: SecretBox, author: Author, user_id: UUID, code: str, *, now: datetime
) -> Sequence[str]:
    """Set the second factor up with the first code of it; returns the recovery codes, shown once.

    A wrong code leaves the ceremony open (the caller's transaction is rolled back).
    """
    pending = await challenges.take_of_user(c, secrets, "totp-set-up", user_id, now=now)
    if pending is None:
        raise Conflict("The set-up of the second factor took too long.", todo="Start it again.")
    step = totp.matching_step(pending.value.decode(), code, now=now, last_step=None)
    if step is None:
        raise CodeNotConfirmed
    codes = totp.new_recovery_codes()
    await c.execute(
        update(tables.user)
        .where(tables.user.c.id == user_id)
        .values(
            totp_secret=secrets.seal(pending.value),
            totp_last_step=step,
            recovery_hashes=[totp.recovery_hash(code) for code in codes],
        )
    )
    await audit.record(c, author.actor, "totp.set_up", f"user:{user_id}", ip=author.ip)
    return codes


async def remove(c: AsyncConnection, author: Author, user_id: UUID) -> None:
    """Take the second factor and its recovery codes away."""
    await c.execute(
        update(tables.user)
        .where(tables.user.c.id == user_id)
        .values(totp_secret=None, totp_last_step=None, recovery_hashes=None)
    )
    await audit.record(c, author.actor, "totp.removed", f"user:{user_id}", ip=author.ip)


async def prove(
    c: AsyncConnection, secrets: SecretBox, row: Row[Any], code: str, *, ip: str | None, now: datetime
) -> bool:
    """Say whether a code proves the user; a code is used up, also when two requests bring it at once."""
    if row.totp_secret is None:
        return False
    step = totp.matching_step(
        secrets.open(row.totp_secret).decode(), code, now=now, last_step=row.totp_last_step
    )
    user = tables.user
    if step is not None:
        used = await c.execute(
            update(user)
            .where(user.c.id == row.id, or_(user.c.totp_last_step.is_(None), user.c.totp_last_step < step))
            .values(totp_last_step=step)
        )
        return used.rowcount == 1
    left = totp.without_recovery_code(row.recovery_hashes or [], code)
    if left is None:
        return False
    used = await c.execute(
        update(user)
        .where(user.c.id == row.id, user.c.recovery_hashes == row.recovery_hashes)
        .values(recovery_hashes=left)
    )
    if used.rowcount != 1:
        return False
    await audit.record(
        c, f"user:{row.id}", "recovery_code.used", f"user:{row.id}", {"remaining": len(left)}, ip
    )
    return True
