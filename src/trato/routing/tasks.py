"""What routing does now and then beside the leader: lent skills end, waits that are over are measured."""

from datetime import timedelta
from typing import Final

from trato.db.edge import TOPICS, Services
from trato.db.engine import Database
from trato.db.periodic import Periodic
from trato.routing import profiles, waits

LENT_EVERY: Final = timedelta(seconds=30)
WAITS_EVERY: Final = timedelta(minutes=1)


def lending(db: Database) -> Periodic:
    """Return the round that takes back the skills lent for a time that is over."""

    async def work() -> None:
        async with db.begin() as c:
            await profiles.end_lent(c)

    return Periodic("lent_skills", LENT_EVERY, db, work)


def measuring(services: Services) -> Periodic:
    """Return the round that sets what was told of waits beside what came true."""

    async def work() -> None:
        async with services.db.begin() as c:
            await waits.settle(c)
        services.wake.ring(*TOPICS)

    return Periodic("routing.waits", WAITS_EVERY, services.db, work)
