"""Cases are merged, split and related, and each of it leaves no trace once it is undone."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.support.case_room import Room, room
from tests.support.loop import mail

from trato.flow.inbound import receive

OWNED = ("conversation", "message", "interaction", "fact", "case_step", "task")


@pytest.fixture
async def desk(services, account, tmp_path) -> AsyncIterator[Room]:
    await receive(services, account, mail(1))
    await receive(services, account, mail(2))
    async with room(services, tmp_path) as found:
        for case in (await found.ask("GET", "/cases"))["items"]:
            steps = [{"title": f"{case['number']} A"}, {"title": f"{case['number']} B"}]
            await found.ask("PUT", f"/cases/{case['id']}/steps", steps=steps)
            await found.ask("POST", f"/cases/{case['id']}/tasks", 201, title=f"{case['number']}")
            fact = {"name": f"modelo {case['number']}", "value": "X", "case_id": case["id"]}
            await found.ask("POST", f"/contacts/{case['contact_id']}/facts", 201, **fact)
        yield found


async def two(desk: Room) -> list[dict[str, Any]]:
    found = (await desk.ask("GET", "/cases"))["items"]
    return sorted(found, key=lambda case: case["number"])


async def whole(desk: Room) -> dict[str, Any]:
    """Return which row belongs to which case, and how the cases stand."""
    found: dict[str, Any] = {
        table: await desk.rows(f"SELECT id, case_id FROM {table} ORDER BY id") for table in OWNED
    }
    found["steps"] = await desk.rows("SELECT id, case_id, position FROM case_step ORDER BY id")
    found["cases"] = await desk.rows(
        "SELECT id, status, owner_id, promised_at, promise, promised_by, remind_at, merged_into"
        " FROM cases ORDER BY number"
    )
    return found


async def test_a_merge_brings_all_together_and_its_undoing_parts_it_exactly(desk):
    kept, other = await two(desk)
    promised = {"promised_at": "2031-01-01T10:00:00Z", "promise": "Repuesto", "owner_id": desk.agent_id}
    await desk.ask("PATCH", f"/cases/{other['id']}", **promised)
    before = await whole(desk)
    done = await desk.ask("POST", f"/cases/{kept['id']}/merge", other_id=other["id"])
    assert [step["title"] for step in done["case"]["steps"]] == ["1001 A", "1001 B", "1002 A", "1002 B"]
    assert (done["case"]["promise"], done["case"]["owner_id"]) == ("Repuesto", desk.agent_id)
    assert (done["other"]["status"], done["other"]["merged_into"]) == ("closed", kept["id"])
    for table in OWNED:
        assert {str(row["case_id"]) for row in (await whole(desk))[table]} <= {kept["id"]}
    await desk.ask("POST", f"/cases/{kept['id']}/merge", 409, other_id=other["id"])
    motion = await desk.ask("GET", f"/cases/{kept['id']}/motion")
    assert [(one["kind"], one["other_number"]) for one in motion["merges"]] == [("merge", 1002)]
    await desk.ask("POST", f"/case-merges/{done['merge_id']}/undo")
    assert await whole(desk) == before
    await desk.ask("POST", f"/case-merges/{done['merge_id']}/undo", 409)
    told = await desk.events("conversation.changed")
    assert told[-1]["conversation"]["case_id"] == other["id"]


async def test_what_was_said_since_returns_with_its_conversation(desk, services, account):
    kept, other = await two(desk)
    done = await desk.ask("POST", f"/cases/{kept['id']}/merge", other_id=other["id"])
    await receive(services, account, mail(3, conversation_key="k2"))
    await receive(services, account, mail(4, conversation_key="k1"))
    await desk.ask("POST", f"/case-merges/{done['merge_id']}/undo")
    said = await desk.rows("SELECT text, case_id FROM message ORDER BY created_at")
    assert [str(row["case_id"]) for row in said] == [kept["id"], other["id"], other["id"], kept["id"]]


async def test_a_part_becomes_a_case_of_its_own_and_comes_back(desk):
    case, other = await two(desk)
    before = await whole(desk)
    (conversation,) = await desk.rows("SELECT id FROM conversation WHERE case_id = :id", id=case["id"])
    (fact,) = await desk.rows("SELECT id FROM fact WHERE case_id = :id", id=case["id"])
    chosen = {
        "title": "La factura",
        "conversation_ids": [str(conversation["id"])],
        "step_ids": [case["steps"][1]["id"]],
        "fact_ids": [str(fact["id"])],
    }
    path = f"/cases/{case['id']}/split"
    await desk.ask("POST", path, 422, title="Nada")
    await desk.ask("POST", path, 422, title="De otro", step_ids=[other["steps"][0]["id"]])
    done = await desk.ask("POST", path, **chosen)
    assert (done["other"]["title"], done["other"]["status"]) == ("La factura", "open")
    assert [step["title"] for step in done["other"]["steps"]] == ["1001 B"]
    assert [step["title"] for step in done["case"]["steps"]] == ["1001 A"]
    moved = await desk.rows("SELECT case_id FROM message WHERE conversation_id = :id", id=conversation["id"])
    assert {str(row["case_id"]) for row in moved} == {done["other"]["id"]}
    await desk.ask("POST", f"/cases/{done['other']['id']}/tasks", 201, title="Pedir la factura")
    await desk.ask("POST", f"/case-merges/{done['merge_id']}/undo")
    after = await whole(desk)
    assert after["cases"].pop()["merged_into"] is not None
    late = after["task"].pop()
    assert str(late["case_id"]) == case["id"]
    assert after == before


async def test_a_case_of_somebody_else_is_not_merged(desk, services, account):
    stranger = mail(9)
    await receive(services, account, mail(9, sender=stranger.sender.__class__("loop", "otra@example.org")))
    kept, _, other = await two(desk)
    await desk.ask("POST", f"/cases/{kept['id']}/merge", 422, other_id=other["id"])
    await desk.ask("POST", f"/cases/{kept['id']}/merge", 422, other_id=kept["id"])


async def test_related_cases_know_one_another(desk):
    one, other = await two(desk)
    for _ in range(2):
        found = await desk.ask("PUT", f"/cases/{other['id']}/related/{one['id']}")
        assert [case["id"] for case in found["items"]] == [one["id"]]
    motion = await desk.ask("GET", f"/cases/{one['id']}/motion")
    assert [case["id"] for case in motion["related"]] == [other["id"]]
    await desk.ask("PUT", f"/cases/{one['id']}/related/{one['id']}", 422)
    assert (await desk.ask("DELETE", f"/cases/{one['id']}/related/{other['id']}"))["items"] == []
