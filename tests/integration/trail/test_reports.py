"""A page that is broken: reported from the help centre and the chat, its owner's task, told when mended."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.support.portal import SITE, Page, Portal
from tests.support.services import make_account
from tests.support.with_key import client, make_app, make_key

from trato.access.roles import Role
from trato.brands import service as brands
from trato.kit.clock import now
from trato.knowledge import help_centres, texts
from trato.knowledge import service as knowledge
from trato.trail import report_api, reports

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
PATH = "/help/es/articles/cuanto-dura-la-garantia"


@pytest.fixture
async def owner(portal: Portal) -> UUID:
    agent_id = await portal.agent("Marta")
    async with portal.services.db.begin() as c:
        article_id = await knowledge.create(c, {"source_language": "es", "owner_id": agent_id})
        written = texts.Text("Cuánto dura la garantía", "", "Dos años.")
        await texts.write(c, article_id, "es", written, actor="import")
        await texts.publish(c, article_id, "es", actor="import")
    return agent_id


async def send(portal: Portal, *, file: bytes = b"", name: str = "foto.png", **form: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=portal.url, headers={"Origin": portal.url}) as http:
        files = {"screenshot": (name, file)} if file else None
        given = {"page": PATH, "expected": "Que se vea la foto"} | form
        return await http.post("/help/es/report", data=given, files=files)


async def ask(portal: Portal, method: str, path: str, **body: Any) -> Any:
    _, key = await make_key(portal.services.db, "articles:read", "articles:write", role=Role.SUPERVISOR)
    async with client(make_app(portal.services, [report_api.router]), key) as http:
        answer = await http.request(method, path, json=body or None)
    assert answer.is_success, answer.text
    return answer


async def test_reports_of_one_page_are_one_task_of_its_owner(portal: Portal, page: Page, owner: UUID) -> None:
    assert (await send(portal, email="ana@example.com", file=PNG)).headers["location"].endswith("?sent")
    assert (await send(portal, expected="Lo mismo", email="ANA@example.com")).status_code == 303
    told = {"page": f"{portal.url}{PATH}?token=secreto#x", "expected": "El video no anda"}
    assert (await page.ask("POST", "page-reports", json=told)).status_code == 204
    (report,) = (await ask(portal, "GET", "/page-reports")).json()["items"]
    assert (report["page"], report["title"], report["count"]) == (PATH, "Cuánto dura la garantía", 3)
    (task,) = await portal.rows("SELECT owner_id, title, place, state FROM task")
    assert task == {
        "owner_id": owner,
        "title": "Página que no funciona: Cuánto dura la garantía",
        "place": f"/articles/broken/{report['id']}",
        "state": "open",
    }
    said = (await ask(portal, "GET", f"/page-reports/{report['id']}/said")).json()["items"]
    assert [(one["expected"], one["reachable"], one["filename"]) for one in said] == [
        ("El video no anda", False, None),
        ("Lo mismo", True, None),
        ("Que se vea la foto", True, "foto.png"),
    ]
    picture = await ask(portal, "GET", f"/page-reports/{report['id']}/said/{said[2]['id']}/screenshot")
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")


async def test_when_it_is_mended_each_is_told_once_where_they_said_it(
    portal: Portal, page: Page, owner: UUID
) -> None:
    mail = await make_account(portal.services, "email", address="hola@tienda.example")
    async with portal.services.db.begin() as c:
        await brands.change_organisation(c, {"system_account_id": mail.id})
    await page.say("Hola")
    for _ in range(2):
        told = {"page": f"{portal.url}{PATH}", "expected": "El video no anda"}
        assert (await page.ask("POST", "page-reports", json=told)).status_code == 204
    await send(portal, email="ana@example.com")
    await send(portal, email="Ana@Example.com")
    await send(portal)
    (report,) = (await ask(portal, "GET", "/page-reports")).json()["items"]
    done = await ask(portal, "POST", f"/page-reports/{report['id']}/mended", note="El video carga de nuevo.")
    assert (done.json()["state"], done.json()["note"]) == ("mended", "El video carga de nuevo.")
    messages = await portal.rows("SELECT text, author_kind FROM message WHERE direction = 'out'")
    assert len(messages) == 1
    assert "«Cuánto dura la garantía», que usted nos avisó" in messages[0]["text"]
    assert "El video carga de nuevo." in messages[0]["text"]
    assert f"{portal.services.public.url}{PATH}" in messages[0]["text"]
    assert len(await portal.rows("SELECT 1 FROM job WHERE kind = 'system_mail'")) == 1
    assert await portal.rows("SELECT state FROM task") == [{"state": "done"}]
    # broken again it is another report
    await send(portal)
    (again,) = (await ask(portal, "GET", "/page-reports")).json()["items"]
    assert again["id"] != report["id"]
    await ask(portal, "POST", f"/page-reports/{again['id']}/drop")
    assert len(await portal.rows("SELECT 1 FROM message WHERE direction = 'out'")) == 1
    assert (await ask(portal, "GET", "/page-reports")).json()["items"] == []


async def test_whoever_left_an_address_is_told_by_any_mailbox_and_not_said_to_be_told_without(
    portal: Portal, owner: UUID
) -> None:
    async def mended(email: str) -> list[dict[str, Any]]:
        await send(portal, email=email)
        (report,) = (await ask(portal, "GET", "/page-reports")).json()["items"]
        await ask(portal, "POST", f"/page-reports/{report['id']}/mended", note="Ya carga.")
        return await portal.rows(
            f"SELECT told_at IS NOT NULL AS told FROM page_report_said WHERE email = '{email}'"
        )

    assert await mended("ana@example.com") == [{"told": False}]
    await make_account(portal.services, "email", address="hola@tienda.example")
    assert await mended("leo@example.com") == [{"told": True}]
    assert len(await portal.rows("SELECT 1 FROM job WHERE kind = 'system_mail'")) == 1


async def test_what_was_said_is_forgotten_some_time_after_the_page_was_mended(
    portal: Portal, owner: UUID
) -> None:
    await send(portal, email="ana@example.com", file=PNG)
    (report,) = (await ask(portal, "GET", "/page-reports")).json()["items"]
    async with portal.services.db.begin() as c:
        await reports.expire(c, now() + timedelta(days=1))
    assert len(await portal.rows("SELECT 1 FROM page_report_said")) == 1  # it is not mended yet
    await ask(portal, "POST", f"/page-reports/{report['id']}/drop")
    async with portal.services.db.begin() as c:
        await reports.expire(c, now() - timedelta(days=1))
        assert len(await portal.rows("SELECT 1 FROM page_report_said")) == 1
        await reports.expire(c, now() + timedelta(days=1))
    assert await portal.rows("SELECT 1 FROM page_report_said") == []
    assert await portal.rows("SELECT count FROM page_report") == [{"count": 1}]


async def test_a_page_without_an_owner_goes_to_who_answers_for_the_content(
    portal: Portal, page: Page
) -> None:
    content = await portal.agent("Lucía")
    async with portal.services.db.begin() as c:
        await help_centres.change(c, portal.account.brand_id, {"owner_id": content})
    told = {"page": f"{SITE}/pago?tarjeta=4111111111111111", "expected": "Pagar"}
    assert (await page.ask("POST", "page-reports", json=told)).status_code == 204
    assert await portal.rows("SELECT page FROM page_report") == [{"page": f"{SITE}/pago"}]
    assert await portal.rows("SELECT owner_id FROM task") == [{"owner_id": content}]


async def test_a_page_of_somebody_else_and_no_page_are_refused(portal: Portal, page: Page) -> None:
    for wrong in ("https://otro.example/x", "javascript:alert(1)", "", "hola"):
        told = {"page": wrong, "expected": "x"}
        assert (await page.ask("POST", "page-reports", json=told)).status_code == 422
    refused = await send(portal, page="https://otro.example/x")
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert (await send(portal, expected=" ")).status_code == 422
    assert (await send(portal, email="nada")).status_code == 422
    assert (await send(portal, file=b"<svg onload=alert(1)>", name="x.png")).status_code == 422
    assert (await send(portal, file=b"MZ\x90\x00programa", name="foto.png")).status_code == 422
    assert await portal.rows("SELECT 1 FROM page_report") == []


@pytest.mark.parametrize(
    "hostile",
    [
        "ñ" * 10_000,
        "<script>alert(1)</script>",
        "'; DROP TABLE page_report; --",
        "\x00\u202ea",
        "保証",
        "{{7*7}}",
    ],
)
async def test_whatever_is_said_is_kept_as_plain_words(portal: Portal, hostile: str) -> None:
    sent = await send(portal, expected=hostile, page=f"/help/es/{hostile[:300]}?x={hostile[:300]}")
    assert sent.status_code == 303
    (said,) = await portal.rows("SELECT expected FROM page_report_said")
    assert len(said["expected"]) <= 2_000
    assert said["expected"] in hostile
    (report,) = await portal.rows("SELECT page FROM page_report")
    assert "?" not in report["page"]


async def test_a_page_reported_again_and_again_by_one_connection_is_one_report(
    portal: Portal, owner: UUID
) -> None:
    said = reports.Said(PATH, "Que se vea la foto", "es")
    async with portal.services.db.begin() as c:
        # after five of them the server may plan for all values at once
        found = {await reports.report(c, said, actor="system") for _ in range(10)}
    assert len(found) == 1
    assert await portal.rows("SELECT count FROM page_report") == [{"count": 10}]
