"""Databases for every kind of test that wants one; nothing starts until a test asks."""

import asyncio
import os
import shutil
import tempfile
import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.support.postgres import ForgettingDatabase, TestServer, forgetting

from trato.db.engine import Database

# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("trato", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("trato")


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder for whole installations, with a short path and open to the user who runs PostgreSQL.

    Under pytest's own 0700 folder an embedded cluster would be put elsewhere and stay there.
    """
    path = Path(tempfile.mkdtemp(prefix="trato-"))
    path.chmod(0o755)
    yield path
    for link in path.rglob("postgres"):
        if link.is_symlink():
            shutil.rmtree(link.resolve(), ignore_errors=True)
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def server() -> Iterator[TestServer]:
    """The run's PostgreSQL server, shared by all xdist workers."""
    joined = TestServer(os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex)
    try:
        joined.join()
        yield joined
    finally:
        joined.leave()


@pytest.fixture(scope="session")
def worker_dsn(server: TestServer) -> Iterator[str]:
    """A migrated database for this worker's tests that roll back."""
    ready, done = threading.Event(), threading.Event()
    found: list[str] = []

    async def hold() -> None:
        async with server.database() as dsn:
            found.append(dsn)
            ready.set()
            await asyncio.to_thread(done.wait)

    def run() -> None:
        try:
            asyncio.run(hold())
        finally:
            ready.set()

    # A thread of its own: the loops of the tests come and go.
    holder = threading.Thread(target=run)
    holder.start()
    ready.wait()
    try:
        yield found[0]
    finally:
        done.set()
        holder.join()


@pytest.fixture
async def db(worker_dsn: str) -> AsyncIterator[ForgettingDatabase]:
    """A migrated database on one connection, rolled back after the test."""
    async with forgetting(worker_dsn) as database:
        yield database


@pytest.fixture
async def connection(db: ForgettingDatabase) -> AsyncConnection:
    """The connection of `db`, for services that are given one."""
    return db.connection


@pytest.fixture
async def fresh_dsn(server: TestServer) -> AsyncIterator[str]:
    """The URL of a migrated database of this test's own, for whole processes."""
    async with server.database() as dsn:
        yield dsn


@pytest.fixture
async def committing_db(fresh_dsn: str) -> AsyncIterator[Database]:
    """A migrated database of this test's own that really commits, for races."""
    database = Database.open(fresh_dsn)
    yield database
    await database.close()


@pytest.fixture
async def empty_dsn(server: TestServer) -> AsyncIterator[str]:
    """The URL of a database without a single table."""
    async with server.database(template=None) as dsn:
        yield dsn
