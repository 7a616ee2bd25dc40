"""The answer to "is it solved?" in the chat: it gets through, and by the keys one goes on from there."""

import re

import pytest
from playwright.async_api import BrowserContext, Page, expect
from tests.e2e.test_widget import (
    CHROMIUM,
    FOCUSED,
    browser,
    opened,
    portal,
    said,
    say,
    services,
    site,
    soon,
    visitor,
)
from tests.integration.portal.test_solved import ask, case_of
from tests.support.portal import Portal
from tests.support.strict_site import StrictSite

__all__ = ["browser", "portal", "services", "site", "visitor"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


async def asked(portal: Portal, site: StrictSite, visitor: BrowserContext) -> Page:
    page = await opened(visitor, site.url)
    await say(page, "¿Y mi repuesto?")
    await soon(lambda: said(portal), bool)
    await ask(portal)
    portal.services.wake.ring("events")
    await expect(page.get_by_role("button", name="Sí, quedó resuelto")).to_be_visible()
    await page.evaluate("() => { heard = []; Trato.on('solved', ({ by }) => heard.push(by)); }")
    return page


@pytest.mark.parametrize(
    ("word", "standing"),
    [("Sí, quedó resuelto", ("resolved", "contact")), ("No, todavía no", ("open", None))],
)
async def test_an_answer_without_a_network_is_kept_and_sent_when_it_is_back(
    portal: Portal, site: StrictSite, visitor: BrowserContext, word: str, standing: tuple[str, str | None]
):
    page = await asked(portal, site, visitor)
    await visitor.set_offline(True)
    await page.get_by_role("button", name=word).click()
    log = page.get_by_role("log")
    await expect(log.get_by_text(word)).to_be_visible()
    await expect(log.get_by_text("Sin conexión. Se enviará solo")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("quedó resuelto|todavía no"))).to_have_count(0)
    assert await page.evaluate("heard") == []
    assert await case_of(portal) == ("resolved", "agent")
    await visitor.set_offline(False)
    await soon(lambda: case_of(portal), lambda found: found == standing)
    await expect(log.get_by_text(word)).to_have_count(0)
    await expect(page.get_by_role("button", name=re.compile("quedó resuelto|todavía no"))).to_have_count(0)
    heard = ["chat"] if word.startswith("Sí") else []
    await soon(lambda: page.evaluate("heard"), lambda found: found == heard)


async def test_an_answer_survives_a_reload(portal: Portal, site: StrictSite, visitor: BrowserContext):
    page = await asked(portal, site, visitor)
    away = re.compile("/api/v1/visitor/")
    await visitor.route(away, lambda route: route.abort())
    await page.get_by_role("button", name="Sí, quedó resuelto").click()
    await page.reload()
    await visitor.unroute(away)
    await soon(
        lambda: case_of(portal), lambda found: found == ("resolved", "contact")
    )  # nobody opened it again


async def test_by_the_keys_one_goes_on_after_the_answer(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await asked(portal, site, visitor)
    await page.get_by_role("button", name="Sí, quedó resuelto").focus()
    await page.keyboard.press("Enter")
    await soon(lambda: page.evaluate("heard"), lambda found: found == ["chat"])
    assert await page.evaluate(FOCUSED) == "textarea Escriba aquí"
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
