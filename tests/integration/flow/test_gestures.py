"""A gesture within the written latitude is given at once; above it a supervisor decides."""

from collections.abc import AsyncIterator

import pytest
from tests.support.case_room import Room, room

from trato.access.roles import Role


@pytest.fixture
async def chief(services, account, tmp_path) -> AsyncIterator[Room]:
    async with room(services, tmp_path, role=Role.ADMINISTRATOR, name="Marta") as found:
        yield found


@pytest.fixture
async def path(desk):
    (found,) = (await desk.ask("GET", "/cases"))["items"]
    return f"/cases/{found['id']}"


async def test_within_the_latitude_it_is_given_at_once(desk, chief, path):
    where = f"/agents/{desk.agent_id}/latitude"
    await desk.ask("PUT", where, 403, amount="50", currency="USD")
    await chief.ask("PUT", where, amount="50", currency="USD")
    assert (await desk.ask("GET", "/latitude"))["amount"] == "50.00"
    body = {"amount": "49.90", "currency": "USD", "what": "Envío sin cargo"}
    given = await desk.ask("POST", f"{path}/gestures", 201, **body)
    assert (given["state"], given["amount"], given["decided_by"]) == ("given", "49.90", None)
    motion = await desk.ask("GET", f"{path}/motion")
    assert motion["gestures"] == [given]
    assert motion["moves"][0]["kind"] == "gesture"
    for wrong in ({"amount": "0"}, {"amount": "1.500"}, {"currency": "usd"}):
        await desk.ask("POST", f"{path}/gestures", 422, **(body | wrong))
    (wrong,) = (await chief.ask("PUT", where, 422, amount="25.000"))["errors"]
    assert (wrong["field"], "without a mark for thousands" in wrong["detail"]) == ("amount", True)
    await chief.ask("PUT", where, amount=None)
    assert (await desk.ask("GET", "/latitude"))["amount"] is None


async def test_above_it_a_supervisor_decides_once(desk, chief, path):
    body = {"amount": "120", "currency": "USD", "what": "Un mes de servicio"}
    wanted = await desk.ask("POST", f"{path}/gestures", 201, **body)
    assert wanted["state"] == "asked"
    where = f"/gestures/{wanted['id']}/decide"
    await desk.ask("POST", where, 403, approve=True)
    await desk.ask("GET", "/gestures", 403)
    listed = await chief.ask("GET", "/gestures")
    assert [one["id"] for one in listed["items"]] == [wanted["id"]]
    assert [one["id"] for one in listed["cases"]] == [wanted["case_id"]]
    assert [one["case_id"] for one in listed["places"]] == [wanted["case_id"]]
    assert [one["id"] for one in listed["contacts"]] == [listed["cases"][0]["contact_id"]]
    done = await chief.ask("POST", where, approve=True)
    assert (done["state"], done["given_by"], done["decided_by"]) == ("given", desk.agent_id, chief.agent_id)
    await chief.ask("POST", where, 409, approve=False, reason="Tarde")
    assert (await chief.ask("GET", "/gestures"))["items"] == []
    other = await desk.ask("POST", f"{path}/gestures", 201, **body)
    for nothing in ({}, {"reason": "  "}):
        said = await chief.ask("POST", f"/gestures/{other['id']}/decide", 422, approve=False, **nothing)
        assert said["field"] == "reason", said
    refused = await chief.ask(
        "POST", f"/gestures/{other['id']}/decide", approve=False, reason="Ya se dio uno"
    )
    assert (refused["state"], refused["reason"]) == ("refused", "Ya se dio uno")
    kinds = [move["kind"] for move in (await desk.ask("GET", f"{path}/moves"))["items"]]
    assert kinds == ["gesture_refused", "gesture_asked", "gesture", "gesture_asked"]
    assert [data["gesture"]["state"] for data in await desk.events("gesture.changed")][-1] == "refused"


async def test_who_supervises_asks_nobody(chief, desk, path):
    body = {"amount": "120", "currency": "USD", "what": "Un mes de servicio"}
    assert (await chief.ask("POST", f"{path}/gestures", 201, **body))["state"] == "given"


async def test_what_waits_for_a_supervisor_comes_in_pages(desk, chief, path):
    body = {"amount": "120", "currency": "USD", "what": "Un mes de servicio"}
    wanted = [(await desk.ask("POST", f"{path}/gestures", 201, **body))["id"] for _ in range(3)]
    first = await chief.ask("GET", "/gestures", limit=2)
    rest = await chief.ask("GET", "/gestures", limit=2, cursor=first["next_cursor"])
    assert [one["id"] for one in first["items"] + rest["items"]] == wanted
    assert rest["next_cursor"] is None
