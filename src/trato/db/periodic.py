"""Work that comes round again and again, whatever befalls one round of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.engine import Database
from trato.db.jobs import Retry, back_off_s, enqueue
from trato.kit.clock import now

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job of this `kind` that runs every so often, by whichever worker comes first.

    Its next round is planned before the work of this one begins, so no fault of the work ends it; a round
    that failed comes again sooner. Rounds may overlap when one takes longer than `every`: `work` bears it.
    """

    kind: str
    every: timedelta
    db: Database
    work: Callable[[], Awaitable[None]]
    first: timedelta = timedelta()  # how long after the start of a worker

    async def schedule(self, c: AsyncConnection) -> None:
        """Make sure that it waits; call it once when the worker starts."""
        await enqueue(c, self.kind, {}, key=self.kind, run_at=now() + self.first)

    async def __call__(self, data: dict[str, Any], attempt: int) -> None:
        """Run one round: the handler of its kind."""
        failures = int(data.get("failures", 0))
        try:
            await self._plan(self.every, 0)
        except Exception as error:  # a retry is never given up, a failure is
            raise Retry(self._soon_s(attempt), repr(error)) from error
        try:
            await self.work()
        except Exception:
            log.exception("periodic.failed", kind=self.kind, failures=failures + 1)
            await self._again(failures + 1)

    async def _again(self, failures: int) -> None:
        try:
            await self._plan(timedelta(seconds=self._soon_s(failures)), failures)
        except Exception as error:  # noqa: BLE001  the next round is planned already
            log.warning("periodic.not_sooner", kind=self.kind, error=str(error))

    async def _plan(self, pause: timedelta, failures: int) -> None:
        async with self.db.begin() as c:
            data = {"failures": failures} if failures else {}
            await enqueue(c, self.kind, data, key=self.kind, run_at=now() + pause)

    def _soon_s(self, failures: int) -> float:
        return min(back_off_s(failures), self.every.total_seconds())
