"""What a shop's page tells through the widget: where its visitor is, orders once, answers in place."""

import asyncio
import contextlib
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import text
from tests.support.portal import Page, Portal
from tests.support.toy_encoder import ToyEncoder

from trato.kit.clock import now
from trato.knowledge import service as articles
from trato.knowledge import texts
from trato.knowledge.finder import EXTRA, Finder
from trato.privacy import erasing
from trato.privacy import service as privacy
from trato.storefront import service

ORDER = {"number": "88120", "total": "899000.50", "currency": "ARS"}
CONTEXT = {
    "product": {"id": "FX-200", "name": "Heladera\u0000 con freezer"},
    "step": "checkout",
    "cart": {"items": 1, "total": "899000.5", "currency": "ARS"},
}


async def told(page: Page, **changes: object) -> tuple[int, str]:
    body = {"account": page.account.public_key, **ORDER, **changes}
    answer = await page.ask("POST", "orders", json=body)
    return answer.status_code, answer.json().get("state") or answer.json()["type"]


async def test_an_order_is_counted_once_and_only_what_is_one_from_a_site_that_is_listed(
    portal: Portal, page: Page
) -> None:
    assert await told(page) == (200, "counted")
    assert await told(page) == (200, "known")
    assert await told(page, number=" 88120 ", total="1") == (200, "known")
    both = await asyncio.gather(told(page, number="9"), told(page, number="9"))
    assert sorted(both) == [(200, "counted"), (200, "known")]
    async with portal.page(origin="https://malo.example") as foreign:
        assert await told(foreign, number="7") == (403, "origin-not-allowed")
    async with portal.page(origin=None) as nobody:
        assert await told(nobody, number="7") == (403, "origin-not-allowed")
    for absurd in (
        {"total": "-1"}, {"total": "NaN"}, {"total": "Infinity"}, {"total": "1e12"}, {"total": "1.23456"},
        {"currency": "pesos"}, {"currency": "ar$"}, {"number": ""}, {"number": "9" * 65},
        {"searched_at": "ayer"}, {"customer": "Pedro"},
    ):  # fmt: skip
        assert (await told(page, **{"number": "7", **absurd}))[0] == 422, absurd
    at = now()
    for number, searched in (("10", at - timedelta(days=2)), ("11", at - timedelta(days=8))):
        await told(page, number=number, searched_at=searched.isoformat())
    await told(page, number="12", searched_at=(at + timedelta(hours=1)).isoformat())
    await page.ask("POST", "answers/opened", json={"account": page.account.public_key})
    rows = await portal.rows("SELECT number, helped, conversation_id FROM shop_order ORDER BY at, id")
    assert [row["helped"] for row in rows] == [[], [], ["search"], [], []]
    assert {(row["number"], row["conversation_id"]) for row in rows} == {("", None)}  # nobody's
    async with portal.services.db.connect() as c:
        report = await service.report(portal.services, c, 30, now())
    assert (report["orders"], report["helped"], report["window_days"]) == (5, 1, 7)
    assert report["kinds"][0] == {"kind": "search", "people": 1, "orders": 1}


async def test_an_order_after_a_chat_stands_beside_it_and_goes_with_the_person(
    portal: Portal, page: Page
) -> None:
    await page.open()
    place = {"context": CONTEXT, "page": "https://tienda.example/pago?tarjeta=4111"}
    assert (await page.ask("PUT", "context", json=place)).status_code == 409  # nobody wrote yet
    await page.say("¿Entra por una puerta de 70?")
    said = await portal.rows("SELECT id, contact_id FROM conversation")
    conversation_id, contact_id = said[0]["id"], said[0]["contact_id"]
    for _ in range(2):
        assert (await page.ask("PUT", "context", json=place)).status_code == 204
    too_long = {"context": {"step": "x" * 65}}
    assert (await page.ask("PUT", "context", json=too_long)).status_code == 422
    events = await portal.rows("SELECT data FROM event WHERE type = 'page_context.changed'")
    assert [one["data"] for one in events] == [{"conversation_id": str(conversation_id)}]
    assert await told(page, number="1") == (200, "counted")  # nobody answered: that is no help
    await portal.answer(str(conversation_id), "Sí, mide 68.")
    assert await told(page) == (200, "counted")
    async with portal.services.db.connect() as c:
        shown = await service.of_conversation(c, conversation_id)
        report = await service.report(portal.services, c, 30, now())
    assert shown["context"] == {**CONTEXT, "product": {"id": "FX-200", "name": "Heladera con freezer"}}
    assert shown["page"] == "https://tienda.example/pago"
    assert [order["number"] for order in shown["orders"]] == ["88120"]
    assert report["kinds"][1] == {"kind": "chat", "people": 1, "orders": 1}
    assert [(one["currency"], str(one["total"])) for one in report["amounts"]] == [("ARS", "899000.5000")]

    await _erase(portal, contact_id)
    assert await portal.rows("SELECT * FROM page_context") == []
    assert {row["number"] for row in await portal.rows("SELECT number FROM shop_order")} == {""}
    assert await told(page) == (200, "known")


async def _erase(portal: Portal, contact_id: UUID) -> None:
    async with portal.services.db.begin() as c:
        asked = await privacy.ask(c, contact_id, actor="contact", now=now())
        await c.execute(text("UPDATE erasure SET due_at = now() - interval '1 second'"))
    assert await erasing.erase(portal.services, UUID(str(asked["id"])))


async def test_answers_stand_in_place_without_a_session_and_an_article_as_a_tree(
    portal: Portal, page: Page, tmp_path: Path
) -> None:
    body = (
        "## Medidas\n\nMide **68 cm**. [Ver más](/help/es) y [no](javascript:alert(1)).\n\n"
        "<script>alert(1)</script>\n\n- uno\n- dos"
    )
    async with portal.services.db.begin() as c:
        for title, written, visibility in (
            ("Cuánto mide la heladera", body, "public"),
            ("Cuánto nos cuesta la heladera", "Secreto de la heladera.", "agents"),
        ):
            article_id = await articles.create(c, {"source_language": "es", "visibility": visibility})
            await texts.write(c, article_id, "es", texts.Text(title, "", written), actor="import")
            await texts.publish(c, article_id, "es", actor="import")
    finder = Finder(portal.services.db, tmp_path, encoder=ToyEncoder())
    portal.services.extras[EXTRA] = finder
    running = asyncio.create_task(finder.run())
    try:
        query = {"account": page.account.public_key, "q": "cuánto mide la heladera", "about": "FX-200"}
        found = (await page.ask("GET", "answers", params=query)).json()
        assert [one["title"] for one in found["items"]] == ["Cuánto mide la heladera"]
        assert found["state"] in ("answered", "perhaps")
        async with portal.page(origin="https://malo.example") as foreign:
            assert (await foreign.ask("GET", "answers", params=query)).status_code == 403
        slug, key = found["items"][0]["slug"], {"account": page.account.public_key}
        read = (await page.ask("GET", f"articles/es/{slug}", params=key)).json()
        assert (read["title"], read["whole"]) == ("Cuánto mide la heladera", True)
        tree = str(read["body"])
        assert "68 cm" in tree
        assert "/help/es'" in tree
        assert "'href': 'javascript" not in tree
        said = await page.ask("POST", f"articles/es/{slug}/said", json={**key, "solved": True})
        assert said.status_code == 204
        assert (await page.ask("GET", f"articles/es/{uuid4()}", params=key)).status_code == 404
        assert await portal.rows("SELECT solved FROM article_feedback") == [{"solved": True}]
        assert await portal.rows("SELECT * FROM visitor") == []
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        async with portal.services.db.connect() as c:
            assert await c.scalar(text("SELECT count(*) FROM visitor_session")) == 0
