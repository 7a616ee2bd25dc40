"""Forgetting what customers shared and reported, once it is as old as the setting says."""

from datetime import timedelta
from typing import Final

from trato.db.engine import Database
from trato.db.periodic import Periodic
from trato.kit.clock import now
from trato.trail import failures, reports, service

KIND: Final = "trail.expiry"
EVERY: Final = timedelta(hours=1)


def expiry(db: Database, keep: timedelta) -> Periodic:
    """Return the job that deletes what was shared, or said of pages mended, longer ago than `keep`."""

    async def run() -> None:
        async with db.begin() as c:
            await service.expire(c, now() - keep)
            await failures.expire(c, now())
            await reports.expire(c, now() - keep)

    return Periodic(KIND, EVERY, db, run)
