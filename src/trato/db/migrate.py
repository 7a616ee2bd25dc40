"""Migrations: the schema by Alembic, then the SQL functions, made anew each time they changed."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from trato.db.engine import plain_dsn, with_driver
from trato.db.schema import EXTENSIONS, all_functions
from trato.kit.errors import Conflict, Unavailable

LOCK_ID = 7_206_146  # one migration at a time, whoever starts it
LOCK_TIMEOUT_MS = 10_000
CONNECT_LIMIT_S = 10.0
OLDEST_POSTGRES = 15


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


async def check_server(dsn: str) -> None:
    """Return when the server answers; raises what the driver says otherwise, `Conflict` for an old one."""
    connection = await asyncpg.connect(plain_dsn(dsn), timeout=CONNECT_LIMIT_S)
    try:
        version = connection.get_server_version().major
    finally:
        await connection.close()
    if version < OLDEST_POSTGRES:
        raise Conflict(
            f"The database server is PostgreSQL {version}.",
            todo=f"Upgrade it to PostgreSQL {OLDEST_POSTGRES} or newer.",
        )


async def current(dsn: str) -> str | None:
    """Return the revision of a database, None for an empty one."""
    engine = create_async_engine(with_driver(dsn))
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_current)
    finally:
        await engine.dispose()


async def check(dsn: str) -> None:
    """Raise `Conflict` with the mend unless the database has this code's schema and functions."""
    engine = create_async_engine(with_driver(dsn))
    try:
        async with engine.connect() as connection:
            found = await connection.run_sync(_current)
            if found is None:
                raise Conflict("The database is empty.", todo="Start `trato up` once, or restore a backup.")
            if not knows(found):
                raise Conflict(
                    f"The database ({found}) belongs to a newer version of Trato.", todo="Start that version."
                )
            if found != head() or await _digest(connection) != digest_of(all_functions()):
                raise Conflict(
                    f"The database ({found}) is not of this version of Trato.",
                    todo="Run one version on every machine; `trato up` brings the database to its own.",
                )
    finally:
        await engine.dispose()


def digest_of(sources: Sequence[str]) -> str:
    """Return what tells one version of the SQL functions from another."""
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()


async def _digest(connection: AsyncConnection) -> str | None:
    if not await connection.scalar(text("SELECT to_regclass('sql_functions') IS NOT NULL")):
        return None
    found: str | None = await connection.scalar(text("SELECT digest FROM sql_functions"))
    return found


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
    _extend(connection)
    command.upgrade(config(connection), "head")
    return before != _current(connection)


def _extend(connection: Connection) -> None:
    """Add the extensions that the tables need; raises `Unavailable` when the role may not."""
    present = set(connection.execute(text("SELECT extname FROM pg_extension")).scalars())
    for name in EXTENSIONS:
        if name in present:
            continue
        try:
            connection.execute(text(f"CREATE EXTENSION {name}"))
        except DBAPIError as error:
            raise Unavailable(
                "The database has no extension {name}, and this role may not add it.",
                todo="Have its owner run: CREATE EXTENSION {name};",
                values={"name": name},
            ) from error


async def _functions(connection: AsyncConnection) -> None:
    """Make the SQL functions anew when one of them changed; each file is run as it stands."""
    sources = all_functions()
    digest = digest_of(sources)
    await connection.execute(text("CREATE TABLE IF NOT EXISTS sql_functions (digest text PRIMARY KEY)"))
    if await _digest(connection) == digest:
        return
    raw = await connection.get_raw_connection()
    for source in sources:
        await raw.driver_connection.execute(source)  # type: ignore[union-attr]
    await connection.execute(text("DELETE FROM sql_functions"))
    await connection.execute(text("INSERT INTO sql_functions VALUES (:digest)"), {"digest": digest})
