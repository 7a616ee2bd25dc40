"""A whole router as a process of its own, for tests that stop, kill and wake it."""

import asyncio
import contextlib
import signal
import sys

import structlog

from trato.db.engine import Database
from trato.db.wake import Wake
from trato.flow.assign import Assigner
from trato.routing.leader import Router


async def main(dsn: str) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    db = Database.open(dsn, pool_size=4, application_name="test router")
    wake = Wake(dsn)
    await wake.start()
    running = asyncio.create_task(Router(db, wake, Assigner(db)).run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running
    await wake.close()
    await db.close()


asyncio.run(main(sys.argv[1]))
