"""The owner at the door: one step sets owner, date and place in line, and the contact is told both."""

import re
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from tests.support.case_room import Room, room
from tests.support.loop import mail

from trato.access.roles import Role
from trato.conversations import case_links
from trato.conversations.reminders import reminding
from trato.flow.inbound import receive
from trato.kit.clock import now


@pytest.fixture
async def desk(services, account, tmp_path) -> AsyncIterator[Room]:
    await receive(services, account, mail())
    async with room(services, tmp_path, role=Role.ADMINISTRATOR, name="Marta") as found:
        yield found


@pytest.fixture
async def door(desk):
    body = {"kind": "shop", "name": "Local Centro", "owner_id": desk.agent_id, "answer_hours": 24}
    return await desk.ask("POST", "/doors", 201, **body)


@pytest.fixture
async def visit(desk) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=desk.http._transport, base_url="http://127.0.0.1:8000") as found:
        yield found


async def test_owners_are_named_by_administrators(desk, door, services, tmp_path):
    assert door["owner_name"] == "Marta"
    changed = await desk.ask("PATCH", f"/doors/{door['id']}", version=1, answer_hours=8)
    await desk.ask("PATCH", f"/doors/{door['id']}", 409, version=1, answer_hours=9)
    assert (await desk.ask("GET", "/doors"))["items"] == [changed]
    async with room(services, tmp_path, name="Ana") as agent:
        await agent.ask("POST", "/doors", 403, kind="shop", name="x", owner_id=agent.agent_id)
        assert len((await agent.ask("GET", "/doors"))["items"]) == 1


async def test_one_step_gives_the_matter_owner_date_and_place_and_tells_the_contact(desk, case, door):
    path = f"/cases/{case['id']}"
    await desk.ask("POST", f"{path}/to-owner", 409)
    await desk.ask("PATCH", path, door_id=door["id"])
    before = await desk.rows("SELECT since FROM waiting")
    taken = await desk.ask("POST", f"{path}/to-owner")
    assert taken["owner_id"] == taken["promised_by"] == desk.agent_id
    assert taken["promise"] == "Respuesta de Marta"
    (message,) = await desk.rows("SELECT text, author_kind FROM message WHERE direction = 'out'")
    assert re.match(
        r"Su caso 1001 está en manos de Marta, responsable de Local Centro\."
        r" Le responde a más tardar el \d\d/\d\d a las \d\d:\d\d \(hora de Bogota\)\.",
        message["text"],
    )
    (waiting,) = await desk.rows("SELECT since, needs FROM waiting")
    assert waiting["needs"]["owner"] == desk.agent_id
    assert waiting["since"] == before[0]["since"]  # news from a machine is no answer
    await desk.ask("POST", f"{path}/to-owner", 409)
    await desk.run("UPDATE cases SET promised_at = now()")
    await desk.ask("POST", f"{path}/to-owner")  # a broken date opens the way again
    kinds = [move["kind"] for move in (await desk.ask("GET", f"{path}/moves"))["items"]]
    assert kinds.count("door") == 2


async def test_what_a_colleague_has_goes_to_the_owner(desk, case, door, services, tmp_path):
    (conversation,) = await desk.rows("SELECT id FROM conversation")
    async with room(services, tmp_path, name="Ana") as agent:
        await agent.ask("POST", f"/conversations/{conversation['id']}/take")
        await desk.ask("PATCH", f"/cases/{case['id']}", door_id=door["id"])
        await agent.ask("POST", f"/cases/{case['id']}/to-owner")
        (waiting,) = await desk.rows("SELECT needs FROM waiting")
        assert waiting["needs"]["owner"] == desk.agent_id
        assert agent.agent_id in waiting["needs"]["declined"]


async def test_the_contact_goes_by_the_link_of_their_mail(desk, case, door, visit, services):
    await desk.ask("PATCH", f"/doors/{door['id']}", for_all=True)
    where = case_links.url(services, UUID(case["id"]), now())
    page = await visit.get(where)
    assert "Llevarlo a Marta, responsable de Local Centro" in page.text
    assert (await desk.ask("GET", f"/cases/{case['id']}"))["owner_id"] is None
    for _ in range(2):
        answer = await visit.post(f"{where}/owner", data={"words": "Nadie me contesta"})
        assert answer.status_code == 200
        assert "Llevarlo a" not in answer.text
    assert (await desk.ask("GET", f"/cases/{case['id']}"))["owner_id"] == desk.agent_id
    said = await desk.rows("SELECT text FROM message ORDER BY created_at")
    assert [row["text"] for row in said][1] == "Nadie me contesta"
    assert len(said) == 3


async def test_webhooks_and_rules_are_told_what_happens_at_the_door(desk, case, door, services):
    async def told() -> list[str]:
        return [data["what"] for data in await desk.events("case.door")]

    (conversation,) = await desk.rows("SELECT id FROM conversation")
    path = f"/conversations/{conversation['id']}/messages"

    async def writes(text: str, n: int) -> None:
        await desk.ask("POST", path, 201, text=text, client_id=f"message-{n}")

    await desk.ask("PATCH", f"/cases/{case['id']}", door_id=door["id"])
    await writes("Ya lo miro.", 1)
    assert await told() == [], "nobody took it to them"
    await desk.ask("POST", f"/cases/{case['id']}/to-owner")
    assert await told() == ["taken"]
    await desk.run("UPDATE cases SET promised_at = now() - interval '1 minute', remind_at = now()")
    await reminding(services)({}, 1)
    assert await told() == ["taken", "broken"]
    await writes("Perdón por la demora: sale mañana.", 2)
    await writes("Y va sin cargo.", 3)
    assert await told() == ["taken", "broken", "answered"], "once"
    moves = (await desk.ask("GET", f"/cases/{case['id']}/moves"))["items"]
    assert [move["kind"] for move in moves].count("door_answered") == 1
    condition = {"field": "case.door", "operator": "is", "value": "broken"}
    actions = [{"do": "add_task", "title": "Llamar"}]
    rule = {"name": "Puerta", "on_events": ["case.door"], "condition": condition, "actions": actions}
    await desk.ask("POST", "/rules", 201, **rule)
