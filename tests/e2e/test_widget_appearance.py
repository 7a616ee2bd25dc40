"""A shop owner gives the chat its look, the real widget beside the form, and finds settings by her words."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles
from tests.support.looking import accessible, look
from tests.support.png import png
from tests.support.screens import Desk
from tests.support.staff import DEMO_PASSWORD, Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow

GOLD, READABLE, READABLE_RGB = "#ffd54f", "#866b01", "rgb(134, 107, 1)"
USUAL: dict[str, Any] = {
    "accent": None,
    "accent_dark": None,
    "side": "end",
    "corners": "soft",
    "theme": "auto",
    "font": "ours",
    "labels": {},
    "greetings": {},
    "phone": "",
    "email": "",
    "logo": None,
}


@pytest.fixture
def brand(administrator: Staff) -> Iterator[dict[str, Any]]:
    """The shop's brand; afterwards it looks as usual again."""
    (found, *_) = administrator.get("/brands")["items"]
    administrator.patch(f"/brands/{found['id']}/look", **USUAL)
    yield found
    administrator.patch(f"/brands/{found['id']}/look", **USUAL)


@pytest.fixture
def portuguese(administrator: Staff) -> Iterator[None]:
    """The administrator reads Portuguese for a while."""
    administrator.patch("/me", language="pt")
    yield
    administrator.patch("/me", language="es")


def preview_of(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title='El chat en una página de ejemplo']")


def choose(page: Page, name: str) -> None:
    """Choose one of a few by keyboard alone."""
    page.get_by_role("radio", name=name, exact=True).press("Space")


def test_a_look_is_tried_on_the_real_widget_saved_and_seen_on_the_shops_page(
    tree: Tree, profiles: Profiles, administrator: Staff, brand: dict[str, Any]
) -> None:
    page = Desk(profiles(), tree.url).sign_in(ADMINISTRATOR).goto("/admin/appearance").page
    preview = preview_of(page)
    expect(preview.get_by_role("heading", name="¿Qué necesita?")).to_be_visible()
    assert page.evaluate("document.activeElement.localName") != "iframe"
    accessible(page, "appearance")

    colour = page.get_by_role("textbox", name="Color de la marca", exact=True)
    colour.press_sequentially(GOLD)
    expect(page.get_by_text("No se lee bien: contraste 1,3:1")).to_be_visible()
    expect(page.get_by_role("button", name="Guardar")).to_be_disabled()
    accessible(page, "a colour that cannot be read")
    page.get_by_role("button", name=f"Usar {READABLE}").press("Enter")
    expect(colour).to_have_value(READABLE)

    page.get_by_label("Saludo (Español)").press_sequentially("¿Le ayudamos?")
    expect(preview.get_by_role("heading", name="¿Le ayudamos?")).to_be_visible()
    choose(page, "Cerrado")
    page.get_by_label("Texto del botón (Español)").press_sequentially("Escríbanos")
    choose(page, "Izquierda")
    launcher = preview.get_by_role("button", name="Escríbanos: abrir la conversación")
    expect(launcher).to_have_css("background-color", READABLE_RGB)
    page.get_by_label("Elegir imagen").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": png(64, 48)}
    )
    expect(page.get_by_alt_text("Logo elegido")).to_be_visible()
    page.get_by_role("textbox", name="Teléfono").fill("+57 1 555 0100")
    choose(page, "Sin servidor")
    expect(preview.get_by_role("link", name="+57 1 555 0100")).to_be_visible()
    choose(page, "Conversando")
    expect(preview.get_by_role("log").get_by_text("Gracias, espero.")).to_be_visible()
    expect(preview.locator("trato-logo canvas")).to_be_visible()
    choose(page, "En espera")
    expect(preview.get_by_text("Su lugar en la fila: 3.")).to_be_visible()

    assert administrator.get(f"/brands/{brand['id']}/look")["accent"] is None  # nothing was saved yet
    page.get_by_role("button", name="Guardar").press("Enter")
    expect(page.get_by_text("Sus páginas lo muestran la próxima vez")).to_be_visible()

    shop = profiles().new_page()
    shop.goto(f"{tree.url}/demo")
    worn = shop.get_by_role("button", name="Escríbanos: abrir la conversación")
    expect(worn).to_have_css("background-color", READABLE_RGB)
    assert worn.evaluate("(one) => one.getBoundingClientRect().left") < 60
    worn.click()
    expect(shop.get_by_role("heading", name="¿Le ayudamos?")).to_be_visible()
    expect(shop.locator("trato-logo canvas")).to_be_visible()
    shop.goto(f"{tree.url}/help/es")
    expect(shop.get_by_role("link", name="Ayuda").first.locator("img")).to_be_visible()
    expect(shop.locator(".person").first).to_have_css("background-color", READABLE_RGB)
    shop.add_init_script("""addEventListener("DOMContentLoaded", () => {
        document.documentElement.style.setProperty("--trato-accent", "rgb(90, 40, 120)");
    })""")
    shop.goto(f"{tree.url}/demo")
    expect(worn).to_have_css("background-color", "rgb(90, 40, 120)")  # the page's own words win


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (390, "light")])
def test_it_can_be_used_narrow_and_by_night(
    tree: Tree, profiles: Profiles, administrator: Staff, brand: dict[str, Any], width: int, scheme: str
) -> None:
    profile = profiles(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = Desk(profile, tree.url).sign_in(ADMINISTRATOR).goto("/admin/start").page
    expect(page.get_by_role("listitem").filter(has_text="Lo próximo")).to_be_visible()
    look(page, f"first-steps-{width}-{scheme}")
    page.goto(f"{tree.url}/admin/appearance")
    expect(preview_of(page).get_by_role("heading", name="¿Qué necesita?")).to_be_visible()
    mode = page.get_by_role("group", name="Modo", exact=True)
    mode.get_by_role("radio", name="Oscuro" if scheme == "dark" else "Claro").press("Space")
    look(page, f"appearance-{width}-{scheme}")
    search = page.get_by_role("combobox", name="Buscar en administración")
    search.fill("tipografía")
    found = page.get_by_role("listbox").get_by_role("option", selected=True)
    expect(found).to_contain_text("Aspecto")  # the preview's own choice of a brand has options too
    look(page, f"admin-search-{width}-{scheme}")


def test_a_setting_is_found_by_another_word_in_portuguese_by_keyboard(
    tree: Tree, profiles: Profiles, administrator: Staff, portuguese: None
) -> None:
    page = profiles(locale="pt-BR").new_page()
    page.goto(f"{tree.url}/admin/keys")
    page.locator("input[type=email]").fill(ADMINISTRATOR)
    page.locator("input[type=password]").fill(DEMO_PASSWORD)
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chaves de API")
    page.keyboard.press("/")
    page.keyboard.type("ferias")  # without its accent
    found = page.get_by_role("listbox").get_by_role("option", selected=True)
    expect(found).to_contain_text("Horários")
    accessible(page, "the search of administration")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Horários")
    help_beside = page.get_by_role("complementary", name="Ajuda desta página")
    expect(help_beside).to_contain_text("O que acontece fora do horário?")
    help_beside.get_by_role("button", name="Ocultar a ajuda").press("Enter")
    page.reload()
    expect(help_beside.get_by_role("button", name="Ajuda desta página")).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_role("combobox").press_sequentially("assinatura")
    expect(page.get_by_role("option", name=re.compile("Assinatura.*Organização"))).to_be_visible()


def test_a_guide_can_be_read_beside_what_it_explains(tree: Tree, profiles: Profiles) -> None:
    page = profiles().new_page()
    page.goto(f"{tree.url}/manual/appearance")
    expect(page.get_by_role("heading", level=1)).to_have_text("Give the chat and the help centre your look")
    accessible(page, "a guide")
