"""Promised times over the real event log: they start, stand still, come near, break, are met."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import text

from trato.automation.sla import clocks
from trato.brands import service as brands
from trato.conversations import service as conversations
from trato.kit.clock import now
from trato.kit.ids import new_id
from trato.routing import hours

from .conftest import Place

NIGHT_AND_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
PROMISE = {"name": "Todos", "first_reply_s": 600, "next_reply_s": 1200, "resolution_s": 86_400}


@pytest.fixture
async def always_open(place: Place) -> Place:
    async with place.db.begin() as c:
        await c.execute(
            text(
                "INSERT INTO organisation (name, language, time_zone, hours)"
                " VALUES ('Aurora', 'es', 'America/Bogota', CAST(:hours AS jsonb))"
            ),
            {"hours": __import__("json").dumps(NIGHT_AND_DAY)},
        )
    return place


async def follow(place: Place) -> list[dict[str, object]]:
    """Let the consumer work, and return the clocks as the events tell them."""
    events = await place.news()
    async with place.db.begin() as c:
        await clocks.handle(c, [event for event in events if event.type in clocks.TYPES])
    return [event.data["sla"] for event in await place.news() if event.type == "sla.changed"]


async def test_a_reply_is_promised_when_somebody_writes_and_kept_by_an_answer(
    always_open: Place, http: httpx.AsyncClient
) -> None:
    place = always_open
    await http.post("/sla-policies", json=PROMISE)
    await place.news()
    await place.say("¿Hola?")
    (told,) = await follow(place)
    assert (told["target"], told["state"]) == ("first_reply", "ok")
    running = (await http.get("/sla-clocks")).json()["items"]
    assert [one["due_at"] for one in running] == [told["due_at"]]
    await place.say("¿Hola?")  # the clock of the first one goes on
    assert await follow(place) == []
    await place.say("Buenas tardes.", direction="out")
    assert [one["state"] for one in await follow(place)] == ["met"]
    await place.say("¿Y mi heladera?")
    assert [(one["target"], one["state"]) for one in await follow(place)] == [("next_reply", "ok")]
    async with place.db.begin() as c:
        await conversations.set_status(c, place.conversation_id, "closed", snoozed_until=None, actor="user:1")
    assert [one["state"] for one in await follow(place)] == ["dropped"]
    assert (await http.get("/sla-clocks")).json()["items"] == []


async def test_what_goes_on_to_somebody_else_is_no_reply(always_open: Place, http: httpx.AsyncClient) -> None:
    place = always_open
    await http.post("/sla-policies", json=PROMISE)

    async def send_on() -> None:
        sent = await place.say("¿Pueden verlo?", direction="out")
        await place.write(
            "UPDATE message SET payload = jsonb_build_object('apart', true) WHERE id = :id", id=sent
        )

    await send_on()
    await place.news()
    await place.say("¿Hola?")
    assert [(one["target"], one["state"]) for one in await follow(place)] == [("first_reply", "ok")]
    await send_on()
    assert [one["state"] for one in await follow(place)] == ["dropped"]


async def test_time_brings_a_clock_near_and_breaks_it_and_each_is_told_once(
    always_open: Place, http: httpx.AsyncClient
) -> None:
    place = always_open
    await http.post("/sla-policies", json=PROMISE)
    await place.news()
    await place.say("¿Hola?")
    (told,) = await follow(place)
    states = []
    for minutes in (1, 8, 9, 11, 12):
        async with place.db.begin() as c:
            await clocks.tick(c, told["id"], now() + timedelta(minutes=minutes))  # type: ignore[arg-type]
        states.append([event.data["sla"]["state"] for event in await place.news()])
    assert states == [[], ["near"], [], ["broken"], []]
    jobs = await place.rows("SELECT run_at FROM job WHERE kind = 'sla.tick'")
    assert len(jobs) == 1
    await place.say("Perdón por la demora.", direction="out")
    await place.write("UPDATE sla_clock SET due_at = now() - interval '1 hour', near_at = NULL")
    assert [one["state"] for one in await follow(place)] == ["missed"]


async def test_a_case_stands_still_while_it_waits_for_the_contact(
    always_open: Place, http: httpx.AsyncClient
) -> None:
    place = always_open
    await http.post("/sla-policies", json={"name": "Solución", "resolution_s": 3600})
    await place.news()

    async def turn(**changes: object) -> list[tuple[object, object]]:
        async with place.db.begin() as c:
            await conversations.change_case(c, place.case_id, changes, actor="user:1")
        return [(one["state"], one["left_s"]) for one in await follow(place)]

    assert [state for state, _ in await turn(title="Heladera")] == ["ok"]
    (stood,) = await turn(status="waiting", waiting_for="Cliente")
    assert stood[0] == "paused"
    assert 3590 < float(str(stood[1])) <= 3600
    assert await turn(title="La heladera") == []
    assert [state for state, _ in await turn(status="waiting", waiting_for="el taller")] == ["ok"]
    assert [state for state, _ in await turn(status="resolved")] == ["met"]
    assert [state for state, _ in await turn(status="open")] == ["ok"]


async def test_another_calendar_moves_what_runs(always_open: Place, http: httpx.AsyncClient) -> None:
    place = always_open
    values = {
        "name": "Siempre",
        "time_zone": "America/Bogota",
        "week": NIGHT_AND_DAY,
        "exceptions": [],
        "ical": "",
    }
    async with place.db.begin() as c:
        calendar = await hours.create(c, values)
    await http.post("/sla-policies", json=PROMISE | {"calendar_id": str(calendar["id"])})
    await place.news()
    await place.say("¿Hola?")
    (told,) = await follow(place)
    assert told["closed"] == []
    tomorrow = [
        {"date": (now().date() + timedelta(days=n)).isoformat(), "name": "", "spans": []} for n in (-1, 0, 1)
    ]
    async with place.db.begin() as c:
        changed = await hours.change(c, calendar["id"], {"exceptions": tomorrow})
        await hours.tell(c, changed, actor="user:1")
    (moved,) = await follow(place)
    assert moved["state"] == "ok"
    assert str(moved["due_at"]) > (now() + timedelta(hours=20)).isoformat()
    closed: Any = moved["closed"]
    opens = datetime.fromisoformat(closed[-1][1])
    left = datetime.fromisoformat(str(moved["due_at"])) - opens
    assert left == timedelta(minutes=10), "what is left at the opening is what was promised"
    (listed,) = (await http.get("/sla-clocks")).json()["items"]
    assert listed["closed"] == moved["closed"]
    async with place.db.begin() as c:
        with pytest.raises(Exception, match="goes by this calendar"):
            await hours.remove(c, calendar["id"])


async def test_other_hours_of_the_organisation_move_what_runs_by_them(
    always_open: Place, http: httpx.AsyncClient
) -> None:
    place = always_open
    await http.post("/sla-policies", json=PROMISE)
    await place.news()
    await place.say("¿Hola?")
    (told,) = await follow(place)

    async def change(**values: object) -> list[dict[str, object]]:
        async with place.db.begin() as c:
            await brands.change_organisation(c, values, actor="user:1")
        return await follow(place)

    bogota = ZoneInfo("America/Bogota")
    tomorrow = (now() + timedelta(days=1)).astimezone(bogota).date()
    (moved,) = await change(hours={list(NIGHT_AND_DAY)[tomorrow.weekday()]: [["09:00", "18:00"]]})
    assert (moved["id"], moved["state"]) == (told["id"], "ok")
    due = datetime.fromisoformat(str(moved["due_at"])).astimezone(bogota)
    assert (due.date(), due.hour, due.minute) == (tomorrow, 9, 10)
    async with place.db.begin() as c:  # the timer that was set before finds nothing to tell
        await clocks.tick(c, UUID(str(told["id"])), datetime.fromisoformat(str(told["due_at"])))
    assert await follow(place) == []
    assert await change(name="Aurora del Sur", wrap_up_s=30) == [], "what changes no hours moves nothing"
    (later,) = await change(time_zone="America/Los_Angeles")
    assert str(later["due_at"]) > str(moved["due_at"])
    listed = (await http.get("/sla-clocks")).json()["items"]
    assert [one["due_at"] for one in listed] == [later["due_at"]]


async def test_a_clock_of_a_calendar_does_not_heed_the_organisation(
    always_open: Place, http: httpx.AsyncClient
) -> None:
    place = always_open
    own = {"name": "Siempre", "time_zone": "UTC", "week": NIGHT_AND_DAY, "exceptions": [], "ical": ""}
    async with place.db.begin() as c:
        calendar = await hours.create(c, own)
    await http.post("/sla-policies", json=PROMISE | {"calendar_id": str(calendar["id"])})
    await place.news()
    await place.say("¿Hola?")
    await follow(place)
    async with place.db.begin() as c:
        await brands.change_organisation(c, {"hours": {"mon": []}}, actor="user:1")
    assert await follow(place) == []


async def test_what_is_promised_depends_on_for_whom(always_open: Place, http: httpx.AsyncClient) -> None:
    place = always_open
    await http.post("/sla-policies", json=PROMISE | {"position": 2, "first_reply_s": 60})
    await http.post(
        "/sla-policies",
        json=PROMISE | {"position": 1, "brand_id": str(place.centre.brand_id), "channel": "email"},
    )
    await place.news()
    await place.say("¿Hola?")
    (told,) = await follow(place)
    (row,) = await place.rows("SELECT within_s FROM sla_clock")
    assert row["within_s"] == 60
    assert told["state"] == "ok"


async def test_a_policy_that_promises_nothing_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post("/sla-policies", json={"name": "Nada"})
    assert (answer.status_code, "promises nothing" in answer.text) == (422, True)
    gone = await http.post("/sla-policies", json=PROMISE | {"calendar_id": str(new_id())})
    assert gone.status_code == 404
