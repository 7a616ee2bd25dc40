"""Calendars as a supervisor keeps them: refused when they cannot be, fetched from elsewhere, previewed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from tests.support.postgres import ForgettingDatabase
from tests.support.with_key import client, make_app, make_key, make_services

from trato.access.roles import Role
from trato.db.wake import Wake
from trato.decide.hours import is_open
from trato.kit.clock import now
from trato.routing import hours, hours_api, hours_feed
from trato.webhooks.api import ALLOW_PRIVATE

NIGHT_AND_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
OFFICE = {"name": "Tienda", "time_zone": "America/Bogota", "week": {"mon": [["09:00", "18:00"]]}}
HOLIDAYS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    "DTSTART;VALUE=DATE:20200101\r\nRRULE:FREQ=DAILY\r\nSUMMARY:Siempre\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
async def http(db: ForgettingDatabase) -> AsyncIterator[httpx.AsyncClient]:
    services = make_services(db, Wake("postgresql://nowhere"), **{ALLOW_PRIVATE: True})
    app = make_app(services, [hours_api.router])
    _, key = await make_key(db, "organisation:read", "organisation:write", role=Role.SUPERVISOR)
    async with client(app, key) as opened:
        yield opened


@asynccontextmanager
async def site(answers: list[tuple[int, str]]) -> AsyncIterator[str]:
    """Serve these answers one after the other, the last one for ever."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        status, body = answers.pop(0) if len(answers) > 1 else answers[0]
        content = body.encode()
        writer.write(
            f"HTTP/1.1 {status} x\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode()
        )
        writer.write(content)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/holidays.ics"


async def made(http: httpx.AsyncClient, **body: object) -> dict[str, object]:
    answer = await http.post("/calendars", json=OFFICE | body)
    assert answer.status_code == 201, answer.text
    calendar: dict[str, object] = answer.json()
    return calendar


async def test_a_calendar_is_kept_changed_and_removed(
    http: httpx.AsyncClient, db: ForgettingDatabase
) -> None:
    calendar = await made(http, exceptions=[{"date": "2020-12-25", "name": "Navidad", "spans": []}])
    path = f"/calendars/{calendar['id']}"
    listed = (await http.get("/calendars")).json()["items"]
    assert [one["name"] for one in listed] == ["Tienda"]
    assert "ical" not in listed[0]

    changed = await http.patch(path, json={"week": NIGHT_AND_DAY}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert changed.json()["now"]["open"]
    assert changed.json()["exceptions"][0]["name"] == "Navidad"
    late = await http.patch(path, json={"name": "Otra"}, headers={"If-Match": '"1"'})
    assert late.status_code == 409
    assert (await http.post("/calendars", json=OFFICE)).status_code == 409

    async with db.begin() as c:
        await c.execute(
            text("INSERT INTO queue (id, name, calendar_id) VALUES (:id, 'Ventas', :calendar)"),
            {"id": uuid4(), "calendar": calendar["id"]},
        )
    refused = await http.delete(path)
    assert (refused.status_code, "Ventas" in refused.text) == (409, True)
    async with db.begin() as c:
        await c.execute(text("UPDATE queue SET calendar_id = NULL"))
    assert (await http.delete(path)).status_code == 204
    assert (await http.get(path)).status_code == 404
    async with db.connect() as c:
        told = list(await c.scalars(text("SELECT action FROM audit_log ORDER BY id")))
    assert told == ["calendar.created", "calendar.changed", "calendar.removed"]


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"week": {"mon": [["9:00", "18:00"]]}}, "week.mon", "9:00-18:00"),
        (
            {"week": {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}},
            "week.mon",
            "11:00-13:00 overlaps 09:00-12:00.",
        ),
        ({"week": {"mon": [["22:00", "06:00"]], "tue": [["05:00", "09:00"]]}}, "week.tue", "overlaps"),
        (
            {"exceptions": [{"date": "2026-12-24", "spans": [["10:00", "10:00"]]}]},
            "exceptions.2026-12-24",
            "10:00-10:00",
        ),
        ({"exceptions": [{"date": "2026-12-24"}, {"date": "2026-12-24"}]}, "exceptions", "twice"),
        ({"ical": "<html>"}, "ical", "not a calendar"),
        ({"ical": HOLIDAYS.replace("DAILY", "SECONDLY")}, "ical", "Siempre"),
        ({"ical_url": "ftp://example.org/"}, "ical_url", "https://"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", ""),
        ({"week": {"lunes": []}}, "week.lunes", ""),
    ],
)
async def test_what_cannot_be_is_refused_by_name(
    http: httpx.AsyncClient, body, field: str, sentence: str
) -> None:
    answer = await http.post("/calendars", json=OFFICE | body)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert field in answer.text
    assert (await http.get("/calendars")).json()["items"] == []


async def test_a_preview_tells_the_days_to_come_without_keeping_anything(http: httpx.AsyncClient) -> None:
    today = (await http.post("/calendars/preview", json=OFFICE | {"week": NIGHT_AND_DAY})).json()
    assert (today["open"], today["closes_at"], len(today["days"])) == (True, None, 14)
    assert all(len(day["openings"]) == 1 for day in today["days"])  # each from midnight to midnight
    first = today["days"][0]["date"]
    closed = {"week": NIGHT_AND_DAY, "exceptions": [{"date": first, "name": "Inventario"}]}
    told = (await http.post("/calendars/preview", json=OFFICE | closed)).json()
    assert told["open"] is False
    assert told["days"][0] == {"date": first, "name": "Inventario", "special": True, "openings": []}
    assert told["opens_at"] is not None
    holidays = (
        await http.post("/calendars/preview", json=OFFICE | {"week": NIGHT_AND_DAY, "ical": HOLIDAYS})
    ).json()
    assert (holidays["open"], holidays["opens_at"]) == (False, None)
    assert {day["name"] for day in holidays["days"]} == {"Siempre"}
    assert (await http.get("/calendars")).json()["items"] == []


async def test_holidays_come_from_anothers_server_and_are_kept_when_it_fails(
    http: httpx.AsyncClient, db: ForgettingDatabase
) -> None:
    async with site([(404, ""), (200, HOLIDAYS), (200, "<html>moved</html>"), (500, "")]) as url:
        refused = await http.post("/calendars", json=OFFICE | {"ical_url": url})
        assert (refused.status_code, "404" in refused.text) == (422, True)
        calendar = await made(http, week=NIGHT_AND_DAY, ical_url=url)
        path = f"/calendars/{calendar['id']}"
        assert calendar["ical"] == HOLIDAYS
        job = hours_feed.fetching(db, allow_private=True)
        await job.work()  # fresh: nothing is asked
        assert (await http.get(path)).json()["ical_error"] is None
        for why in ("not a calendar", "500"):
            async with db.begin() as c:
                await c.execute(text("UPDATE hours_calendar SET ical_tried_at = now() - interval '7 hours'"))
            await job.work()
            now_kept = (await http.get(path)).json()
            assert why in now_kept["ical_error"]
            assert now_kept["ical"] == HOLIDAYS
            assert now_kept["version"] == calendar["version"]
    async with db.connect() as c:
        value = await hours.find(c, UUID(str(calendar["id"])), at=now())
    assert not is_open(value, now())
    pasted = await http.patch(path, json={"ical_url": None})
    assert (pasted.json()["ical"], pasted.json()["ical_url"], pasted.json()["ical_error"]) == ("", None, None)


async def test_the_own_network_is_not_asked_for_holidays(db: ForgettingDatabase) -> None:
    app = make_app(make_services(db, Wake("postgresql://nowhere")), [hours_api.router])
    _, key = await make_key(db, "organisation:write")
    async with client(app, key) as http:
        for url in ("https://127.0.0.1/holidays.ics", "https://169.254.169.254/latest"):
            answer = await http.post("/calendars", json=OFFICE | {"ical_url": url})
            assert (answer.status_code, "network" in answer.text) == (422, True)


async def test_without_a_calendar_the_organisations_hours_count(db: ForgettingDatabase) -> None:
    async with db.begin() as c:
        await c.execute(
            text(
                "INSERT INTO organisation (name, language, time_zone, hours)"
                " VALUES ('Aurora', 'es', 'America/Bogota', CAST(:hours AS jsonb))"
            ),
            {"hours": '{"mon": [["09:00", "18:00"]]}'},
        )
        value = await hours.find(c, None, at=now())
    assert value.zone.key == "America/Bogota"
    assert list(value.week) == [0]
