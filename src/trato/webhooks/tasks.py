"""Retention of the log of deliveries."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.engine import Database
from trato.db.jobs import Handler, enqueue
from trato.kit.clock import now
from trato.webhooks import service

KIND: Final = "webhooks.retention"
KEEP: Final = timedelta(days=30)
EVERY: Final = timedelta(hours=6)


async def schedule(c: AsyncConnection) -> None:
    """Make sure that the retention job waits; call it once when the worker starts."""
    await enqueue(c, KIND, {}, key=KIND, run_at=now())


def retention(db: Database, *, keep: timedelta = KEEP) -> Handler:
    """Return the job that deletes settled deliveries in small transactions and plans itself again."""

    async def run(_data: dict[str, Any], _attempt: int) -> None:
        while True:
            async with db.begin() as c:
                if not await service.delete_old_deliveries(c, keep):
                    break
        async with db.begin() as c:
            await enqueue(c, KIND, {}, key=KIND, run_at=now() + EVERY)

    return run
