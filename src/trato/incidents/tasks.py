"""Keeping incidents in order: planned work that ends by itself, addresses that nobody confirmed."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from trato.db.edge import TOPICS, Services
from trato.db.periodic import Periodic
from trato.incidents import followers, service

KIND: Final = "incidents.housekeeping"
EVERY: Final = timedelta(seconds=30)

_ENDED = text("""
    SELECT id FROM incident
    WHERE kind = 'maintenance' AND state = 'open' AND ends_itself AND ends_at <= now()
    ORDER BY ends_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
""")


def housekeeping(services: Services) -> Periodic:
    """Return the job that ends planned work at its end, so that whoever asked is told."""

    async def run() -> None:
        while await end_next(services):
            services.wake.ring(*TOPICS)
        async with services.db.begin() as c:
            await followers.forget_unconfirmed(c)

    return Periodic(KIND, EVERY, services.db, run)


async def end_next(services: Services) -> bool:
    """End one window that is over; False when there is none."""
    async with services.db.begin() as c:
        found: UUID | None = await c.scalar(_ENDED)
        if found is None:
            return False
        await service.resolve(c, found, {}, actor="system")
    return True
