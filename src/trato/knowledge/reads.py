"""How often each text is opened: counted in memory, written every few seconds, nothing kept of who reads."""

import asyncio
from collections import Counter
from datetime import date
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.edge import Services
from trato.db.engine import Database
from trato.kit.clock import now

EXTRA: Final = "reads"  # its place in `Services.extras`
EVERY_S: Final = 5.0
_ADD: Final = text("""
    INSERT INTO article_read (article_id, language, day, reads) VALUES (:article_id, :language, :day, :reads)
    ON CONFLICT (article_id, day, language) DO UPDATE SET reads = article_read.reads + excluded.reads
""")

log = structlog.get_logger(__name__)


class Reads:
    """The counts of one process since they were written last; one that is killed loses seconds of them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._new: Counter[tuple[UUID, str, date]] = Counter()

    def note(self, article_id: UUID, language: str) -> None:
        """Count that a text was opened."""
        self._new[article_id, language, now().date()] += 1

    async def run(self) -> None:
        """Write what was counted, again and again; once more when cancelled."""
        try:
            while True:
                await asyncio.sleep(EVERY_S)
                await self._write_or_keep()
        finally:
            await self._write_or_keep()

    async def write(self) -> None:
        """Write what was counted; what cannot be written is kept."""
        counted, self._new = self._new, Counter()
        try:
            async with self._db.begin() as c:
                await add(c, counted)
        except BaseException:
            self._new.update(counted)
            raise

    async def _write_or_keep(self) -> None:
        if not self._new:
            return
        try:
            await self.write()
        except Exception as error:  # noqa: BLE001  the database is away: they are written when it is back
            log.warning("reads.not_written", error=str(error))


async def add(c: AsyncConnection, counted: Counter[tuple[UUID, str, date]]) -> None:
    """Add counts of texts and days."""
    rows = [
        {"article_id": article_id, "language": language, "day": day, "reads": reads}
        for (article_id, language, day), reads in sorted(counted.items())
    ]
    if rows:
        await c.execute(_ADD, rows)


def note(shared: Services, article_id: UUID, language: str) -> None:
    """Count that a text was opened, where this process counts."""
    found: Reads | None = shared.extras.get(EXTRA)
    if found is not None:
        found.note(article_id, language)
