"""A router by hand, for tests that look at every step of it."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.support.postgres import ForgettingDatabase

from trato.decide.floor import Floor
from trato.flow.assign import Assigner
from trato.kit import clock
from trato.routing import loading
from trato.routing.leader import take_in
from trato.routing.lease import Lease


class Steps:
    """A router by hand: each call takes one step, so that a test sees every state between."""

    def __init__(self, db: ForgettingDatabase, assigner: Assigner, held: Lease) -> None:
        self.db = db
        self.assigner = assigner
        self.lease = held
        self.floor = Floor()
        self.seen: list[int] = []

    async def settle(self) -> None:
        """Step until there is no news and nothing to offer."""
        while True:
            offers = self.floor.offers(clock.now(), 100)
            step = await self.assigner.step(self.lease, self.seen, offers)
            assert step.leads
            assert len(step.refused) < max(1, len(offers))
            if step.anew:
                self.floor, self.seen = await loading.load_floor(self.db, 100)
            else:
                self.seen = take_in(self.floor, step)
            if not self.seen and not offers:
                return

    async def sweep(self) -> bool:
        return await self.assigner.sweep(self.lease, watched_s=3600)


async def interactions(c: AsyncConnection, conversation_id: UUID) -> list[dict[str, Any]]:
    rows = await c.execute(
        text("SELECT * FROM interaction WHERE conversation_id = :id ORDER BY id"), {"id": conversation_id}
    )
    return [dict(row) for row in rows.mappings()]


async def the_offer(c: AsyncConnection, conversation_id: UUID) -> dict[str, Any]:
    found = [row for row in await interactions(c, conversation_id) if row["state"] == "offered"]
    assert len(found) == 1
    return found[0]
