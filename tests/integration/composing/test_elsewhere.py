"""A first message may be planned too, and what is sent on to others can be taken back before it goes."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.support.contact_centre import add_agent
from tests.support.loop import mail
from tests.support.with_key import client, make_app, make_key

from trato.flow import assign, desk_api, replies, scheduled, scheduled_api
from trato.flow.inbound import receive
from trato.kit.clock import now


@pytest.fixture
async def http(db, services):
    _, key = await make_key(db, "conversations:write", "conversations:read")
    async with client(make_app(services, [desk_api.router, scheduled_api.router]), key) as found:
        yield found


async def post(http, path: str, expect: int = 201, **body: Any) -> dict[str, Any]:
    answer = await http.post(path, json=body)
    assert answer.status_code == expect, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def value(db, sql: str) -> Any:
    async with db.connect() as c:
        return await c.scalar(text(sql))


async def test_a_first_message_waits_for_its_moment_in_the_conversation_that_it_opens(
    db, letters, http
) -> None:
    at = (now() + timedelta(days=1)).isoformat()
    made = await post(
        http,
        "/conversations",
        account_id=str(letters.id),
        to=["ana@x.example"],
        subject="Su pedido",
        text="Mañana sale",
        client_id=str(uuid4()),
        send_at=at,
    )
    assert made["message"] is None
    assert (made["scheduled"]["kind"], made["scheduled"]["state"]) == ("later", "waiting")
    assert made["scheduled"]["conversation_id"] == made["conversation"]["id"]
    assert await value(db, "SELECT count(*) FROM message") == 0


async def test_what_is_sent_on_can_be_taken_back_and_joins_others_only_when_it_is_out(
    db, services, letters, http
) -> None:
    first = await receive(services, letters, mail())
    path = f"/conversations/{first.conversation_id}/scheduled-forwards"
    body: dict[str, Any] = {
        "message_id": str(first.message_id),
        "to": ["taller@x.example"],
        "text": "¿Pueden verlo?",
    }
    kept = await post(http, path, **body, client_id=str(uuid4()))
    assert (kept["kind"], kept["forwards"]) == ("undo", str(first.message_id))
    third = "SELECT count(*) FROM participant WHERE role = 'third_party'"
    assert await value(db, third) == 0
    back = await post(http, f"/scheduled-messages/{kept['id']}/take-back", 200)
    assert back["state"] == "taken_back"
    assert back["text"].startswith("¿Pueden verlo?")
    assert [one["address"] for one in back["to"]] == ["taller@x.example"]
    assert await value(db, "SELECT count(*) FROM message WHERE direction = 'out'") == 0

    again = await post(http, path, **body, client_id=str(uuid4()))
    async with db.begin() as c:
        query = "UPDATE scheduled_message SET due_at = now() - interval '1 second' WHERE id = :id"
        await c.execute(text(query), {"id": UUID(again["id"])})
    await scheduled.releasing(services)({"id": again["id"]}, 1)
    assert await value(db, third) == 1
    assert await value(db, "SELECT payload->>'forwards' FROM message WHERE direction = 'out'") == str(
        first.message_id
    )


async def test_who_waits_goes_on_waiting_when_their_words_are_sent_on(db, services, letters) -> None:
    first = await receive(services, letters, mail())
    place, said = first.conversation_id, first.message_id
    assert place is not None
    assert said is not None
    waits = "SELECT waiting_since IS NOT NULL FROM conversation"
    replied = "SELECT first_reply_at IS NOT NULL FROM interaction"

    async def send_on() -> None:
        writing = replies.Writing("¿Pueden verlo?", str(uuid4()), to=["taller@x.example"])
        async with db.begin() as c:
            await replies.forward(services, c, place, ana, writing, said)

    async with db.begin() as c:
        agent_id = await add_agent(c)
        ana = replies.Author("user:ana", "Ana", agent_id)
    await send_on()
    assert await value(db, "SELECT count(*) FROM waiting") == 1
    async with db.begin() as c:
        await assign.take(c, place, agent_id, actor=ana.actor)
    await send_on()
    assert (await value(db, waits), await value(db, replied)) == (True, False)
    async with db.begin() as c:
        await replies.write(services, c, place, ana, replies.Writing("Lo revisan hoy.", str(uuid4())))
    assert (await value(db, waits), await value(db, replied)) == (False, True)


@pytest.mark.parametrize("way", ["forward", "scheduled-forwards"])
async def test_what_is_sent_on_again_is_the_same_also_when_all_is_closed(
    db, services, letters, http, way
) -> None:
    first = await receive(services, letters, mail())
    body: dict[str, Any] = {
        "message_id": str(first.message_id),
        "to": ["taller@x.example"],
        "text": "¿Pueden verlo?",
        "client_id": str(uuid4()),
    }
    path = f"/conversations/{first.conversation_id}"
    sent = await post(http, f"{path}/{way}", **body)
    assert (await http.patch(path, json={"status": "closed"})).status_code == 200
    assert (await post(http, f"{path}/{way}", **body))["id"] == sent["id"]
    assert await value(db, "SELECT status FROM conversation") == "closed"


@pytest.mark.parametrize("undo", [False, True])
async def test_a_first_message_that_is_sent_again_is_the_same_also_when_all_is_closed(
    db, letters, http, undo
) -> None:
    body: dict[str, Any] = {
        "account_id": str(letters.id),
        "to": ["ana@x.example"],
        "subject": "Su pedido",
        "text": "Ya sale",
        "client_id": str(uuid4()),
        "undo": undo,
    }
    begun = await post(http, "/conversations", **body)
    path = f"/conversations/{begun['conversation']['id']}"
    assert (await http.patch(path, json={"status": "closed"})).status_code == 200
    again = await post(http, "/conversations", **body)
    assert again["conversation"]["status"] == "closed"
    assert {name: again[name] and again[name]["id"] for name in ("message", "scheduled")} == {
        name: begun[name] and begun[name]["id"] for name in ("message", "scheduled")
    }
