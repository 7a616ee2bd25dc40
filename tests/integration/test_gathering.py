"""Calls that come at once share a commit, and none of them harms another."""

import asyncio
from collections import Counter
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from trato.db.engine import Database
from trato.db.gathering import IN_FLIGHT, Gathering

NOTE = """
    CREATE TYPE said AS (number integer, divisor integer);
    CREATE TABLE noted (number integer PRIMARY KEY, xid bigint NOT NULL);
    CREATE FUNCTION note(p said) RETURNS integer LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO noted VALUES (p.number, pg_current_xact_id()::text::bigint)
        ON CONFLICT (number) DO UPDATE SET xid = excluded.xid;
        RETURN p.number / p.divisor;
    END
    $$;
"""
MANY = 40


@pytest.fixture
async def gathering(committing_db: Database) -> Gathering:
    async with committing_db.begin() as c:
        raw = await c.get_raw_connection()
        driver: Any = raw.driver_connection
        await driver.execute(NOTE)
    return committing_db.gathering("note", "said")


async def noted(db: Database) -> dict[int, int]:
    async with db.connect() as c:
        return {row.number: row.xid for row in await c.execute(text("SELECT number, xid FROM noted"))}


async def test_many_at_once_are_answered_each_and_share_commits(
    committing_db: Database, gathering: Gathering
) -> None:
    assert await asyncio.gather(*(gathering.call((n, 1)) for n in range(MANY))) == [
        str(n) for n in range(MANY)
    ]
    found = await noted(committing_db)
    assert set(found) == set(range(MANY))
    assert len(set(found.values())) < MANY / 2
    assert max(Counter(found.values()).values()) > 1
    assert await gathering.call((99, 3)) == "33"


async def test_one_that_is_refused_harms_no_other(committing_db: Database, gathering: Gathering) -> None:
    calls = (gathering.call((n, "x" if n == 12 else int(n != 9))) for n in range(MANY))
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(answers[9], asyncpg.DivisionByZeroError)
    assert isinstance(answers[12], asyncpg.DataError | ValueError)
    assert [a for n, a in enumerate(answers) if n not in {9, 12}] == [
        str(n) for n in range(MANY) if n not in {9, 12}
    ]
    assert set(await noted(committing_db)) == set(range(MANY)) - {9, 12}


async def test_a_row_that_somebody_holds_keeps_only_its_own_call(
    committing_db: Database, gathering: Gathering
) -> None:
    await gathering.call((7, 1))
    async with committing_db.begin() as c:
        await c.execute(text("SELECT FROM noted WHERE number = 7 FOR UPDATE"))
        calls = [asyncio.create_task(gathering.call((n, 1))) for n in range(MANY)]
        await asyncio.wait([task for n, task in enumerate(calls) if n != 7], timeout=30)
        assert [n for n, task in enumerate(calls) if not task.done()] == [7]
    assert await calls[7] == "7"


async def test_a_broken_connection_is_told_to_everybody_and_nothing_is_tried_again(
    committing_db: Database, gathering: Gathering
) -> None:
    statements: list[str] = []

    async def cut_off(sql: str, *args: int) -> object:
        statements.append(sql)
        if "ARRAY" in sql:
            sql, args = "SELECT pg_terminate_backend(pg_backend_pid())", ()
        return await committing_db.call(sql, *args)

    gathering.run = cut_off
    answers = await asyncio.gather(
        *(gathering.call((n, 1)) for n in range(IN_FLIGHT + 3)), return_exceptions=True
    )
    assert len(statements) == IN_FLIGHT + 1
    assert answers[:IN_FLIGHT] == [str(n) for n in range(IN_FLIGHT)]
    lost = (asyncpg.AdminShutdownError, asyncpg.ConnectionDoesNotExistError)
    assert all(isinstance(answer, lost) for answer in answers[IN_FLIGHT:])


async def test_who_no_longer_waits_for_the_answer_disturbs_nobody(
    committing_db: Database, gathering: Gathering
) -> None:
    calls = [asyncio.create_task(gathering.call((n, 1))) for n in range(MANY)]
    await asyncio.sleep(0)
    for task in calls[IN_FLIGHT::2]:
        task.cancel()
    answers = await asyncio.gather(*calls, return_exceptions=True)
    kept = [n for n in range(MANY) if n < IN_FLIGHT or (n - IN_FLIGHT) % 2]
    assert [answers[n] for n in kept] == [str(n) for n in kept]
    assert set(kept) <= set(await noted(committing_db))
    assert await gathering.call((99, 3)) == "33"
