"""Routers as real processes and under load: one leads, another takes over, nothing is lost or doubled."""

import asyncio
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.support.contact_centre import add_agent, arrive, open_centre

from trato.db.engine import Database
from trato.db.wake import Wake
from trato.flow import assign
from trato.flow.assign import Assigner
from trato.kit.errors import Conflict
from trato.routing import checks
from trato.routing.leader import Router

PROCESS = Path(__file__).with_name("router_process.py")
DEADLINE_S = 120  # generous for a busy machine; what is measured has limits of its own

Process = asyncio.subprocess.Process


async def until(question: Callable[[], Awaitable[object]], what: str) -> None:
    """Ask until the answer is true."""
    deadline = time.monotonic() + DEADLINE_S
    while not await question():
        assert time.monotonic() < deadline, f"not in {DEADLINE_S} s: {what}"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def router_process(dsn: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(sys.executable, str(PROCESS), dsn)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def router_here(dsn: str, db: Database) -> AsyncIterator[Wake]:
    """A router in this process; gives the wake-ups to ring after a change."""
    wake = Wake(dsn)
    await wake.start()
    running = asyncio.create_task(Router(db, wake, Assigner(db)).run())
    try:
        yield wake
    finally:
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()  # and not broken
        await wake.close()


async def epoch(db: Database) -> int:
    """The epoch of the one who leads now, 0 when nobody does."""
    return int(
        await db.call(
            "SELECT coalesce(max(epoch), 0) FROM routing_lease WHERE expires_at > clock_timestamp()"
        )
    )


async def stands_by(db: Database) -> bool:
    """Both routers are connected, each with its wake-ups."""
    wakes = "datname = current_database() AND application_name = 'trato wake'"
    return bool(await db.call(f"SELECT count(*) = 2 FROM pg_stat_activity WHERE {wakes}"))


async def offered(db: Database) -> int:
    return int(await db.call("SELECT count(*) FROM interaction WHERE state = 'offered'"))


async def nothing_broken(db: Database) -> None:
    async with db.connect() as c:
        assert await checks.broken(c) == {}


async def nobody_stranded(db: Database) -> None:
    async def none() -> bool:
        async with db.connect() as c:
            return await checks.stranded(c) == {}

    await until(none, "nobody waits beside a free agent")


@pytest.mark.slow
@pytest.mark.alone  # its limits are of seconds
async def test_of_two_routers_one_leads_and_the_other_takes_over_when_it_is_killed(fresh_dsn, committing_db):
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(router_process(fresh_dsn))
        await until(lambda: epoch(committing_db), "the first leads")
        await stack.enter_async_context(router_process(fresh_dsn))
        await until(lambda: stands_by(committing_db), "the second stands by")
        async with committing_db.begin() as c:
            centre = await open_centre(c)
            await add_agent(c, capacity=100)
            await arrive(c, centre)
        await until(lambda: offered(committing_db), "the one who leads makes the offer")
        leads = await epoch(committing_db)

        first.kill()
        killed_at = time.monotonic()

        async def another() -> bool:
            return await epoch(committing_db) > leads

        await until(another, "another leads")
        assert time.monotonic() - killed_at < 3
        async with committing_db.begin() as c:
            await arrive(c, centre)
        await until(lambda: _count_is(offered(committing_db), 2), "the new one offers")
        await nothing_broken(committing_db)


async def _count_is(count: Awaitable[int], wanted: int) -> bool:
    return await count == wanted


@pytest.mark.slow
@pytest.mark.alone  # its limits are of seconds
async def test_a_leader_that_was_stopped_wakes_up_and_changes_nothing(fresh_dsn, committing_db):
    async with router_process(fresh_dsn) as old:
        await until(lambda: epoch(committing_db), "the first leads")
        async with committing_db.begin() as c:
            centre = await open_centre(c)
            await add_agent(c, capacity=2)
            await arrive(c, centre)
        await until(lambda: offered(committing_db), "the first offers")
        old.send_signal(signal.SIGSTOP)
        async with committing_db.begin() as c:
            await arrive(c, centre)  # the old one will find it in the inbox when it wakes up
            await arrive(c, centre)
        stopped_at = time.monotonic()
        async with router_here(fresh_dsn, committing_db):
            await until(lambda: _count_is(offered(committing_db), 2), "the second has taken over and offers")
            assert time.monotonic() - stopped_at < 3 + 1  # the lease, and the offer after it
            leads = await epoch(committing_db)
            for _ in range(3):  # stopped and woken anywhere in its work
                old.send_signal(signal.SIGCONT)
                await asyncio.sleep(0.2)
                old.send_signal(signal.SIGSTOP)
                await asyncio.sleep(0.05)
            old.send_signal(signal.SIGCONT)
            async with committing_db.begin() as c:
                await add_agent(c, capacity=1)
            await until(lambda: _count_is(offered(committing_db), 3), "the second still leads")
            assert await epoch(committing_db) == leads
            epochs = await committing_db.call("SELECT array_agg(epoch ORDER BY id) FROM interaction")
            assert epochs == [leads - 1, leads, leads]
            await nothing_broken(committing_db)
        old.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(old.wait(), 5) == 0


async def test_a_router_that_stops_lets_the_next_one_lead_at_once(fresh_dsn, committing_db):
    async with router_here(fresh_dsn, committing_db):
        await until(lambda: epoch(committing_db), "it leads")
        first = await epoch(committing_db)
    assert await epoch(committing_db) == 0
    async with router_here(fresh_dsn, committing_db):
        await until(lambda: epoch(committing_db), "the next one leads")
        assert await epoch(committing_db) == first + 1


async def test_a_clock_set_back_leaves_nobody_without_a_leader(fresh_dsn, committing_db):
    await committing_db.call(
        "UPDATE routing_lease SET epoch = 7, expires_at = now() + interval '1 hour' RETURNING 1"
    )
    async with router_here(fresh_dsn, committing_db):
        await until(lambda: _count_is(epoch(committing_db), 8), "an impossible lease counts for nothing")


async def test_the_router_goes_on_after_its_connections_are_cut(fresh_dsn, committing_db):
    own = Database.open(fresh_dsn, pool_size=4, application_name="router under test")
    async with router_here(fresh_dsn, own):
        await until(lambda: epoch(committing_db), "it leads")
        async with committing_db.begin() as c:
            centre = await open_centre(c)
            await add_agent(c, capacity=5)
            await c.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND application_name = 'router under test'"
                )
            )
            await arrive(c, centre)
        await until(lambda: offered(committing_db), "it offers again")
    await own.close()


async def test_an_arrival_that_commits_late_is_not_forgotten(fresh_dsn, committing_db):
    async with committing_db.begin() as c:
        centre = await open_centre(c)
        await add_agent(c, capacity=5)
    async with router_here(fresh_dsn, committing_db) as wake:
        async with committing_db.begin() as late:
            first = await arrive(late, centre)  # takes its inbox id, does not commit yet
            async with committing_db.begin() as c:
                second = await arrive(c, centre)
            wake.ring("routing")
            await until(lambda: offered(committing_db), "the later one is offered")

            async def drained() -> bool:
                return not await committing_db.call("SELECT count(*) FROM routing_inbox")

            await until(drained, "the inbox is read beyond the gap")
        await until(lambda: _count_is(offered(committing_db), 2), "the late one is offered as well")
    held = await committing_db.call("SELECT array_agg(conversation_id ORDER BY id) FROM interaction")
    assert held == [second, first]


async def test_a_conversation_that_somebody_has_locked_holds_nobody_up(fresh_dsn, committing_db):
    async with committing_db.begin() as c:
        centre = await open_centre(c)
        await add_agent(c, capacity=5)
        locked = await arrive(c, centre, ago_s=5)
        await arrive(c, centre)
    async with committing_db.begin() as c:
        await c.execute(text("SELECT FROM conversation WHERE id = :id FOR UPDATE"), {"id": locked})
        async with router_here(fresh_dsn, committing_db):
            await until(lambda: offered(committing_db), "the other one is offered meanwhile")
            assert await offered(committing_db) == 1
            await c.commit()
            await until(lambda: _count_is(offered(committing_db), 2), "and the first once it is free")


async def test_of_many_who_accept_at_once_exactly_one_wins(fresh_dsn, committing_db):
    async with committing_db.begin() as c:
        centre = await open_centre(c)
        ana = await add_agent(c)
        await arrive(c, centre)
    async with router_here(fresh_dsn, committing_db):
        await until(lambda: offered(committing_db), "it is offered")
    offer = await committing_db.call("SELECT id FROM interaction")

    async def accept(number: int) -> bool:
        try:
            async with committing_db.begin() as c:
                await assign.accept(c, offer, ana, actor=f"user:{number}")
        except Conflict:
            return False
        return True

    assert sum(await asyncio.gather(*(accept(number) for number in range(8)))) == 1
    await nothing_broken(committing_db)


async def test_accepting_and_declining_and_taking_at_once_leave_one_holder(fresh_dsn, committing_db):
    async with committing_db.begin() as c:
        centre = await open_centre(c)
        ana, beto = await add_agent(c), await add_agent(c, state="away")
        for _ in range(10):
            await arrive(c, centre)
    async with router_here(fresh_dsn, committing_db) as wake:
        for _ in range(10):
            await until(lambda: offered(committing_db), "one is offered")
            row = await committing_db.call(
                "SELECT jsonb_build_object('id', id, 'conversation', conversation_id)"
                " FROM interaction WHERE state = 'offered'"
            )

            offer, conversation = UUID(row["id"]), UUID(row["conversation"])
            outcomes = await asyncio.gather(
                _outcome(committing_db, lambda c, o=offer: assign.accept(c, o, ana, actor="a")),
                _outcome(committing_db, lambda c, o=offer: assign.decline(c, o, ana, reason="", actor="a")),
                _outcome(committing_db, lambda c, v=conversation: assign.take(c, v, beto, actor="b")),
            )
            assert any(outcomes)
            await nothing_broken(committing_db)
            async with committing_db.begin() as c:
                await c.execute(
                    text("UPDATE conversation SET status = 'closed', waiting_since = NULL WHERE id = :id"),
                    {"id": conversation},
                )
                await assign.end(c, conversation, reason="closed", actor="a")
            wake.ring("routing")
    await nothing_broken(committing_db)


async def _outcome(db: Database, act: Callable[..., Awaitable[object]]) -> bool:
    try:
        async with db.begin() as c:
            await act(c)
    except Conflict:
        return False
    return True


@pytest.mark.slow
async def test_two_hundred_arrivals_and_releases_at_once_lose_double_and_strand_nobody(
    fresh_dsn, committing_db
):
    """Customers arrive, agents accept, decline, close, release, go and come, and the router is killed."""
    async with committing_db.begin() as c:
        centre = await open_centre(c)
        agents = [await add_agent(c, f"Agent {number}", capacity=1 + number % 3) for number in range(12)]
    chance = random.Random(7)
    closed: set[UUID] = set()

    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(router_process(fresh_dsn))
        await until(lambda: epoch(committing_db), "the first leads")
        wake = await stack.enter_async_context(router_here(fresh_dsn, committing_db))  # stands by

        async def customers(count: int) -> None:
            for _ in range(count):
                async with committing_db.begin() as c:
                    await arrive(c, centre, priority=chance.choice((0, 0, 1)))
                wake.ring("routing")

        async def works(agent: UUID) -> None:
            while len(closed) < 200:
                if not await act(committing_db, agent, closed, chance):
                    await wake.wait("events", 0.05)
                wake.ring("routing")

        async with asyncio.timeout(400), asyncio.TaskGroup() as group:
            for _ in range(4):
                group.create_task(customers(50))
            for agent in agents:
                group.create_task(works(agent))
            await until(lambda: _done(closed, 50), "a quarter is done")
            first.kill()
            while len(closed) < 200:
                await nothing_broken(committing_db)
                await wake.wait("events", 0.1)
        await nothing_broken(committing_db)
        await nobody_stranded(committing_db)
    assert len(closed) == 200
    assert await committing_db.call("SELECT count(*) FROM waiting") == 0
    assert await committing_db.call("SELECT sum(load) FROM presence") == 0


async def _done(closed: set[UUID], count: int) -> bool:
    return len(closed) >= count


async def act(db: Database, agent: UUID, closed: set[UUID], chance: random.Random) -> bool:
    """Do one thing that an agent does; False when there is nothing to do."""
    async with db.begin() as c:
        row = (
            await c.execute(
                text(
                    "SELECT id, conversation_id, state FROM interaction"
                    " WHERE agent_id = :agent AND state IN ('offered', 'accepted') ORDER BY id LIMIT 1"
                ),
                {"agent": agent},
            )
        ).first()
    if row is None:
        return False
    dice = chance.random()
    if row.state == "offered":
        if dice < 0.8:
            await _outcome(db, lambda c: assign.accept(c, row.id, agent, actor="a"))
        elif dice < 0.9:
            await _outcome(db, lambda c: assign.decline(c, row.id, agent, reason="no", actor="a"))
        else:
            await _presence(db, agent, "away")
            await _presence(db, agent, "available")
    elif dice < 0.2:
        await _outcome(db, lambda c: assign.release(c, row.conversation_id, actor="a"))
    else:
        async with db.begin() as c:
            await c.execute(
                text("UPDATE conversation SET status = 'closed', waiting_since = NULL WHERE id = :id"),
                {"id": row.conversation_id},
            )
            await assign.end(c, row.conversation_id, reason="closed", actor="a")
        closed.add(row.conversation_id)
    return True


async def _presence(db: Database, agent: UUID, state: str) -> None:
    async with db.begin() as c:
        await c.execute(
            text("SELECT set_presence(:id, :state, NULL, 'a', NULL)"), {"id": agent, "state": state}
        )
