"""Jobs: durable work in the same transaction as the data, run by any worker, never lost, never silent."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
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
AT_ONCE = 64  # they wait for others most of the time
OF_A_LANE = 2
LANE_PATIENCE = 3  # failures in a row before a lane is held
LONGEST_HOLD_S = 300.0
FINISH_S, RECORD_S = 1.0, 0.7  # together less than a process has to end (kit.process_tree)

Handler = Callable[[dict[str, Any], int], Awaitable[None]]


class Retry(Exception):
    """Raised by a handler: run this again after a while; it does not count as a failure of the code.

    `counts=False`: nothing was tried, it was not its turn; the next run has the same attempt number.
    `lane_down=True`: nothing else of this lane would get through now either.
    """

    def __init__(
        self, after_s: float, reason: str = "", *, counts: bool = True, lane_down: bool = False
    ) -> None:
        super().__init__(reason)
        self.after_s = after_s
        self.counts = counts
        self.lane_down = lane_down


def back_off_s(attempt: int) -> float:
    """Return the pause before the next attempt: 2, 4, 8 … seconds, at most an hour."""
    return float(min(2**attempt, 3600))


_ENQUEUE = text("""
    INSERT INTO job (kind, key, lane, data, run_at)
    VALUES (:kind, :key, :lane, :data, coalesce(:run_at, now()))
    ON CONFLICT (kind, key) WHERE state = 'waiting' AND key IS NOT NULL
    DO UPDATE SET run_at = least(job.run_at, excluded.run_at), data = excluded.data, planned_at = now()
""").bindparams(bindparam("data", type_=JSONB))


async def enqueue(
    c: AsyncConnection,
    kind: str,
    data: Mapping[str, Any],
    *,
    key: str | None = None,
    lane: str | None = None,
    run_at: datetime | None = None,
) -> None:
    """Add a job to the caller's transaction; of one kind and key only one waits at a time.

    `lane` names what fails or is slow together: jobs of other lanes never wait for it.
    """
    values = {"kind": kind, "key": key, "lane": lane, "data": dict(data), "run_at": run_at}
    await c.execute(_ENQUEUE, values)


async def free_lane(c: AsyncConnection, lane: str) -> None:
    """Have a lane that was held tried again at once: a person has mended it, or says so."""
    await c.execute(text("DELETE FROM job_lane WHERE lane = :lane"), {"lane": lane})


_CLAIM = """
    UPDATE job SET state = 'running', owner = $1, attempts = attempts + 1, lease_until = now() + $2
    WHERE id = (SELECT id FROM job j WHERE state = 'waiting' AND run_at <= now() AND kind = ANY($3)
                AND coalesce(lane, kind) <> ALL($4)
                AND NOT EXISTS (SELECT FROM job_lane l WHERE l.lane = coalesce(j.lane, kind)
                                AND l.held_until BETWEEN now() AND now() + $5)
                ORDER BY run_at, id LIMIT 1 FOR UPDATE OF j SKIP LOCKED)
    RETURNING jsonb_build_object('id', id, 'kind', kind, 'data', data, 'attempts', attempts,
                                 'lane', coalesce(lane, kind),
                                 'failures', (SELECT failures FROM job_lane l
                                              WHERE l.lane = coalesce(job.lane, kind)))::text
"""
_LANE_DOWN = """
    INSERT INTO job_lane AS l (lane, failures) VALUES ($1, 1)
    ON CONFLICT (lane) DO UPDATE SET failures = l.failures + 1, held_until =
        CASE WHEN l.failures + 1 >= $2
             THEN now() + make_interval(secs => least(5 * 2 ^ least(l.failures + 1 - $2, 20), $3)) END
"""
_LANE_UP = "DELETE FROM job_lane WHERE lane = $1"
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


@dataclass(frozen=True, slots=True)
class _Claimed:
    id: int
    kind: str
    data: dict[str, Any]
    attempts: int
    lane: str
    failures: int | None  # of its lane


class Worker:
    """Runs jobs, several at a time. A worker that dies leaves its jobs to the others after the lease.

    Of each lane only `of_a_lane` run at once, so that one which does not get through takes no place from
    the others; after a few failures in a row it is held, longer each time.
    """

    def __init__(
        self,
        db: Database,
        wake: Wake,
        handlers: Mapping[str, Handler],
        *,
        at_once: int = AT_ONCE,
        of_a_lane: int = OF_A_LANE,
    ) -> None:
        self._db = db
        self._wake = wake
        self._handlers = handlers
        self._at_once = at_once
        self._of_a_lane = of_a_lane
        self._owner: UUID = new_id()
        self._running: dict[asyncio.Task[None], _Claimed] = {}

    async def run(self) -> None:
        """Work until cancelled; then lets the running jobs end, and cuts off those that take long."""
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
            await self._end()

    async def _end(self) -> None:
        """Give what runs a moment, then cancel it, and give that a moment to write how far it came."""
        for moment_s in (FINISH_S, RECORD_S):
            if not self._running:
                return
            _, late = await asyncio.wait(list(self._running), timeout=moment_s)
            for task in late:
                task.cancel()

    async def drain(self) -> int:
        """Run what is due now, one after the other, and return how many: for tests and commands."""
        count = 0
        while claimed := await self._claim():
            await self._run_one(claimed)
            count += 1
        return count

    async def _rest(self, rung: asyncio.Event) -> None:
        waiting = asyncio.create_task(rung.wait())
        await asyncio.wait({waiting, *self._running}, timeout=SWEEP_S, return_when="FIRST_COMPLETED")
        waiting.cancel()

    async def _claim(self) -> _Claimed | None:
        lanes = Counter(job.lane for job in self._running.values())
        full = [lane for lane, count in lanes.items() if count >= self._of_a_lane]
        held = timedelta(seconds=2 * LONGEST_HOLD_S)  # a longer one was written before the clock was set back
        claimed = await self._db.call(_CLAIM, self._owner, LEASE, list(self._handlers), full, held)
        return None if claimed is None else _Claimed(**json.loads(claimed))

    async def _start_one(self) -> bool:
        try:
            claimed = await self._claim()
        except Exception as error:  # noqa: BLE001  the database is away: say so and come back
            log.warning("jobs.database_away", error=str(error))
            await asyncio.sleep(SWEEP_S)
            return False
        if claimed is None:
            return False
        task = asyncio.create_task(self._run_one(claimed), name=f"job {claimed.kind} {claimed.id}")
        self._running[task] = claimed
        task.add_done_callback(self._running.pop)
        return True

    async def _run_one(self, job: _Claimed) -> None:
        try:
            await self._handlers[job.kind](job.data, job.attempts)
        except Retry as again:
            if again.lane_down:
                await self._write(_LANE_DOWN, job.lane, LANE_PATIENCE, LONGEST_HOLD_S)
            await self._settle(_AGAIN, job, str(again), again.after_s, 0 if again.counts else 1)
        except asyncio.CancelledError:  # we end, or the moment was over: nobody has to wait for the lease
            await self._settle(_AGAIN, job, "cut off by the end of the worker", 0.0, 1)
            raise
        except Exception as error:
            log.exception("job.failed", kind=job.kind, job=job.id, attempt=job.attempts)
            if job.attempts >= MAX_ATTEMPTS:
                await self._settle(_FAILED, job, repr(error))
            else:
                await self._settle(_AGAIN, job, repr(error), back_off_s(job.attempts), 0)
        else:
            if job.failures:
                await self._write(_LANE_UP, job.lane)
            await self._settle(_DONE, job)

    async def _settle(self, sql: str, job: _Claimed, *args: Any) -> None:
        await self._write(sql, job.id, self._owner, *args)

    async def _write(self, sql: str, *args: Any) -> None:
        """Write the outcome; if the database is away the lease runs out and the job comes again."""
        try:
            await self._db.call(sql, *args)
        except Exception as error:  # noqa: BLE001  see above
            log.warning("job.outcome_not_written", about=str(args[0]), error=str(error))

    async def _renew(self) -> None:
        while True:
            try:
                if self._running:
                    ids = [job.id for job in self._running.values()]
                    await self._db.call(_RENEW, ids, self._owner, LEASE)
                await self._db.call(_ABANDONED, LEASE)
                await self._db.call(_PLANNED_LATER)
            except Exception as error:  # noqa: BLE001  the database is away
                log.warning("jobs.leases_not_renewed", error=str(error))
            await asyncio.sleep(LEASE.total_seconds() / 4)
