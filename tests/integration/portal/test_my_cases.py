"""A contact reads their own cases, answers, closes and opens them again; nothing of anybody else's."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.support.customer import OWN_PAGE, Customer, cases_app, is_answered, is_sent_on, writes
from tests.support.services import make_account

from trato.contacts import facts, merges
from trato.contacts import service as contacts
from trato.conversations import cases

PEDRO, LUCIA = "pedro.gomez@example.org", "lucia@example.org"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
ONCE = "a" * 32


@pytest.fixture
async def mail(services):
    return await make_account(services, "email", address="ayuda@aurora.example", smtp_host="127.0.0.1")


@pytest.fixture
async def matter(services, mail):
    return await writes(services, mail, PEDRO, "Mi heladera <b>no enfría</b>", subject="Garantía")


@pytest.fixture
async def pedro(services, matter):
    return await Customer(cases_app(services), services).sign_in(PEDRO)


@pytest.fixture
async def lucia(services, mail, pedro):
    await writes(services, mail, LUCIA, "¿Dónde está mi pedido?", subject="Pedido de Lucía")
    return await pedro.another().sign_in(LUCIA)


async def rows(services, query, **values):
    async with services.db.connect() as c:
        return [dict(row) for row in (await c.execute(text(query), values)).mappings()]


async def contact_of(c, address: str) -> UUID:
    found = await contacts.owner_of(c, "email", address)
    assert found is not None
    return found


async def case_of(services, number):
    (row,) = await rows(services, "SELECT * FROM cases WHERE number = :number", number=number)
    return row


async def answers(browser: Customer, number: int, said: str = "", *, once: str = "", **options):
    data = {"text": said, "once": once or uuid4().hex}
    return await browser.post(f"/{number}/answer", data=data, **options)


async def test_the_list_says_how_each_stands(pedro, services, matter):
    _, number = matter
    async with services.db.begin() as c:
        agent_id = uuid4()
        await c.execute(
            text("INSERT INTO agent (id, name) VALUES (:id, 'Sofía Paz Núñez')"), {"id": agent_id}
        )
        case_id = await c.scalar(text("SELECT id FROM cases WHERE number = :n"), {"n": number})
        await c.execute(
            text("UPDATE cases SET owner_id = :o, promised_at = '2030-03-01 15:00Z' WHERE id = :id"),
            {"o": agent_id, "id": case_id},
        )
        steps = [("Recibido", "done"), ("Diagnóstico", "now"), ("Entrega", "later")]
        await cases.set_steps(
            c, case_id, [{"title": t, "state": s} for t, s in steps], actor="user:1", by=None
        )
    page = (await pedro.get()).text
    for expected in (
        f"Caso {number}: ",
        "Garantía",
        "Abierto",
        "Ahora: Diagnóstico",
        "Lo lleva Sofía ",
        "Prometido para el viernes 1 de marzo a las 10:00",
    ):
        assert expected in page, expected
    assert "Paz" not in page
    page = (await pedro.get(f"/{number}")).text
    for expected in ("Diagnóstico</span>: en curso", "Entrega</span>: después", "Lo lleva Sofía<"):
        assert expected in page, expected
    assert "&lt;b&gt;no enfría&lt;/b&gt;" in page
    assert "<script" not in page.split("</head>")[1]


async def test_what_is_the_desks_alone_is_not_shown(pedro, services, matter, mail):
    conversation_id, number = matter
    await is_answered(services, conversation_id, "Lo revisa el taller")
    await is_answered(services, conversation_id, "NOTA: cliente difícil", note=True)
    async with services.db.begin() as c:
        await c.execute(
            text("UPDATE cases SET waiting_for = 'INTERNO proveedor', expectation = 'INTERNO' WHERE true")
        )
        contact = await contact_of(c, PEDRO)
        told = facts.Told("modelo", "INTERNO-77", said_by="agent", source="desk", noted_by="user:1")
        await facts.note(c, contact, told)
    # somebody in copy writes into the same conversation, and an answer that the desk may still take back
    await writes(
        services, mail, "tercero@example.org", "INTERNO del tercero", conversation_id=conversation_id
    )
    await is_answered(services, conversation_id, "INTERNO todavía no salió")
    async with services.db.begin() as c:
        await c.execute(text("UPDATE message SET status = 'queued' WHERE text LIKE '%no salió'"))
    page = (await pedro.get(f"/{number}")).text
    assert "Lo revisa el taller" in page
    assert "Sofía" in page
    for hidden in ("INTERNO", "difícil", "Núñez"):
        assert hidden not in page, hidden


async def test_what_went_on_to_others_is_no_answer_to_the_customer(pedro, services, matter):
    conversation_id, number = matter
    await answers(pedro, number, "La foto", files=[("files", ("foto.png", PNG, "image/png"))])
    async with services.db.begin() as c:  # the message with the file is the one that goes on
        await c.execute(
            text("UPDATE message SET created_at = now() - interval '1 day' WHERE text = 'La foto'")
        )
    await is_sent_on(services, conversation_id, "INTERNO: ¿es un fraude?", "perito@example.org")
    page = (await pedro.get(f"/{number}")).text
    assert "La foto" in page
    for hidden in ("INTERNO", "Sofía"):
        assert hidden not in page, hidden
    files = await rows(
        services, "SELECT a.id, m.direction FROM attachment a JOIN message m ON m.id = a.message_id"
    )
    got = {one["direction"]: (await pedro.get(f"/files/{one['id']}")).status_code for one in files}
    assert got == {"in": 200, "out": 404}


async def test_nobody_sees_or_touches_what_is_anothers(pedro, lucia, services, matter):
    _, number = matter
    assert str(number) not in (await lucia.get()).text
    await answers(pedro, number, files=[("files", ("foto.png", PNG, "image/png"))])
    (file,) = await rows(services, "SELECT id FROM attachment")
    assert (await pedro.get(f"/files/{file['id']}")).status_code == 200
    before = await case_of(services, number)
    for answer in (
        await lucia.get(f"/{number}"),
        await lucia.get(f"/files/{file['id']}"),
        await answers(lucia, number, "hola"),
        await lucia.post(f"/{number}/solved"),
        await lucia.post(f"/{number}/reopen", data={"reason": "x"}),
        await lucia.get("/99999999999999999999"),
        await lucia.get("/0"),
    ):
        assert answer.status_code == 404
    assert await case_of(services, number) == before


async def test_without_a_session_every_page_leads_to_the_door(pedro, services, matter):
    _, number = matter
    stranger = pedro.another()
    before = await rows(services, "SELECT count(*) FROM message")
    for answer in (
        await stranger.get(f"/{number}"),
        await stranger.get(f"/files/{uuid4()}"),
        await answers(stranger, number, "hola"),
        await stranger.post(f"/{number}/solved"),
        await stranger.post(f"/{number}/reopen", data={"reason": "x"}),
    ):
        assert (answer.status_code, answer.headers["location"]) == (303, "/help/es/cases")
    assert await rows(services, "SELECT count(*) FROM message") == before


async def test_another_site_can_do_nothing_in_a_case(pedro, services, matter):
    _, number = matter
    foreign = {"Origin": "https://otra.example", "Sec-Fetch-Site": "cross-site"}
    for act in ("answer", "solved", "reopen"):
        answer = await pedro.http.post(
            f"/help/es/cases/{number}/{act}", data={"once": ONCE, "text": "x"}, headers=foreign
        )
        assert answer.json()["type"] == "foreign-origin", act


async def test_an_answer_with_a_file_goes_on_in_the_same_conversation(pedro, services, matter):
    conversation_id, number = matter
    sent = await answers(
        pedro,
        number,
        "Le mando la foto",
        files=[("files", ("foto.svg", PNG, "image/svg+xml"))],
    )
    assert sent.headers["location"] == f"/help/es/cases/{number}?done=answered"
    page = await pedro.http.get(sent.headers["location"])
    for expected in ("está guardado en este caso", "Le mando la foto", "foto.svg.png"):
        assert expected in page.text, expected
    (said,) = await rows(services, "SELECT * FROM message WHERE text = 'Le mando la foto'")
    assert (said["conversation_id"], said["author_kind"], said["direction"]) == (
        conversation_id,
        "contact",
        "in",
    )
    assert len(await rows(services, "SELECT 1 FROM conversation")) == 1
    (file,) = await rows(services, "SELECT id, content_type FROM attachment")
    got = await pedro.get(f"/files/{file['id']}")
    assert (got.content, got.headers["content-disposition"][:10]) == (PNG, "attachment")
    assert got.headers["cache-control"] == "private, no-store"


async def test_a_form_whose_file_was_left_empty_is_taken_as_browsers_send_it(pedro, services, matter):
    _, number = matter
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'
        for name, more, value in (
            ("once", "", ONCE),
            ("text", "", "sin archivo"),
            ("files", '; filename=""\r\nContent-Type: application/octet-stream', ""),
        )
    )
    sent = await pedro.http.post(
        f"/help/es/cases/{number}/answer",
        content=f"{body}--x--\r\n",
        headers={**OWN_PAGE, "content-type": "multipart/form-data; boundary=x"},
    )
    assert sent.status_code == 303
    assert len(await rows(services, "SELECT 1 FROM message WHERE text = 'sin archivo'")) == 1


async def test_sent_twice_it_is_one(pedro, services, matter):
    _, number = matter
    both = await asyncio.gather(*(answers(pedro, number, "una vez", once=ONCE) for _ in range(2)))
    both.append(await answers(pedro, number, "una vez", once=ONCE))
    assert {one.status_code for one in both} == {303}
    assert len(await rows(services, "SELECT 1 FROM message WHERE text = 'una vez'")) == 1


@pytest.mark.parametrize(
    ("said", "files", "status", "told"),
    [
        ("", [], 422, "No hay nada que enviar."),
        ("a", [("programa.exe", b"MZ\x90\0" + b"\0" * 99)], 422, "Aquí no se puede enviar"),
        ("a", [("grande.png", PNG + b"\0" * 10_000_000)], 413, "pesa más de 10 MB"),
        ("a", [("vacio.png", b"")], 422, "vacío"),
        ("a", [(f"{n}.png", PNG) for n in range(11)], 422, "demasiados archivos"),
        ("é" * 20_001, [], 422, "demasiado largo"),
    ],
)
async def test_what_is_not_taken_stays_on_the_page(pedro, services, matter, said, files, status, told):
    _, number = matter
    before = await rows(services, "SELECT count(*) FROM message")
    sent = [("files", (name, data, "application/octet-stream")) for name, data in files]
    answer = await answers(pedro, number, said, once=ONCE, files=sent or None)
    assert (answer.status_code, told in answer.text) == (status, True), answer.text[:500]
    assert f"{said}</textarea>" in answer.text
    assert ONCE in answer.text
    assert await rows(services, "SELECT count(*) FROM message") == before


async def test_solved_closes_and_reopening_says_why_and_stands_in_line(pedro, services, matter):
    _, number = matter
    page = await pedro.http.get((await pedro.post(f"/{number}/solved")).headers["location"])
    assert "Gracias por confirmarlo" in page.text
    case = await case_of(services, number)
    assert (case["status"], case["resolved_by"]) == ("resolved", "contact")
    assert await rows(services, "SELECT status FROM conversation") == [{"status": "closed"}]
    assert await rows(services, "SELECT * FROM waiting") == []
    assert 'name="reason"' in page.text

    refused = await pedro.post(f"/{number}/reopen", data={"reason": "  "})
    assert (refused.status_code, "¿Qué falta?" in refused.text) == (422, True)
    form = {"reason": "Volvió a fallar", "once": str(case["version"])}
    both = await asyncio.gather(*(pedro.post(f"/{number}/reopen", data=form) for _ in range(2)))
    assert {one.status_code for one in both} == {303}
    assert "abierto de nuevo" in (await pedro.http.get(both[0].headers["location"])).text
    assert (await case_of(services, number))["status"] == "open"
    assert len(await rows(services, "SELECT 1 FROM message WHERE text = 'Volvió a fallar'")) == 1
    assert len(await rows(services, "SELECT 1 FROM waiting")) == 1

    old_page = await pedro.post(f"/{number}/reopen", data={**form, "reason": "Y gotea"})
    assert old_page.headers["location"].endswith("?done=answered")
    assert len(await rows(services, "SELECT 1 FROM message WHERE text = 'Y gotea'")) == 1
    assert len(await rows(services, "SELECT 1 FROM case_move WHERE kind = 'reopened'")) == 1


async def test_an_answer_in_a_solved_case_opens_it_again(pedro, services, matter):
    _, number = matter
    await pedro.post(f"/{number}/solved")
    assert (await answers(pedro, number, "Una cosa más")).status_code == 303
    assert (await case_of(services, number))["status"] == "open"


async def test_a_case_without_a_conversation_takes_an_answer_by_mail(pedro, services, mail):
    async with services.db.begin() as c:
        contact = await contact_of(c, PEDRO)
        made = await cases.create_case(
            c,
            brand_id=mail.brand_id,
            contact_id=contact,
            title="Por teléfono",
            expectation="",
            actor="user:1",
        )
    assert "Todavía no hay mensajes" in (await pedro.get(f"/{made['number']}")).text
    assert (await answers(pedro, made["number"], "Hola")).status_code == 303
    assert "Hola" in (await pedro.get(f"/{made['number']}")).text
    (said,) = await rows(services, "SELECT case_id, author_kind FROM message WHERE text = 'Hola'")
    assert (str(said["case_id"]), said["author_kind"]) == (made["id"], "contact")


async def test_merged_contacts_see_all_that_is_one_and_after_the_undo_their_own(pedro, lucia, services):
    async with services.db.begin() as c:
        kept = await contact_of(c, PEDRO)
        merged = await contact_of(c, LUCIA)
        done = await merges.merge(c, kept, merged, {}, actor="user:1", by=None)
    for one in (pedro, lucia):
        page = (await one.get()).text
        assert ("Garantía" in page, "Pedido de Lucía" in page) == (True, True)
    async with services.db.begin() as c:
        await merges.undo_merge(c, done["merge_id"], actor="user:1")
    for one, own, other in ((pedro, "Garantía", "Pedido de Lucía"), (lucia, "Pedido de Lucía", "Garantía")):
        page = (await one.get()).text
        assert (own in page, other in page) == (True, False)


async def test_who_chatted_finds_the_answer_in_the_mailbox_too(services, mail, account, pedro):
    async with services.db.begin() as c:
        contact = await contact_of(c, PEDRO)
        visitor_id = uuid4()
        await c.execute(
            text("INSERT INTO visitor (id, account_id) VALUES (:id, :account)"),
            {"id": visitor_id, "account": account.id},
        )
        await contacts.verify_address(c, contact, "visitor", str(visitor_id), by="identity")
    _, number = await writes(services, account, str(visitor_id), "Desde el chat")
    page = (await pedro.get(f"/{number}")).text
    assert "Desde el chat" in page
    assert (await answers(pedro, number, "Sigo aquí")).status_code == 303
    assert await rows(services, "SELECT how, address, state FROM callback") == [
        {"how": "email", "address": PEDRO, "state": "waiting"}
    ]
    assert len(await rows(services, "SELECT 1 FROM waiting WHERE channel = 'webchat'")) == 1


async def test_a_page_holds_at_most_what_a_page_may(pedro, services, matter, mail):
    conversation_id, number = matter
    for nth in range(60):
        await writes(
            services, mail, PEDRO, f"{nth:03} " + "palabra larga " * 400, conversation_id=conversation_id
        )
    path, seen = f"/{number}", set()
    for _ in range(30):
        page = await pedro.get(path)
        assert len(page.content) < 100_000
        seen |= {nth for nth in range(60) if f">{nth:03} palabra" in page.text}
        if "?before=" not in page.text:
            break
        path = f"/{number}?before=" + page.text.split("?before=")[1].split("#")[0]
    assert seen == set(range(60))
    await writes(services, mail, PEDRO, "ñ" * 90_000, conversation_id=conversation_id)
    page = await pedro.get(f"/{number}")
    assert len(page.content) < 100_000
    assert "El mensaje sigue" in page.text


async def test_forty_cases_come_in_pages(pedro, services, mail):
    async with services.db.begin() as c:
        contact = await contact_of(c, PEDRO)
        for nth in range(40):
            await cases.create_case(
                c,
                brand_id=mail.brand_id,
                contact_id=contact,
                title=f"Asunto {nth:02} " + "x" * 180,
                expectation="",
                actor="user:1",
            )
    pages = [(await pedro.get(f"?page={n}")) for n in (1, 2)]
    assert all(len(page.content) < 100_000 for page in pages)
    assert sum(page.text.count("Asunto ") for page in pages) == 40
    assert 'rel="next"' in pages[0].text
    assert 'rel="prev"' in pages[1].text
