"""Jobs that come back: none is lost, whatever else is waiting."""

import asyncio

from sqlalchemy import text
from tests.support.until import until

from trato.db.jobs import Worker, enqueue
from trato.db.wake import Wake


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
    worker = Worker(committing_db, Wake(fresh_dsn), {"tidy": handler})
    running = asyncio.create_task(worker.run())
    await until(lambda: len(ran) == 2, "both ran")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert sorted(ran) == [(1, 2), (2, 2)]


async def test_no_job_waits_for_a_clock_that_was_set_back(committing_db, fresh_dsn):
    ran = []

    async def handler(data, attempt):
        ran.append(data["n"])

    async with committing_db.begin() as c:
        await enqueue(c, "tidy", {"n": "held by a dead worker"})
        await c.execute(
            text("UPDATE job SET state = 'running', attempts = 1, lease_until = now() + interval '5 hours'")
        )
        await enqueue(c, "tidy", {"n": "planned for in a second"})
        await c.execute(
            text(
                "UPDATE job SET planned_at = now() + interval '5 hours', "
                "run_at = now() + interval '5 hours 1 second' WHERE state = 'waiting'"
            )
        )
    worker = Worker(committing_db, Wake(fresh_dsn), {"tidy": handler})
    running = asyncio.create_task(worker.run())
    await until(lambda: len(ran) == 2, "both ran")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert ran == ["held by a dead worker", "planned for in a second"]
