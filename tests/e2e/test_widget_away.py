"""The widget whose parts cannot be had, or that the browser closes: the next touch works all the same."""

import json
import re
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, ViewportSize, async_playwright, expect
from tests.e2e.conftest import PATIENCE_MS
from tests.e2e.test_widget import CHROMIUM, browser, opened, portal, said, say, services, site, visitor
from tests.support.portal import Portal
from tests.support.strict_site import StrictSite

__all__ = ["browser", "portal", "services", "site", "visitor"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
PHONE: ViewportSize = {"width": 390, "height": 760}
AWAY = re.compile(r"/widget/(panel-|launcher\.js)")
PANEL = re.compile(r"/widget/panel-")


async def take_away(page: Page, what: re.Pattern[str]) -> list[str]:
    """Let nothing of this come until it is unrouted; returns what was asked for meanwhile, as it comes."""
    asked: list[str] = []

    async def abort(route):
        asked.append(route.request.url)
        await route.abort()

    await page.route(what, abort)
    return asked


@pytest.mark.parametrize("away", [AWAY, PANEL])
async def test_a_server_that_comes_back_is_there_at_the_next_touch(
    portal: Portal, site: StrictSite, visitor: BrowserContext, away
):
    page = await visitor.new_page()
    launcher = page.get_by_role("button", name="Ayuda")
    await page.goto(site.url)
    await expect(launcher).to_be_visible()
    asked = await take_away(page, away)
    await launcher.click()
    await expect(page.get_by_text("No se pudo abrir.")).to_be_visible()
    # where the server is known to be away nothing is imported, since that would fail for the whole page
    assert any(PANEL.search(url) for url in asked) == (away is PANEL)
    await page.unroute(away)
    await launcher.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await expect(page.get_by_role("heading", name="¿Qué necesita?")).to_be_visible()


async def test_what_was_kept_is_sent_without_another_touch(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await visitor.new_page()
    await page.goto(site.url)
    await expect(page.get_by_role("button", name="Ayuda")).to_be_visible()
    await take_away(page, AWAY)
    await page.get_by_role("button", name="Ayuda").click()
    await page.get_by_role("textbox", name="Escriba aquí su mensaje").fill("no se pierde")
    await page.get_by_role("button", name="Guardar y enviar al volver").click()
    await page.unroute(AWAY)
    assert await said(portal, until=1) == ["no se pierde"]
    await expect(page.get_by_text("No se pudo abrir.")).to_have_count(0)


async def test_what_was_kept_is_sent_on_the_next_page_though_no_conversation_is_running(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await opened(visitor, site.url)
    await expect(page.get_by_role("heading", name="¿Qué necesita?")).to_be_visible()
    await take_away(page, PANEL)
    await page.reload()
    await page.get_by_role("button", name="Ayuda").click()
    await page.get_by_role("textbox", name="Escriba aquí su mensaje").fill("tampoco")
    await page.get_by_role("button", name="Guardar y enviar al volver").click()
    await expect(page.get_by_text("Guardado. Se envía solo")).to_be_visible()
    await page.close()
    again = await visitor.new_page()
    await again.goto(site.url)
    assert await said(portal, until=1) == ["tampoco"]


async def test_a_part_that_cannot_be_had_says_so_and_comes_at_the_next_touch(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await opened(visitor, site.url)
    way = "Trato.open({ way: 'callback' })"
    part = re.compile(r"/widget/callback-")
    await take_away(page, part)
    await page.evaluate(way)
    await expect(page.get_by_role("status").filter(has_text="No se pudo abrir.")).to_be_visible()
    await page.unroute(part)
    await page.evaluate(way)
    await expect(page.get_by_role("heading", name="No hace falta que espere aquí")).to_be_visible()
    await expect(page.get_by_text("No se pudo abrir.")).to_have_count(0)


async def test_a_dialog_that_the_browser_closes_can_be_opened_again(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await visitor.new_page()
    await page.set_viewport_size(PHONE)
    await page.goto(site.url)
    launcher = page.get_by_role("button", name="Ayuda")
    await launcher.click()
    dialog = page.get_by_role("dialog")
    await page.get_by_role("button", name="Más opciones").click()
    await expect(page.get_by_role("button", name="Volver")).to_be_visible()
    # as the back button of a phone does
    await dialog.evaluate("it => it.requestClose ? it.requestClose() : it.dispatchEvent(new Event('cancel'))")
    await expect(page.get_by_role("button", name="Volver")).to_have_count(0)
    await expect(dialog).to_be_visible()
    await dialog.evaluate("it => it.close()")  # as it does the second time, whatever the page wants
    await expect(launcher).to_be_visible()
    await expect(dialog).to_be_hidden()
    await launcher.click()
    await expect(dialog).to_be_visible()
    await expect(launcher).to_be_hidden()
    await page.keyboard.press("Escape")
    await expect(launcher).to_be_visible()


async def test_where_the_browser_keeps_nothing_for_the_site_the_chat_works(
    portal: Portal, site: StrictSite, tmp_path: Path
):
    profile = tmp_path / "profile" / "Default"
    profile.mkdir(parents=True)
    refused = {"profile": {"default_content_setting_values": {"cookies": 2}}}  # all site data
    (profile / "Preferences").write_text(json.dumps(refused))
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            profile.parent, executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        problems: list[str] = []
        context.on("weberror", lambda error: problems.append(str(error.error)))
        page = await opened(context, site.url)
        locks = "navigator.locks.request('x', () => 'granted').catch(({ name }) => name)"
        assert await page.evaluate(locks) == "SecurityError"
        await expect(page.get_by_role("heading", name="¿Qué necesita?")).to_be_visible()
        await say(page, "¿hay alguien?")
        await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
        await context.close()
    assert await said(portal) == ["¿hay alguien?"]
    assert problems == []
