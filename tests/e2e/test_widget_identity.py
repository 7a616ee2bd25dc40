"""Who comes and goes at one computer: what was of one person is not of the next, in any tab."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import BrowserContext, Page, expect
from tests.e2e.test_widget import CHROMIUM, browser, opened, portal, said, say, services, site, soon, visitor
from tests.support.portal import SECRET, Portal
from tests.support.strict_site import StrictSite

from trato.portal.identity import Identity, sign

__all__ = ["browser", "portal", "services", "site", "visitor"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
KEPT = "Object.keys(localStorage).map((key) => key.split(':')[2]).filter((name) => name !== 'look').sort()"
API = re.compile("/api/v1/visitor/")
HEARD = "heard = []; Trato.on('identity-refused', ({ reason }) => heard.push(reason));"


def proof(portal: Portal, user_id: str, name: str, *, hours: int = 1) -> dict[str, object]:
    exp = int((datetime.now(UTC) + timedelta(hours=hours)).timestamp())
    signature = sign(SECRET, portal.account.public_key, Identity(user_id, name, "", exp, ""))
    return {"userId": user_id, "name": name, "exp": exp, "signature": signature}


async def signs_in(page: Page, portal: Portal, user_id: str = "u-7", name: str = "Pedro Gómez") -> None:
    await page.evaluate("proof => Trato.identify(proof)", proof(portal, user_id, name))


async def greets(page: Page, words: str) -> None:
    await expect(page.get_by_role("heading", name=re.compile(words))).to_be_visible()


async def test_who_signs_out_in_one_tab_is_signed_out_in_the_other(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    one, other = await opened(visitor, site.url), await opened(visitor, site.url)
    for tab in (one, other):
        await signs_in(tab, portal)
        await greets(tab, "Hola Pedro")
    await other.get_by_role("textbox", name="Escriba aquí").fill("a medio escribir")
    await one.evaluate("Trato.identify(null)")
    for tab in (one, other):
        await greets(tab, "^¿Qué necesita")
        await expect(tab.get_by_role("textbox", name="Escriba aquí")).to_have_value("")
    sessions = len(await portal.rows("SELECT visitor_id FROM visitor_session"))
    await one.reload()
    await one.get_by_role("button", name="Ayuda").click()
    for tab in (one, other):
        await greets(tab, "^¿Qué necesita")
    assert (
        len(await portal.rows("SELECT visitor_id FROM visitor_session")) == sessions
    )  # nobody signs in and out in turns


async def test_who_signs_out_is_forgotten_though_the_page_is_left_and_the_server_is_away(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await opened(visitor, site.url)
    await signs_in(page, portal)
    await greets(page, "Hola Pedro")
    await say(page, "de Pedro")
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    await visitor.route(API, lambda route: route.abort())
    await say(page, "sin enviar")
    await page.get_by_role("textbox", name="Escriba aquí").fill("a medio escribir")
    await page.reload()  # the conversation is not loaded yet
    await expect(page.get_by_role("button", name="Ayuda")).to_be_visible()
    async with page.expect_navigation():
        await page.evaluate("Trato.identify(null); location.reload()")
    await expect(page.get_by_role("button", name="Ayuda")).to_be_visible()
    assert await page.evaluate(KEPT) == []
    await visitor.unroute(API)
    await page.get_by_role("button", name="Ayuda").click()
    await greets(page, "^¿Qué necesita")
    await expect(page.get_by_role("textbox", name="Escriba aquí")).to_have_value("")
    assert await said(portal) == ["de Pedro"]


async def test_another_customer_takes_nothing_over_from_the_one_before(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await opened(visitor, site.url)
    await page.get_by_role("textbox", name="Escriba aquí").fill("antes de ingresar")
    await signs_in(page, portal)
    await greets(page, "Hola Pedro")
    await expect(page.get_by_role("textbox", name="Escriba aquí")).to_have_value("antes de ingresar")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    await page.get_by_role("textbox", name="Escriba aquí").fill("de Pedro")
    await signs_in(page, portal, "u-8", "Lucía")
    await greets(page, "Hola Lucía")
    await expect(page.get_by_role("textbox", name="Escriba aquí")).to_have_value("")
    await expect(page.get_by_text("antes de ingresar")).to_have_count(0)
    await say(page, "de Lucía")
    await soon(lambda: said(portal), lambda found: found == ["antes de ingresar", "de Lucía"])
    assert len(await portal.rows("SELECT DISTINCT contact_id FROM conversation")) == 2


@pytest.mark.parametrize("slip", ["expired", "wrong", "malformed", "empty"])
async def test_who_cannot_prove_who_they_are_is_not_left_with_the_customer_before(
    portal: Portal, site: StrictSite, visitor: BrowserContext, slip: str
):
    ana = proof(portal, "u-8", "Ana", hours=-1 if slip == "expired" else 1)
    if slip == "wrong":
        ana["signature"] = "0" * 64
    elif slip == "malformed":
        ana["signature"] = None
    elif slip == "empty":
        ana = {}
    page, other = await opened(visitor, site.url), await opened(visitor, site.url)
    await signs_in(page, portal)
    await greets(page, "Hola Pedro")
    await say(page, "de Pedro")
    await expect(other.get_by_text("de Pedro")).to_be_visible()
    await other.get_by_role("textbox", name="Escriba aquí").fill("a medio escribir")
    await page.evaluate(f"ana => {{ {HEARD} Trato.identify(ana); }}", ana)
    await soon(lambda: page.evaluate("heard.length"), lambda count: count == 1)
    for tab in (page, other):
        await greets(tab, "^¿Qué necesita")
        await expect(tab.get_by_text("de Pedro")).to_have_count(0)
        await expect(tab.get_by_role("textbox", name="Escriba aquí")).to_have_value("")
    await page.reload()
    await page.evaluate("ana => Trato.identify(ana)", ana)
    await page.get_by_role("button", name="Ayuda").click()
    await greets(page, "^¿Qué necesita")
    await say(page, "de Ana")
    await soon(lambda: said(portal), lambda found: found == ["de Pedro", "de Ana"])
    await expect(page.get_by_text("de Pedro")).to_have_count(0)
    assert len(await portal.rows("SELECT DISTINCT contact_id FROM conversation")) == 2


async def test_another_customer_is_here_at_once_though_the_server_is_away(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await opened(visitor, site.url)
    await signs_in(page, portal, "u-7", "Bea")
    await greets(page, "Hola Bea")
    await say(page, "de Bea")
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    await visitor.set_offline(True)
    await say(page, "de Bea, sin red")
    await signs_in(page, portal, "u-8", "Carla")
    await greets(page, "^¿Qué necesita")
    await expect(page.get_by_text("de Bea")).to_have_count(0)
    await say(page, "de Carla")
    await visitor.set_offline(False)
    await greets(page, "Conversación|Tienda|Su caso")
    rows = "SELECT a.name, m.text FROM message m JOIN conversation v ON v.id = m.conversation_id "
    rows += "JOIN contact a ON a.id = v.contact_id WHERE direction = 'in'"

    async def by_whom() -> set[tuple[str, str]]:
        return {(row["name"], row["text"]) for row in await portal.rows(rows)}

    right = {("Bea", "de Bea"), ("Bea", "de Bea, sin red"), ("Carla", "de Carla")}
    await soon(by_whom, lambda found: len(found) == len(right))
    assert await by_whom() == right
    await expect(page.get_by_text("de Bea")).to_have_count(0)


@pytest.mark.parametrize(
    "slip", [{"signature": None}, {"userId": 88120}, {"exp": "1790000000"}, {"userId": "x" * 400}]
)
async def test_whatever_the_site_says_of_them_the_visitor_has_a_chat(
    portal: Portal, site: StrictSite, visitor: BrowserContext, slip: dict[str, object]
):
    page = await visitor.new_page()
    await page.goto(site.url)
    await soon(lambda: page.evaluate("'Trato' in window"), bool)
    await page.evaluate(
        f"given => {{ {HEARD} Trato.identify(given); Trato.open(); }}", proof(portal, "u-7", "") | slip
    )
    await greets(page, "^¿Qué necesita")
    await say(page, "¿hay alguien?")
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    assert len(await page.evaluate("heard")) == 1
    assert await portal.rows("SELECT id FROM address WHERE kind = 'external'") == []


async def test_who_signs_in_before_the_chat_is_fetched_finds_nothing_of_the_one_before(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await opened(visitor, site.url)
    await signs_in(page, portal, "u-7", "Bea")
    await greets(page, "Hola Bea")
    await visitor.route(API, lambda route: route.abort())
    await say(page, "de Bea, sin red")
    await page.get_by_role("textbox", name="Escriba aquí").fill("a medio escribir")
    async with page.expect_navigation():
        await page.evaluate("location.reload()")
    await soon(lambda: page.evaluate("'Trato' in window"), bool)
    await signs_in(page, portal, "u-8", "Carla")
    await page.get_by_role("button", name="Ayuda").click()
    await expect(page.get_by_role("textbox", name="Escriba aquí")).to_have_value("")
    await expect(page.get_by_text("de Bea")).to_have_count(0)
    await visitor.unroute(API)
    await greets(page, "Hola Carla")
    await soon(lambda: said(portal), lambda found: found == ["de Bea, sin red"])
    (row,) = await portal.rows("SELECT c.name FROM conversation v JOIN contact c ON c.id = v.contact_id")
    assert row["name"] == "Bea"
