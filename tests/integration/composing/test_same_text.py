"""The same text to many: known by digests that are gone after a day, said before the third, counted."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.support.with_key import client, make_app, make_key

from trato.contacts import service as contacts
from trato.kit.clock import now
from trato.live.queries import Event
from trato.verbatim import api, service

TEXT = "el taller ya recibió su heladera y la revisa esta semana; le avisamos apenas haya novedades."


@pytest.fixture
async def asker(db, services):
    """The API as an agent and supervisor, and who they are."""
    _, key = await make_key(db, "conversations:write", "conversations:read")
    async with db.connect() as c:
        agent_id = await c.scalar(text("SELECT id FROM agent ORDER BY id DESC LIMIT 1"))
    async with client(make_app(services, [api.router]), key) as http:
        yield http, agent_id


async def person(db, name: str) -> UUID:
    async with db.begin() as c:
        made = await contacts.create_contact(
            c, name=name, kind="email", value=f"{name.replace(' ', '.')}@x.example", actor="system"
        )
    return UUID(str(made["id"]))


async def sent(services, agent_id, contact_id, said: str, *, ago=timedelta(), **changes: Any) -> None:
    """Let the follower of the log read of a message."""
    message = {
        "direction": "out",
        "author_kind": "agent",
        "author_id": str(agent_id),
        "contact_id": str(contact_id),
        "text": said,
        "payload": {},
        "created_at": (now() - ago).isoformat(),
        **changes,
    }
    event = Event(1, "message.created", "staff", None, json.dumps({"data": {"message": message}}))
    async with services.db.begin() as c:
        await service.consumer(services)._handle(c, [event])


async def told(http, contact_id, said: str) -> tuple[bool, int]:
    answer = await http.post("/same-text", json={"text": said, "contact_id": str(contact_id)})
    assert answer.status_code == 200, answer.text
    return answer.json()["told"], answer.json()["people"]


async def test_it_is_said_before_the_third_person_and_supervisors_see_it_counted(db, services, asker) -> None:
    http, agent_id = asker
    ana, luis, eva, ines = [await person(db, name) for name in ("Ana Paz", "Luis", "Eva", "Inés")]
    await sent(services, agent_id, ana, f"Hola Ana, {TEXT}")
    await sent(services, agent_id, ana, f"Hola Ana, {TEXT}")
    assert await told(http, luis, f"Buenas tardes, Luis: {TEXT.upper()}") == (False, 1)
    await sent(services, agent_id, luis, f"Hola Luis, **{TEXT}**")
    assert await told(http, eva, f"Hola Eva, {TEXT}") == (True, 2)
    assert await told(http, luis, f"Hola Luis, {TEXT}") == (False, 1), "who had it is nobody else"
    assert await told(http, eva, f"Hola Eva, {TEXT} Llega el viernes 27.") == (False, 0)
    for contact_id, name in ((eva, "Eva"), (ines, "Ines")):
        await sent(services, agent_id, contact_id, f"{name}, {TEXT}")
    await sent(services, agent_id, eva, f"Eva: {TEXT}")
    (day,) = (await http.get("/same-text/days")).json()["items"]
    assert (day["agent_id"], day["texts"], day["messages"]) == (str(agent_id), 1, 2)


async def test_nothing_that_was_said_is_kept_and_after_a_day_no_digest(db, services, asker) -> None:
    http, agent_id = asker
    people = [await person(db, name) for name in ("Ana", "Luis", "Eva")]
    for contact_id in people[:2]:
        await sent(services, agent_id, contact_id, TEXT, ago=timedelta(hours=25))
    assert await told(http, people[2], TEXT) == (False, 0)
    async with db.connect() as c:
        rows = (await c.execute(text("SELECT * FROM verbatim_sent"))).mappings().all()
    assert len(rows) == 2
    assert all(len(row["digest"]) == 64 and "taller" not in str(row) for row in rows)
    async with db.begin() as c:
        await service.forget(c)
    async with db.connect() as c:
        assert await c.scalar(text("SELECT count(*) FROM verbatim_sent")) == 0


async def test_what_is_short_goes_on_to_others_or_comes_in_never_counts(db, services, asker) -> None:
    http, agent_id = asker
    people = [await person(db, name) for name in ("Ana", "Luis", "Eva")]
    for contact_id in people[:2]:
        await sent(services, agent_id, contact_id, "Hola, buenos días. ¿En qué le puedo ayudar?")
        await sent(services, agent_id, contact_id, TEXT, payload={"apart": True})
        await sent(services, agent_id, contact_id, TEXT, direction="internal")
        await sent(services, agent_id, contact_id, TEXT, author_kind="contact")
    assert await told(http, people[2], TEXT) == (False, 0)
    async with db.connect() as c:
        assert await c.scalar(text("SELECT count(*) FROM verbatim_sent")) == 0
