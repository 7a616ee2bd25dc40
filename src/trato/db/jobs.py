"""Jobs: durable work in the same transaction as the data, run by any worker, never lost, never silent."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.engine import Database
from trato.db.wake import Wake
from trato.kit.ids import new_id

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 12
SWEEP_S = 1.0

Handler = Callable[[dict[str, Any], int], Awaitable[None]]


class Retry(Exception):
    """Raised by a handler: run this again after a while; it does not count as a failure of the code.

    `counts=False`: nothing was tried, it was not its turn; the next run has the same attempt number.
    """

    def __init__(self, after_s: float, reason: str = "", *, counts: bool = True) -> None:
        super().__init__(reason)
        self.after_s = after_s
        self.counts = counts


def back_off_s(attempt: int) -> float:
    """Return the pause before the next attempt: 2, 4, 8 … seconds, at most an hour."""
    return float(min(2**attempt, 3600))


_ENQUEUE = text("""
    INSERT INTO job (kind, key, data, run_at) VALUES (:kind, :key, :data, coalesce(:run_at, now()))
    ON CONFLICT (kind, key) WHERE state = 'waiting' AND key IS NOT NULL
    DO UPDATE SET run_at = least(job.run_at, excluded.run_at), data = excluded.data, planned_at = now()
""").bindparams(bindparam("data", type_=JSONB))


async def enqueue(
    c: AsyncConnection,
    kind: str,
    data: Mapping[str, Any],
    *,
    key: str | None = None,
    run_at: datetime | None = None,
) -> None:
    """Add a job to the caller's transaction; of one kind and key only one waits at a time."""
    await c.execute(_ENQUEUE, {"kind": kind, "key": key, "data": dict(data), "run_at": run_at})


_CLAIM = """
    UPDATE job SET state = 'running', owner = $1, attempts = attempts + 1, lease_until = now() + $2
    WHERE id = (SELECT id FROM job WHERE state = 'waiting' AND run_at <= now() AND kind = ANY($3)
                ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING jsonb_build_object('id', id, 'kind', kind, 'data', data, 'attempts', attempts)::text
"""
_DONE = "DELETE FROM job WHERE id = $1 AND owner = $2"
_AGAIN = """
    UPDATE job SET state = 'waiting', owner = NULL, lease_until = NULL, error = $3,
           run_at = now() + make_interval(secs => $4), planned_at = now(), attempts = attempts - $5,
           key = CASE WHEN NOT EXISTS (
             SELECT 1 FROM job o WHERE o.kind = job.kind AND o.key = job.key AND o.state = 'waiting')
             THEN key END
    WHERE id = $1 AND owner = $2
"""
_FAILED = "UPDATE job SET state = 'failed', error = $3, lease_until = NULL WHERE id = $1 AND owner = $2"
_RENEW = "UPDATE job SET lease_until = now() + $3 WHERE id = ANY($1) AND owner = $2"
# A lease that ends further away than twice its length was written before the clock was set back: it is over.
_ABANDONED = """
    UPDATE job SET state = 'waiting', owner = NULL, lease_until = NULL,
           key = CASE WHEN NOT EXISTS (
             SELECT 1 FROM job o WHERE o.kind = job.kind AND o.key = job.key AND (o.state = 'waiting'
               OR o.state = 'running' AND o.lease_until NOT BETWEEN now() AND now() + 2 * $1::interval
               AND o.id < job.id))
             THEN key END
    WHERE state = 'running' AND lease_until NOT BETWEEN now() AND now() + 2 * $1::interval
"""
# A plan made later than now was made before the clock was set back: what is left of its pause begins again.
_PLANNED_LATER = """
    UPDATE job SET run_at = now() + greatest(run_at - planned_at, interval '0'), planned_at = now()
    WHERE state = 'waiting' AND planned_at > now() + interval '2 seconds'
"""


class Worker:
    """Runs jobs, several at a time. A worker that dies leaves its jobs to the others after the lease."""

    def __init__(
        self, db: Database, wake: Wake, handlers: Mapping[str, Handler], *, at_once: int = 8
    ) -> None:
        self._db = db
        self._wake = wake
        self._handlers = handlers
        self._at_once = at_once
        self._owner: UUID = new_id()
        self._running: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Work until cancelled; then lets the running jobs end."""
        rung, stop = self._wake.subscribe("jobs")
        renewing = asyncio.create_task(self._renew(), name="leases")
        try:
            while True:
                rung.clear()
                while len(self._running) < self._at_once and await self._start_one():
                    pass
                await self._rest(rung)
        finally:
            stop()
            renewing.cancel()
            if self._running:
                await asyncio.wait(self._running.values(), timeout=4)

    async def drain(self) -> int:
        """Run what is due now, one after the other, and return how many: for tests and commands."""
        count = 0
        while claimed := await self._claim():
            await self._run_one(*claimed)
            count += 1
        return count

    async def _rest(self, rung: asyncio.Event) -> None:
        waiting = asyncio.create_task(rung.wait())
        await asyncio.wait({waiting, *self._running.values()}, timeout=SWEEP_S, return_when="FIRST_COMPLETED")
        waiting.cancel()

    async def _claim(self) -> tuple[int, str, dict[str, Any], int] | None:
        claimed = await self._db.call(_CLAIM, self._owner, LEASE, list(self._handlers))
        if claimed is None:
            return None
        job = json.loads(claimed)
        return job["id"], job["kind"], job["data"], job["attempts"]

    async def _start_one(self) -> bool:
        try:
            claimed = await self._claim()
        except Exception as error:  # noqa: BLE001  the database is away: say so and come back
            log.warning("jobs.database_away", error=str(error))
            await asyncio.sleep(SWEEP_S)
            return False
        if claimed is None:
            return False
        task = asyncio.create_task(self._run_one(*claimed), name=f"job {claimed[1]} {claimed[0]}")
        self._running[claimed[0]] = task
        task.add_done_callback(lambda _: self._running.pop(claimed[0], None))
        return True

    async def _run_one(self, job_id: int, kind: str, data: dict[str, Any], attempt: int) -> None:
        try:
            await self._handlers[kind](data, attempt)
        except Retry as again:
            await self._settle(_AGAIN, job_id, str(again), again.after_s, 0 if again.counts else 1)
        except Exception as error:
            log.exception("job.failed", kind=kind, job=job_id, attempt=attempt)
            if attempt >= MAX_ATTEMPTS:
                await self._settle(_FAILED, job_id, repr(error))
            else:
                await self._settle(_AGAIN, job_id, repr(error), back_off_s(attempt), 0)
        else:
            await self._settle(_DONE, job_id)

    async def _settle(self, sql: str, job_id: int, *args: Any) -> None:
        """Write the outcome; if the database is away the lease runs out and the job comes again."""
        try:
            await self._db.call(sql, job_id, self._owner, *args)
        except Exception as error:  # noqa: BLE001  see above
            log.warning("job.outcome_not_written", job=job_id, error=str(error))

    async def _renew(self) -> None:
        while True:
            try:
                if self._running:
                    await self._db.call(_RENEW, list(self._running), self._owner, LEASE)
                await self._db.call(_ABANDONED, LEASE)
                await self._db.call(_PLANNED_LATER)
            except Exception as error:  # noqa: BLE001  the database is away
                log.warning("jobs.leases_not_renewed", error=str(error))
            await asyncio.sleep(LEASE.total_seconds() / 4)
