"""How one wants to be told: each kind by its ways, quiet by one's own clock."""

import asyncio
from datetime import UTC, datetime

import pytest

from trato.decide.notify import DEFAULT_WAYS, KINDS, WAYS
from trato.notifications import wishes


async def test_at_first_it_is_as_usual_by_the_organisations_clock(place) -> None:
    ana = await place.person("Ana")
    found = await ana.ask("GET", "/notification-wishes")
    assert found["zone"] == "America/Bogota"
    assert found["ways"] == {kind: [way for way in WAYS if way in DEFAULT_WAYS[kind]] for kind in KINDS}
    assert (found["quiet_from"], found["quiet_to"], found["digest"]) == ("22:00", "07:00", "off")


async def test_what_is_left_out_stays(place) -> None:
    ana, luz = [await place.person(name) for name in ("Ana", "Luz")]
    await ana.ask("PATCH", "/notification-wishes", body={"ways": {"noted": []}})
    await ana.ask("PATCH", "/notification-wishes", body={"ways": {"task": ["mail"]}, "quiet_to": "08:30"})
    found = await ana.ask("GET", "/notification-wishes")
    assert (found["ways"]["noted"], found["ways"]["task"], found["quiet_to"]) == ([], ["mail"], "08:30")
    assert found["ways"]["mentioned"] == ["in_page", "sound", "push", "mail"]
    assert (await luz.ask("GET", "/notification-wishes"))["ways"]["task"] == ["in_page", "mail"]


async def test_what_two_devices_change_at_once_is_all_kept(place) -> None:
    ana = await place.person("Ana")
    await asyncio.gather(
        *(ana.ask("PATCH", "/notification-wishes", body={"ways": {kind: []}}) for kind in KINDS)
    )
    assert (await ana.ask("GET", "/notification-wishes"))["ways"] == {kind: [] for kind in KINDS}


async def test_night_is_where_the_agent_is(place) -> None:
    ana = await place.person("Ana")
    noon_in_bogota = datetime(2026, 3, 4, 17, tzinfo=UTC)
    async with place.services.db.connect() as c:
        assert "sound" in await wishes.ways_now(c, ana.agent_id, "mentioned", noon_in_bogota)
    await ana.ask("PATCH", "/notification-wishes", body={"time_zone": "Asia/Tokyo"})  # 2 in the morning there
    async with place.services.db.connect() as c:
        found = await wishes.ways_now(c, ana.agent_id, "mentioned", noon_in_bogota)
    assert found == {"in_page", "mail"}


@pytest.mark.parametrize(
    "body",
    [
        {"time_zone": "Luna/Mar"},
        {"time_zone": "../etc"},
        {"quiet_from": "25:00"},
        {"quiet_to": "7:00"},
        {"ways": {"unknown": []}},
        {"ways": {"task": ["pigeon"]}},
        {"digest": "hourly"},
        {"nonsense": 1},
    ],
)
async def test_what_makes_no_sense_is_refused(place, body) -> None:
    ana = await place.person("Ana")
    await ana.ask("PATCH", "/notification-wishes", 422, body)
