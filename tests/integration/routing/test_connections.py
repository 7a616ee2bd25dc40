"""Who has a desk open is there, and stays there for as long as it is open."""

import asyncio
import time

from sqlalchemy import text
from tests.support.contact_centre import add_agent

from trato.db.engine import Database
from trato.db.wake import Wake
from trato.kit.ids import new_id
from trato.live.audience import Staff
from trato.live.hub import Hub
from trato.routing.connections import keep_seen


async def last_seen(db: Database) -> dict[str, bool]:
    async with db.connect() as c:
        rows = await c.execute(
            text(
                "SELECT a.name, p.last_seen_at > now() - interval '50 seconds' AS lately"
                " FROM presence p JOIN agent a ON a.id = p.agent_id"
            )
        )
        return {row.name: row.lately for row in rows}


async def test_an_open_desk_keeps_its_agent_and_nobody_else(committing_db, fresh_dsn):
    async with committing_db.begin() as c:
        ana, _ = await add_agent(c, "Ana"), await add_agent(c, "Beto")
        await c.execute(text("UPDATE presence SET last_seen_at = now() - interval '55 seconds'"))
    hub = Hub(committing_db, Wake(fresh_dsn))
    with hub.subscribe(Staff(agent_id=ana)), hub.subscribe(Staff()), hub.subscribe(Staff(agent_id=new_id())):
        seeing = asyncio.create_task(keep_seen(committing_db, hub.agents, every_s=0.01))
        deadline = time.monotonic() + 20
        while not (await last_seen(committing_db))["Ana"]:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)
        seeing.cancel()
        await asyncio.wait([seeing])
    assert await last_seen(committing_db) == {"Ana": True, "Beto": False}
    assert hub.agents() == set()
