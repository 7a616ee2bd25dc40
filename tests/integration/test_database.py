"""What the databases of the tests promise to the tests, and the engine to everybody."""

import asyncio

import pytest
from sqlalchemy import text
from tests.support.postgres import ForgettingDatabase

from trato.db import migrate
from trato.db.engine import Database

INSERT = text(
    "INSERT INTO event_position (one, last) VALUES (1, 41) ON CONFLICT (one) DO UPDATE SET last = 41"
)


async def last(db: Database) -> int | None:
    async with db.connect() as c:
        found: int | None = await c.scalar(text("SELECT last FROM event_position"))
        return found


@pytest.mark.parametrize("time", [1, 2])
async def test_what_a_test_writes_is_forgotten(db: ForgettingDatabase, time) -> None:
    before = await last(db)
    async with db.begin() as c:
        await c.execute(INSERT)
    assert before != 41, f"run {time} sees an earlier one"
    assert await last(db) == 41
    assert await db.call("SELECT last FROM event_position WHERE last > $1", 40) == 41


async def test_a_failed_transaction_leaves_nothing(db: ForgettingDatabase) -> None:
    async def fail() -> None:
        async with db.begin() as c:
            await c.execute(INSERT)
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await last(db) != 41


async def test_a_committing_database_commits_and_serves_many_at_once(committing_db: Database) -> None:
    async with committing_db.begin() as c:
        await c.execute(INSERT)
    assert await asyncio.gather(*(last(committing_db) for _ in range(8))) == [41] * 8


async def test_connections_that_died_in_the_pool_are_not_lent_again(committing_db: Database) -> None:
    held = await asyncio.gather(
        *(committing_db.call("SELECT pg_backend_pid(), pg_sleep(0.2)") for _ in range(4))
    )
    assert len(set(held)) == 4
    async with committing_db.connect() as c:
        others = "FROM pg_stat_activity WHERE pid = ANY(:held) AND pid <> pg_backend_pid()"
        await c.execute(text(f"SELECT pg_terminate_backend(pid) {others}"), {"held": held})
        while await c.scalar(text(f"SELECT count(pg_stat_clear_snapshot()) {others}"), {"held": held}):
            pass
    assert await asyncio.gather(*(committing_db.call("SELECT 1") for _ in range(4))) == [1] * 4


async def test_an_empty_database_is_brought_to_this_version_once(empty_dsn: str) -> None:
    assert await migrate.current(empty_dsn) is None
    assert await migrate.upgrade(empty_dsn) is True
    assert await migrate.upgrade(empty_dsn) is False
    assert await migrate.current(empty_dsn) == migrate.head()
