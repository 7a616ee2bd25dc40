"""The widget on pages as shops have them: mistakes in listeners, keys, any style, bodies that are swapped."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, BrowserContext, Error, Locator, Page, Route, expect
from tests.e2e.test_widget import CHROMIUM, browser, opened, portal, said, say, services, site, soon, visitor
from tests.support.portal import Portal
from tests.support.strict_site import StrictSite

__all__ = ["browser", "portal", "services", "site", "visitor"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
# A shop that searches at one key, as many do, and hears all that is pressed.
SHORTCUTS = """() => {
    window.pressed = [];
    for (const name of ['keydown', 'keypress', 'keyup']) {
        document.addEventListener(name, (event) => {
            if (['INPUT', 'TEXTAREA'].includes(event.target.tagName)) return;
            pressed.push(`${name} ${event.key}`);
            if (name === 'keydown' && event.key === 's') document.querySelector('label input').focus();
        });
    }
}"""
ON_TOP = """() => {
    const widget = document.querySelector('trato-widget')?.shadowRoot;
    return widget?.querySelector('trato-panel').shadowRoot.querySelector('dialog').matches(':modal');
}"""
SWAP = """() => {
    const body = document.createElement('body');
    body.innerHTML = '<h1>Otra página</h1><div data-trato-answers data-about="Heladera"></div>';
    document.body.replaceWith(body);
}"""


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Escriba aquí")


def launcher(page: Page) -> Locator:
    return page.get_by_role("button", name="Ayuda")


async def ready(page: Page, url: str) -> None:
    await page.goto(url)
    await expect(launcher(page)).to_be_visible()
    await soon(lambda: page.evaluate("'Trato' in window"), bool)


async def style(of: Locator, name: str) -> str:
    found: str = await of.evaluate(f"(element) => getComputedStyle(element).{name}")
    return found


async def test_a_mistake_in_a_listener_of_the_page_stops_nothing(
    portal: Portal, site: StrictSite, browser: Browser
):
    context = await browser.new_context()
    page = await context.new_page()
    reported: list[Error] = []
    page.on("pageerror", lambda error: reported.append(error))  # noqa: PLW0108  it marks what it is given
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.url.endswith("/messages") else None)
    await ready(page, site.url)
    await page.evaluate("""() => {
        heard = [];
        Trato.on('sent', () => gtag('event', 'sent'));
        Trato.on('opened', () => { throw new Error('de la tienda') });
        Trato.on((event) => heard.push(event.type));
    }""")
    await launcher(page).click()
    await say(page, "primero")
    await say(page, "segundo")
    await expect(page.get_by_text(re.compile("^Enviado"))).to_have_count(2)
    assert await said(portal, until=2) == ["primero", "segundo"]
    assert len(sent) == 2
    heard = await page.evaluate("heard")
    assert heard[0] == "opened"
    assert heard.count("sent") == 2
    assert sorted(error.message for error in reported)[:2] == ["de la tienda", "gtag is not defined"]
    await context.close()


async def test_what_is_typed_is_not_the_pages(portal: Portal, site: StrictSite, visitor: BrowserContext):
    site.body = '<div data-trato-answers data-about="Heladera"></div>'
    page = await visitor.new_page()
    await ready(page, site.url)
    await page.evaluate(SHORTCUTS)
    await launcher(page).click()
    await expect(page.get_by_role("heading", name="¿Qué necesita?")).to_be_visible()
    await page.keyboard.type("esto es una prueba")
    await expect(field(page)).to_have_value("esto es una prueba")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert await page.evaluate("pressed") in ([], ["keyup Escape"])  # by then the focus is on a button
    search = page.locator("trato-answers").get_by_label("Busque una respuesta")
    await search.press_sequentially("sin frío")
    await expect(search).to_have_value("sin frío")
    await search.press("Escape")
    await expect(search).to_have_value("")
    assert await page.evaluate("pressed") in ([], ["keyup Escape"])
    assert await said(portal) == ["esto es una prueba"]


@pytest.mark.parametrize(
    "css",
    [
        "* { position: relative }",
        "* { all: initial !important }",
        "* { font-size: 40px; text-transform: uppercase; letter-spacing: 1em; z-index: 0; opacity: .2 }",
        "*::before { content: 'x'; position: absolute; inset: 0; background: red }",
        "trato-widget { display: inline; direction: rtl; visibility: hidden; transform: scale(3) }",
    ],
)
async def test_no_style_of_the_page_moves_or_changes_it(
    portal: Portal, site: StrictSite, visitor: BrowserContext, css: str
):
    site.css = css
    page = await visitor.new_page()
    await ready(page, f"{site.url}/?direction=rtl")
    box = await launcher(page).bounding_box()
    assert box is not None
    assert (round(box["x"] + box["width"]), round(box["y"] + box["height"])) == (1260, 780)
    assert 40 < box["height"] < 56
    label = launcher(page).locator("span").first
    assert await style(label, "fontSize") == "16px"
    assert await style(label, "textTransform") == "none"
    assert await style(label, "direction") == "ltr"
    letters = await style(label, "fontFamily")
    widget = page.locator("trato-widget")
    assert await style(widget, "opacity") == "1"
    assert await widget.evaluate("(one) => getComputedStyle(one, '::before').display") == "none"
    await launcher(page).click()
    question = page.get_by_role("heading", name="¿Qué necesita?")
    await expect(question).to_be_visible()
    assert await style(question, "direction") == "ltr"
    assert await style(question, "fontSize") == "20px"
    assert await style(field(page), "fontFamily") == letters


async def test_the_properties_that_are_promised_still_theme_it(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    site.css = """
        :root { --trato-accent: rgb(138, 42, 91); --trato-radius: 4px; --trato-font: Georgia, serif }
        * { font-family: Arial; --thread: red }"""
    page = await visitor.new_page()
    await ready(page, site.url)
    await expect(launcher(page)).to_have_css("background-color", "rgb(138, 42, 91)")
    assert (await style(launcher(page), "fontFamily")).startswith("Georgia, serif")
    assert await style(launcher(page), "borderRadius") == "6.88px"
    await page.locator("trato-widget").evaluate("(widget) => { widget.hidden = true }")
    await expect(launcher(page)).to_be_hidden()


async def test_a_body_that_is_swapped_takes_neither_it_nor_the_conversation_away(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await visitor.new_page()
    await ready(page, site.url)
    sessions: list[str] = []
    page.on("request", lambda asked: sessions.append(asked.url) if asked.url.endswith("/session") else None)
    await launcher(page).click()
    await say(page, "Mi heladera no enfría")
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    await field(page).fill("a medio escribir")
    for swap in (SWAP, "() => { document.body.innerHTML = '<h1>Otra más</h1>' }"):
        await page.evaluate(swap)
        await expect(page.get_by_role("log").get_by_text("Mi heladera no enfría")).to_be_visible()
        await expect(field(page)).to_have_value("a medio escribir")
        if swap is SWAP:
            await expect(page.locator("trato-answers")).to_be_visible()
    await field(page).press("Enter")
    await expect(page.get_by_text(re.compile("^Enviado"))).to_have_count(2)
    assert await said(portal, until=2) == ["Mi heladera no enfría", "a medio escribir"]
    assert len(sessions) == 1
    assert await page.locator("trato-widget").count() == 1


async def test_copies_that_a_page_keeps_of_itself_do_no_harm_and_the_script_may_come_again(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    site.body = '<div data-trato-answers data-about="Heladera"></div>'
    page = await visitor.new_page()
    await ready(page, site.url)
    await expect(page.locator("trato-answers")).to_be_visible()
    await page.evaluate("document.body.replaceWith(document.body.cloneNode(true))")  # as for the way back
    await expect(page.locator("trato-widget")).to_have_count(1)
    await expect(page.locator("trato-answers")).to_have_count(1)
    await expect(page.get_by_role("heading", name="Preguntas sobre Heladera")).to_be_visible()
    await launcher(page).click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    # a page that will not have it is not fought, and has it back when it asks
    await page.evaluate("""() => {
        window.chase = new MutationObserver(() => document.querySelector('trato-widget')?.remove());
        chase.observe(document.body, { childList: true });
        document.querySelector('trato-widget').remove();
    }""")
    await asyncio.sleep(0.5)
    await page.evaluate("chase.disconnect()")
    await expect(page.locator("trato-widget")).to_have_count(0)
    await page.evaluate("""() => {
        const script = document.createElement('script');
        const before = document.querySelector('script[data-account]');
        Object.assign(script, { src: before.src });
        script.dataset.account = before.dataset.account;
        document.body.append(script);
    }""")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await expect(page.locator("trato-widget")).to_have_count(1)


async def test_on_a_phone_it_lies_above_the_swapped_page_as_before(
    portal: Portal, site: StrictSite, browser: Browser
):
    context = await browser.new_context(viewport={"width": 390, "height": 760})
    page = await opened(context, site.url)
    await field(page).fill("a medio escribir")
    await page.evaluate(SWAP)
    await expect(field(page)).to_have_value("a medio escribir")
    await soon(lambda: page.evaluate(ON_TOP), bool)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.get_by_role("heading", name="Otra página")).to_be_visible()
    await context.close()


async def test_closing_takes_no_focus_from_the_page(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await opened(visitor, site.url)
    await expect(page.get_by_role("heading", name="¿Qué necesita?")).to_be_visible()
    await page.get_by_label("Buscar", exact=True).click()
    await page.evaluate("Trato.close()")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(launcher(page)).to_be_visible()
    await page.keyboard.type("heladera")
    await expect(page.get_by_label("Buscar", exact=True)).to_have_value("heladera")


async def test_on_a_slow_line_the_button_says_that_it_is_coming(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await visitor.new_page()
    held: list[Route] = []
    await page.route(re.compile("/widget/panel-"), lambda route: held.append(route))  # noqa: PLW0108  as above
    await ready(page, site.url)
    button = page.locator("trato-widget .launcher")
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    await expect(button).to_contain_text("Abriendo")
    await expect(page.get_by_role("status").filter(has_text="Abriendo")).to_be_attached()
    await soon(lambda: asyncio.sleep(0, len(held)), bool)
    await button.click()  # once is enough
    for route in held:
        await route.continue_()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await expect(button).to_have_attribute("aria-busy", "false")
