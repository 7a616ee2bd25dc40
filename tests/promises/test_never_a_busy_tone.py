"""Promise 4, never a busy tone: however the house stands, no attempt to reach us is lost or refused."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from tests.integration.portal.conftest import account, page, portal, services
from tests.support.contact_centre import add_agent
from tests.support.installation import DeskUser, Installation, Visitor, installation
from tests.support.portal import Page, Portal
from tests.support.until import until

from trato.flow import callbacks
from trato.flow.assign import Assigner
from trato.routing import checks
from trato.routing.leader import Router

__all__ = ["account", "page", "portal", "services"]

WAYS: list[dict[str, Any]] = [
    {"how": "here"},
    {"how": "email", "address": "ana@example.com"},
    {"how": "phone", "address": "+57 300 123 4567"},
]

Hardship = Callable[[Portal], Awaitable[None]]


async def nobody_exists(portal: Portal) -> None:
    """No agent was ever made."""
    del portal


async def all_are_busy(portal: Portal) -> None:
    async with portal.services.db.begin() as c:
        agent_id = await add_agent(c, capacity=1)
        brand = portal.account.brand_id
        values = {"account": portal.account.id, "brand": brand, "agent": agent_id, "id": uuid4()}
        await c.execute(
            text("INSERT INTO contact (id, name) VALUES (:id, 'Otra persona')"), {"id": values["id"]}
        )
        await c.execute(
            text("""
                INSERT INTO conversation (id, account_id, conversation_key, channel, brand_id, contact_id)
                VALUES (:id, :account, 'otra', 'webchat', :brand, :id)
            """),
            values,
        )
        found = await c.scalar(
            text("SELECT assign_conversation(:id, :agent, :id, 'taken', false, 'user:1')"), values
        )
        assert found["outcome"] == "done"


async def all_are_away(portal: Portal) -> None:
    async with portal.services.db.begin() as c:
        for state in ("away", "offline"):
            await add_agent(c, state, state=state)


async def it_is_closed(portal: Portal) -> None:
    day = (datetime.now(UTC) + timedelta(days=3)).strftime("%a").lower()
    async with portal.services.db.begin() as c:
        await c.execute(
            text("""
                UPDATE organisation SET time_zone = 'UTC',
                       hours = jsonb_build_object(CAST(:day AS text), '[["09:00", "17:00"]]'::jsonb)
            """),
            {"day": day},
        )


async def its_queue_is_inactive(portal: Portal) -> None:
    async with portal.services.db.begin() as c:
        await c.execute(
            text("INSERT INTO queue (id, name, active) VALUES (gen_random_uuid(), 'Cerrada', false)")
        )
        await c.execute(text("INSERT INTO queue_account SELECT a.id, q.id FROM account a, queue q"))


async def nobody_knows_what_it_asks_for(portal: Portal) -> None:
    async with portal.services.db.begin() as c:
        await c.execute(text("INSERT INTO queue (id, name) VALUES (gen_random_uuid(), 'Arameo')"))
        await c.execute(text("INSERT INTO skill (id, name) VALUES (gen_random_uuid(), 'arameo')"))
        await c.execute(text("INSERT INTO queue_skill SELECT q.id, s.id, 5 FROM queue q, skill s"))
        await c.execute(text("INSERT INTO queue_account SELECT a.id, q.id FROM account a, queue q"))
        await add_agent(c, state="available")


async def no_slot_is_left(portal: Portal) -> None:
    await its_queue_is_inactive(portal)
    async with portal.services.db.begin() as c:
        await c.execute(text("INSERT INTO queue_waiting (queue_id, slot_capacity) SELECT id, 0 FROM queue"))


HARDSHIPS = [
    nobody_exists,
    all_are_busy,
    all_are_away,
    it_is_closed,
    its_queue_is_inactive,
    nobody_knows_what_it_asks_for,
    no_slot_is_left,
]


async def in_line_or_agreed(portal: Portal) -> set[str]:
    """Return the conversations that somebody will come to: in line, or agreed for a time."""
    async with portal.services.db.connect() as c:
        assert await checks.broken(c) == {}
    rows = await portal.rows("""
        SELECT conversation_id::text AS id FROM waiting
        UNION SELECT conversation_id::text FROM callback WHERE state = 'scheduled'
    """)
    return {row["id"] for row in rows}


async def agrees(page: Page, **body: Any) -> dict[str, Any]:
    answer = await page.ask("PUT", "callback", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["wait"]
    return found


@pytest.mark.parametrize("hardship", HARDSHIPS, ids=lambda one: one.__name__)
async def test_everybody_is_taken_in_told_the_truth_and_offered_another_way(
    portal: Portal, page: Page, hardship: Hardship
) -> None:
    """No router runs in here: that too is a hardship."""
    await hardship(portal)
    await page.open()
    assert page.view["wait"] is not None, "the wait is told before the first word"
    said = await page.say("necesito ayuda")
    assert said["wait"]["position"] == 1
    assert said["wait"]["told"]["code"] != "moment"
    assert said["wait"]["is_long"], "other ways are offered"
    (before,) = await portal.rows("SELECT since FROM waiting")
    for way in WAYS:
        assert (await agrees(page, **way))["callback"]["how"] == way["how"]
        assert await portal.rows("SELECT since FROM waiting") == [before], "the place is kept"
    free = (await page.ask("GET", "callback/slots")).json()["items"]
    for slot in free[:1]:
        assert (await agrees(page, **WAYS[2], slot=slot["start"]))["callback"]["state"] == "scheduled"
    assert await in_line_or_agreed(portal) == {said["conversation"]["id"]}


@asynccontextmanager
async def a_router(portal: Portal) -> AsyncIterator[None]:
    shared = portal.services
    running = asyncio.create_task(Router(shared.db, shared.wake, Assigner(shared.db)).run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait([running])


async def test_when_the_router_comes_back_all_who_came_meanwhile_are_offered_in_order(portal: Portal) -> None:
    """Those who wait here, those who left, and one whose agreed time came while nobody routed."""
    came: list[str] = []
    for number in range(6):
        async with portal.page() as one:
            await one.open()
            came.append((await one.say(f"soy {number}"))["conversation"]["id"])
            if number % 2:
                await agrees(one, **WAYS[number % 3])
            if number == 4:
                slot = (await one.ask("GET", "callback/slots")).json()["items"][0]
                await agrees(one, **WAYS[1], slot=slot["start"])
    async with portal.services.db.begin() as c:
        await c.execute(
            text("UPDATE callback SET slot_start = now() - interval '1 s' WHERE state = 'scheduled'")
        )
    await callbacks.coming_due(portal.services)({}, 1)
    assert await in_line_or_agreed(portal) == set(came)
    async with portal.services.db.begin() as c:
        await add_agent(c, capacity=10)
    offered: list[dict[str, Any]] = []

    async def look() -> None:
        nonlocal offered
        while len(offered) < len(came):
            offered = await portal.rows(
                "SELECT conversation_id, decision, state FROM interaction ORDER BY id"
            )
            await asyncio.sleep(0.05)

    async with a_router(portal), asyncio.timeout(30):
        await look()
    assert {str(row["conversation_id"]) for row in offered} == set(came)
    asked = {str(row["conversation_id"]): row["decision"].get("callback") for row in offered}
    assert [asked[one] for one in came] == [None, "email", None, "here", "email", "phone"]


async def test_a_callback_that_breaks_off_in_the_middle_leaves_the_place(portal: Portal, page: Page) -> None:
    """The process dies after it has written all of it, before the commit."""
    await page.open()
    said = await page.say("llámenme")
    conversation_id = UUID(said["conversation"]["id"])
    (before,) = await portal.rows("SELECT since, needs FROM waiting")

    async def dies() -> None:
        async with portal.services.db.begin() as c:
            await callbacks.agree(
                c, conversation_id, how="phone", address="3001234567", slot=None, actor="visitor:1"
            )
            raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        await dies()
    assert await portal.rows("SELECT since, needs FROM waiting") == [before]
    assert await portal.rows("SELECT id FROM callback") == []
    assert (await agrees(page, **WAYS[2]))["callback"]["address"] == "+57 300 123 4567"


@pytest.fixture
def up(reachable: Path) -> Any:
    """A running demo shop, of which parts are killed."""
    with installation(reachable) as found:
        found.start("--demo")
        yield found


PEOPLE, KILLS = 12, 3


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_killing_the_web_in_the_middle_of_callbacks_loses_nobody(up: Installation) -> None:
    limits = httpx.Limits(max_connections=50, max_keepalive_connections=20)
    async with httpx.AsyncClient(base_url=up.url, timeout=30, limits=limits, trust_env=False) as http:
        desk = await DeskUser(http).sign_in()
        accounts = (await desk.do("GET", "/accounts"))["items"]
        chat = next(one["public_key"] for one in accounts if one["kind"] == "webchat")
        agreed: dict[str, str] = {}
        done = 0

        async def one(number: int) -> None:
            nonlocal done
            visitor = await Visitor(http, chat).open()
            conversation_id = (await visitor.say(f"soy {number}"))["conversation_id"]
            for turn in range(6):
                way = WAYS[(number + turn) % 3]
                # An address of their own: the same one for many would be somebody's mischief.
                given = {"email": f"a{number}@example.com", "phone": f"30012345{number:02}"}
                address = {"address": given[way["how"]]} if way["how"] in given else {}
                answer = await visitor.ask("PUT", "callback", json=way | address)
                assert answer.status_code == 200, answer.text
                agreed[conversation_id] = way["how"]
            done += 1

        async def kill() -> None:
            for _ in range(KILLS):
                await asyncio.sleep(0.7)
                up.kill("web")
                up.kill("route")
                await asyncio.sleep(8)

        async with asyncio.TaskGroup() as group:
            group.create_task(kill())
            for number in range(PEOPLE):
                group.create_task(one(number))
        await until(lambda: done == PEOPLE, "all have agreed on something")
        async with up.database() as look:
            rows = await look.rows("""
                SELECT k.conversation_id::text AS id, k.how FROM callback k
                WHERE k.state = 'waiting' AND EXISTS (
                    SELECT FROM waiting w WHERE w.conversation_id = k.conversation_id
                    UNION SELECT FROM interaction i WHERE i.conversation_id = k.conversation_id
                      AND i.state IN ('offered', 'accepted'))
            """)
            assert {row["id"]: row["how"] for row in rows} == agreed
            await look.check_routing()
