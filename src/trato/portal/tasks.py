"""Keeping visitors in order: once an hour, by whichever worker comes first."""

from datetime import timedelta
from typing import Final

from trato.db.engine import Database
from trato.db.periodic import Periodic
from trato.kit.clock import now
from trato.portal import customers, sessions
from trato.portal.my_cases import sign_in
from trato.storefront import service as storefront

KIND: Final = "portal.housekeeping"
EVERY: Final = timedelta(hours=1)


def housekeeping(db: Database) -> Periodic:
    """Return the job that deletes expired sessions and sign-ins, silent visitors, and old orders."""

    async def run() -> None:
        async with db.begin() as c:
            await sessions.sweep(c, now())
            await customers.sweep(c, now())
            await sign_in.sweep(c, now())
            await storefront.sweep(c, now())

    return Periodic(KIND, EVERY, db, run)
