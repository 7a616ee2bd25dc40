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
