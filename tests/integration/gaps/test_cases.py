"""The case that answered becomes a draft without names; an article is measured by what it solved."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from trato.gaps import evidence, tasks
from trato.kit.ids import new_id
from trato.knowledge import feedback, reads
from trato.knowledge.reads import Reads

from .conftest import Shelf

ASKED = "¿Cómo pido la garantía de mi heladera? Soy Pedro Gómez, pedido 88123."
ANSWERED = (
    "Hola Pedro, la garantía cubre el motor durante 24 meses.\n1. Busque la factura.\n"
    "2. Escriba a ayuda@tienda.example\nYa lo derivé al taller. Mire http://x.example/help/es/articles/garantia"
)


async def resolved_case(shelf: Shelf, *, status: str = "resolved", said: str = ASKED) -> tuple[UUID, UUID]:
    """Return a case that a person answered, and its conversation."""
    brand, account, contact, case, talk = (new_id() for _ in range(5))
    async with shelf.db.begin() as c:
        at = await c.scalar(text("SELECT now()"))

        async def put(table: str, **values: Any) -> None:
            names = ", ".join(values)
            blanks = ", ".join(f":{name}" for name in values)
            await c.execute(text(f"INSERT INTO {table} ({names}) VALUES ({blanks})"), values)

        await put("brand", id=brand, name=f"Tienda {brand}", language="es")
        await put("account", id=account, brand_id=brand, kind="webchat", name="Chat", public_key=str(account))
        await put("contact", id=contact, name="Pedro Gómez")
        await put(
            "cases",
            id=case,
            brand_id=brand,
            contact_id=contact,
            title="Garantía",
            status=status,
            resolved_at=at,
            updated_at=at,
        )
        await put(
            "conversation",
            id=talk,
            account_id=account,
            conversation_key="k",
            channel="webchat",
            brand_id=brand,
            contact_id=contact,
            case_id=case,
            language="es",
        )
        for direction, author, words in (("in", "contact", said), ("out", "agent", ANSWERED)):
            await put(
                "message",
                id=new_id(),
                conversation_id=talk,
                case_id=case,
                contact_id=contact,
                direction=direction,
                author_kind=author,
                author_name="Sofía Ramos" if author == "agent" else "Pedro",
                text=words,
                status="sent" if direction == "out" else "received",
                occurred_at=at,
            )
    return case, talk


@pytest.fixture
async def gap(shelf: Shelf, http) -> dict[str, Any]:
    await shelf.ask("como pido la garantía de la heladera", 3)
    await shelf.group()
    (found,) = (await http.get("/gaps")).json()["items"]
    return dict(found)


async def test_the_case_that_answered_becomes_a_draft(shelf: Shelf, http, gap) -> None:
    case_id, talk_id = await resolved_case(shelf)
    await resolved_case(shelf, said="quiero un televisor nuevo de color verde")
    await shelf.group()
    listed = (await http.get(f"/gaps/{gap['id']}/cases")).json()["items"]
    assert [one["id"] for one in listed] == [str(case_id)]
    told = await http.post(f"/gaps/{gap['id']}/draft", json={"case_id": str(case_id), "language": "es"})
    assert told.status_code == 201, told.text
    assert (told.json()["state"], told.json()["article"]["published"]) == ("writing", False)
    article_id = told.json()["article"]["id"]
    written = (await http.get(f"/articles/{article_id}/texts/es")).json()
    assert written["title"] == "¿Cómo pido la garantía de mi heladera?"
    assert written["body"].startswith("La garantía cubre el motor durante 24 meses.")
    assert "1. Busque la factura.\n2. Escriba a [correo]" in written["body"]
    for personal in ("Pedro", "Gómez", "88123", "Sofía", "@", "taller"):
        assert personal not in written["body"] + written["title"], personal
    assert written["published"] is None
    assert (await http.get(f"/articles/{article_id}")).json()["owner_name"] == "Ana"
    source = (await http.get(f"/articles/{article_id}/source")).json()["case"]
    assert (source["id"], source["conversation_id"]) == (str(case_id), str(talk_id))
    other = await shelf.publish("Otro", "Otro.")
    assert (await http.get(f"/articles/{other}/source")).json() == {"case": None, "draft": None}


async def test_what_went_on_to_others_is_in_no_draft(shelf: Shelf, http, gap) -> None:
    case_id, _ = await resolved_case(shelf)
    async with shelf.db.begin() as c:
        await c.execute(
            text(
                "INSERT INTO message (id, conversation_id, case_id, contact_id, direction, author_kind, text,"
                " status, payload, occurred_at) SELECT gen_random_uuid(), conversation_id, case_id,"
                " contact_id, direction, author_kind, '1. Pida el repuesto al proveedor.', status,"
                " jsonb_build_object('apart', true), now()"
                " FROM message WHERE direction = 'out' AND case_id = :id"
            ),
            {"id": case_id},
        )
    body = {"case_id": str(case_id), "language": "es"}
    article = (await http.post(f"/gaps/{gap['id']}/draft", json=body)).json()["article"]
    written = (await http.get(f"/articles/{article['id']}/texts/es")).json()
    assert "Busque la factura" in written["body"]
    assert "proveedor" not in written["body"]


async def test_a_case_that_is_open_gives_no_draft(shelf: Shelf, http, gap) -> None:
    case_id, _ = await resolved_case(shelf, status="open")
    await shelf.group()
    assert (await http.get(f"/gaps/{gap['id']}/cases")).json()["items"] == []
    body = {"case_id": str(case_id), "language": "es"}
    assert (await http.post(f"/gaps/{gap['id']}/draft", json=body)).status_code == 409
    missing = {"case_id": str(new_id()), "language": "es"}
    assert (await http.post(f"/gaps/{gap['id']}/draft", json=missing)).status_code == 404


async def test_an_article_is_measured_by_matters_solved(shelf: Shelf, http) -> None:
    article_id = await shelf.publish("Garantía", "Dos años.")
    _, talk_id = await resolved_case(shelf)
    await shelf.group()  # the case cites the article by its address
    counting = Reads(shelf.db)
    for _ in range(3):
        counting.note(article_id, "es")
    await counting.write()
    await counting.write()
    async with shelf.db.begin() as c:
        await feedback.say(c, article_id, "es", 1, solved=True)
        for _ in range(2):  # told twice, noted once
            await evidence.contact_after(c, talk_id, language="es", article_id=article_id)
    await shelf.say_no(article_id, "unclear")
    told = (await http.get(f"/articles/{article_id}/measures")).json()
    assert told == {
        "days": 90,
        "reads": 3,
        "matters_solved": 2,
        "solved": 1,
        "cases_solved": 1,
        "unsolved": 1,
        "reasons": {"unclear": 1},
        "contacts_after": 1,
    }
    assert (await http.get(f"/articles/{new_id()}/measures")).status_code == 404


async def test_who_writes_right_after_reading_is_part_of_the_gap_and_leads_to_the_case(
    shelf: Shelf, http, gap
) -> None:
    case_id, talk_id = await resolved_case(shelf, said="otra cosa del todo")
    async with shelf.db.begin() as c:
        await evidence.contact_after(
            c, talk_id, language="es", question="¿Cómo pido garantía de la heladera?"
        )
    await shelf.group()
    (found,) = (await http.get("/gaps")).json()["items"]
    assert (found["id"], found["sources"]) == (gap["id"], {"search": 3, "article": 0, "contact": 1, "bot": 0})
    (first, *_) = (await http.get(f"/gaps/{gap['id']}/cases")).json()["items"]
    assert (first["id"], first["likeness"]) == (str(case_id), 1.0)
    # with the conversation goes what is known of it
    asked = (await http.get(f"/gaps/{gap['id']}/questions")).json()["items"]
    assert str(talk_id) in {one["conversation_id"] for one in asked}


async def test_what_is_old_is_forgotten(shelf: Shelf, http, gap) -> None:
    article_id = await shelf.publish("Garantía", "Dos años.")
    await shelf.say_no(article_id, "wrong")
    await shelf.group()
    assert len((await http.get("/gaps")).json()["items"]) == 2
    async with shelf.db.begin() as c:
        await c.execute(
            text("UPDATE gap_question SET last_at = now() - interval '9 days' WHERE source = 'search'")
        )
        await c.execute(text("UPDATE article_feedback SET created_at = now() - interval '9 days'"))
        await reads.add(c, {(article_id, "es", (await c.scalar(text("SELECT current_date - 9")))): 2})  # type: ignore[arg-type]
    keep = timedelta(days=8)
    await tasks.retention(shelf.db, questions=keep, feedback_kept=keep).work()
    assert [one["title"] for one in (await http.get("/gaps")).json()["items"]] == ["garantía"]
    assert await shelf.rows("SELECT 1 FROM article_feedback") == []
    assert await shelf.rows("SELECT 1 FROM article_read") == []
