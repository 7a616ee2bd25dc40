"""Old snapshot + events == new snapshot, under writers that commit late and clients that come and go."""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests.support import live_app
from tests.support.live_app import web
from tests.support.sse import Received, SseClient
from tests.support.until import until

from trato.db.engine import Database
from trato.db.wake import Wake
from trato.live import service

Things = dict[int, tuple[int, int]]  # id → version, value


async def make_things(db: Database, count: int = 20) -> None:
    async with db.begin() as c:
        await c.execute(text("CREATE TABLE thing (id int PRIMARY KEY, version int, value int)"))
        await c.execute(text("INSERT INTO thing SELECT n, 1, 0 FROM generate_series(1, :n) n"), {"n": count})


async def snapshot(db: Database) -> tuple[int, Things]:
    async with db.snapshot() as c:
        position = await service.position(c)
        await asyncio.sleep(0.005)  # whatever commits now belongs to neither or to both
        rows = await c.execute(text("SELECT id, version, value FROM thing"))
        return position, {id_: (version, value) for id_, version, value in rows}


async def writer(db: Database, wake: Wake, seed: int, rounds: int) -> None:
    """Change random things and log each change; commit late, at once, or never."""
    chance = random.Random(seed)
    for _ in range(rounds):
        with contextlib.suppress(LookupError):
            async with db.begin() as c:
                for thing in sorted(chance.sample(range(1, 21), chance.randint(1, 3))):
                    changed = await c.execute(
                        text(
                            "UPDATE thing SET version = version + 1, value = :v WHERE id = :id"
                            " RETURNING id, version, value"
                        ),
                        {"id": thing, "v": chance.randint(0, 10**6)},
                    )
                    await service.append(
                        c, "thing.changed", audience="staff", data={"thing": dict(changed.mappings().one())}
                    )
                    await asyncio.sleep(chance.choice([0, 0, 0.001]))
                await asyncio.sleep(chance.choice([0, 0, 0, 0.005, 0.05]))
                if chance.random() < 0.1:
                    raise LookupError
        if chance.random() < 0.8:  # a wake-up may be lost: the sweep makes up for it
            wake.ring(service.WAKE_TOPIC)


@dataclass
class Client:
    """Takes a snapshot, follows the log from it, and keeps what it knows by version."""

    db: Database
    ports: list[int]
    things: Things = field(default_factory=dict)
    start: int = 0
    positions: list[int] = field(default_factory=list)
    sse: SseClient | None = None

    async def run(self, *, delay_s: float, cut_seed: int) -> None:
        await asyncio.sleep(delay_s)
        self.start, self.things = await snapshot(self.db)
        self.sse = SseClient(self.ports, f"/staff?after={self.start}")
        cutting = asyncio.create_task(self._cut_at_random(random.Random(cut_seed)))
        try:
            await self.sse.follow(self._apply)
        finally:
            cutting.cancel()

    async def _cut_at_random(self, chance: random.Random) -> None:
        assert self.sse
        while True:
            await asyncio.sleep(chance.uniform(0, 0.3))
            self.sse.cut()

    def _apply(self, event: Received) -> None:
        assert event.id is not None
        assert event.kind == "thing.changed", event
        self.positions.append(event.id)
        thing = event.data["data"]["thing"]
        if thing["version"] >= self.things[thing["id"]][0]:
            self.things[thing["id"]] = (thing["version"], thing["value"])

    def check(self, last: int, expected: Things) -> None:
        assert set(self.positions) == set(range(self.start + 1, last + 1)), "a gap"
        assert self.things == expected


async def run_all(
    db: Database, dsn: str, ports: list[int], meanwhile: Any = None, *, rounds: int = 40
) -> None:
    wake = Wake(dsn)
    await wake.start()
    clients = [Client(db, [*ports[n % len(ports) :], *ports[: n % len(ports)]]) for n in range(6)]
    running = [
        asyncio.create_task(client.run(delay_s=n * 0.15, cut_seed=n)) for n, client in enumerate(clients)
    ]
    try:
        jobs = [writer(db, wake, seed, rounds) for seed in range(5)]
        await asyncio.gather(*jobs, *([meanwhile] if meanwhile else []))
        last = await service.sequence(db)
        _, expected = await snapshot(db)
        for client in clients:
            await until(
                lambda client=client: client.start + len(set(client.positions)) >= last,  # type: ignore[misc]
                "every event at every client",
            )
            client.check(last, expected)
        assert last > 200
        assert sum(client.sse.connected for client in clients if client.sse) > 12, "clients came back"
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await wake.close()


async def test_snapshot_and_events_make_the_next_snapshot(committing_db: Database, fresh_dsn: str) -> None:
    await make_things(committing_db)
    async with web(fresh_dsn) as (_, port), web(fresh_dsn) as (_, other):
        await run_all(committing_db, fresh_dsn, [port, other])


@contextmanager
def web_process(dsn: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    root = Path(live_app.__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.live_app"],
        env=os.environ | {"TEST_DSN": dsn, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        yield process, int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


@pytest.mark.alone  # its limit is of seconds
@pytest.mark.slow
async def test_two_web_processes_one_of_which_is_killed(committing_db: Database, fresh_dsn: str) -> None:
    await make_things(committing_db)
    with web_process(fresh_dsn) as (first, port), web_process(fresh_dsn) as (second, other):

        async def kill_one() -> None:
            await asyncio.sleep(1)
            first.kill()

        await run_all(committing_db, fresh_dsn, [port, other], kill_one(), rounds=60)

        staying = asyncio.create_task(SseClient([other], "/staff").follow())
        await asyncio.sleep(0.3)
        second.send_signal(signal.SIGTERM)
        began = time.monotonic()
        await asyncio.to_thread(second.wait, 5)
        assert time.monotonic() - began < 3
        staying.cancel()
