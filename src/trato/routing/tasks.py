"""What routing does now and then beside the leader."""

from datetime import timedelta
from typing import Final

from trato.db.engine import Database
from trato.db.periodic import Periodic
from trato.routing import profiles

EVERY: Final = timedelta(seconds=30)


def lending(db: Database) -> Periodic:
    """Return the round that takes back the skills lent for a time that is over."""

    async def work() -> None:
        async with db.begin() as c:
            await profiles.end_lent(c)

    return Periodic("lent_skills", EVERY, db, work)
