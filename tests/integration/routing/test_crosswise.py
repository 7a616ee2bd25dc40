"""Two agents at the same instant, each choosing what the other has or is offered: both get it."""

import asyncio
import json
from collections.abc import Mapping
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.support.contact_centre import Centre, add_agent, arrive, open_centre
from tests.support.router import Steps, the_offer

from trato.db.engine import Database
from trato.flow import assign
from trato.flow.assign import Assigner
from trato.kit.ids import new_id
from trato.routing import checks, lease

BLOCKED = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
MAKE_ROOM = text("SELECT make_room(:agent, :conversation, 'test')")


class Rendezvous:
    """A place in two transactions that both reach before either goes on, unless one waits for the other."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._here = 0

    async def meet(self) -> None:
        self._here += 1
        for _ in range(1_500):
            if self._here == 2:
                return
            async with self._db.connect() as c:
                if await c.scalar(BLOCKED):
                    return
            await asyncio.sleep(0.02)
        pytest.fail("the other one neither comes nor waits")


async def settle(db: Database) -> None:
    """Let a router offer what can be offered."""
    held = await lease.elect(db, new_id())
    assert held is not None
    await Steps(db, Assigner(db), held).settle()  # type: ignore[arg-type]  # reads it as a Database
    await lease.resign(db, held)


async def offers(db: Database, centre: Centre) -> dict[UUID, UUID]:
    """Have two contacts come who are offered to two agents, and return whom each agent is offered."""
    async with db.begin() as c:
        conversations = [await arrive(c, centre) for _ in range(2)]
    await settle(db)
    async with db.connect() as c:
        found = {(await the_offer(c, one))["agent_id"]: one for one in conversations}
    assert len(found) == 2
    return found


async def choose_at_once(db: Database, wanted: Mapping[UUID, UUID], *, over: bool) -> None:
    place = Rendezvous(db)

    async def chooses(agent: UUID, conversation: UUID) -> None:
        async with db.begin() as c:
            await c.execute(MAKE_ROOM, {"agent": agent, "conversation": conversation})
            await place.meet()
            await assign.take(c, conversation, agent, actor="test", over=over)

    await asyncio.gather(*(chooses(agent, conversation) for agent, conversation in wanted.items()))
    async with db.connect() as c:
        rows = await c.execute(
            text("SELECT agent_id, conversation_id FROM interaction WHERE state = 'accepted'")
        )
        assert {row.agent_id: row.conversation_id for row in rows} == wanted
        assert await checks.broken(c) == {}


def crosswise(whose: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
    """Return for each of the two what is the other's."""
    return dict(zip(whose, reversed(list(whose.values())), strict=True))


async def test_each_takes_what_is_offered_to_the_other(committing_db: Database) -> None:
    async with committing_db.begin() as c:
        centre = await open_centre(c)
        for name in ("Ana", "Beto"):
            await add_agent(c, name)
    offered = await offers(committing_db, centre)
    await choose_at_once(committing_db, crosswise(offered), over=False)


async def test_each_takes_over_what_the_other_has_in_hand(committing_db: Database) -> None:
    async with committing_db.begin() as c:
        centre = await open_centre(c)
        agents = [await add_agent(c, name, capacity=2) for name in ("Ana", "Beto")]
        in_hand = {agent: await arrive(c, centre) for agent in agents}
        for agent, conversation in in_hand.items():
            await assign.take(c, conversation, agent, actor="test")
    await offers(committing_db, centre)  # they are full, and set what is offered aside
    await choose_at_once(committing_db, crosswise(in_hand), over=True)


async def test_a_router_that_offers_it_at_that_instant_is_not_stuck_either(committing_db: Database) -> None:
    async with committing_db.begin() as c:
        centre = await open_centre(c)
        ana = await add_agent(c)
    async with committing_db.begin() as c:
        await arrive(c, centre, ago_s=60)
    await settle(committing_db)
    async with committing_db.begin() as c:
        chosen = await arrive(c, centre)
    async with committing_db.begin() as c:
        await c.execute(MAKE_ROOM, {"agent": ana, "conversation": chosen})
        offering = asyncio.create_task(settle_offer(committing_db, chosen, ana))
        for _ in range(1_500):
            async with committing_db.connect() as other:
                if offering.done() or await other.scalar(BLOCKED):
                    break
            await asyncio.sleep(0.02)
        await assign.take(c, chosen, ana, actor="test")
    await offering


async def settle_offer(db: Database, conversation: UUID, agent: UUID) -> None:
    """The leader offers a conversation to an agent, as it may have seen it a moment ago."""
    offer = {"interaction_id": str(new_id()), "conversation_id": str(conversation), "agent_id": str(agent)}
    async with db.begin() as c:
        await c.execute(
            text("SELECT make_offers(CAST(:offers AS jsonb), 1, 60)"),
            {"offers": json.dumps([offer | {"reason": "", "decision": {}}])},
        )
