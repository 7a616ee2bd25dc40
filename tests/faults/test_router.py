"""The router among faults: killed, stopped, without a database, amid arrivals and releases at one instant."""

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.faults.test_dying_database import die_and_come_back
from tests.integration.routing.test_queues import add_queue, add_skill, serves
from tests.integration.routing.test_routers import (
    Process,
    epoch,
    nobody_stranded,
    nothing_broken,
    router_here,
    router_process,
    until,
)
from tests.support.contact_centre import Centre, add_agent, arrive, open_centre

from trato.db import migrate
from trato.db.embedded import EmbeddedPostgres
from trato.db.engine import FAILURES, Database
from trato.flow import assign

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

TAKEOVER_S = 3.0
STRANDED_S = 1.0
AT_ONCE = 8  # transactions that are open at the same time


async def prepare(db: Database, agents: int, capacity: int = 1) -> tuple[Centre, list[UUID]]:
    """Set up a queue whose contacts are assigned without asking, so that agents are as fast as the router."""
    async with db.begin() as c:
        centre = await open_centre(c)
        await serves(c, centre.account_id, await add_queue(c, auto_accept=True))
        return centre, [await add_agent(c, f"Agent {number}", capacity=capacity) for number in range(agents)]


async def close(db: Database, conversation: UUID) -> None:
    async with db.begin() as c:
        await c.execute(
            text("UPDATE conversation SET status = 'closed', waiting_since = NULL WHERE id = :id"),
            {"id": conversation},
        )
        await assign.end(c, conversation, reason="closed", actor="user:1")


async def held(db: Database) -> list[UUID]:
    found = await db.call("SELECT array_agg(conversation_id) FROM interaction WHERE state = 'accepted'")
    return found or []


async def seconds_until_served(db: Database) -> float:
    """Wait until nobody waits or nobody is free; return how long it took."""
    began = time.monotonic()

    async def served() -> bool:
        return bool(
            await db.call(
                "SELECT NOT EXISTS (SELECT FROM waiting WHERE offer_id IS NULL)"
                " OR NOT EXISTS (SELECT FROM presence WHERE state = 'available' AND load < capacity)"
            )
        )

    await until(served, "nobody waits beside somebody who is free")
    return time.monotonic() - began


@pytest.mark.alone  # its limits are of seconds
async def test_of_a_thousand_arrivals_and_releases_at_the_same_instant_nobody_is_stranded(
    fresh_dsn, committing_db
):
    """Each round opens its transactions side by side and commits them in every order, again and again."""
    centre, _ = await prepare(committing_db, agents=6)
    dice = random.Random(5)
    arrived = released = 0
    slowest_s = 0.0

    async def one(releases: UUID | None, ready: asyncio.Barrier, waits_s: float) -> None:
        async with committing_db.begin() as c:
            if releases is None:
                await arrive(c, centre)
            else:
                await c.execute(
                    text("UPDATE conversation SET status = 'closed', waiting_since = NULL WHERE id = :id"),
                    {"id": releases},
                )
                await assign.end(c, releases, reason="closed", actor="user:1")
            await ready.wait()  # all have written, none has committed
            await asyncio.sleep(waits_s)

    async with router_here(fresh_dsn, committing_db) as wake:
        await until(lambda: epoch(committing_db), "it leads")
        while arrived < 1_000:
            open_now = (await held(committing_db))[: AT_ONCE // 2 - 1]
            acts: list[UUID | None] = [*open_now, *([None] * (AT_ONCE - 2 - len(open_now)))]
            dice.shuffle(acts)
            ready = asyncio.Barrier(len(acts))
            await asyncio.gather(*(one(act, ready, dice.choice((0, 0, 0.002))) for act in acts))
            arrived += acts.count(None)
            released += len(open_now)
            if dice.random() < 0.5:  # otherwise the sweep finds it
                wake.ring("routing")
            slowest_s = max(slowest_s, await seconds_until_served(committing_db))
        while await held(committing_db):
            for conversation in await held(committing_db):
                await close(committing_db, conversation)
            wake.ring("routing")
            slowest_s = max(slowest_s, await seconds_until_served(committing_db))
        await nothing_broken(committing_db)
    assert await committing_db.call("SELECT count(*) FROM waiting") == 0
    assert await committing_db.call("SELECT count(*) FROM interaction WHERE state = 'ended'") == arrived
    assert slowest_s < STRANDED_S


async def customers(db: Database, centre: Centre, stop: asyncio.Event) -> None:
    while not stop.is_set():
        async with db.begin() as c:
            for _ in range(3):
                await arrive(c, centre)
        await asyncio.sleep(0.02)


async def workers(db: Database, stop: asyncio.Event) -> None:
    while not stop.is_set():
        for conversation in (await held(db))[:10]:
            await close(db, conversation)
        await asyncio.sleep(0.02)


async def takeover_s(db: Database, leader: Process, how: signal.Signals) -> float:
    """Send the leader a signal; return how long it takes until another leads."""
    before = await epoch(db)
    leader.send_signal(how)
    began = time.monotonic()

    async def another() -> bool:
        return await epoch(db) > before

    await until(another, "another leads")
    return time.monotonic() - began


@pytest.mark.alone  # its limits are of seconds
async def test_leaders_are_killed_and_stopped_under_load_and_nothing_is_lost_or_doubled(
    fresh_dsn, committing_db
):
    centre, _ = await prepare(committing_db, agents=20, capacity=2)
    stop = asyncio.Event()
    takeovers: list[float] = []
    async with AsyncExitStack() as stack:
        load = [
            asyncio.create_task(customers(committing_db, centre, stop)),
            asyncio.create_task(workers(committing_db, stop)),
        ]
        leader = await stack.enter_async_context(router_process(fresh_dsn))
        await until(lambda: epoch(committing_db), "the first leads")
        for how in (signal.SIGKILL, signal.SIGSTOP, signal.SIGKILL, signal.SIGSTOP):
            after = await stack.enter_async_context(router_process(fresh_dsn))
            await until(lambda: _stand_by(committing_db), "another stands by")
            await asyncio.sleep(0.5)  # in the middle of its work
            takeovers.append(await takeover_s(committing_db, leader, how))
            if how is signal.SIGSTOP:  # it wakes up with offers and news of a while ago
                leader.send_signal(signal.SIGCONT)
                await asyncio.sleep(0.2)
                leader.kill()
            leader = after
            await nothing_broken(committing_db)
        stop.set()
        await asyncio.gather(*load)
        await nobody_stranded(committing_db)
        await nothing_broken(committing_db)
    # Each assignment carries the epoch of who led; an old one never wrote after a newer.
    late = await committing_db.call("""
        SELECT count(*) FROM (
            SELECT epoch, max(epoch) OVER (ORDER BY offered_at, id) AS newest FROM interaction) i
        WHERE epoch < newest
    """)
    doubled = await committing_db.call("SELECT count(*) - count(DISTINCT conversation_id) FROM interaction")
    assert (late, doubled) == (0, 0)
    assert await committing_db.call("SELECT count(DISTINCT epoch) FROM interaction") == len(takeovers) + 1
    assert max(takeovers) < TAKEOVER_S


async def _stand_by(db: Database) -> bool:
    wakes = "datname = current_database() AND application_name = 'trato wake'"
    return bool(await db.call(f"SELECT count(*) >= 2 FROM pg_stat_activity WHERE {wakes}"))


async def test_a_skill_that_nobody_has_is_told_and_the_queue_asks_for_less_in_time(fresh_dsn, committing_db):
    async with committing_db.begin() as c:
        centre = await open_centre(c)
        skill = await add_skill(c, "alquimia")
        queue = await add_queue(c, {skill: 3})
        await c.execute(
            text("UPDATE queue SET relaxation = CAST(:steps AS jsonb)"),
            {"steps": '[{"after_s": 1, "allow": "level", "by": 2}, {"after_s": 3, "allow": "anybody"}]'},
        )
        await serves(c, centre.account_id, queue)
        await add_agent(c)
    async with router_here(fresh_dsn, committing_db):
        await until(lambda: epoch(committing_db), "it leads")
        async with committing_db.begin() as c:
            await arrive(c, centre)

        async def told() -> bool:
            return bool(
                await committing_db.call("SELECT count(*) FROM event WHERE type = 'routing.nobody_knows'")
            )

        async def offered() -> bool:
            return bool(await committing_db.call("SELECT count(*) FROM interaction WHERE state = 'offered'"))

        await until(told, "supervisors are told")
        await until(offered, "somebody is asked all the same")
    waited = await committing_db.call("SELECT extract(epoch FROM offered_at - queued_at) FROM interaction")
    assert waited >= 3


@pytest.fixture
async def dying(reachable: Path) -> AsyncIterator[EmbeddedPostgres]:
    found = EmbeddedPostgres(reachable)
    await asyncio.to_thread(found.start)
    await migrate.upgrade(found.dsn)
    yield found
    await asyncio.to_thread(found.stop)


async def test_a_database_that_dies_and_comes_back_finds_the_router_at_work(dying, reachable):
    db = Database.open(dying.dsn, pool_size=6)
    centre, _ = await prepare(db, agents=3)
    try:
        async with router_here(dying.dsn, db) as wake:
            for _ in range(3):
                for number in range(6):
                    async with db.begin() as c:
                        await arrive(c, centre, ago_s=number)
                wake.ring("routing")
                await until(lambda: _all_busy(db), "all agents have somebody")
                before = set(await held(db))
                await die_and_come_back(dying, reachable)
                await until(lambda: _answers(db), "the database answers")
                assert set(await held(db)) >= before  # nobody was taken from an agent
                for conversation in before:
                    await close(db, conversation)
                await until(lambda: _all_busy(db), "the next ones are assigned")
                await nothing_broken(db)
            await nobody_stranded(db)
    finally:
        await db.close()


async def _all_busy(db: Database) -> bool:
    try:
        return bool(await db.call("SELECT bool_and(load = capacity) FROM presence"))
    except FAILURES:
        return False


async def _answers(db: Database) -> bool:
    try:
        return bool(await db.call("SELECT true"))
    except FAILURES:
        return False
