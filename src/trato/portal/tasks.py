"""Keeping visitors in order: once an hour, by whichever worker comes first."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.engine import Database
from trato.db.jobs import Handler, enqueue
from trato.kit.clock import now
from trato.portal import sessions

KIND: Final = "portal.housekeeping"
EVERY: Final = timedelta(hours=1)


async def schedule(c: AsyncConnection) -> None:
    """Have the first round run; at most one is waiting at a time."""
    await enqueue(c, KIND, {}, key=KIND)


def housekeeping(db: Database) -> Handler:
    """Return the job that deletes expired sessions and silent visitors, and plans its next round."""

    async def run(data: dict[str, Any], attempt: int) -> None:
        del data, attempt
        async with db.begin() as c:
            await sessions.sweep(c, now())
            await enqueue(c, KIND, {}, key=KIND, run_at=now() + EVERY)

    return run
