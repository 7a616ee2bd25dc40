"""The widget in a real Chromium, on a page of another site whose policy forbids all but its script."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar
from uuid import UUID

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from sqlalchemy import text
from tests.e2e.conftest import PATIENCE_MS
from tests.support.portal import SECRET, Portal, serving
from tests.support.screens import STANDS
from tests.support.services import make_account, running_services
from tests.support.strict_site import StrictSite, strict_site

from trato.db.edge import Services
from trato.db.engine import Database
from trato.live import service as live

T = TypeVar("T")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
FOCUSED = """() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return [element.localName, element.getAttribute('aria-label') ?? element.textContent.trim()].join(' ');
}"""


@pytest.fixture
async def services(committing_db: Database, fresh_dsn: str, tmp_path) -> AsyncIterator[Services]:
    async with running_services(committing_db, fresh_dsn, tmp_path) as found:
        yield found


@pytest.fixture
async def site() -> AsyncIterator[StrictSite]:
    async with strict_site() as found:
        yield found


@pytest.fixture
async def portal(services: Services, site: StrictSite) -> AsyncIterator[Portal]:
    account = await make_account(services, "webchat", origins=[site.url], identity_secret=SECRET)
    async with serving(services, account) as found:
        site.server, site.account = found.url, account.public_key
        yield found


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        await found.close()


@pytest.fixture
async def visitor(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A visitor's browser; any error of the page or breach of its policy fails the test."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    problems: list[str] = []
    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on(
        "console",
        lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield context
    await context.close()
    assert problems == []


async def opened(context: BrowserContext, url: str) -> Page:
    page = await context.new_page()
    await page.goto(url)
    await page.get_by_role("button", name=re.compile("Ayuda|Ajuda|Help")).click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    return page


async def say(page: Page, words: str) -> None:
    box = page.get_by_role("textbox", name="Escriba aquí")
    await box.fill(words)
    await box.press("Enter")
    await expect(page.get_by_role("log").get_by_text(words)).to_be_visible()


async def conversation(portal: Portal) -> str:
    (row,) = await portal.rows("SELECT id FROM conversation")
    return str(row["id"])


async def said(portal: Portal, *, until: int = 0) -> list[str]:
    """Return what the visitor said, once there are so many messages."""

    async def texts() -> list[str]:
        rows = await portal.rows("SELECT text FROM message WHERE direction = 'in' ORDER BY created_at")
        return [row["text"] for row in rows]

    await soon(texts, lambda found: len(found) >= until)
    return await texts()


async def soon(look: Callable[[], Awaitable[T]], right: Callable[[T], bool], within_s: float = 30) -> None:
    """Look until what is seen is right."""
    async with asyncio.timeout(within_s):
        while not right(await look()):  # noqa: ASYNC110  what is looked at is in a browser or a database
            await asyncio.sleep(0.05)


async def barriers(page: Page) -> list[str]:
    """Return what would keep somebody out, by axe's rules."""
    await page.evaluate(STANDS)
    found = (await Axe().run(page)).response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


async def test_a_chat_both_ways_survives_a_reload(portal: Portal, site: StrictSite, visitor: BrowserContext):
    page = await opened(visitor, site.url)
    await expect(page.get_by_role("heading", name="¿Qué necesita?")).to_be_visible()
    await page.get_by_role("button", name="Con una persona").click()
    await say(page, "Mi heladera no enfría")
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    await portal.answer(await conversation(portal), "¿Desde cuándo?")
    await expect(page.get_by_text("¿Desde cuándo?")).to_be_visible()
    live.typing(portal.services.wake, UUID(await conversation(portal)), who="agent", name="Sofía")
    await expect(page.get_by_text("Sofía está escribiendo")).to_be_visible()
    await page.reload()
    await page.get_by_role("button", name="Ayuda").click()
    await expect(page.get_by_text("Mi heladera no enfría")).to_be_visible()
    await expect(page.get_by_text("¿Desde cuándo?")).to_be_visible()
    # Both are told by the way, and nobody waits for the answer.
    status = "SELECT status FROM message WHERE direction = 'out'"
    await soon(lambda: portal.rows(status), lambda found: found == [{"status": "read"}])
    prefers = "SELECT prefers FROM contact"
    await soon(lambda: portal.rows(prefers), lambda found: found == [{"prefers": "person"}])


async def test_what_is_written_without_a_network_is_sent_once_when_it_is_back(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await opened(visitor, site.url)
    await say(page, "primero")
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    await visitor.set_offline(True)
    await say(page, "segundo")
    await say(page, "tercero")
    await expect(page.get_by_text("Sin conexión. Se enviará solo").first).to_be_visible()
    await portal.answer(await conversation(portal), "mientras tanto")
    assert await said(portal) == ["primero"]
    await visitor.set_offline(False)
    await expect(page.get_by_text("mientras tanto")).to_be_visible(timeout=40_000)
    await expect(page.get_by_text("Sin conexión")).to_have_count(0)
    assert await said(portal, until=3) == ["primero", "segundo", "tercero"]


async def test_unsent_words_outlive_the_page(portal: Portal, site: StrictSite, visitor: BrowserContext):
    page = await opened(visitor, site.url)
    await expect(page.get_by_role("heading", name="¿Qué necesita?")).to_be_visible()
    await page.route("**/api/v1/visitor/messages", lambda route: route.abort())
    await say(page, "no se pierde")
    await page.get_by_role("textbox", name="Escriba aquí").fill("a medio escribir")
    await page.close()
    again = await opened(visitor, site.url)
    await expect(again.get_by_text(re.compile("^Enviado"))).to_be_visible()
    assert await said(portal) == ["no se pierde"]
    await expect(again.get_by_role("textbox", name="Escriba aquí")).to_have_value("a medio escribir")


async def test_two_tabs_are_one_visitor_with_one_stream(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    one, other = await asyncio.gather(opened(visitor, site.url), opened(visitor, site.url))
    await say(one, "desde una")
    await expect(other.get_by_text("desde una")).to_be_visible()
    await say(other, "desde la otra")
    await expect(one.get_by_text("desde la otra")).to_be_visible()
    assert await said(portal, until=2) == ["desde una", "desde la otra"]
    await portal.answer(await conversation(portal), "para las dos")
    for tab in (one, other):
        await expect(tab.get_by_text("para las dos")).to_be_visible()
        await expect(tab.get_by_role("log").get_by_role("listitem")).to_have_count(3)
    assert len(portal.services.extras["hub"]) == 1
    await one.close()
    await portal.answer(await conversation(portal), "ahora hay una sola")
    await expect(other.get_by_text("ahora hay una sola")).to_be_visible()
    assert len(await portal.rows("SELECT id FROM visitor")) == 1


async def test_by_keyboard_alone(portal: Portal, site: StrictSite, visitor: BrowserContext):
    page = await visitor.new_page()
    await page.goto(site.url)
    await expect(page.get_by_role("button", name="Ayuda")).to_be_visible()
    await page.get_by_label("Buscar").focus()
    await page.keyboard.press("Tab")
    assert "abrir la conversación" in await page.evaluate(FOCUSED)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="¿Qué necesita?")).to_be_visible()
    assert await page.evaluate(FOCUSED) == "textarea Escriba aquí"
    await page.keyboard.type("Hola")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("otra línea")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    assert await said(portal) == ["Hola\notra línea"]
    await page.get_by_role("button", name="Más opciones").focus()
    await page.keyboard.press("Enter")
    assert await page.evaluate(FOCUSED) == "button Volver"
    await page.keyboard.press("Escape")
    assert await page.evaluate(FOCUSED) == "button Más opciones"
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert "abrir la conversación" in await page.evaluate(FOCUSED)


async def test_answers_that_come_while_it_is_closed_are_counted(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await opened(visitor, site.url)
    await say(page, "hola")
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    await page.keyboard.press("Escape")
    for words in ("una", "dos"):
        await portal.answer(await conversation(portal), words)
    await expect(page.get_by_role("button", name="2 mensajes sin leer")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name="2 mensajes sin leer")).to_be_visible()
    states = "SELECT DISTINCT status FROM message WHERE direction = 'out'"
    await soon(lambda: portal.rows(states), lambda found: found == [{"status": "delivered"}])
    await page.get_by_role("button", name="2 mensajes sin leer").click()
    await expect(page.get_by_text("dos", exact=True)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name=re.compile("sin leer"))).to_have_count(0)


async def test_files_by_paste_with_their_picture_and_refusals_in_words(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await opened(visitor, site.url)
    clip = page.get_by_role("button", name="Adjuntar un archivo")
    await expect(clip).to_have_accessible_description(re.compile("hasta 10 MB"))
    await page.get_by_role("textbox", name="Escriba aquí").focus()
    await page.evaluate("""async () => {
        const canvas = new OffscreenCanvas(40, 30);
        canvas.getContext('2d').fillRect(0, 0, 40, 30);
        const picture = new File([await canvas.convertToBlob()], 'factura.png', { type: 'image/png' });
        const clipboard = new DataTransfer();
        clipboard.items.add(picture);
        clipboard.items.add(new File(['<svg xmlns="http://www.w3.org/2000/svg"/>'], 'dibujo.png'));
        clipboard.items.add(new File(['x'], 'programa.exe'));
        let target = document.activeElement;
        while (target.shadowRoot?.activeElement) target = target.shadowRoot.activeElement;
        const options = { clipboardData: clipboard, bubbles: true, composed: true };
        target.dispatchEvent(new ClipboardEvent('paste', options));
    }""")
    await expect(page.get_by_text("programa.exe no se puede enviar")).to_be_visible()
    await expect(page.get_by_text("dibujo.png no se puede enviar")).to_be_visible()
    await expect(page.get_by_role("button", name="Quitar factura.png")).to_be_visible()
    await page.get_by_role("button", name="Enviar", exact=True).click()
    await expect(page.get_by_role("log").locator("canvas")).to_be_visible()
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("button", name=re.compile("Descargar factura.png")).click()
    assert (await download.value).suggested_filename == "factura.png"
    (row,) = await portal.rows("SELECT content_type FROM attachment WHERE message_id IS NOT NULL")
    assert row["content_type"] == "image/png"


async def test_a_customer_who_is_signed_in_is_greeted_by_the_matter_and_forgotten_after(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    from datetime import UTC, datetime, timedelta

    from trato.contacts import service as contacts
    from trato.conversations import service as conversations
    from trato.portal.identity import Identity, sign

    async with portal.services.db.begin() as c:
        known = await contacts.create_contact(
            c, name="Pedro Gómez", kind="email", value="pedro@example.com", actor="system"
        )
        case = await conversations.create_case(
            c,
            brand_id=portal.account.brand_id,
            contact_id=UUID(known["id"]),
            title="Garantía",
            expectation="",
            actor="system",
        )
        step = {"title": "Diagnóstico", "state": "now"}
        await conversations.set_steps(c, UUID(case["id"]), [step], actor="system")
    exp = int((datetime.now(UTC) + timedelta(hours=1)).timestamp())
    bare = Identity("u-7", "Pedro Gómez", "pedro@example.com", exp, "")
    proof = {
        "userId": "u-7", "name": "Pedro Gómez", "email": "pedro@example.com", "exp": exp,
        "signature": sign(SECRET, portal.account.public_key, bare),
    }  # fmt: skip
    page = await visitor.new_page()
    await page.goto(site.url)
    await soon(lambda: page.evaluate("'Trato' in window"), bool)
    await page.evaluate(
        "proof => { heard = []; Trato.on(e => heard.push(e.type)); Trato.identify(proof); Trato.open(); }",
        proof,
    )
    greeting = f"Hola Pedro. Su caso {case['number']} va así:"
    await expect(page.get_by_role("heading", name=greeting)).to_be_visible()
    await expect(page.get_by_role("listitem").filter(has_text="Ahora: Diagnóstico")).to_be_visible()
    await page.evaluate("Trato.identify(null)")
    await expect(page.get_by_role("heading", name="¿Qué necesita?")).to_be_visible()
    await page.evaluate("proof => Trato.identify({...proof, name: 'Otro'})", proof)
    await soon(lambda: page.evaluate("heard.includes('identity-refused')"), bool)
    await expect(page.get_by_role("heading", name="¿Qué necesita?")).to_be_visible()


async def test_a_revoked_token_begins_anew_and_keeps_the_words(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await opened(visitor, site.url)
    await expect(page.get_by_role("heading", name="¿Qué necesita?")).to_be_visible()
    async with portal.services.db.begin() as c:
        await c.execute(text("DELETE FROM visitor_session"))
    await say(page, "sigo aquí")
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    assert await said(portal) == ["sigo aquí"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 760), (320, 256)])
async def test_nothing_keeps_anybody_out(portal: Portal, browser: Browser, theme, size):
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=theme, reduced_motion="reduce"
    )
    page = await opened(context, f"{portal.url}/demo")
    await expect(page.get_by_role("button", name="Con una persona")).to_be_visible()
    found = await barriers(page)
    await say(page, "Hola")
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    await portal.answer(await conversation(portal), "Buenas tardes, vea https://example.com/a")
    await expect(page.get_by_text("Buenas tardes")).to_be_visible()
    found += await barriers(page)
    await page.get_by_role("button", name="Más opciones").click()
    found += await barriers(page)
    assert found == []
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide
    await context.close()


@pytest.mark.parametrize(
    ("language", "question"), [("pt-BR", "Do que você precisa?"), ("en", "What do you need?")]
)
async def test_it_speaks_the_language_of_the_page(
    portal: Portal, site: StrictSite, visitor: BrowserContext, language, question
):
    page = await opened(visitor, f"{site.url}/?lang={language}")
    await expect(page.get_by_role("heading", name=question)).to_be_visible()
