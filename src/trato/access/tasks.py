"""Housekeeping of access: what is over is removed."""

from datetime import timedelta
from typing import Final

from trato.access import service
from trato.db.engine import Database
from trato.db.periodic import Periodic
from trato.kit.clock import now

KIND: Final = "access.housekeeping"
EVERY: Final = timedelta(minutes=30)


def housekeeping(db: Database) -> Periodic:
    """Return the job that removes what is over."""

    async def run() -> None:
        async with db.begin() as c:
            await service.sweep(c, now=now())

    return Periodic(KIND, EVERY, db, run)
