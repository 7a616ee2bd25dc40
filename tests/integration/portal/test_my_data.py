"""A contact takes a copy of everything, has it erased, and finds who reads for customers only."""

import io
import json
import zipfile
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.support.customer import Customer, cases_app, is_answered, is_sent_on, writes
from tests.support.services import make_account

from trato.channel_sdk import File
from trato.contacts import facts, merges
from trato.contacts import service as contacts
from trato.db.jobs import Worker
from trato.kit.clock import now
from trato.privacy import erasing
from trato.privacy import service as privacy

PEDRO, LUCIA = "pedro.gomez@example.org", "lucia@example.org"
# What only he has said or is called: after the erasure it is nowhere.
SECRET = "ZANAHORIA"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
async def mail(services):
    return await make_account(services, "email", address="ayuda@aurora.example", smtp_host="127.0.0.1")


@pytest.fixture
async def pedro(services, mail):
    file = File(f"{SECRET}/../foto.png", "image/png", PNG)
    conversation_id, number = await writes(
        services,
        mail,
        PEDRO,
        f"Soy {SECRET}, no enfría",
        subject=f"Garantía {SECRET}",
        files=[file],
        raw=f"raw {SECRET}".encode(),
        external_id=f"<{SECRET}@gmail.example>",
        payload={"headers": {"x": SECRET}},
    )
    await is_answered(services, conversation_id, f"Hola {SECRET}, lo revisa el taller")
    await is_answered(services, conversation_id, f"NOTA {SECRET}", note=True)
    async with services.db.begin() as c:
        contact = await contact_of(c, PEDRO)
        told = facts.Told("modelo", f"{SECRET}-77", said_by="contact", source="email", noted_by="user:1")
        await facts.note(c, contact, told)
        await contacts.change_contact(c, contact, {"name": SECRET}, actor="user:1", source="agent")
        case_id = await c.scalar(text("SELECT id FROM cases WHERE number = :n"), {"n": number})
        for statement in (
            """INSERT INTO case_move (id, case_id, kind, actor, data) VALUES
               (:id, :case_id, 'promise', 'user:1', jsonb_build_object('what', CAST(:secret AS text)))""",
            "INSERT INTO task (id, case_id, title) VALUES (:id, :case_id, :secret)",
        ):
            await c.execute(text(statement), {"id": uuid4(), "case_id": case_id, "secret": SECRET})
    return await Customer(cases_app(services), services).sign_in(PEDRO)


async def contact_of(c, address: str) -> UUID:
    found = await contacts.owner_of(c, "email", address)
    assert found is not None
    return found


async def rows(services, query, **values):
    async with services.db.connect() as c:
        return [dict(row) for row in (await c.execute(text(query), values)).mappings()]


async def everything(services) -> str:
    """Return every row of every table as text."""
    async with services.db.connect() as c:
        tables = await c.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        )
        found = ""
        for table in tables.all():
            held = (await c.scalars(text(f'SELECT t::text FROM "{table}" t'))).all()
            found += "".join(f"\n{table} {row}" for row in held)
    return found


async def stored(services) -> list[str]:
    return [key async for key in services.store.keys("")]


async def work(services) -> None:
    await Worker(services.db, services.wake, {privacy.KIND: erasing.erasing(services)}).drain()


async def come_due(services) -> None:
    async with services.db.begin() as c:
        await c.execute(text("UPDATE erasure SET due_at = now() - interval '1 second'"))
        await c.execute(text("UPDATE job SET run_at = now() WHERE kind = 'privacy.erase'"))
    await work(services)


async def test_the_copy_has_all_of_theirs_and_nothing_of_the_desk(pedro, services, mail):
    await writes(services, mail, LUCIA, "Soy otra")
    answer = await pedro.post("/data/export")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["cache-control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        assert pack.testzip() is None
        names = pack.namelist()
        profile = json.loads(pack.read("profile.json"))
        messages = [json.loads(line) for line in pack.read("messages.jsonl").splitlines()]
        (file,) = [name for name in names if name.startswith("files/")]
        assert pack.read(file) == PNG
        (case,) = json.loads(pack.read("cases.json"))
        whole = "".join(pack.read(name).decode(errors="replace") for name in names)
    assert (profile["name"], profile["addresses"][0]["value"]) == (SECRET, PEDRO)
    assert [(one["name"], one["value"]) for one in profile["told"]] == [("modelo", f"{SECRET}-77")]
    assert [one["said_by"] for one in messages] == ["you", "us"]
    assert messages[0]["files"] == [file.split("/")[1]]
    assert case["title"] == f"Garantía {SECRET}"
    assert "NOTA" not in whole
    assert "Soy otra" not in whole
    assert ".." not in file.split("/")
    assert [row["action"] for row in await rows(services, "SELECT action FROM audit_log ORDER BY id")] == [
        "contact.signed_in",
        "contact.exported",
    ]


async def test_what_went_on_to_others_is_not_in_the_copy(pedro, services):
    (row,) = await rows(services, "SELECT id FROM conversation")
    await is_sent_on(services, row["id"], "INTERNO: ¿es un fraude?", "perito@example.org")
    answer = await pedro.post("/data/export")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        assert len(pack.read("messages.jsonl").splitlines()) == 2
        assert len([name for name in pack.namelist() if name.startswith("files/")]) == 1
        assert not [name for name in pack.namelist() if b"INTERNO" in pack.read(name)]


async def test_a_file_that_the_store_lost_is_named_and_the_rest_is_there(pedro, services):
    for key in await stored(services):
        await services.store.delete(key)
    answer = await pedro.post("/data/export")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        assert len(json.loads(pack.read("about.json"))["files_missing"]) == 1
        assert len(pack.read("messages.jsonl").splitlines()) == 2


async def test_who_signed_in_long_ago_shows_again_who_they_are(pedro, services):
    async with services.db.begin() as c:
        await c.execute(text("UPDATE customer_session SET created_at = now() - interval '31 minutes'"))
    for below, form in (("/data/export", {}), ("/data/erase", {"sure": "yes"})):
        answer = await pedro.post(below, data=form)
        assert "confirme de nuevo quién es" in answer.text
        assert 'name="email"' in answer.text
    assert await rows(services, "SELECT * FROM erasure") == []
    await pedro.sign_in(PEDRO)
    assert (await pedro.post("/data/export")).headers["content-type"] == "application/zip"


async def test_copies_are_limited(pedro):
    got = [(await pedro.post("/data/export")).status_code for _ in range(11)]
    assert got == [200] * 10 + [429]


async def test_erasing_is_asked_told_and_can_be_taken_back(pedro, services):
    page = (await pedro.get("/data")).text
    for expected in ("a los 7 días", "la ley nos obliga", "no se puede deshacer"):
        assert expected in page, expected
    assert (await pedro.post("/data/erase")).status_code == 422
    assert await rows(services, "SELECT * FROM erasure") == []
    for _ in range(2):  # sent twice it is asked once
        assert (await pedro.post("/data/erase", data={"sure": "yes"})).status_code == 303
    (asked,) = await rows(services, "SELECT * FROM erasure")
    assert timedelta(days=6.9) < asked["due_at"] - now() <= timedelta(days=7)
    (told,) = await pedro.mails()
    assert (told["to"], "/help/es/cases/data" in told["text"]) == (PEDRO, True)
    await work(services)  # nothing before its time
    assert "Sus datos se borran el" in (await pedro.get("/data")).text

    kept = await pedro.post("/data/keep")
    assert "siguen como estaban" in (await pedro.http.get(kept.headers["location"])).text
    assert (await pedro.post("/data/keep")).headers["location"] == "/help/es/cases/data"
    await come_due(services)
    assert SECRET in (await pedro.get()).text
    assert [one["action"] for one in await rows(services, "SELECT action FROM audit_log ORDER BY id")] == [
        "contact.signed_in",
        "erasure.asked",
        "erasure.cancelled",
    ]


async def test_afterwards_nothing_says_who_it_was_and_the_counts_stay(pedro, services, mail):
    other, _ = await writes(services, mail, LUCIA, "Soy otra", subject="Pedido")
    counted = (
        "SELECT (SELECT count(*) FROM cases) AS cases, (SELECT count(*) FROM conversation) AS conversations,"
        " (SELECT count(*) FROM message) AS messages"
    )
    before = await rows(services, counted)
    assert SECRET in await everything(services)
    assert len(await stored(services)) == 2
    await pedro.post("/data/erase", data={"sure": "yes"})
    await pedro.mails()
    await come_due(services)

    held = await everything(services)
    for gone in (SECRET, "pedro.gomez"):
        assert gone not in held, [line for line in held.splitlines() if gone in line]
    assert await stored(services) == []
    assert await rows(services, counted) == before
    assert "Soy otra" in held
    (done,) = await rows(services, "SELECT state, erased FROM erasure")
    assert done["state"] == "done"
    assert {"message": 3, "address": 1, "fact": 1, "attachment": 1}.items() <= done["erased"].items()
    assert await rows(services, "SELECT status FROM conversation WHERE id <> :id", id=other) == [
        {"status": "closed"}
    ]
    assert len(await rows(services, "SELECT 1 FROM waiting")) == 1  # Lucía's
    # the session went with the address; who writes again is somebody new
    assert 'name="email"' in (await pedro.get()).text
    await writes(services, mail, PEDRO, "Hola de nuevo", key="otra")
    assert len(await rows(services, "SELECT 1 FROM contact WHERE merged_into IS NULL")) == 3
    await come_due(services)  # run once more it finds nothing to do
    assert "Hola de nuevo" in await everything(services)


async def test_who_turned_out_to_be_the_same_is_erased_too(pedro, services, mail):
    await writes(services, mail, "pedro2@example.org", f"También soy {SECRET}")
    async with services.db.begin() as c:
        kept, merged = await contact_of(c, PEDRO), await contact_of(c, "pedro2@example.org")
        await merges.merge(c, kept, merged, {"email": SECRET}, actor="user:1", by=None)
    await pedro.post("/data/erase", data={"sure": "yes"})
    assert sorted(one["to"] for one in await pedro.mails()) == [PEDRO, "pedro2@example.org"]
    await come_due(services)
    held = await everything(services)
    assert SECRET not in held
    assert "pedro2" not in held


async def test_what_they_wrote_into_anothers_conversation_goes_and_the_rest_of_it_stays(
    pedro, services, mail
):
    other, number = await writes(services, mail, LUCIA, "Escribe Lucía", subject="Pedido de Lucía")
    await writes(services, mail, PEDRO, f"En copia, {SECRET}", conversation_id=other, key="cc")
    await pedro.post("/data/erase", data={"sure": "yes"})
    await pedro.mails()
    await come_due(services)
    assert SECRET not in await everything(services)
    lucia = await pedro.another().sign_in(LUCIA)
    assert "Escribe Lucía" in (await lucia.get(f"/{number}")).text
    assert len(await rows(services, "SELECT 1 FROM event WHERE conversation_id = :id", id=other)) > 0


async def test_the_desk_erases_for_who_asks_and_says_why_not(pedro, services):
    async with services.db.begin() as c:
        contact = await contact_of(c, PEDRO)
        asked = await privacy.ask(
            c, contact, actor="user:1", now=now(), grace=timedelta(days=0), reason="carta"
        )
        assert asked["due_at"] <= now()
    page = await pedro.get("/data")
    assert "Sus datos se borran el" in page.text
    async with services.db.begin() as c:
        await privacy.cancel(c, contact, actor="user:1", now=now(), reason="pleito abierto")
    await come_due(services)
    (kept,) = await rows(services, "SELECT state, reason FROM erasure")
    assert kept == {"state": "cancelled", "reason": "pleito abierto"}
    assert SECRET in await everything(services)


async def test_the_preference_is_seen_and_changed(pedro, services):
    page = (await pedro.get("/preference")).text
    assert "Cómo prefiere que le atendamos" in page
    sent = await pedro.post("/preference", data={"prefers": "person", "tone": "vos", "channel": "email"})
    page = await pedro.http.get(sent.headers["location"])
    assert "Guardado" in page.text
    assert "preferís" in page.text
    (contact,) = await rows(services, "SELECT prefers, tone, preferred_channel FROM contact")
    assert contact == {"prefers": "person", "tone": "vos", "preferred_channel": "email"}
    assert (await pedro.post("/preference", data={"channel": "telepathy"})).status_code == 422
    stranger = pedro.another()
    for answer in (
        await stranger.get("/preference"),
        await stranger.get("/data"),
        *[await stranger.post(f"/{one}") for one in ("preference", "data/export", "data/erase", "data/keep")],
    ):
        assert (answer.status_code, answer.headers["location"]) == (303, "/help/es/cases")
    foreign = {"Origin": "https://otra.example", "Sec-Fetch-Site": "cross-site"}
    for one in ("preference", "data/export", "data/erase", "data/keep"):
        answer = await pedro.http.post(f"/help/es/cases/{one}", headers=foreign)
        assert answer.json()["type"] == "foreign-origin", one


async def test_what_was_learned_from_them_and_asked_for_them_goes_too(pedro, services):
    """Followed incidents, gaps that their question began, and the address that waits to be confirmed."""
    async with services.db.begin() as c:
        values = {
            "contact": await contact_of(c, PEDRO),
            "conversation": await c.scalar(text("SELECT id FROM conversation")),
            "case": await c.scalar(text("SELECT id FROM cases")),
            "brand": await c.scalar(text("SELECT id FROM brand")),
            "email": PEDRO,
            "id": uuid4(),
            "secret": f"¿{SECRET}?",
        }
        for statement in (
            "INSERT INTO incident (id, brand_id, declared_by) VALUES (:id, :brand, 'user:1')",
            (
                "INSERT INTO incident_follower (id, incident_id, contact_id, channel, address,"
                " asked_at_place) VALUES (:id, :id, :contact, 'email', :email, 'page')"
            ),
            (
                "INSERT INTO incident_request (id, incident_id, email, key, language)"
                " VALUES (:id, :id, :email, :email, 'es')"
            ),
            "INSERT INTO incident_telling (incident_id, person_id, address) VALUES (:id, :contact, :email)",
            "INSERT INTO gap (id, title, language, size, meaning) VALUES (:id, :secret, 'es', 2, '')",
            (
                "INSERT INTO gap_question"
                " (id, gap_id, origin, source, language, question, times, conversation_id)"
                " VALUES (:id, :id, 'contact:1', 'contact', 'es', :secret, 9, :conversation)"
            ),
            (
                "INSERT INTO gap_question (id, gap_id, origin, source, language, question, times)"
                " VALUES (gen_random_uuid(), :id, 'search:1', 'search', 'es', '¿y la garantía?', 1)"
            ),
            (
                "INSERT INTO contact_after (id, conversation_id, language, question)"
                " VALUES (:id, :conversation, 'es', :secret)"
            ),
            "INSERT INTO gap_case (case_id, language, meaning, resolved_at) VALUES (:case, 'es', 'x', now())",
        ):
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            await c.execute(text(statement), used)
    await pedro.post("/data/erase", data={"sure": "yes"})
    await pedro.mails()
    await come_due(services)
    held = await everything(services)
    assert SECRET not in held
    assert "pedro.gomez" not in held
    assert await rows(services, "SELECT title FROM gap") == [{"title": "¿y la garantía?"}]
    assert await rows(services, "SELECT meaning FROM gap_case") == [{"meaning": None}]
    assert await rows(services, "SELECT 1 FROM incident_follower") == []
