"""Retention of the event log."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.engine import Database
from trato.db.periodic import Periodic
from trato.live import service

log = structlog.get_logger()

KIND: Final = "live.retention"
EVERY: Final = timedelta(hours=1)

Hold = Callable[[AsyncConnection], Awaitable[int | None]]


def retention(db: Database, keep: timedelta, holds: Sequence[Hold] = ()) -> Periodic:
    """Return the job that deletes old events in small transactions.

    Each of `holds` tells the lowest position that some reader still needs, or None.
    """

    async def run() -> None:
        deleted = 0
        while True:
            async with db.begin() as c:
                held = [position for hold in holds if (position := await hold(c)) is not None]
                step = await service.delete_old(c, keep, min(held, default=None))
            deleted += step
            if not step:
                break
        if deleted:
            log.info("live.events_deleted", count=deleted)

    return Periodic(KIND, EVERY, db, run)
