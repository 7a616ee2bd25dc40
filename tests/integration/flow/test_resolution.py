"""Asked once, where the contact last wrote, with what was done: yes, no and silence each end differently."""

import itertools
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text
from tests.support.loop import mail

from trato.channel_sdk import File
from trato.flow.arrivals import take_in
from trato.flow.tasks import housekeeping

DONE = "Cambiamos el termostato y la probamos dos horas."


@pytest.fixture
async def visit(desk) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of nobody's, at the address of our pages."""
    async with httpx.AsyncClient(transport=desk.http._transport, base_url="http://127.0.0.1:8000") as found:
        yield found


async def asked(desk):
    return await desk.rows("SELECT * FROM message WHERE direction = 'out' ORDER BY created_at")


async def link(desk):
    found = re.findall(
        r"http://127\.0\.0\.1:8000(/matter/[\w-]+)\?answer=(\w+)", (await asked(desk))[-1]["text"]
    )
    assert [answer for _, answer in found] == ["yes", "no"]
    return found[0][0]


async def test_the_contact_is_asked_once_with_what_was_done(desk, case):
    path = f"/cases/{case['id']}"
    await desk.ask("POST", f"{path}/resolve", 422, done="  ")
    solved = await desk.ask("POST", f"{path}/resolve", done=DONE)
    assert (solved["status"], solved["resolved_by"], solved["resolution"]) == ("resolved", "agent", DONE)
    assert solved["asked_at"] is not None
    (message,) = await asked(desk)
    assert message["text"].startswith(f"{DONE}\n\n¿Quedó resuelto?")
    await desk.ask("POST", f"{path}/resolve", 409, done=DONE)
    assert len(await asked(desk)) == 1


async def test_whatever_follows_links_answers_nothing(desk, case, visit):
    await desk.ask("POST", f"/cases/{case['id']}/resolve", done=DONE)
    where = await link(desk)
    for answer in ("yes", "no"):
        page = await visit.get(where, params={"answer": answer})
        assert page.status_code == 200
        assert DONE in page.text
        assert f'value="{answer}" required checked' in page.text
    assert (await desk.ask("GET", f"/cases/{case['id']}"))["resolved_by"] == "agent"
    forged = where[:-2] + ("A" if where[-2] != "A" else "B") + where[-1]  # the last letter has bits to spare
    assert (await visit.get(forged)).status_code == 404
    foreign = {"Origin": "https://evil.example"}
    assert (await visit.post(where, data={"answer": "yes"}, headers=foreign)).status_code == 403


async def test_a_yes_is_the_contacts_own(desk, case, visit):
    await desk.ask("POST", f"/cases/{case['id']}/resolve", done=DONE)
    where = await link(desk)
    for _ in range(2):
        answer = await visit.post(where, data={"answer": "yes"})
        assert "Gracias por confirmarlo" in answer.text
    solved = await desk.ask("GET", f"/cases/{case['id']}")
    assert (solved["status"], solved["resolved_by"]) == ("resolved", "contact")
    assert "answered" in (await asked(desk))[0]["payload"]
    moves = (await desk.ask("GET", f"/cases/{case['id']}/moves"))["items"]
    assert [move["kind"] for move in moves] == ["confirmed", "resolved"]
    assert "<form" not in (await visit.get(where)).text


async def test_a_no_opens_it_with_what_is_missing_in_line_and_its_owner_first(desk, case, visit):
    path = f"/cases/{case['id']}"
    await desk.ask("PATCH", path, owner_id=desk.agent_id)
    await desk.ask("POST", f"{path}/resolve", done=DONE)
    (conversation,) = await desk.rows("SELECT id FROM conversation")
    await desk.ask("PATCH", f"/conversations/{conversation['id']}", status="closed")
    where = await link(desk)
    once = re.findall(r'name="once" value="(\d+)"', (await visit.get(where)).text)[0]
    for _ in range(2):
        answer = await visit.post(where, data={"answer": "no", "words": "Sigue sin enfriar", "once": once})
        assert "abierto de nuevo" in answer.text
        assert "Su lugar en la fila: 1." in answer.text  # and how long it takes is said here too
    again = await desk.ask("GET", path)
    assert (again["status"], again["resolved_by"]) == ("open", None)
    said = await desk.rows("SELECT text FROM message WHERE direction = 'in' ORDER BY created_at")
    assert [row["text"] for row in said] == ["La heladera no enfría (1)", "Sigue sin enfriar"]
    (waiting,) = await desk.rows("SELECT needs FROM waiting")
    assert waiting["needs"]["owner"] == desk.agent_id
    await desk.ask("POST", f"{path}/resolve", done="Cambiamos el motor.")
    assert len(await asked(desk)) == 2


async def test_silence_closes_and_says_so(desk, case, services):
    await desk.ask("POST", f"/cases/{case['id']}/resolve", done=DONE)
    await desk.run("UPDATE cases SET resolved_at = now() - interval '7 days'")
    await housekeeping(services)({}, 1)
    closed = await desk.ask("GET", f"/cases/{case['id']}")
    assert (closed["status"], closed["resolved_by"]) == ("closed", "silence")


async def test_a_closed_conversation_is_asked_in_and_stays_closed(desk, case):
    (conversation,) = await desk.rows("SELECT id FROM conversation")
    await desk.ask("PATCH", f"/conversations/{conversation['id']}", status="closed")
    await desk.ask("POST", f"/cases/{case['id']}/resolve", done=DONE)
    assert len(await asked(desk)) == 1
    assert (await desk.ask("GET", f"/conversations/{conversation['id']}"))["conversation"][
        "status"
    ] == "closed"


async def test_who_cannot_be_reached_is_not_asked(desk, case, services):
    async with services.db.begin() as c:
        await c.execute(text("UPDATE account SET enabled = false"))
    solved = await desk.ask("POST", f"/cases/{case['id']}/resolve", done=DONE)
    assert (solved["status"], solved["asked_at"]) == ("resolved", None)
    assert await asked(desk) == []


@pytest.fixture
def answers(desk, services, account):
    """The contact answers by mail, in the thread of the first one."""
    count = itertools.count(2)

    async def answer(said, **changes):
        number = next(count)
        event = mail(number, conversation_key="k1", text=said, verified=True, **changes)
        return await take_in(services, account, event)

    return answer


async def stands(desk, case):
    found = await desk.ask("GET", f"/cases/{case['id']}")
    (conversation,) = await desk.rows("SELECT status FROM conversation")
    return found["status"], found["resolved_by"], conversation["status"]


@pytest.mark.parametrize(
    "said",
    [
        "Sí",
        "Sí, quedó resuelto. ¡Muchas gracias!\n\nSaludos,\nAna Ruiz",
        "Yes, it works now. Thanks a lot!",
        "Sim, deu certo, obrigada!",
    ],
)
async def test_a_plain_yes_by_mail_is_the_contacts_own_and_waits_for_nobody(desk, case, answers, said):
    await desk.ask("POST", f"/cases/{case['id']}/resolve", done=DONE)
    await answers(said)
    assert await stands(desk, case) == ("resolved", "contact", "closed")
    assert await desk.rows("SELECT * FROM waiting") == []
    assert (await asked(desk))[0]["payload"]["answered"] == "yes"
    assert len(await desk.rows("SELECT * FROM message WHERE direction = 'in'")) == 2, "it is in the thread"


@pytest.mark.parametrize(
    ("said", "changes"),
    [
        ("Sí, pero sigue goteando", {}),
        ("Yes, but the door does not close", {}),
        ("Sim, mas falta a nota", {}),
        ("Sí", {"files": (File("foto.jpg", "image/jpeg", b"x"),)}),
        ("Sí", {"verified": False}),
        ("Gracias", {}),
    ],
)
async def test_whatever_says_more_than_yes_opens_it_again(desk, case, services, account, said, changes):
    await desk.ask("POST", f"/cases/{case['id']}/resolve", done=DONE)
    values = {"conversation_key": "k1", "text": said, "verified": True} | changes
    await take_in(services, account, mail(2, **values))
    assert await stands(desk, case) == ("open", None, "open")
    assert len(await desk.rows("SELECT * FROM waiting")) == 1


async def test_a_yes_counts_only_as_the_first_word_after_the_question(desk, case, answers):
    await answers("Sí")  # nobody asked
    assert (await stands(desk, case))[0] == "open"
    await desk.ask("POST", f"/cases/{case['id']}/resolve", done=DONE)
    await answers("Sigue sin enfriar")
    await answers("Sí")  # to what a person said on the phone meanwhile, perhaps
    assert await stands(desk, case) == ("open", None, "open")


async def test_what_went_on_to_others_meanwhile_does_not_take_the_question_away(desk, case, answers):
    await desk.ask("POST", f"/cases/{case['id']}/resolve", done=DONE)
    await desk.run(
        "INSERT INTO message (id, conversation_id, case_id, contact_id, direction, author_kind, text, status,"
        " payload, occurred_at) SELECT gen_random_uuid(), conversation_id, case_id, contact_id, direction,"
        " 'agent', 'Para el taller', 'sent', jsonb_build_object('apart', true), now()"
        " FROM message WHERE direction = 'out'"
    )
    await answers("Sí")
    assert await stands(desk, case) == ("resolved", "contact", "closed")


async def test_a_yes_that_is_delivered_twice_is_one(desk, case, services, account):
    await desk.ask("POST", f"/cases/{case['id']}/resolve", done=DONE)
    for _ in range(2):
        await take_in(services, account, mail(2, conversation_key="k1", text="Sí", verified=True))
    assert await stands(desk, case) == ("resolved", "contact", "closed")
    moves = (await desk.ask("GET", f"/cases/{case['id']}/moves"))["items"]
    assert [move["kind"] for move in moves].count("confirmed") == 1
