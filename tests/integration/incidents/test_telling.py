"""When it is fixed everybody is told who asked or was touched: once, where they chose, their matter named."""

import asyncio
import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.integration.incidents.telling import TOLD, register, texts, work

from trato.access.roles import Role
from trato.contacts import merges
from trato.contacts import service as contacts
from trato.conversations import service as conversations
from trato.db.jobs import Worker, enqueue
from trato.flow import incident_news
from trato.incidents import followers, links, service
from trato.incidents.tasks import end_next
from trato.kit.clock import now
from trato.privacy import erasing
from trato.privacy import service as privacy

DONE = {"texts": {"es": "El banco cambió su certificado."}}


@pytest.fixture(autouse=True)
async def reading(floor) -> None:
    await register(floor.services)


async def ask_by_mail(floor, incident_id: str, email: str) -> None:
    """Write an address on the page, and follow the link as its owner."""
    answer = await floor.pages.post(
        f"/help/es/status/{incident_id}/follow",
        data={"email": email},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 303, answer.text
    (row,) = await floor.rows("SELECT id FROM incident_request WHERE email = :email", email=email)
    link = followers.token(floor.services, row["id"], now())
    confirmed = await floor.pages.post(
        f"/help/es/status/confirm/{link}", data={"act": "yes"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert "Queda anotado" in confirmed.text


async def resolve(floor, http, incident_id: str) -> None:
    answer = await http.post(f"/incidents/{incident_id}/resolve", json=DONE)
    assert answer.status_code == 200, answer.text
    await work(floor.services)


async def test_whom_it_touched_is_told_in_their_conversation_with_their_case_named(
    floor, supervisor, declare
) -> None:
    made = await declare()
    conversation = await floor.write(
        "ana@example.org", "La tarjeta no pasa al pagar", subject="Compra de una heladera"
    )
    await work(floor.services)
    (case,) = await floor.rows("SELECT number, title FROM cases")
    await resolve(floor, supervisor, made["id"])
    (told,) = await floor.rows(TOLD)
    assert told["conversation_id"] == conversation
    assert told["text"].startswith("Hola Ana. Ya quedó resuelto: Los pagos con tarjeta fallan.")
    assert "El banco cambió su certificado." in told["text"]
    assert f"su caso {case['number']}: {case['title']}" in told["text"]
    view = (await supervisor.get(f"/incidents/{made['id']}")).json()
    assert (view["told"], view["to_tell"], view["unreachable"]) == (1, 0, 0)


async def test_whoever_waits_for_an_answer_goes_on_waiting(floor, supervisor, declare) -> None:
    made = await declare()
    await floor.write("ana@example.org", "La tarjeta no pasa al pagar")
    await work(floor.services)
    (before,) = await floor.rows("SELECT conversation_id, since FROM waiting")
    await resolve(floor, supervisor, made["id"])
    assert await floor.rows("SELECT conversation_id, since FROM waiting") == [before]
    (told,) = await floor.rows(TOLD)
    assert told["waiting_since"] is not None


async def test_pressed_twice_and_worked_twice_everybody_is_told_once(floor, supervisor, declare) -> None:
    made = await declare()
    for name in ("ana", "leo", "eva"):
        await floor.write(f"{name}@example.org", "La tarjeta no pasa al pagar")
        await ask_by_mail(floor, made["id"], f"{name}@example.org")
    await work(floor.services)
    answers = await asyncio.gather(
        *(supervisor.post(f"/incidents/{made['id']}/resolve", json=DONE) for _ in range(4))
    )
    assert {one.status_code for one in answers} == {200}
    await asyncio.gather(*(work(floor.services) for _ in range(3)))
    async with floor.services.db.begin() as c:  # a worker that died after it was done comes again
        await enqueue(c, service.TELL, {"incident_id": made["id"]}, key=made["id"])
    await work(floor.services)
    assert len(await floor.rows(TOLD)) == 3


async def test_an_unknown_address_is_told_by_mail_after_its_owner_confirmed(
    floor, supervisor, declare
) -> None:
    made = await declare()
    page = await floor.pages.post(
        f"/help/es/status/{made['id']}/follow",
        data={"email": "nadie@example.org"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert page.headers["location"] == "/help/es/status/asked"
    assert "Mire su correo" in (await floor.pages.get("/help/es/status/asked")).text
    (job,) = await floor.rows("SELECT data FROM job WHERE kind = 'system_mail'")
    assert "nadie@example.org" not in str(job["data"])  # sealed
    await ask_by_mail(floor, made["id"], "eva@example.org")
    await resolve(floor, supervisor, made["id"])
    (told,) = await floor.rows(TOLD)
    assert (told["receiver"], told["channel"], told["standing"]) == ("eva@example.org", "email", "closed")
    assert told["subject"] == "Ya quedó resuelto: Los pagos con tarjeta fallan"
    assert "Usted pidió que le avisáramos." in told["text"]
    assert told["case_id"] is None
    assert told["waiting_since"] is None


async def test_a_link_is_followed_by_people_and_can_be_taken_back(floor, supervisor, declare) -> None:
    made = await declare()
    await ask_by_mail(floor, made["id"], "eva@example.org")
    (row,) = await floor.rows("SELECT id FROM incident_request")
    link = f"/help/es/status/confirm/{followers.token(floor.services, row['id'], now())}"
    page = (await floor.pages.get(link)).text
    assert "Queda anotado" in page
    own = {"Sec-Fetch-Site": "same-origin"}
    back = await floor.pages.post(link, data={"act": "no"}, headers=own)
    assert "Aviso cancelado" in back.text
    assert (await floor.pages.post(link, data={"act": "yes"}, headers=own)).status_code == 404
    assert (await floor.pages.get("/help/es/status/confirm/guessed")).status_code == 404
    await resolve(floor, supervisor, made["id"])
    assert await floor.rows(TOLD) == []


async def test_to_look_at_the_link_says_nothing_yet(floor, declare) -> None:
    made = await declare()
    async with floor.services.db.begin() as c:
        request_id = await followers.ask(c, UUID(made["id"]), "eva@example.org", "es")
    page = await floor.pages.get(
        f"/help/es/status/confirm/{followers.token(floor.services, request_id, now())}"
    )
    assert "Confirme que le avisemos" in page.text
    assert await floor.rows("SELECT id FROM incident_follower") == []


async def test_the_preference_goes_before_where_it_came_up(floor, supervisor, declare) -> None:
    made = await declare()
    chat = await floor.write("0190a0a0-0000-7000-8000-000000000001", "La tarjeta no pasa al pagar", by="chat")
    await work(floor.services)
    async with floor.services.db.begin() as c:
        (row,) = await c.execute(text("SELECT contact_id FROM conversation WHERE id = :id"), {"id": chat})
        await c.execute(text("UPDATE contact SET preferred_channel = 'email', tone = 'vos'"))
        await contacts.verify_address(c, row.contact_id, "email", "ana@example.org", by="test")
    await resolve(floor, supervisor, made["id"])
    (told,) = await floor.rows(TOLD)
    assert (told["channel"], told["receiver"]) == ("email", "ana@example.org")
    assert "respondé a este mensaje" in told["text"]
    assert "tu caso" in told["text"]


async def test_without_a_preference_it_is_where_they_wrote(floor, supervisor, declare) -> None:
    made = await declare()
    chat = await floor.write("0190a0a0-0000-7000-8000-000000000001", "La tarjeta no pasa al pagar", by="chat")
    await work(floor.services)
    await resolve(floor, supervisor, made["id"])
    (told,) = await floor.rows(TOLD)
    assert told["conversation_id"] == chat


async def test_what_had_ended_is_told_and_stays_ended(floor, supervisor, declare) -> None:
    made = await declare()
    conversation = await floor.write("ana@example.org", "La tarjeta no pasa al pagar")
    await work(floor.services)
    async with floor.services.db.begin() as c:
        await conversations.set_status(c, conversation, "closed", snoozed_until=None, actor="test")
    await resolve(floor, supervisor, made["id"])
    (told,) = await floor.rows(TOLD)
    assert (told["conversation_id"], told["standing"]) == (conversation, "closed")


async def test_two_who_were_merged_are_told_once_before_and_after(floor, supervisor, declare) -> None:
    made = await declare()
    for name in ("ana", "anita", "ani"):
        await floor.write(f"{name}@example.org", "La tarjeta no pasa al pagar")
    await work(floor.services)
    people = await floor.rows("SELECT id FROM contact ORDER BY created_at")
    kept, second, third = [row["id"] for row in people]
    async with floor.services.db.begin() as c:
        await merges.merge(c, kept, second, {}, actor="test", by=None)
    await supervisor.post(f"/incidents/{made['id']}/resolve", json=DONE)
    async with floor.services.db.begin() as c:
        await merges.merge(c, kept, third, {}, actor="test", by=None)
    await work(floor.services)
    assert len(await floor.rows(TOLD)) == 1
    states = await floor.rows("SELECT state FROM incident_telling ORDER BY state")
    assert [row["state"] for row in states] == ["same", "told"]


async def test_who_cannot_be_reached_is_shown(floor, supervisor, declare) -> None:
    made = await declare()
    await floor.write("ana@example.org", "La tarjeta no pasa al pagar")
    await work(floor.services)
    async with floor.services.db.begin() as c:
        await c.execute(text("UPDATE contact SET blocked_at = now()"))
    await resolve(floor, supervisor, made["id"])
    (told,) = (await supervisor.get(f"/incidents/{made['id']}/told")).json()["items"]
    assert (told["state"], told["problem"]) == ("unreachable", "blocked")
    assert await floor.rows(TOLD) == []


async def test_somebody_busy_is_told_later_and_keeps_nobody_waiting(floor, supervisor, declare) -> None:
    made = await declare()
    held = await floor.write("ana@example.org", "La tarjeta no pasa al pagar")
    await floor.write("leo@example.org", "La tarjeta no pasa al pagar")
    await work(floor.services)
    await supervisor.post(f"/incidents/{made['id']}/resolve", json=DONE)
    async with floor.services.db.begin() as other:
        await other.execute(text("SELECT FROM conversation WHERE id = :id FOR UPDATE"), {"id": held})
        async with floor.services.db.begin() as c:
            await c.execute(text("SET LOCAL lock_timeout = '200ms'"))
            seen, late = await incident_news.tell_batch(floor.services, c, UUID(made["id"]))
    assert (seen, len(late)) == (2, 1)
    assert len(await floor.rows(TOLD)) == 1
    await Worker(
        floor.services.db, floor.services.wake, {service.TELL: incident_news.telling(floor.services)}
    ).drain()
    assert len(await floor.rows(TOLD)) == 2


async def test_an_agent_asks_for_them(floor, supervisor, declare) -> None:
    made = await declare("Otra cosa")
    conversation = await floor.write("ana@example.org", "Buenas")
    agent = await floor.caller(Role.AGENT)
    for _ in range(2):
        followed = await agent.put(f"/incidents/{made['id']}/followers/{conversation}")
        assert followed.json()["follows"] is True
    view = (await supervisor.get(f"/incidents/{made['id']}")).json()
    assert (view["followers"], view["linked"]) == (1, 1)
    async with floor.services.db.begin() as c:
        await links.undo(c, UUID(made["id"]), conversation, actor="test")
    await resolve(floor, supervisor, made["id"])
    assert len(texts(await floor.rows(TOLD))) == 1  # who asked is told, linked or not


async def test_planned_work_ends_by_itself_and_whoever_asked_is_told(floor, declare) -> None:
    start = now() - timedelta(hours=1)
    window = {
        "kind": "maintenance",
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=3)).isoformat(),
        "time_zone": "America/Bogota",
    }
    made = await declare("Cambio de servidores", **window)
    await ask_by_mail(floor, made["id"], "eva@example.org")
    assert await end_next(floor.services) is False
    async with floor.services.db.begin() as c:
        await c.execute(text("UPDATE incident SET ends_at = now() - interval '1 s'"))
    assert await end_next(floor.services) is True
    assert await end_next(floor.services) is False
    await work(floor.services)
    (told,) = await floor.rows(TOLD)
    assert re.match(r"Hola\. Terminó el mantenimiento: Cambio de servidores\.", told["text"])


async def test_who_is_erased_is_forgotten_here_too(floor, supervisor, declare) -> None:
    made = await declare()
    await floor.write("eva@example.org", "La tarjeta no pasa al pagar")
    await ask_by_mail(floor, made["id"], "eva@example.org")
    await work(floor.services)
    (person,) = await floor.rows("SELECT id FROM contact")
    async with floor.services.db.begin() as c:
        asked = await privacy.ask(c, person["id"], actor="contact", now=now(), grace=timedelta())
    assert await erasing.erase(floor.services, UUID(str(asked["id"])))
    await resolve(floor, supervisor, made["id"])
    for table in ("incident_request", "incident_follower", "incident_link", "incident_telling"):
        assert await floor.rows(f"SELECT * FROM {table}") == [], table
    assert await floor.rows(TOLD) == []
