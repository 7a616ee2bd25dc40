"""A field of the installation's own is defined, filled in where it is read, found, asked for and erased."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from tests.support.case_room import Room, room

from trato.access.roles import Role
from trato.automation.rules import context
from trato.contacts.merges import merge, undo_merge
from trato.conversations import cases
from trato.db.edge import Services
from trato.decide import rules
from trato.fields import values
from trato.finding import feeding, reading
from trato.finding.marks import Kind
from trato.kit.clock import now
from trato.live import queries as log
from trato.live import service as live
from trato.macros import known
from trato.privacy import erasing
from trato.privacy import service as privacy

PLAN: dict[str, Any] = {
    "key": "plan",
    "about": "contact",
    "kind": "choice",
    "labels": {"es": "Plan", "en": "Plan"},
    "choices": [
        {"key": "gold", "labels": {"es": "Oro", "pt": "Ouro"}},
        {"key": "plain", "labels": {"es": "Común"}},
    ],
    "found": True,
}
SERIAL: dict[str, Any] = {
    "key": "serial",
    "about": "case",
    "kind": "text",
    "labels": {"es": "Número de serie"},
}


async def contact_of(conversation: dict[str, Any]) -> str:
    return f"/contacts/{conversation['contact_id']}/fields"


async def case_of(desk: Room, conversation: dict[str, Any]) -> str:
    body: dict[str, Any] = {
        "contact_id": conversation["contact_id"],
        "brand_id": conversation["brand_id"],
        "title": "Garantía",
    }
    made = await desk.ask("POST", "/cases", 201, **body)
    await desk.ask("PATCH", f"/conversations/{conversation['id']}", case_id=made["id"])
    case_id: str = made["id"]
    return case_id


async def test_filled_in_place_by_two_people(
    desk: Room, services: Services, conversation: dict[str, Any]
) -> None:
    made = await desk.ask("POST", "/fields", 201, **PLAN)
    await desk.ask("POST", "/fields", 409, **PLAN)
    path = await contact_of(conversation)
    (empty,) = (await desk.ask("GET", path))["items"]
    assert (empty["key"], empty["value"], empty["version"]) == ("plan", None, 0)
    gold = await desk.ask("PUT", f"{path}/plan", 200, version=0, value="gold")
    assert (gold["value"], gold["version"]) == ("gold", 1)
    refused = await desk.ask("PUT", f"{path}/plan", 409, version=0, value="plain")
    assert refused["version"] == 1
    wrong = await desk.ask("PUT", f"{path}/plan", 422, version=1, value="silver")
    assert wrong["field"] == "value"
    (event,) = await desk.events("contact_field.changed")
    assert event["contact_field"]["value"] == "gold"
    # A choice that is taken away stays where it was chosen, and is chosen no more.
    left = [PLAN["choices"][1]]
    changed = await desk.ask("PATCH", "/fields/plan", 200, version=made["version"], choices=left)
    assert [one["retired"] for one in changed["choices"]] == [False, True]
    assert (await desk.ask("PUT", f"{path}/plan", value="gold"))["version"] == 1
    await desk.ask("PUT", f"{path}/plan", value="plain")
    await desk.ask("PUT", f"{path}/plan", 422, value="gold")
    # Retired, it is gone from the panel; taken up again, what stood in it is there.
    await desk.ask("PATCH", "/fields/plan", retired=True)
    assert (await desk.ask("GET", path))["items"] == []
    await desk.ask("PUT", f"{path}/plan", 422, value=None)
    await desk.ask("PATCH", "/fields/plan", retired=False)
    (back,) = (await desk.ask("GET", path))["items"]
    assert back["value"] == "plain"


async def test_a_case_is_not_resolved_without_what_it_needs(
    desk: Room, services: Services, conversation: dict[str, Any]
) -> None:
    await desk.ask("POST", "/fields", 201, **SERIAL, required=True)
    case_id = await case_of(desk, conversation)
    refused = await desk.ask("PATCH", f"/cases/{case_id}", 422, status="resolved")
    assert refused["field"] == "fields"
    assert "Número de serie" in refused["detail"]
    await desk.ask("POST", f"/cases/{case_id}/resolve", 422, done="Cambiamos la heladera.")
    await desk.ask("PUT", f"/cases/{case_id}/fields/serial", value="FX-200-77")
    await desk.ask("PATCH", f"/cases/{case_id}", status="resolved")
    # A customer who says that it is solved is never held up.
    await desk.ask("PUT", f"/cases/{case_id}/fields/serial", value=None)
    await desk.ask("PATCH", f"/cases/{case_id}", status="open")
    async with services.db.begin() as c:
        await cases.confirm(c, UUID(case_id), actor=f"contact:{conversation['contact_id']}")


async def test_what_not_everybody_may_see_stays_with_them(
    desk: Room, services: Services, conversation: dict[str, Any], tmp_path: Any
) -> None:
    secret: dict[str, Any] = {**SERIAL, "about": "contact", "visible_to": "supervisor"}
    await desk.ask("POST", "/fields", 422, **secret, required=True)
    await desk.ask("POST", "/fields", 201, **secret)
    (made,) = await desk.events("field.changed")
    assert (made["field"]["key"], made["field"]["labels"], made["field"]["choices"]) == ("serial", {}, [])
    path = await contact_of(conversation)
    await desk.ask("PUT", f"{path}/serial", value="moroso")
    (event,) = await desk.events("contact_field.changed")
    assert (event["contact_field"]["value"], event["contact_field"]["hidden"]) == (None, True)
    async with room(services, tmp_path, Role.AGENT, "Beto") as agent:
        assert (await agent.ask("GET", path))["items"] == []
        assert (await agent.ask("GET", "/fields"))["items"] == []
        await agent.ask("PUT", f"{path}/serial", 404, value="x")
        await agent.ask("POST", "/fields", 403, **PLAN)


async def test_rules_texts_and_the_search_know_it(
    desk: Room, services: Services, conversation: dict[str, Any]
) -> None:
    await desk.ask("POST", "/fields", 201, **PLAN)
    await desk.ask("POST", "/fields", 201, **SERIAL, found=True)
    case_id = await case_of(desk, conversation)
    await desk.ask("PUT", f"{await contact_of(conversation)}/plan", value="gold")
    await desk.ask("PUT", f"/cases/{case_id}/fields/serial", value="FX-200-77")
    offered = (await desk.ask("GET", "/rules"))["fields"]
    assert [one["labels"] for one in offered if one["name"] == "field.plan"] == [PLAN["labels"]]
    condition = {"field": "field.plan", "operator": "is", "value": "gold"}
    rules.check(condition)
    async with services.db.begin() as c:
        await c.execute(text(live.SEQUENCE))
        events = await log.for_staff(c, 0, 10**9, 500)
        event = next(one for one in events if one.type == "case_field.changed")
        around = await context.around(c, event)
        assert rules.holds(condition, around.values)
        assert around.values["field.serial"] == "FX-200-77"
        found = await known.of_conversation(c, UUID(conversation["id"]), language="pt")
        assert found.values["field.plan"] == "Ouro"
        await feeding.lock(c)
        (who,) = await reading.now_of(c, Kind.CONTACT, [UUID(conversation["contact_id"])])
        (case,) = await reading.now_of(c, Kind.CASE, [UUID(case_id)])
        assert "oro" in who.words
        assert "77" in case.words
        assert await values.holders(c, "plan", 10) == ("contact", [UUID(conversation["contact_id"])])


async def test_it_goes_with_the_person(desk: Room, services: Services, conversation: dict[str, Any]) -> None:
    await desk.ask("POST", "/fields", 201, **PLAN)
    await desk.ask("POST", "/fields", 201, **SERIAL)
    case_id, path = await case_of(desk, conversation), await contact_of(conversation)
    await desk.ask("PUT", f"{path}/plan", value="gold")
    await desk.ask("PUT", f"/cases/{case_id}/fields/serial", value="FX-200-77")
    body: dict[str, Any] = {"kind": "email", "value": "otro@clientes.invalid", "name": "Otro"}
    other = (await desk.ask("POST", "/contacts", 201, **body))["id"]
    await desk.ask("PUT", f"/contacts/{other}/fields/plan", value="plain")
    kept = UUID(conversation["contact_id"])
    async with services.db.begin() as c:
        merged = await merge(c, kept, UUID(other), {}, actor="system", by=None)
        assert len(await values.copied(c, "contact", kept)) == 1
        await undo_merge(c, merged["merge_id"], actor="system")
    assert (await desk.ask("GET", f"/contacts/{other}/fields"))["items"][0]["value"] == "plain"
    assert (await desk.ask("GET", path))["items"][0]["value"] == "gold"
    async with services.db.begin() as c:
        assert [one["value"] for one in await values.copied(c, "case", UUID(case_id))] == ["FX-200-77"]
        asked = await privacy.ask(c, kept, actor="system", now=now(), grace=timedelta())
    assert await erasing.erase(services, UUID(str(asked["id"])))
    rows = await desk.rows("SELECT contact_id FROM field_value")
    assert [str(row["contact_id"]) for row in rows] == [other]
