"""What a visitor is told of the wait, and what they can agree on instead of waiting on the page."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.integration.portal.test_talk import Stream, following
from tests.support.contact_centre import add_agent
from tests.support.portal import Page, Portal
from tests.support.until import until

from trato.flow import callbacks
from trato.flow.tasks import housekeeping
from trato.routing import checks
from trato.routing import hours as calendars

__all__ = ["following"]


async def busy_agent(portal: Portal, *, load: int = 1) -> UUID:
    async with portal.services.db.begin() as c:
        agent_id = await add_agent(c, capacity=1)
        await c.execute(
            text("UPDATE presence SET load = :load WHERE agent_id = :id"), {"id": agent_id, "load": load}
        )
    return agent_id


async def agree(page: Page, **body: Any) -> dict[str, Any]:
    answer = await page.ask("PUT", "callback", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["wait"]
    return found


async def slots(page: Page) -> list[dict[str, str]]:
    answer = await page.ask("GET", "callback/slots")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, str]] = answer.json()["items"]
    return found


async def in_line(portal: Portal) -> list[dict[str, Any]]:
    async with portal.services.db.connect() as c:
        assert await checks.broken(c) == {}
    return await portal.rows("SELECT * FROM waiting ORDER BY since")


async def travel(portal: Portal, **values: datetime | None) -> None:
    """Make the agreed time one that has come."""
    async with portal.services.db.begin() as c:
        await c.execute(
            text("UPDATE callback SET slot_start = :at, slot_end = :at WHERE state = 'scheduled'"), values
        )


def forget_lines(portal: Portal) -> None:
    portal.services.extras.pop("waits", None)


async def test_the_wait_is_told_before_and_after_the_first_word(portal, page) -> None:
    await page.open()
    assert page.view["wait"]["told"]["code"] == "nobody"
    assert page.view["wait"]["position"] is None
    await busy_agent(portal)
    forget_lines(portal)
    said = await page.say("¿hay alguien?")
    assert said["wait"]["position"] == 1
    assert said["wait"]["told"]["code"] in ("about", "between", "under")
    await page.open()
    assert page.view["wait"] == said["wait"]


async def test_who_looks_sees_their_place_move_and_the_thread_stays_quiet(portal, page, following) -> None:
    await busy_agent(portal)
    async with portal.page() as other:
        await other.open()
        first = await other.say("yo primero")
        await page.open()
        await page.say("y yo")
        await page.open()
        stream = following(Stream(page, last_id=page.view["position"]))
        await until(lambda: stream.of("wait.told") != [], "told once")
        assert stream.of("wait.told")[-1].data["data"]["wait"]["position"] == 2
        async with portal.services.db.begin() as c:
            await c.execute(text("SELECT route_left(:id)"), {"id": first["conversation"]["id"]})

        def place() -> int:
            return int(stream.of("wait.told")[-1].data["data"]["wait"]["position"])

        await until(lambda: place() == 1, "told that the place moved")
    assert stream.texts() == []
    assert len(await portal.rows("SELECT * FROM message")) == 2
    assert {row["position"] for row in await portal.rows("SELECT * FROM wait_estimate")} >= {1}


async def test_nobody_hears_of_the_wait_of_another(portal, page, following) -> None:
    await busy_agent(portal)
    async with portal.page() as other:
        for one in (other, page):
            await one.open()
            await one.say("hola")
            await one.open()
        mine = following(Stream(page, last_id=page.view["position"]))
        theirs = following(Stream(other, last_id=other.view["position"]))
        await until(lambda: mine.of("wait.told") and theirs.of("wait.told"), "both were told")
    for stream, place in ((theirs, 1), (mine, 2)):
        assert {event.data["data"]["wait"]["position"] for event in stream.of("wait.told")} == {place}


async def test_who_leaves_keeps_the_place_and_the_agent_is_told(portal, page) -> None:
    await page.open()
    await page.say("mi pedido no llegó")
    before = (await in_line(portal))[0]
    wait = await agree(page, how="email", address=" ana@example.com ")
    assert wait["callback"] == {
        "how": "email",
        "address": "ana@example.com",
        "slot_start": None,
        "slot_end": None,
        "state": "waiting",
    }
    (after,) = await in_line(portal)
    assert (after["since"], after["needs"]["callback"]) == (before["since"], "email")
    told = await portal.rows("SELECT value FROM fact WHERE name = 'email'")
    assert [row["value"] for row in told] == ["ana@example.com"]
    await page.open()
    assert page.view["email"] == "ana@example.com"
    events = await portal.rows("SELECT audience FROM event WHERE type = 'callback.changed'")
    assert [row["audience"] for row in events] == ["staff"]


async def test_asking_twice_changes_what_was_agreed(portal, page) -> None:
    await page.open()
    await page.say("hola")
    await agree(page, how="email", address="ana@example.com")
    wait = await agree(page, how="phone", address="+57 300 123 4567")
    assert wait["callback"]["how"] == "phone"
    rows = await portal.rows("SELECT how, state FROM callback ORDER BY created_at")
    assert [(row["how"], row["state"]) for row in rows] == [("email", "cancelled"), ("phone", "waiting")]


async def test_taking_it_back_waits_here_with_the_same_place(portal, page) -> None:
    await page.open()
    await page.say("hola")
    (before,) = await in_line(portal)
    await agree(page, how="here")
    answer = await page.ask("DELETE", "callback")
    assert answer.json()["wait"]["callback"] is None
    (after,) = await in_line(portal)
    assert after["since"] == before["since"]
    assert "callback" not in after["needs"]


@pytest.mark.parametrize(
    "body",
    [
        {"how": "email"},
        {"how": "email", "address": "ana"},
        {"how": "phone", "address": "llámeme"},
        {"how": "phone", "address": "+1 234 567 8901 234 567"},
        {"how": "pigeon"},
    ],
)
async def test_what_cannot_reach_anybody_is_refused_and_the_place_stays(portal, page, body) -> None:
    await page.open()
    await page.say("hola")
    assert (await page.ask("PUT", "callback", json=body)).status_code == 422
    assert len(await in_line(portal)) == 1


async def test_a_time_is_agreed_and_the_contact_is_in_line_then_due_at_that_time(portal, page) -> None:
    await page.open()
    await page.say("llámenme más tarde")
    slot = (await slots(page))[3]
    wait = await agree(page, how="phone", address="+57 300 123 4567", slot=slot["start"])
    assert wait["callback"]["state"] == "scheduled"
    assert wait["position"] is None
    assert await in_line(portal) == []
    at = datetime.now(UTC) - timedelta(seconds=2)
    await travel(portal, at=at)
    await callbacks.coming_due(portal.services)({}, 1)
    (row,) = await in_line(portal)
    assert row["since"] == at - timedelta(seconds=60)  # due at the time: the usual target is a minute
    assert row["needs"]["callback"] == "phone"
    (conversation,) = await portal.rows("SELECT status, snoozed_until FROM conversation")
    assert dict(conversation) == {"status": "open", "snoozed_until": None}


async def test_if_what_brings_them_back_does_not_run_the_snooze_ends_all_the_same(portal, page) -> None:
    await page.open()
    await page.say("llámenme más tarde")
    await agree(page, how="phone", address="3001234567", slot=(await slots(page))[0]["start"])
    async with portal.services.db.begin() as c:
        await c.execute(text("UPDATE conversation SET snoozed_until = now() - interval '1 s'"))
    await housekeeping(portal.services)({}, 1)
    assert len(await in_line(portal)) == 1


async def test_a_slot_takes_as_many_as_it_can_and_no_more(portal, page) -> None:
    async with portal.page() as p1, portal.page() as p2:
        async with portal.services.db.begin() as c:
            await c.execute(text("INSERT INTO queue (id, name) VALUES (gen_random_uuid(), 'Chat')"))
            await c.execute(text("INSERT INTO queue_account SELECT a.id, q.id FROM account a, queue q"))
            await c.execute(
                text("INSERT INTO queue_waiting (queue_id, slot_capacity) SELECT id, 1 FROM queue")
            )
        for one in (page, p1, p2):
            await one.open()
            await one.say("hola")
        start = (await slots(page))[0]["start"]
        body = {"how": "email", "address": "ana@example.com", "slot": start}
        answers = await asyncio.gather(*(one.ask("PUT", "callback", json=body) for one in (page, p1, p2)))
        assert sorted(one.status_code for one in answers) == [200, 409, 409]
        assert len(await in_line(portal)) == 2  # who did not get the time still waits
        lucky = [one.status_code for one in answers].index(200)
        winner, loser = (page, p1, p2)[lucky], (page, p1, p2)[lucky - 1]
        assert start not in [slot["start"] for slot in await slots(loser)]
        assert start in [slot["start"] for slot in await slots(winner)]  # theirs, so they may keep it
        await agree(winner, how="phone", address="3001234567", slot=start)


async def test_writing_again_before_the_time_waits_in_line_now(portal, page) -> None:
    """Who speaks is heard: whoever is free answers at once, and what was agreed is shown with the offer."""
    await page.open()
    await page.say("llámenme más tarde")
    await agree(page, how="phone", address="3001234567", slot=(await slots(page))[5]["start"])
    await page.say("olvidé decirles el número de pedido: 77")
    (row,) = await in_line(portal)
    assert row["queue_id"] is None


async def test_an_agent_who_writes_first_ends_it(portal, page) -> None:
    await page.open()
    said = await page.say("escríbanme")
    await agree(page, how="here")
    agent_id = await busy_agent(portal, load=0)
    async with portal.services.db.begin() as c:
        taken = await c.scalar(
            text("SELECT assign_conversation(:id, :agent, gen_random_uuid(), 'taken', false, 'user:1')"),
            {"id": said["conversation"]["id"], "agent": agent_id},
        )
        assert taken["interaction"]["decision"]["callback"] == "here"
        await c.execute(text("UPDATE interaction SET first_reply_at = now()"))
    (row,) = await portal.rows("SELECT state, done_by FROM callback")
    assert dict(row) == {"state": "done", "done_by": f"agent:{agent_id}"}


async def test_a_call_is_done_when_the_agent_says_so(portal, page) -> None:
    await page.open()
    said = await page.say("llámenme")
    await agree(page, how="phone", address="3001234567")
    async with portal.services.db.begin() as c:
        done = await callbacks.finish(c, UUID(said["conversation"]["id"]), actor="user:1")
    assert done["state"] == "done"
    await page.open()
    assert page.view["wait"]["callback"]["state"] == "done"


async def test_one_who_ended_the_conversation_agrees_on_nothing(portal, page) -> None:
    await page.open()
    await page.say("hola")
    await page.ask("POST", "end")
    answer = await page.ask("PUT", "callback", json={"how": "here"})
    assert answer.status_code == 409


async def closed_until(portal: Portal, opens: datetime) -> None:
    """Close the organisation until an instant, of which it is open an hour."""
    day = opens.strftime("%a").lower()
    span = [opens.strftime("%H:00"), f"{opens:%H}:59"]
    async with portal.services.db.begin() as c:
        await c.execute(
            text("UPDATE organisation SET time_zone = 'UTC', hours = CAST(:hours AS jsonb)"),
            {"hours": json.dumps({day: [span]})},
        )
    forget_lines(portal)


async def test_when_it_is_closed_it_is_said_when_it_opens_and_nobody_is_refused(portal, page) -> None:
    opens = (datetime.now(UTC) + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    await closed_until(portal, opens)
    await page.open()
    told = page.view["wait"]["told"]
    assert told["code"] == "closed"
    assert datetime.fromisoformat(told["opens_at"]) == opens
    assert page.view["wait"]["is_open"] is False
    said = await page.say("¿me ayudan mañana?")
    assert (said["wait"]["position"], said["wait"]["is_long"]) == (1, True)
    assert len(await in_line(portal)) == 1
    free = await slots(page)
    assert free != []
    for slot in free:
        assert datetime.fromisoformat(slot["start"]).hour == opens.hour
        assert datetime.fromisoformat(slot["start"]) >= opens


async def test_whoever_is_here_counts_also_when_it_is_closed(portal, page) -> None:
    await closed_until(portal, (datetime.now(UTC) + timedelta(days=2)).replace(minute=0))
    async with portal.services.db.begin() as c:
        await add_agent(c, capacity=3)
    forget_lines(portal)
    await page.open()
    assert page.view["wait"]["told"]["code"] == "moment"


async def test_a_queue_goes_by_its_own_calendar(portal, page) -> None:
    async with portal.services.db.begin() as c:
        calendar = await calendars.create(
            c,
            {
                "name": "Nunca",
                "time_zone": "America/Bogota",
                "week": {},
                "exceptions": [],
                "ical": "",
                "ical_url": None,
            },
        )
        await c.execute(
            text("INSERT INTO queue (id, name, calendar_id) VALUES (gen_random_uuid(), 'Chat', :id)"),
            {"id": calendar["id"]},
        )
        await c.execute(text("INSERT INTO queue_account SELECT a.id, q.id FROM account a, queue q"))
    await page.open()
    assert page.view["wait"]["told"] == {
        "code": "closed",
        "low_min": None,
        "high_min": None,
        "opens_at": None,
    }
    await page.say("hola")
    assert await slots(page) == []
    assert (await agree(page, how="here"))["callback"]["state"] == "waiting"
