"""One database, one key: its fingerprint stands in the database, and another key is refused."""

from collections.abc import Callable
from pathlib import Path

import asyncpg
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from trato.db.engine import with_driver
from trato.db.tables import installation_key
from trato.kit.errors import Conflict, NotFound
from trato.kit.secret_box import SecretBox

_LOCK_ID = 7_206_147  # one process at a time decides which key it is


async def settle(dsn: str, given: SecretBox | None, file: Path) -> None:
    """Make sure that the key (`given`, or the one in `file`) is the one that the database was made with.

    The first process to come makes the key file when there is none, and notes the key. Later ones raise
    `NotFound` without a key, `Conflict` with another one: a new key is made for a new database only.
    """
    engine = create_async_engine(with_driver(dsn))
    try:
        async with engine.begin() as c:
            await c.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": _LOCK_ID})
            found = await _fingerprint(c)
            if found is None:
                box = given or SecretBox.load(file)
                await c.execute(insert(installation_key).values(fingerprint=box.fingerprint()))
            else:
                compare(found, lambda: given or SecretBox.read(file), file)
    finally:
        await engine.dispose()


async def _fingerprint(c: AsyncConnection) -> str | None:
    """Return the fingerprint of the key that the database was made with, None before the first start."""
    found: str | None = await c.scalar(select(installation_key.c.fingerprint))
    return found


async def noted(connection: "asyncpg.Connection[asyncpg.Record]") -> str | None:
    """Return the same on a bare connection, None also for a schema that does not know it yet."""
    if not await connection.fetchval("SELECT to_regclass('installation_key') IS NOT NULL"):
        return None
    found: str | None = await connection.fetchval("SELECT fingerprint FROM installation_key")
    return found


def compare(fingerprint: str, key: Callable[[], SecretBox], file: Path) -> None:
    """Raise `NotFound` or `Conflict` with the mend unless `key` gives the key of this fingerprint."""
    todo = (
        f"Copy secret.key from the machine or backup that has it to {file.absolute()}, or set "
        "TRATO_SECRET_KEY to its 64 hex digits."
    )
    try:
        box = key()
    except NotFound:
        raise NotFound("The key of this installation is not on this machine.", todo=todo) from None
    if box.fingerprint() != fingerprint:
        raise Conflict("The database was made with another key than the one of this machine.", todo=todo)
