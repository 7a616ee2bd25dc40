"""An incident that was said to be over and is not: whoever was told so is told that, and again at its end."""

import asyncio
from typing import Any

import pytest
from tests.integration.incidents.telling import TOLD, register, texts, work

DONE = {"texts": {"es": "El banco cambió su certificado."}}
AGAIN = {"texts": {"es": "El certificado nuevo también falla."}}


@pytest.fixture(autouse=True)
async def reading(floor) -> None:
    await register(floor.services)


async def post(http: Any, incident_id: str, act: str, body: Any = None) -> dict[str, Any]:
    answer = await http.post(f"/incidents/{incident_id}/{act}", json=body or {})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_who_was_told_hears_that_it_is_not_over_and_then_that_it_is(floor, supervisor, declare) -> None:
    made = await declare()
    await floor.write("ana@example.org", "La tarjeta no pasa al pagar")
    await work(floor.services)
    await post(supervisor, made["id"], "resolve", DONE)
    await work(floor.services)
    reopened = await asyncio.gather(*(post(supervisor, made["id"], "reopen", AGAIN) for _ in range(3)))
    assert {(one["state"], one["phase"], one["resolved_at"]) for one in reopened} == {
        ("open", "ongoing", None)
    }
    await asyncio.gather(*(work(floor.services) for _ in range(2)))
    over, again = texts(await floor.rows(TOLD))
    assert "Ya quedó resuelto" in over
    assert again.startswith(
        "Hola Ana. Le dijimos que estaba resuelto, y no es así: Los pagos con tarjeta fallan."
    )
    assert "El certificado nuevo también falla." in again
    assert "Si todavía no le funciona" not in again
    view = (await supervisor.get(f"/incidents/{made['id']}")).json()
    assert [one["kind"] for one in view["updates"]] == ["resolved", "reopened"]
    assert (view["told"], view["to_tell"]) == (1, 0)
    await post(supervisor, made["id"], "resolve", {"texts": {"es": "Ahora sí: cambiamos de banco."}})
    await work(floor.services)
    *_, last = texts(await floor.rows(TOLD))
    assert "Ya quedó resuelto" in last
    assert "Ahora sí: cambiamos de banco." in last
    assert len(await floor.rows(TOLD)) == 3


async def test_who_was_not_told_yet_never_hears_that_it_was_over(floor, supervisor, declare) -> None:
    made = await declare()
    await floor.write("ana@example.org", "La tarjeta no pasa al pagar")
    await work(floor.services)
    await post(supervisor, made["id"], "resolve", DONE)
    await post(supervisor, made["id"], "reopen", AGAIN)
    await work(floor.services)
    assert await floor.rows(TOLD) == []
    await post(supervisor, made["id"], "resolve", DONE)
    await work(floor.services)
    assert len(await floor.rows(TOLD)) == 1


async def test_the_status_page_its_feed_and_every_page_show_it(floor, supervisor, declare) -> None:
    made = await declare()
    await post(supervisor, made["id"], "resolve", DONE)
    assert "Sigue sin funcionar" not in (await floor.pages.get("/help/es/status")).text
    await post(supervisor, made["id"], "reopen", AGAIN)
    page = (await floor.pages.get("/help/es/status")).text
    assert page.index("Sigue sin funcionar.") < page.index("Resuelto.")
    feed = (await floor.pages.get("/help/es/status.atom")).text
    assert "Problema conocido: Los pagos con tarjeta fallan" in feed
    assert "El certificado nuevo también falla." in feed
    assert (await floor.pages.get("/help/status.json")).json()["status"] != "ok"


async def test_what_nobody_was_told_of_is_not_opened_again(floor, supervisor, declare) -> None:
    made = await declare()
    opened = await post(supervisor, made["id"], "reopen")
    assert (opened["state"], opened["updates"]) == ("open", [])
    await post(supervisor, made["id"], "resolve")
    rows = await floor.rows("SELECT count(*) AS told FROM incident_telling")
    assert rows == [{"told": 0}]
