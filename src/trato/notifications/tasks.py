"""What is done again and again: old notifications are forgotten."""

from datetime import timedelta
from typing import Final

from sqlalchemy import text

from trato.db.edge import Services
from trato.db.periodic import Periodic

KIND: Final = "notifications.retention"
EVERY: Final = timedelta(hours=6)
KEEP: Final = timedelta(days=30)
AT_ONCE: Final = 5_000

_OLD = text("""
    DELETE FROM notification WHERE id IN (
        SELECT id FROM notification WHERE told_at < now() - CAST(:keep AS interval) LIMIT :limit)
""")
# What nobody may see again: of agents who are no longer here.
_LEFT = text("""
    DELETE FROM push_device d USING agent a WHERE a.id = d.agent_id AND NOT a.active
""")


def retention(services: Services, *, keep: timedelta = KEEP) -> Periodic:
    """Return the job that forgets what was told long ago, and devices of those who left."""

    async def run() -> None:
        async with services.db.begin() as c:
            await c.execute(_LEFT)
        while True:
            async with services.db.begin() as c:
                if not (await c.execute(_OLD, {"keep": keep, "limit": AT_ONCE})).rowcount:
                    return

    return Periodic(KIND, EVERY, services.db, run)
