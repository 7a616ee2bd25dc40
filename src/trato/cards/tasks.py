"""The cache of cards is emptied of what is too old to be shown."""

from datetime import timedelta
from typing import Final

from trato.cards import service
from trato.db.engine import Database
from trato.db.periodic import Periodic

KIND: Final = "cards.forgetting"
EVERY: Final = timedelta(minutes=1)


def forgetting(db: Database) -> Periodic:
    """Return the job that forgets what may not be shown again."""

    async def run() -> None:
        async with db.begin() as c:
            await service.forget_old(c)

    return Periodic(KIND, EVERY, db, run)
