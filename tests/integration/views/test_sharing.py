"""Who has a view, who may change it, in which order, and what it says of what is gone."""

from typing import Any
from uuid import uuid4

import pytest

from trato.access.roles import Role
from trato.views import service

from .conftest import House, Worker

OPEN = [{"field": "status", "values": ["open"]}]


async def make(worker: Worker, name: str = "Abiertas", **more: Any) -> Any:
    return await worker.ask("POST", "/views", 201, name=name, conditions=OPEN, **more)


async def named(worker: Worker) -> list[str]:
    return [view["name"] for view in (await worker.ask("GET", "/views"))["items"]]


async def test_a_view_is_ones_own_until_it_is_shared_and_others_do_not_change_it(house: House) -> None:
    north, south = [await house.add("team", name=name) for name in ("Norte", "Sur")]
    ana = await house.worker("ana", team=north)
    bruno = await house.worker("bruno", team=north)
    carla = await house.worker("carla", team=south)
    sofia = await house.worker("sofia", Role.SUPERVISOR)
    view = await make(ana)
    assert (view["mine"], view["may_change"], view["gone"]) == (True, True, [])
    path = f"/views/{view['id']}"
    for other in (bruno, sofia):
        await other.ask("GET", path, 404)
        await other.ask("PATCH", path, 404, name="Suya")
    shared = await ana.ask("PATCH", path, shared="team")
    assert shared["team_id"] == str(north)
    assert await named(bruno) == ["Abiertas"]
    assert await named(carla) == []
    await bruno.ask("PATCH", path, 403, name="Suya")
    await bruno.ask("DELETE", path, 403)
    assert (await sofia.ask("PATCH", path, name="De Norte"))["owner_name"] == "ana"
    await sofia.ask("PATCH", path, 403, shared="nobody")
    await ana.ask("PATCH", path, shared="everybody")
    assert await named(carla) == ["De Norte"]
    (event, *_) = [
        row.data for row in await house.run("SELECT data FROM event WHERE type = 'view.changed' ORDER BY id")
    ]
    assert event == {"view": {"id": view["id"], "version": 1, "removed": False}}  # never how it is called


async def test_a_team_that_is_not_ones_own_is_for_supervisors(house: House) -> None:
    north, south = [await house.add("team", name=name) for name in ("Norte", "Sur")]
    ana, loose = await house.worker("ana", team=north), await house.worker("eva")
    sofia = await house.worker("sofia", Role.SUPERVISOR)
    body = {"name": "x", "conditions": OPEN, "shared": "team"}
    refused = await ana.ask("POST", "/views", 422, **body, team_id=str(south))
    assert refused["field"] == "team_id"
    await loose.ask("POST", "/views", 422, **body)
    assert (await sofia.ask("POST", "/views", 201, **body, team_id=str(south)))["team_id"] == str(south)
    await sofia.ask("POST", "/views", 422, **body, team_id=str(uuid4()))


async def test_each_person_has_an_order_and_a_deleted_view_comes_back(house: House) -> None:
    ana, bruno = await house.worker("ana"), await house.worker("bruno")
    made = [await make(ana, name, shared="everybody") for name in ("Alfa", "Beta", "Gama")]
    ids = [view["id"] for view in made]
    await bruno.ask("PUT", "/views/order", ids=[ids[2], str(uuid4()), ids[0], ids[2]])
    assert await named(bruno) == ["Gama", "Alfa", "Beta"]
    assert await named(ana) == ["Alfa", "Beta", "Gama"]
    await ana.ask("DELETE", f"/views/{ids[0]}")
    assert await named(bruno) == ["Gama", "Beta"]
    gone = await bruno.ask("GET", f"/views/{ids[0]}/conversations", 404)
    assert "shared with you" in gone["detail"]
    await bruno.ask("POST", f"/views/{ids[0]}/restore", 403)
    assert (await ana.ask("POST", f"/views/{ids[0]}/restore"))["name"] == "Alfa"
    assert await named(bruno) == ["Gama", "Alfa", "Beta"]


async def test_two_who_change_one_are_told_apart(house: House) -> None:
    ana = await house.worker("ana")
    view = await make(ana)
    headers = {"If-Match": f'"{view["version"]}"'}
    first = await ana.http.patch(f"/views/{view['id']}", json={"name": "Una"}, headers=headers)
    second = await ana.http.patch(f"/views/{view['id']}", json={"name": "Otra"}, headers=headers)
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["changed_by"] == "key"


async def test_what_a_view_names_and_is_gone_is_said_by_its_name(house: House) -> None:
    ana = await house.worker("ana", Role.SUPERVISOR)
    tag = await ana.ask("POST", "/tags", 201, name="Garantía")
    conversation_id = await house.arrives()
    await ana.ask("PUT", f"/conversations/{conversation_id}/tags/{tag['id']}")
    view = await ana.ask(
        "POST", "/views", 201, name="G", conditions=[{"field": "label", "values": [tag["id"]]}]
    )
    assert view["names"] == {tag["id"]: "Garantía"}
    await ana.ask("DELETE", f"/tags/{tag['id']}", 204)
    after = await ana.ask("GET", f"/views/{view['id']}")
    assert after["gone"] == [{"field": "label", "id": tag["id"], "name": "Garantía"}]
    page = await ana.ask("GET", f"/views/{view['id']}/conversations")
    assert [one["id"] for one in page["items"]] == [str(conversation_id)]  # what has it keeps it
    assert (await ana.ask("GET", "/views", counts=True))["counts"] == {view["id"]: 1}
    assert await ana.ask("POST", "/views/count", conditions=OPEN) == {"count": 1}


async def test_there_is_an_end_to_how_many(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "OWN_MOST", 2)
    monkeypatch.setattr(service, "SHARED_MOST", 1)
    ana, bruno = await house.worker("ana"), await house.worker("bruno")
    kept = await make(ana, shared="everybody")
    await bruno.ask("POST", "/views", 409, name="x", conditions=OPEN, shared="everybody")
    own = await make(ana)
    await ana.ask("PATCH", f"/views/{own['id']}", 409, shared="everybody")
    await ana.ask("POST", "/views", 409, name="x", conditions=OPEN)
    await ana.ask("DELETE", f"/views/{kept['id']}")
    await make(ana)
    await ana.ask("POST", f"/views/{kept['id']}/restore", 409)
    many = [{"field": "status", "values": ["open"]}] * 13
    await bruno.ask("POST", "/views", 422, name="x", conditions=many)
    for wrong in (
        {"field": "label", "values": ["urgent"]},
        {"field": "waiting"},
        {"field": "status", "values": ["sad"]},
        {"field": "mood", "values": ["sad"]},
    ):
        await bruno.ask("POST", "/views", 422, name="x", conditions=[wrong])
