"""In the chat, "is it solved?" has buttons, and a plain yes in words is understood."""

from uuid import UUID, uuid4

import pytest

from trato.conversations import doors
from trato.db.jobs import Worker
from trato.flow import outbound, replies, resolution


async def ask(portal):
    author = replies.Author(actor=f"user:{uuid4()}", name="Sofía", agent_id=await portal.agent())
    (case,) = await portal.rows("SELECT id FROM cases")
    async with portal.services.db.begin() as c:
        await resolution.resolve(portal.services, c, case["id"], author, "Ya salió el repuesto.")
    handlers = {"send": lambda data, attempt: outbound.send(portal.services, data, attempt)}
    await Worker(portal.services.db, portal.services.wake, handlers).drain()
    return UUID(str(case["id"]))


async def case_of(portal):
    (case,) = await portal.rows("SELECT status, resolved_by FROM cases")
    return case["status"], case["resolved_by"]


@pytest.fixture
async def question(portal, page):
    await page.open()
    await page.say("¿Y mi repuesto?")
    await ask(portal)
    await page.open()
    message = page.view["conversation"]["messages"][-1]
    assert message["asks"] == "resolved"
    assert message["text"] == "Ya salió el repuesto.\n\n¿Quedó resuelto?"
    return message["id"]


async def test_the_button_says_yes(portal, page, question):
    for _ in range(2):
        said = await page.ask("POST", "answer", json={"message_id": question, "solved": True})
        assert said.status_code == 204
    assert await case_of(portal) == ("resolved", "contact")
    await page.open()
    assert page.view["conversation"]["messages"][-1]["asks"] is None


async def test_the_button_says_no_and_a_person_reads_why(portal, page, question):
    said = {"message_id": question, "solved": False, "text": "No llegó nada"}
    assert (await page.ask("POST", "answer", json=said)).status_code == 204
    assert await case_of(portal) == ("open", None)
    await page.open()
    assert page.view["conversation"]["messages"][-1]["text"] == "No llegó nada"
    assert len(await portal.rows("SELECT * FROM waiting")) == 1


async def test_a_yes_in_words_is_enough(portal, page, question):
    await page.say("¡Sí, gracias!")
    assert await case_of(portal) == ("resolved", "contact")
    assert await portal.rows("SELECT * FROM waiting") == []


async def test_any_other_words_are_for_a_person(portal, page, question):
    await page.say("sí, pero falta la factura")
    assert await case_of(portal) == ("open", None)
    assert len(await portal.rows("SELECT * FROM waiting")) == 1


async def test_nobody_answers_for_somebody_else(portal, page, question):
    async with portal.page() as other:
        await other.open()
        said = await other.ask("POST", "answer", json={"message_id": question, "solved": True})
        assert said.status_code == 204
    assert await case_of(portal) == ("resolved", "agent")


async def test_the_visitor_takes_the_matter_to_its_owner_in_one_step(portal, page):
    owner = await portal.agent("Marta")
    async with portal.services.db.begin() as c:
        values = {"kind": "shop", "name": "Local Centro", "owner_id": owner, "for_all": True}
        await doors.add(c, values, actor="system")
    await page.open()
    assert page.view.get("owner") is None
    assert (await page.ask("POST", "owner", json={})).status_code == 409
    await page.say("¿Y mi repuesto?")
    await page.open()
    assert page.view["owner"] == {"name": "Marta", "thing": "Local Centro"}
    assert (await page.ask("POST", "owner", json={"text": "Ya van tres semanas"})).status_code == 204
    assert (await page.ask("POST", "owner", json={})).status_code == 409
    await page.open()
    assert page.view["owner"] is None
    (case,) = await portal.rows("SELECT owner_id, promised_at FROM cases")
    assert case["owner_id"] == owner
    (waiting,) = await portal.rows("SELECT needs FROM waiting")
    assert waiting["needs"]["owner"] == str(owner)
