"""Cases that are like one another are found by the rarer words they share, the solved ones first."""

from typing import Any
from uuid import UUID

from tests.support.case_room import Room

from trato.db.edge import Services
from trato.finding import feeding, reading
from trato.finding.marks import Kind

TITLES = (
    "La heladera no enfría después del corte",
    "No enfría la heladera nueva",
    "La heladera enfría de más",
    "Pago rechazado con tarjeta",
    "¿Cuándo llega?",
)


async def test_what_helped_there_may_help_here(
    desk: Room, services: Services, conversation: dict[str, Any]
) -> None:
    of = {"contact_id": conversation["contact_id"], "brand_id": conversation["brand_id"]}
    ids = [(await desk.ask("POST", "/cases", 201, **of, title=title))["id"] for title in TITLES]
    await desk.ask("PATCH", f"/cases/{ids[2]}", status="resolved")
    await desk.run("UPDATE cases SET resolution = 'Se cambió el termostato.' WHERE id = :id", id=UUID(ids[2]))
    async with services.db.begin() as c:
        await feeding.lock(c)
        refs = [UUID(one) for one in ids]
        await feeding.put(c, Kind.CASE, refs, await reading.now_of(c, Kind.CASE, refs))
    found = (await desk.ask("GET", f"/cases/{ids[0]}/similar"))["items"]
    assert [one["id"] for one in found] == [ids[2], ids[1]]
    assert (found[0]["resolution"], found[0]["shared"]) == (
        "Se cambió el termostato.",
        ["enfria", "heladera"],
    )
    assert (await desk.ask("GET", f"/cases/{ids[3]}/similar"))["items"] == []
    assert (await desk.ask("GET", f"/cases/{ids[4]}/similar"))["items"] == []
    await desk.ask("GET", f"/cases/{UUID(int=0)}/similar", 404)
