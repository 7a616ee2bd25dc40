"""A database server that dies at any instant: every caller is told to come back, and nobody is misled."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.support.services import make_account, running_services
from tests.support.until import until

from trato.access import database
from trato.brands.service import AccountRecord
from trato.channel_sdk import Inbound, Party
from trato.db import migrate
from trato.db.edge import Services
from trato.db.embedded import EmbeddedPostgres
from trato.db.engine import Database
from trato.flow.listening import AccountSink
from trato.kit.errors import Unavailable
from trato.kit.processes import working_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

DEATHS = 25
WRITERS = 6


@pytest.fixture
async def server(reachable: Path) -> AsyncIterator[EmbeddedPostgres]:
    found = EmbeddedPostgres(reachable)
    await asyncio.to_thread(found.start)
    await migrate.upgrade(found.dsn)
    yield found
    await asyncio.to_thread(found.stop)


async def die_and_come_back(server: EmbeddedPostgres, folder: Path) -> None:
    for pid in working_in((folder / "postgres").resolve() / "data"):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    await until(lambda: not server.is_ready, "the server is dead")
    await until(lambda: _tended(server), "the server is back", within_s=60)
    server.tend()


def _tended(server: EmbeddedPostgres) -> bool:
    server.tend()
    return server.is_ready


class Writer:
    """Delivers one message after the other, each until it is durable, as a connector does."""

    def __init__(self, services: Services, account: AccountRecord, name: str) -> None:
        self.services = services
        self.sink = AccountSink(services, account, {}, {})
        self.name = name
        self.delivered: list[str] = []
        self.unknown: Counter[str] = Counter()

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            words = f"{self.name}.{len(self.delivered)}"
            await self.until_kept(words)
            self.delivered.append(words)

    async def until_kept(self, words: str) -> None:
        event = Inbound(
            provider_id=words,
            conversation_key=words,
            sender=Party("visitor", words),
            occurred_at=datetime.now(UTC),
            text=words,
        )
        while True:
            try:
                await self.sink.deliver(event)
                await self.read(words)
            except (Unavailable, OSError):
                await asyncio.sleep(0.01)
            except Exception as error:  # noqa: BLE001  counted, and told at the end
                self.unknown[repr(error)] += 1
                await asyncio.sleep(0.01)
            else:
                return

    async def read(self, words: str) -> None:
        """Do what requests do: statements in a transaction of SQLAlchemy's."""
        try:
            async with self.services.db.begin() as c:
                query = text("SELECT count(*) FROM message WHERE text = :words")
                assert await c.scalar(query, {"words": words}) == 1
        except database.KINDS as error:
            if isinstance(away := database.meaning(error), Unavailable):
                raise away from error
            raise


async def test_every_failure_says_come_back_and_nothing_is_taken_for_broken(
    server: EmbeddedPostgres, reachable: Path
) -> None:
    dice = random.Random()
    db = Database.open(server.dsn)
    async with running_services(db, server.dsn, reachable) as services:
        account = await make_account(services, "webchat", origins=["https://tienda.example"])
        stop = asyncio.Event()
        writers = [Writer(services, account, f"w{n}") for n in range(WRITERS)]
        running = [asyncio.create_task(writer.run(stop)) for writer in writers]
        for _ in range(DEATHS):
            await asyncio.sleep(dice.uniform(0.05, 0.4))
            await die_and_come_back(server, reachable)
        stop.set()
        await asyncio.gather(*running)

        assert sum((writer.unknown for writer in writers), Counter()) == Counter()
        async with db.connect() as c:
            kept = Counter((await c.execute(text("SELECT text FROM message"))).scalars())
            assert kept == Counter(words for writer in writers for words in writer.delivered)
            assert set((await c.execute(text("SELECT state FROM receipt"))).scalars()) == {"done"}
        await rings(services, server.dsn, reachable)
    await db.close()


async def rings(services: Services, dsn: str, folder: Path) -> None:
    """Wake-ups still reach another process after all of that."""
    heard = asyncio.Event()
    async with running_services(services.db, dsn, folder) as other:
        other.wake.hear("greeting", lambda _: heard.set())
        async with asyncio.timeout(20):
            while not heard.is_set():
                services.wake.say("greeting", "hello")
                await asyncio.sleep(0.05)
