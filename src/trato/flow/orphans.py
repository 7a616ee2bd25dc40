"""Files in the store that nothing names: a crash left them without a row; deleted a day later."""

from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import text

from trato.db.edge import Services
from trato.db.periodic import Periodic
from trato.kit.clock import now

log = structlog.get_logger()

KIND: Final = "flow.orphans"
EVERY: Final = timedelta(days=1)
# A file is stored seconds before its row is written; a key is used once, so what nobody names after a day
# nobody will.
KEPT: Final = timedelta(days=1)
FOLDERS: Final = ("files", "raw", "stray", "articles", "reports")

_NAMED = text("""
    SELECT store_key FROM attachment WHERE store_key = ANY(CAST(:keys AS text[]))
    UNION SELECT raw_key FROM message WHERE raw_key = ANY(CAST(:keys AS text[]))
    UNION SELECT raw_key FROM receipt WHERE raw_key = ANY(CAST(:keys AS text[]))
    UNION SELECT store_key FROM article_file WHERE store_key = ANY(CAST(:keys AS text[]))
    UNION SELECT store_key FROM page_report_said WHERE store_key = ANY(CAST(:keys AS text[]))
    UNION SELECT raw_key FROM stray WHERE raw_key = ANY(CAST(:keys AS text[]))
""")


def sweeping(services: Services) -> Periodic:
    """Return the job that deletes such files."""

    async def run() -> None:
        await sweep(services)

    return Periodic(KIND, EVERY, services.db, run, first=timedelta(minutes=5))


async def sweep(services: Services) -> int:
    """Delete what nothing names and is older than a day; return how many files that were."""
    deleted = 0
    for folder in FOLDERS:
        async for keys in services.store.older_than(now() - KEPT, folder):
            async with services.db.connect() as c:
                named = set((await c.execute(_NAMED, {"keys": keys})).scalars())
            for key in set(keys) - named:
                await services.store.delete(key)
                deleted += 1
    if deleted:
        log.info("store.orphans_deleted", files=deleted)
    return deleted
