"""Waiting on a shop's page: the place and the time are told live, and nobody has to stay for them."""

import os
import re
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import BrowserContext, Page, ViewportSize, expect
from sqlalchemy import text
from tests.e2e.test_widget import CHROMIUM, barriers, browser, opened, portal, say, services, site, visitor
from tests.support.contact_centre import add_agent
from tests.support.portal import Portal
from tests.support.strict_site import StrictSite

__all__ = ["browser", "portal", "services", "site", "visitor"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
PHONE: ViewportSize = {"width": 390, "height": 844}
PICTURES = os.environ.get("TRATO_TEST_PICTURES")  # a folder, to look at the screens


async def picture(page: Page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png")


async def barriers_of_widget(page: Page) -> list[str]:
    """Return what would keep somebody out of the widget; the bare page around it is not ours."""
    return [one for one in await barriers(page) if not one.startswith(("region", "landmark", "page-has"))]


async def busy_agent(portal: Portal) -> UUID:
    async with portal.services.db.begin() as c:
        agent_id = await add_agent(c, "Sofía", capacity=1)
        await c.execute(text("UPDATE presence SET load = capacity"))
    return agent_id


async def serve_one(portal: Portal, conversation_id: UUID) -> None:
    """Somebody ahead is served, as the router does it: they are in line no more."""
    async with portal.services.db.begin() as c:
        await c.execute(text("SELECT route_left(:id)"), {"id": conversation_id})
    portal.services.extras.pop("waits", None)


async def callback(portal: Portal) -> dict[str, object]:
    (row,) = await portal.rows(
        "SELECT how, address, state, slot_start FROM callback WHERE state IN ('waiting', 'scheduled')"
    )
    return row


async def test_the_place_moves_before_ones_eyes_and_the_thread_stays_quiet(
    portal: Portal, site: StrictSite, visitor: BrowserContext
) -> None:
    await busy_agent(portal)
    async with portal.page(origin=site.url) as other:
        await other.open()
        first = await other.say("yo llegué primero")
    page = await opened(visitor, site.url)
    await say(page, "Mi pedido no llegó")
    await expect(page.get_by_role("status").filter(has_text="Su lugar en la fila: 2.")).to_be_visible()
    await picture(page, "waiting")
    await serve_one(portal, UUID(first["conversation"]["id"]))
    await expect(page.get_by_role("status").filter(has_text="Su lugar en la fila: 1.")).to_be_visible()
    await expect(page.get_by_role("log").get_by_role("listitem")).to_have_count(1)
    assert await barriers_of_widget(page) == []


async def test_who_leaves_an_address_keeps_the_place_over_a_reload(
    portal: Portal, site: StrictSite, visitor: BrowserContext
) -> None:
    await busy_agent(portal)
    page = await opened(visitor, site.url)
    await page.set_viewport_size(PHONE)
    await say(page, "Mi pedido no llegó")
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    (before,) = await portal.rows("SELECT since FROM waiting")
    await page.get_by_role("button", name="Prefiero no esperar aquí").click()
    await expect(page.get_by_role("heading", name="No hace falta que espere aquí")).to_be_visible()
    await picture(page, "callback-form-390")
    assert await barriers_of_widget(page) == []
    await page.get_by_label("Correo electrónico").fill("ana@example.com")
    await page.get_by_role("button", name="Confirmar").click()
    agreed = page.get_by_text("Le escribiremos a ana@example.com. Puede cerrar esta página")
    await expect(agreed).to_be_visible()
    await picture(page, "callback-agreed-390")
    assert await barriers_of_widget(page) == []
    assert (await callback(portal))["address"] == "ana@example.com"
    (after,) = await portal.rows("SELECT since FROM waiting")
    assert after == before
    await page.reload()
    await page.get_by_role("button", name="Ayuda").click()
    await expect(agreed).to_be_visible()
    await page.get_by_role("button", name="Esperar aquí").click()
    await expect(agreed).to_have_count(0)
    assert await portal.rows("SELECT id FROM callback WHERE state = 'waiting'") == []
    assert await portal.rows("SELECT since FROM waiting") == [before]


async def test_a_time_is_chosen_and_changed(
    portal: Portal, site: StrictSite, visitor: BrowserContext
) -> None:
    await busy_agent(portal)
    page = await opened(visitor, site.url)
    await say(page, "Llámenme mañana, por favor")
    await page.get_by_role("button", name="Prefiero no esperar aquí").click()
    await page.get_by_label("Llámenme").check()
    await page.get_by_label("Número de teléfono").fill("+57 300 123 4567")
    await page.get_by_label("A una hora que elijo").check()
    times = page.get_by_label("Horarios disponibles")
    await times.select_option(index=4)
    await picture(page, "callback-slots")
    await page.get_by_role("button", name="Confirmar").click()
    await expect(
        page.get_by_text(re.compile(r"Le llamaremos al \+57 300 123 4567\. .*, de .* a "))
    ).to_be_visible()
    first = await callback(portal)
    assert first["state"] == "scheduled"
    await page.get_by_role("button", name="Cambiar").click()
    await expect(page.get_by_label("Número de teléfono")).to_have_value("+57 300 123 4567")
    await times.select_option(index=6)
    await page.get_by_role("button", name="Confirmar").click()
    await expect(page.get_by_role("button", name="Cambiar")).to_be_visible()
    second = await callback(portal)
    assert second["slot_start"] != first["slot_start"]


async def test_before_the_first_word_the_wait_is_told_and_one_need_not_stay(
    portal: Portal, site: StrictSite, visitor: BrowserContext
) -> None:
    page = await opened(visitor, site.url)
    await expect(page.get_by_text("ahora no hay nadie conectado")).to_be_visible()
    await picture(page, "nobody-home")
    await page.get_by_role("button", name="Prefiero no esperar aquí").click()
    await page.get_by_label("¿En qué le ayudamos?").fill("Quiero cambiar la dirección de entrega")
    await page.get_by_label("Vuelvo a mirar en este chat").check()
    await page.get_by_role("button", name="Confirmar").click()
    await expect(page.get_by_text("Le contestaremos en este chat. Puede cerrar esta página")).to_be_visible()
    assert [row["text"] for row in await portal.rows("SELECT text FROM message")] == [
        "Quiero cambiar la dirección de entrega"
    ]
    assert (await callback(portal))["how"] == "here"


async def test_by_keyboard_alone(portal: Portal, site: StrictSite, visitor: BrowserContext) -> None:
    await busy_agent(portal)
    page = await opened(visitor, site.url)
    await say(page, "hola")
    await page.get_by_role("button", name="Prefiero no esperar aquí").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Volver")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_label("Vuelvo a mirar en este chat")).to_be_checked()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("textbox", name="Escriba aquí")).to_be_focused()
    assert await portal.rows("SELECT id FROM callback") == []
