"""Housekeeping of access: what is over is removed."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import service
from trato.db.engine import Database
from trato.db.jobs import Handler, enqueue
from trato.kit.clock import now

KIND: Final = "access.housekeeping"
EVERY: Final = timedelta(minutes=30)


async def schedule(c: AsyncConnection) -> None:
    """Make sure that the job waits; call it once when the worker starts."""
    await enqueue(c, KIND, {}, key=KIND, run_at=now())


def housekeeping(db: Database) -> Handler:
    """Return the job that removes what is over and plans itself again."""

    async def run(_data: dict[str, Any], _attempt: int) -> None:
        async with db.begin() as c:
            await service.sweep(c, now=now())
            await enqueue(c, KIND, {}, key=KIND, run_at=now() + EVERY)

    return run
