"""Wake-ups come back by themselves, also to a process that has nothing to say."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import asyncpg
import pytest
from tests.support.until import until

from trato.db import wake as wakes
from trato.db.engine import plain_dsn
from trato.db.wake import Wake

LISTENING = (
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'trato wake' AND datname = current_database()"
)


@pytest.fixture
async def asked(fresh_dsn: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(plain_dsn(fresh_dsn))
    yield connection
    await connection.close()


async def listening(asked, number: int, *, but: frozenset[int] = frozenset()) -> frozenset[int]:
    """Wait until `number` wake connections stand that are not among `but`."""
    async with asyncio.timeout(20):
        while True:
            found = frozenset(row["pid"] for row in await asked.fetch(LISTENING)) - but
            if len(found) == number:
                return found
            await asyncio.sleep(0.05)


async def cut(asked, pids: frozenset[int]) -> None:
    for pid in pids:
        await asked.execute("SELECT pg_terminate_backend($1)", pid)


async def hears(heard: list[str], speaker: Wake, text: str) -> None:
    """Say something until it is heard: a connection that is there listens a moment later."""
    async with asyncio.timeout(20):
        while text not in heard:
            speaker.say("news", text)
            await asyncio.sleep(0.05)


async def test_an_idle_process_listens_again_after_its_connection_was_ended(fresh_dsn, asked) -> None:
    idle, speaker = Wake(fresh_dsn), Wake(fresh_dsn)
    heard: list[str] = []
    idle.hear("news", heard.append)
    await idle.start()
    first = await listening(asked, 1)
    await cut(asked, first)
    await listening(asked, 1, but=first)
    await speaker.start()
    await hears(heard, speaker, "back")
    await idle.close()
    await speaker.close()


@contextmanager
def silent(pids: frozenset[int]) -> Iterator[None]:
    """Stop server processes as a machine that hangs does: nothing is closed, nothing answers."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


async def test_what_could_not_be_said_is_said_on_the_next_connection(fresh_dsn, asked, monkeypatch) -> None:
    listener, speaker = Wake(fresh_dsn), Wake(fresh_dsn)
    heard: list[str] = []
    listener.hear("news", heard.append)
    await listener.start()
    theirs = await listening(asked, 1)
    await speaker.start()
    await hears(heard, speaker, "first")
    rung, stop = listener.subscribe("jobs")
    monkeypatch.setattr(wakes, "ANSWER_S", 0.3)
    with silent(await listening(asked, 1, but=theirs)):
        speaker.say("news", "second")
        speaker.ring("jobs")
        async with asyncio.timeout(20):
            await rung.wait()
        await until(lambda: "second" in heard, "what was said comes later")
    stop()
    await listener.close()
    await speaker.close()


async def test_a_connection_that_died_without_a_goodbye_is_found_by_asking(
    fresh_dsn, asked, monkeypatch
) -> None:
    monkeypatch.setattr(wakes, "STANDS_S", 0.1)
    monkeypatch.setattr(wakes, "ANSWER_S", 3)
    idle = Wake(fresh_dsn)
    await idle.start()
    first = await listening(asked, 1)
    with silent(first):
        await listening(asked, 1, but=first)
    await idle.close()
