"""Databases for tests: one server per run, a migrated template, copies of it, and one that forgets."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from trato.db.engine import Database, dumps, plain_dsn, with_driver

KEEPER = Path(__file__).with_name("keeper.py")
# Thousands of databases of many small files come and go: in memory a copy takes 20 ms, on a busy disk 800 ms.
IN_MEMORY = Path("/dev/shm")
MEMORY_WANTED = 3 * 1024**3
START_LIMIT_S = 120


class TestServer:
    """This worker's hold on the run's server; the server ends when nobody holds it any more."""

    __test__ = False

    def __init__(self, run_id: str) -> None:
        self.folder = _place() / f"trato-tests-{os.getuid()}-{run_id}"
        self._users: IO[str] | None = None
        self.dsn = ""

    def join(self) -> None:
        self.folder.mkdir(mode=0o755, exist_ok=True)
        self._users = (self.folder / "users").open("a")
        fcntl.flock(self._users, fcntl.LOCK_SH)
        with (self.folder / "starting").open("a") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if not (self.folder / "keeper").exists():
                self._start_keeper()
        self._wait()

    def leave(self) -> None:
        if self._users is not None:
            self._users.close()

    def _start_keeper(self) -> None:
        with (self.folder / "keeper").open("ab") as output:
            subprocess.Popen(
                [sys.executable, str(KEEPER), str(self.folder)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                start_new_session=True,
            ).returncode = 0  # never waited for: it outlives this worker

    def _wait(self) -> None:
        deadline = time.monotonic() + START_LIMIT_S
        while not (self.folder / "dsn").exists():
            if (self.folder / "failure").exists():
                raise RuntimeError((self.folder / "failure").read_text())
            if time.monotonic() > deadline:
                message = f"no test database after {START_LIMIT_S} s, see {self.folder / 'keeper'}"
                raise TimeoutError(message)
            time.sleep(0.05)
        self.dsn = (self.folder / "dsn").read_text()

    @asynccontextmanager
    async def database(self, *, template: str | None = "trato_template") -> AsyncIterator[str]:
        """Give the URL of a new database, a copy of `template` (None: empty), dropped at the end."""
        name = f"test_{uuid.uuid4().hex[:16]}"
        admin = await asyncpg.connect(plain_dsn(self.dsn))
        try:
            copied = f" TEMPLATE {template} STRATEGY file_copy" if template else ""
            await admin.execute(f"CREATE DATABASE {name}{copied}")
            yield self.dsn.replace("/trato?", f"/{name}?")
        finally:
            await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            await admin.close()


def _place() -> Path:
    """Return where the run's server stands: in memory where there is room for it, for every worker alike."""
    disk = Path(tempfile.gettempdir())
    roomy = os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).total >= MEMORY_WANTED
    return IN_MEMORY if roomy else disk


class ForgettingDatabase(Database):
    """A database on ONE connection inside one outer transaction: what looks committed is a savepoint.

    One user at a time; for races, several connections or whole applications use `committing_db`.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection.engine)
        self.connection = connection

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        async with self.connection.begin_nested():
            yield self.connection

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        savepoint = await self.connection.begin_nested()
        try:
            yield self.connection
        finally:
            await savepoint.rollback()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        async with self.connect() as connection:
            yield connection

    async def call(self, sql: str, *args: Any) -> Any:
        async with self.connection.begin_nested():
            raw = await self.connection.get_raw_connection()
            assert raw.driver_connection is not None
            return await raw.driver_connection.fetchval(sql, *args)

    async def close(self) -> None:
        """Nothing to close: the fixture owns the connection."""


@asynccontextmanager
async def forgetting(dsn: str) -> AsyncIterator[ForgettingDatabase]:
    """Give a database whose every change is undone at the end."""
    engine = create_async_engine(with_driver(dsn), poolclass=NullPool, json_serializer=dumps)
    async with engine.connect() as connection, connection.begin() as outer:
        yield ForgettingDatabase(connection)
        await outer.rollback()
    await engine.dispose()
