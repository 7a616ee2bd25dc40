"""Promise 7: no text that is nobody's goes out, by a rule or by an agent, however it is set up."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text
from tests.support.contact_centre import Centre, open_centre
from tests.support.with_key import make_services

from trato.automation.rules import engine, service
from trato.automation.rules.schemas import RULE_EVENTS, RuleBody
from trato.conversations import service as conversations
from trato.db.wake import Wake
from trato.flow import replies
from trato.kit.errors import Invalid
from trato.kit.ids import new_id
from trato.live import queries
from trato.live import service as live
from trato.macros import service as macros

EVERY_EVENT = list(RULE_EVENTS)


@pytest.fixture
def services(db):
    return make_services(db, Wake("postgresql://nowhere"))


@pytest.fixture
async def centre(db) -> Centre:
    async with db.begin() as c:
        return await open_centre(c)


@pytest.fixture
async def case_id(db, centre):
    async with db.begin() as c:
        opened = await conversations.create_case(
            c,
            brand_id=centre.brand_id,
            contact_id=centre.contact_id,
            title="Garantía",
            expectation="",
            actor="user:1",
        )
    return opened["id"]


@pytest.fixture
async def conversation_id(db, centre, case_id):
    found = new_id()
    async with db.begin() as c:
        await c.execute(
            text(
                "INSERT INTO conversation (id, account_id, conversation_key, channel, brand_id, contact_id,"
                " case_id, language) VALUES (:id, :account, 'k', 'webchat', :brand, :contact, :case, 'es')"
            ),
            {
                "id": found,
                "account": centre.account_id,
                "brand": centre.brand_id,
                "contact": centre.contact_id,
                "case": case_id,
            },
        )
    return found


def rule(texts: dict[str, str]) -> dict[str, Any]:
    actions = [{"do": "send_message", "texts": texts}]
    body = RuleBody.model_validate(
        {"name": "x", "on_events": EVERY_EVENT, "actions": actions, "once": False, "active": True}
    )
    return body.model_dump(mode="json")


@pytest.mark.parametrize(
    "words",
    [
        "Hemos recibido su mensaje.",
        "{{contact.name}}, gracias por escribirnos.",
        "Su caso es el {{case.number}}: {{case.title}}. Le responderemos pronto.",
        "{{agent.name}} de {{brand.name}} le saluda.",
    ],
)
async def test_a_rule_that_would_only_say_that_something_came_cannot_be_saved(db, words):
    async with db.begin() as c:
        with pytest.raises(Invalid, match="nothing new"):
            await service.create(c, rule({"es": words}))


async def outbound(db) -> Sequence[str]:
    async with db.connect() as c:
        return list(
            await c.scalars(text("SELECT text FROM message WHERE direction = 'out' ORDER BY created_at"))
        )


async def test_whatever_happens_a_rule_tells_each_fact_once(db, services, case_id, conversation_id):
    seen = await live.sequence(db)
    async with db.begin() as c:
        await service.create(c, rule({"es": "{{contact.name}}: {{case.step}}"}))

    async def happens(**changes: Any) -> None:
        nonlocal seen
        async with db.begin() as c:
            if "step" in changes:
                steps = [{"title": changes["step"], "state": "now"}]
                await conversations.set_steps(c, case_id, steps, actor="user:1")
            else:
                await conversations.change_case(c, case_id, changes, actor="user:1")
        for _ in range(4):  # also what the rule's own doing causes
            before, seen = seen, await live.sequence(db)
            async with db.begin() as c:
                events = await queries.everything(c, before, until=seen, types=EVERY_EVENT)
                await engine.handling(services)(c, events)

    await happens(title="Heladera")  # nothing is known to say
    assert await outbound(db) == []
    await happens(step="Diagnóstico")
    for number in range(5):
        await happens(title=f"Heladera {number}")
    assert await outbound(db) == ["Pedro: Diagnóstico"]
    await happens(step="Reparación")
    assert await outbound(db) == ["Pedro: Diagnóstico", "Pedro: Reparación"]


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        ("Estamos trabajando en su solicitud.", False),  # the macro as it stands
        ("ESTAMOS  trabajando\nen su solicitud. ", False),
        ("Estamos en {{case.step}}.", False),  # still to be filled in
        ("Estamos trabajando en su solicitud: el técnico va mañana.", True),
    ],
)
async def test_an_agent_sends_no_text_that_is_nobodys(db, services, conversation_id, words, sent):
    async with db.begin() as c:
        await macros.create(
            c,
            {"name": "En curso", "texts": {"es": "Estamos trabajando en su solicitud."}, "tag_ids": []},
        )
    writing = replies.Writing(text=words, client_id=str(new_id()))
    author = replies.Author(actor="user:1", name="Ana", user_id=new_id())

    async def write() -> None:
        async with db.begin() as c:
            await replies.write(services, c, conversation_id, author, writing)

    if sent:
        await write()
        assert await outbound(db) == [words]
        return
    with pytest.raises(Invalid):
        await write()
    assert await outbound(db) == []


async def test_a_note_may_say_anything(db, services, conversation_id):
    writing = replies.Writing(text="Falta {{case.step}}", client_id=str(new_id()), note=True)
    author = replies.Author(actor="user:1", name="Ana", user_id=new_id())
    async with db.begin() as c:
        kept = await replies.write(services, c, conversation_id, author, writing)
    assert kept["status"] == "noted"
