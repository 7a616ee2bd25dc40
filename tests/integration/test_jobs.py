"""Jobs that come back: none is lost, whatever else is waiting, and none waits for what does not answer."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.support.until import until

from trato.db.engine import Database
from trato.db.jobs import LANE_PATIENCE, MAX_ATTEMPTS, Retry, Worker, enqueue, free_lane
from trato.db.periodic import Periodic
from trato.db.wake import Wake


@contextlib.asynccontextmanager
async def working(db, dsn, handlers, **limits) -> AsyncIterator[asyncio.Task[None]]:
    running = asyncio.create_task(Worker(db, Wake(dsn), handlers, **limits).run())
    yield running
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def jobs(db):
    async with db.connect() as c:
        query = text("SELECT kind, state, attempts, data, run_at > now() AS later FROM job ORDER BY id")
        return [dict(row) for row in (await c.execute(query)).mappings()]


async def test_two_abandoned_jobs_of_one_key_both_come_back(committing_db, fresh_dsn):
    ran = []

    async def handler(data, attempt):
        ran.append((data["n"], attempt))

    async with committing_db.begin() as c:
        for n in (1, 2):  # both were taken by workers that died
            await enqueue(c, "tidy", {"n": n}, key="tidy")
            await c.execute(
                text("UPDATE job SET state = 'running', attempts = 1, lease_until = now() - interval '1s'")
            )
    async with working(committing_db, fresh_dsn, {"tidy": handler}):
        await until(lambda: len(ran) == 2, "both ran")
    assert sorted(ran) == [(1, 2), (2, 2)]


async def test_a_lane_that_does_not_answer_holds_up_no_other(committing_db, fresh_dsn):
    begun: list[str] = []
    ever = asyncio.Event()

    async def handler(data, _attempt):
        begun.append(data["lane"])
        if data["lane"].startswith("dead"):
            await ever.wait()

    async with committing_db.begin() as c:
        for n in range(60):  # more than all of a worker's places
            await enqueue(c, "send", {"lane": f"dead {n % 5}"}, lane=f"dead {n % 5}")
        await enqueue(c, "send", {"lane": "alive"}, lane="alive")
        await enqueue(c, "tidy", {"lane": "tidy"}, key="tidy")
    async with working(committing_db, fresh_dsn, {"send": handler, "tidy": handler}):
        await until(lambda: {"alive", "tidy"} <= set(begun), "the others have run")
        assert begun.count("dead 0") <= 2
        ever.set()
        await until(lambda: len(begun) == 62, "and then the rest")


async def test_a_lane_that_fails_is_held_longer_each_time_until_it_gets_through(committing_db, fresh_dsn):
    ran = []
    down = True

    async def handler(data, attempt):
        ran.append((data["n"], attempt))
        if down:
            raise Retry(0, "nobody answers", lane_down=True)

    worker = Worker(committing_db, Wake(fresh_dsn), {"send": handler})
    async with committing_db.begin() as c:
        for n in range(10):
            await enqueue(c, "send", {"n": n}, lane="a")
    assert await worker.drain() == LANE_PATIENCE
    assert await worker.drain() == 0, "who waits uses up no attempt"
    async with committing_db.begin() as c:
        held = await c.scalar(text("SELECT held_until - now() FROM job_lane"))
        await c.execute(text("UPDATE job_lane SET held_until = now()"))
    assert held <= timedelta(seconds=5)
    assert await worker.drain() == 1
    async with committing_db.begin() as c:
        assert await c.scalar(text("SELECT held_until - now() FROM job_lane")) > held
        await free_lane(c, "a")
    down = False
    assert await worker.drain() == 10
    assert await jobs(committing_db) == []


async def test_one_success_clears_the_failures_of_a_lane(committing_db, fresh_dsn):
    answers = [True, True, False, True, True, False]

    async def handler(_data, _attempt):
        if answers.pop(0):
            raise Retry(0, "nobody answers", lane_down=True)

    async with committing_db.begin() as c:
        for _ in range(2):
            await enqueue(c, "send", {}, lane="a")
    assert await Worker(committing_db, Wake(fresh_dsn), {"send": handler}).drain() == 6
    async with committing_db.begin() as c:
        assert await c.scalar(text("SELECT count(*) FROM job_lane")) == 0


@pytest.mark.alone  # its limit is of seconds
async def test_a_worker_that_ends_puts_back_what_takes_long_and_lets_the_rest_end(committing_db, fresh_dsn):
    begun: list[str] = []
    ended = asyncio.Event()

    async def handler(data, _attempt):
        begun.append(data["n"])
        if data["n"] == "long":
            await asyncio.Event().wait()
        await ended.wait()

    async with committing_db.begin() as c:
        await enqueue(c, "send", {"n": "long"}, lane="a")
        await enqueue(c, "send", {"n": "short"}, lane="b")
    async with working(committing_db, fresh_dsn, {"send": handler}) as running:
        await until(lambda: len(begun) == 2, "both run")
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        loop.call_later(0.2, ended.set)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert loop.time() - began_s < 2.5, "a process has no longer to end"
    (left,) = await jobs(committing_db)
    assert (left["data"], left["state"], left["attempts"]) == ({"n": "long"}, "waiting", 0)


@pytest.fixture
def due(committing_db):
    async def make():
        async with committing_db.begin() as c:
            await c.execute(text("UPDATE job SET run_at = now()"))

    return make


async def test_what_comes_round_is_never_given_up_and_comes_sooner_after_a_failure(
    committing_db, fresh_dsn, due
):
    rounds = 0

    async def work():
        nonlocal rounds
        rounds += 1
        raise RuntimeError("the disk is full")

    job = Periodic("tidy", timedelta(hours=6), committing_db, work)
    worker = Worker(committing_db, Wake(fresh_dsn), {job.kind: job})
    async with committing_db.begin() as c:
        await job.schedule(c)
    for n in range(MAX_ATTEMPTS + 3):
        await due()
        assert await worker.drain() == 1
        (planned,) = await jobs(committing_db)
        assert (planned["state"], planned["later"], planned["data"]) == ("waiting", True, {"failures": n + 1})
    assert rounds == MAX_ATTEMPTS + 3
    async with committing_db.begin() as c:
        pause = await c.scalar(text("SELECT run_at - now() FROM job"))
    assert pause < timedelta(hours=6)


async def test_the_next_round_is_planned_before_the_work_begins(committing_db, fresh_dsn):
    seen = []

    async def work():
        seen.extend(await jobs(committing_db))

    job = Periodic("tidy", timedelta(hours=6), committing_db, work)
    async with committing_db.begin() as c:
        await job.schedule(c)
    await Worker(committing_db, Wake(fresh_dsn), {job.kind: job}).drain()
    assert [(one["state"], one["later"]) for one in seen] == [("running", False), ("waiting", True)]
    assert [one["state"] for one in await jobs(committing_db)] == ["waiting"]


async def test_a_plan_that_cannot_be_written_is_tried_again_for_ever(committing_db, fresh_dsn, due):
    async def work():
        raise AssertionError("nothing is planned")

    away = Database.open("postgresql://nobody@127.0.0.1:1/nothing")
    job = Periodic("tidy", timedelta(hours=6), away, work)
    worker = Worker(committing_db, Wake(fresh_dsn), {job.kind: job})
    async with committing_db.begin() as c:
        await job.schedule(c)
    for _ in range(MAX_ATTEMPTS + 3):
        await due()
        assert await worker.drain() == 1
    assert [one["state"] for one in await jobs(committing_db)] == ["waiting"]
