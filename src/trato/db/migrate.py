"""Migrations: the schema by Alembic, then the SQL functions, made anew each time they changed."""

import hashlib
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from trato.db.engine import with_driver
from trato.db.schema import all_functions
from trato.kit.errors import Conflict

LOCK_ID = 7_206_146  # one migration at a time, whoever starts it
LOCK_TIMEOUT_MS = 10_000


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, over an open connection when given."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    found.attributes["connection"] = connection
    return found


def head() -> str:
    """Return the revision that this code expects."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def knows(revision: str) -> bool:
    """Say whether this code can bring a database from `revision` to its own."""
    script = ScriptDirectory.from_config(config())
    return revision in {known.revision for known in script.walk_revisions()}


async def current(dsn: str) -> str | None:
    """Return the revision of a database, None for an empty one."""
    engine = create_async_engine(with_driver(dsn))
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_current)
    finally:
        await engine.dispose()


async def upgrade(dsn: str) -> bool:
    """Bring a database to this code's revision; returns whether the schema changed.

    Raises `Conflict` when the database belongs to a newer version of Trato.
    """
    engine = create_async_engine(with_driver(dsn))
    try:
        async with engine.begin() as connection:
            changed = await connection.run_sync(_upgrade)
            await _functions(connection)
            return changed
    finally:
        await engine.dispose()


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> bool:
    connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": LOCK_ID})
    before = _current(connection)
    if before is not None and not knows(before):
        raise Conflict(
            "the database belongs to a newer version of Trato",
            todo="start that version, or restore a backup made by this one",
        )
    command.upgrade(config(connection), "head")
    return before != _current(connection)


async def _functions(connection: AsyncConnection) -> None:
    """Make the SQL functions anew when one of them changed; each file is run as it stands."""
    sources = all_functions()
    digest = hashlib.sha256("\0".join(sources).encode()).hexdigest()
    await connection.execute(text("CREATE TABLE IF NOT EXISTS sql_functions (digest text PRIMARY KEY)"))
    if await connection.scalar(text("SELECT digest FROM sql_functions")) == digest:
        return
    raw = await connection.get_raw_connection()
    for source in sources:
        await raw.driver_connection.execute(source)  # type: ignore[union-attr]
    await connection.execute(text("DELETE FROM sql_functions"))
    await connection.execute(text("INSERT INTO sql_functions VALUES (:digest)"), {"digest": digest})
