"""Retention of the log of deliveries."""

from datetime import timedelta
from typing import Final

from trato.db.engine import Database
from trato.db.periodic import Periodic
from trato.webhooks import service

KIND: Final = "webhooks.retention"
KEEP: Final = timedelta(days=30)
EVERY: Final = timedelta(hours=6)


def retention(db: Database, *, keep: timedelta = KEEP) -> Periodic:
    """Return the job that deletes settled deliveries in small transactions."""

    async def run() -> None:
        while True:
            async with db.begin() as c:
                if not await service.delete_old_deliveries(c, keep):
                    break

    return Periodic(KIND, EVERY, db, run)
