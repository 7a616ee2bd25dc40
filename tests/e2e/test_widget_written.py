"""What somebody writes in the widget: two tabs are one, files and forms stay, the field is in view."""

import re
from typing import Any

import pytest
from playwright.async_api import BrowserContext, FilePayload, Locator, Page, Route, expect
from tests.e2e.test_widget import CHROMIUM, FOCUSED, browser, opened, portal, said, services, site, visitor
from tests.support.png import png
from tests.support.portal import Portal
from tests.support.strict_site import StrictSite

__all__ = ["browser", "portal", "services", "site", "visitor"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
DROP = """(names) => {
    const dropped = new DataTransfer();
    for (const name of names) dropped.items.add(new File(['x'], name));
    const widget = document.querySelector('trato-widget').shadowRoot;
    const dialog = widget.querySelector('trato-panel').shadowRoot.querySelector('dialog');
    dialog.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }));
}"""
TOO_MANY: dict[str, Any] = {
    "status": 429,
    "content_type": "application/problem+json",
    "json": {"type": "/problems/too-many", "title": "", "detail": ""},
    "headers": {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"},
}


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Escriba aquí")


def pictures(count: int) -> list[FilePayload]:
    return [{"name": f"foto{n}.png", "mimeType": "image/png", "buffer": png(8, 8)} for n in range(count)]


async def choose(page: Page, files: list[FilePayload]) -> None:
    await expect(page.get_by_role("button", name="Adjuntar un archivo")).to_be_enabled()
    await page.locator("trato-composer input[type=file]").set_input_files(files)


async def in_view(page: Page, what: Locator) -> bool:
    box, size = await what.bounding_box(), page.viewport_size
    assert box is not None
    assert size is not None
    return box["y"] >= 0 and box["y"] + box["height"] <= size["height"]


async def test_what_is_sent_in_one_tab_is_not_in_the_field_of_the_other(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    one = await opened(visitor, site.url)
    await expect(one.get_by_role("heading", name="¿Qué necesita?")).to_be_visible()
    await field(one).fill("Mi pedido no llegó")
    other = await opened(visitor, site.url)
    await expect(field(other)).to_have_value("Mi pedido no llegó")
    await field(one).press("Enter")
    await expect(one.get_by_text(re.compile("^Enviado"))).to_be_visible()
    await expect(field(other)).to_have_value("")
    await field(other).press("Enter")
    assert await said(portal, until=1) == ["Mi pedido no llegó"]
    await field(one).fill("Y la")
    await expect(field(other)).to_have_value("Y la")
    await field(other).press_sequentially(" factura")  # they go on in the other one
    await expect(field(one)).to_have_value("Y la factura")
    await field(other).press("Enter")
    await expect(field(one)).to_have_value("")
    assert await said(portal, until=2) == ["Mi pedido no llegó", "Y la factura"]


async def test_a_letter_in_one_tab_takes_no_text_from_the_other(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    one = await opened(visitor, site.url)
    other = await opened(visitor, site.url)
    await expect(other.get_by_role("heading", name="¿Qué necesita?")).to_be_visible()
    words = "Un texto largo, escrito con cuidado"
    await field(one).fill(words)
    await expect(field(other)).to_have_value(words)
    await field(other).press("End")
    await field(other).press("x")
    await field(other).press("Backspace")
    await one.reload()
    await one.get_by_role("button", name="Ayuda").click()
    await expect(field(one)).to_have_value(words)


async def test_files_and_forms_stay_while_something_else_is_shown(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await opened(visitor, site.url)
    await choose(page, pictures(1))
    chip = page.get_by_role("button", name="Quitar foto0.png")
    await expect(chip).to_be_visible()
    await field(page).fill("Con una foto")
    await page.get_by_role("button", name="Más opciones").click()
    await expect(chip).to_be_hidden()
    await page.get_by_role("button", name="Avisar que esta página no funciona").click()
    expected = page.get_by_label("¿Qué esperaba que pasara, y qué pasó?")
    await expected.fill("Que se abriera el carrito")
    await page.get_by_label("Su correo (opcional)").fill("ana@example.com")
    await page.get_by_label("Captura de pantalla").set_input_files(pictures(1))
    await page.keyboard.press("Escape")
    assert await page.evaluate(FOCUSED) == "textarea Escriba aquí"
    await expect(chip).to_be_visible()
    await page.keyboard.press("Escape")
    await page.evaluate("Trato.open({ report: 'algo ya dicho' })")
    await expect(expected).to_have_value("Que se abriera el carrito")
    await expect(page.get_by_label("Su correo (opcional)")).to_have_value("ana@example.com")
    await page.get_by_role("button", name="Enviar el aviso").click()
    await expect(page.get_by_text("Gracias. El aviso ya está")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.evaluate("Trato.open({ report: '' })")
    await expect(expected).to_have_value("")  # what was sent is done with
    await page.get_by_role("button", name="Volver").click()
    await expect(field(page)).to_have_value("Con una foto")
    await page.get_by_role("button", name="Enviar", exact=True).click()
    await expect(page.get_by_role("log").locator("canvas")).to_be_visible()
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()


async def test_what_is_written_of_a_callback_stays_until_it_is_agreed(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await opened(visitor, site.url)
    await expect(page.get_by_role("heading", name="¿Qué necesita?")).to_be_visible()
    about = page.get_by_label("¿En qué le ayudamos?")
    for attempt in range(2):
        await page.evaluate("Trato.open({ way: 'callback' })")
        if attempt == 0:
            await about.fill("La garantía")
            await page.get_by_role("radio", name="Llámenme").check()
            await page.get_by_label("Número de teléfono").fill("+57 1 555 0100")
            await page.keyboard.press("Escape")
            assert await page.evaluate(FOCUSED) == "textarea Escriba aquí"
    await expect(about).to_have_value("La garantía")
    await expect(page.get_by_role("radio", name="Llámenme")).to_be_checked()
    await expect(page.get_by_label("Número de teléfono")).to_have_value("+57 1 555 0100")


@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 760), (1280, 800)])
async def test_however_many_files_none_goes_without_a_word_and_the_field_is_in_view(
    portal: Portal, site: StrictSite, visitor: BrowserContext, width: int, height: int
):
    page = await visitor.new_page()
    await page.set_viewport_size({"width": width, "height": height})
    await page.goto(site.url)
    await page.get_by_role("button", name="Ayuda").click()
    await expect(page.get_by_role("button", name="Con una persona")).to_be_visible()
    await choose(page, pictures(14))
    left = page.get_by_text("Con cada mensaje van hasta 10 archivos. Quedaron fuera: ")
    await expect(left).to_contain_text("foto10.png, foto11.png, foto12.png y foto13.png.")
    await expect(page.get_by_role("button", name=re.compile("^Quitar foto"))).to_have_count(10)
    assert await in_view(page, field(page))
    await page.evaluate(DROP, [f"programa{n}.exe" for n in range(9)])
    await expect(page.get_by_text("programa8.exe no se puede enviar")).to_be_attached()
    assert await in_view(page, field(page))
    await field(page).fill("Una\nDos\nTres\nCuatro\nCinco\nSeis\nSiete")
    assert await in_view(page, page.get_by_role("button", name="Enviar", exact=True))


async def test_a_file_that_comes_before_the_session_waits_for_it(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await visitor.new_page()
    held: list[Route] = []
    await page.route("**/visitor/session", lambda route: held.append(route))  # noqa: PLW0108  the router marks what it is given
    await page.goto(site.url)
    await page.get_by_role("button", name="Ayuda").click()
    await expect(field(page)).to_be_visible()
    await page.evaluate(DROP, ["lista.txt", "programa.exe"])
    await expect(page.get_by_text("En espera")).to_have_count(2)
    await expect(page.get_by_text("el límite es")).to_have_count(0)
    await held[0].continue_()
    await expect(page.get_by_text("programa.exe no se puede enviar")).to_be_visible()
    await expect(page.get_by_text("En espera")).to_have_count(0)
    await expect(page.get_by_role("button", name="Quitar lista.txt")).to_be_visible()
    await page.get_by_role("button", name="Enviar", exact=True).click()
    await expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()


async def test_the_limit_of_files_is_waited_for_and_is_no_matter_of_the_connection(
    portal: Portal, site: StrictSite, visitor: BrowserContext
):
    page = await opened(visitor, site.url)
    refusals = 0

    async def refuse(route: Route) -> None:
        nonlocal refusals
        refusals += 1
        headers = TOO_MANY["headers"] | {"Retry-After": "1"}
        await route.fulfill(**(TOO_MANY | {"headers": headers}))
        if refusals == 2:
            await page.unroute("**/visitor/attachments**")

    await page.route("**/visitor/attachments**", refuse)
    await choose(page, pictures(1))
    await expect(page.get_by_text("En espera")).to_be_visible()
    await expect(page.get_by_role("button", name="Enviar", exact=True)).to_be_enabled()
    await expect(page.get_by_text("Revise la conexión")).to_have_count(0)
    assert refusals == 2
