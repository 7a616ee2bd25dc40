"""A worker that tells people, as a process of its own, for tests that kill it in the middle."""

import asyncio
import sys
from pathlib import Path

import structlog
from tests.integration.incidents.telling import handlers
from tests.support.services import running_services

from trato.db.engine import Database
from trato.db.jobs import Worker


async def _sent(data: dict[str, str], attempt: int) -> None:
    """Take a message as if it were sent: what is counted here is what was written."""


async def main(dsn: str, folder: Path) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    db = Database.open(dsn, pool_size=4, application_name="test teller")
    async with running_services(db, dsn, folder) as services:
        await Worker(db, services.wake, {**handlers(services), "send": _sent}).run()


asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
