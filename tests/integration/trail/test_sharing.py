"""What a visitor tried alone reaches the desk when they agreed and wrote, and nothing of it otherwise."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest
from sqlalchemy import text
from tests.support.portal import SITE, Page, Portal
from tests.support.with_key import client, make_app, make_key

from trato.access.roles import Role
from trato.db.edge import Services
from trato.decide.trail import MOST
from trato.knowledge import service as knowledge
from trato.knowledge import texts
from trato.privacy import erasing, exporting
from trato.privacy import service as privacy
from trato.trail import api, tasks


def step(kind: str, **values: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "kind": kind, "at": datetime.now(UTC).isoformat(), **values}


async def publish(services: Services, title: str, **values: Any) -> None:
    async with services.db.begin() as c:
        article_id = await knowledge.create(c, {"source_language": "es", **values})
        await texts.write(c, article_id, "es", texts.Text(title, "", "Dos años."), actor="import")
        await texts.publish(c, article_id, "es", actor="import")


async def share(page: Page, *steps: dict[str, Any]) -> int:
    return (await page.ask("PUT", "trail", json={"steps": list(steps)})).status_code


async def at_the_desk(portal: Portal, conversation_id: str) -> list[dict[str, Any]]:
    """Return the trail as a bot reads it, by its key."""
    _, key = await make_key(portal.services.db, "conversations:read", role=Role.AGENT)
    async with client(make_app(portal.services, [api.router]), key) as http:
        answer = await http.get(f"/conversations/{conversation_id}/trail")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_what_was_tried_stands_before_the_first_message(portal: Portal, page: Page) -> None:
    await publish(portal.services, "Cuánto dura la garantía")
    article = {"language": "es", "slug": "cuanto-dura-la-garantia"}
    steps = [
        step("search", text="¿cuánto dura la  garantía?", outcome="answered", **article),
        step("article", **article),
        step("feedback", outcome="unsolved", reason="incomplete", text="¿Y la batería?", **article),
        step("search", text="garantía de la batería", outcome="unknown"),
        step("page", page="https://tienda.example/cuenta?token=secreto#x"),
    ]
    assert page.view["trail"] == {"shared": False, "days": 30}
    assert await share(page, *steps) == 204
    said = await page.say("Hola")
    found = await at_the_desk(portal, said["conversation"]["id"])
    assert [(one["kind"], one["text"], one["outcome"], one["reason"], one["page"]) for one in found] == [
        ("search", "¿cuánto dura la garantía?", "answered", None, ""),
        ("article", "", None, None, ""),
        ("feedback", "¿Y la batería?", "unsolved", "incomplete", ""),
        ("search", "garantía de la batería", "unknown", None, ""),
        ("page", "", None, None, "https://tienda.example/cuenta"),
    ]
    assert [one["article"] and one["article"]["title"] for one in found[:4]] == [
        *["Cuánto dura la garantía"] * 3,
        None,
    ]
    (event,) = await portal.rows("SELECT audience, data FROM event WHERE type = 'trail.changed'")
    assert (event["audience"], set(event["data"])) == ("staff", {"conversation_id"})
    assert (await page.open()).view["trail"]["shared"]


async def test_who_writes_after_reading_says_that_the_article_did_not_solve_it(
    portal: Portal, page: Page
) -> None:
    for title in ("Cuánto dura la garantía", "Pedir la factura", "Los horarios"):
        await publish(portal.services, title)
    long_ago = (datetime.now(UTC) - timedelta(hours=3)).isoformat()
    steps = [
        step("article", language="es", slug="cuanto-dura-la-garantia"),
        step("article", language="es", slug="pedir-la-factura"),
        step("feedback", outcome="solved", language="es", slug="pedir-la-factura"),
        step("article", language="es", slug="los-horarios") | {"at": long_ago},
    ]
    assert await share(page, *steps) == 204
    await page.say("Hola")
    await page.say("¿Hay alguien?")
    after = await portal.rows(
        "SELECT v.title FROM contact_after JOIN article_version v USING (article_id, language)"
    )
    assert after == [{"title": "Cuánto dura la garantía"}]


async def test_who_agreed_to_nothing_leaves_nothing(portal: Portal, page: Page) -> None:
    said = await page.say("Hola")
    assert await at_the_desk(portal, said["conversation"]["id"]) == []
    assert await portal.rows("SELECT 1 FROM trail") == []
    assert await portal.rows("SELECT 1 FROM event WHERE type = 'trail.changed'") == []


async def test_what_is_tried_meanwhile_comes_too_and_the_same_step_once(portal: Portal, page: Page) -> None:
    said = await page.say("Hola")
    one = step("search", text="envíos", outcome="unknown")
    for _ in range(3):
        assert await share(page, one) == 204
    assert len(await at_the_desk(portal, said["conversation"]["id"])) == 1
    assert len(await portal.rows("SELECT 1 FROM event WHERE type = 'trail.changed'")) == 1


async def test_taken_back_nothing_is_left_at_the_desk_either(portal: Portal, page: Page) -> None:
    await share(page, step("search", text="envíos", outcome="unknown"))
    said = await page.say("Hola")
    assert (await page.ask("DELETE", "trail")).status_code == 204
    assert await at_the_desk(portal, said["conversation"]["id"]) == []
    assert await portal.rows("SELECT 1 FROM trail UNION ALL SELECT 1 FROM trail_step") == []
    assert len(await portal.rows("SELECT 1 FROM event WHERE type = 'trail.changed'")) == 2


async def test_nobody_sees_or_changes_the_trail_of_another(portal: Portal, page: Page) -> None:
    await share(page, step("search", text="lo mío", outcome="unknown"))
    async with portal.page() as other:
        await other.open()
        said = await other.say("Hola")
        await other.ask("DELETE", "trail")
    assert await at_the_desk(portal, said["conversation"]["id"]) == []
    assert len(await portal.rows("SELECT 1 FROM trail_step")) == 1
    async with portal.page(token="x" * 40) as stranger:
        assert await share(stranger, step("search", text="x")) == 401


async def test_it_expires(portal: Portal, page: Page) -> None:
    await share(page, step("search", text="viejo", outcome="unknown"))
    said = await page.say("Hola")
    async with portal.services.db.begin() as c:
        await c.execute(text("UPDATE trail_step SET created_at = now() - interval '31 days'"))
    await share(page, step("search", text="nuevo", outcome="unknown"))
    await tasks.expiry(portal.services.db, timedelta(days=30)).work()
    found = await at_the_desk(portal, said["conversation"]["id"])
    assert [one["text"] for one in found] == ["nuevo"]
    await tasks.expiry(portal.services.db, timedelta()).work()
    assert await portal.rows("SELECT 1 FROM trail UNION ALL SELECT 1 FROM trail_step") == []


async def test_of_many_steps_the_latest_stay(portal: Portal, page: Page) -> None:
    for number in range(3):
        many = [step("search", text=f"pregunta {number} {one}", outcome="unknown") for one in range(MOST)]
        assert await share(page, *many) == 204
    kept = await portal.rows("SELECT text FROM trail_step")
    assert len(kept) == MOST
    assert {one["text"].split()[1] for one in kept} == {"2"}


async def test_an_article_of_the_team_and_one_that_is_not_there_are_no_steps(
    portal: Portal, page: Page
) -> None:
    await publish(portal.services, "Solo del equipo", visibility="agents")
    for slug in ("solo-del-equipo", "no-existe"):
        assert await share(page, step("article", language="es", slug=slug)) == 204
    assert await portal.rows("SELECT 1 FROM trail_step") == []


@pytest.mark.parametrize(
    "hostile",
    [
        "ñ" * 10_000,
        "<script>alert(1)</script>",
        "'; DROP TABLE trail_step; --",
        "\x00\x07\u202eabc",
        "😀" * 300,
        "保証はどのくらいですか",
        "كم مدة الضمان",
        "{{ 7 * 7 }}",
    ],
)
async def test_whatever_is_asked_is_kept_as_plain_words(portal: Portal, page: Page, hostile: str) -> None:
    assert await share(page, step("search", text=hostile, outcome="unknown")) == 204
    assert await share(page, step("page", page=f"https://t.example/{hostile}?q={hostile}")) in (204, 422)
    said = await page.say("Hola")
    first = (await at_the_desk(portal, said["conversation"]["id"]))[0]
    assert first["text"] in hostile.replace("\x00\x07\u202e", "")
    assert len(first["text"]) <= 600


async def test_what_is_no_step_is_refused(page: Page) -> None:
    for wrong in (
        step("keystroke", text="x"),
        step("search", text="x", password="y"),
        {"kind": "search"},
        step("search", text="x" * 30_000),
    ):
        assert await share(page, wrong) == 422
    assert await share(page, *(step("search", text="x") for _ in range(MOST + 1))) == 422


async def test_it_is_in_the_copy_of_ones_data_and_goes_with_whoever_is_erased(
    portal: Portal, page: Page
) -> None:
    await share(page, step("search", text="lo que busqué", outcome="unknown"))
    said = await page.say("Hola")
    place = {"page": f"{SITE}/pago", "expected": "lo que esperaba"}
    assert (await page.ask("POST", "page-reports", json=place)).status_code == 204
    (row,) = await portal.rows("SELECT contact_id FROM conversation")
    packed = b"".join([part async for part in exporting.archive(portal.services, row["contact_id"])])
    with ZipFile(io.BytesIO(packed)) as pack:
        (tried,) = json.loads(pack.read("trail.json"))
    assert (tried["kind"], tried["text"]) == ("search", "lo que busqué")
    await share(page, step("search", text="sin mandar todavía", outcome="unknown"))
    async with portal.services.db.begin() as c:
        asked = await privacy.ask(c, row["contact_id"], actor="contact", now=datetime.now(UTC))
        await c.execute(text("UPDATE erasure SET due_at = now() - interval '1 second'"))
    assert await erasing.erase(portal.services, UUID(str(asked["id"])))
    assert await portal.rows("SELECT 1 FROM trail_step") == []
    assert await portal.rows("SELECT expected FROM page_report_said") == [{"expected": ""}]
    assert await at_the_desk(portal, said["conversation"]["id"]) == []
