"""What is typed in administration is not lost without a word, whatever way somebody leaves it."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.support.looking import accessible
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow

BESIDE = {"x": 8, "y": 8}


def question(page: Page) -> Locator:
    return page.get_by_role("dialog", name="¿Descartar lo que escribió?")


def organisation(tree: Tree, profiles: Profiles) -> Page:
    return Desk(profiles(), tree.url).sign_in(ADMINISTRATOR).goto("/admin/organisation").page


def beside(page: Page) -> None:
    """Press where the window is not."""
    page.mouse.click(BESIDE["x"], BESIDE["y"])


def test_a_window_with_a_half_filled_form_asks_before_it_closes(tree: Tree, profiles: Profiles) -> None:
    page = organisation(tree, profiles)
    opening = page.get_by_role("button", name="Agregar marca")
    window = page.get_by_role("dialog", name="Agregar marca")

    # One that was only looked at closes at once.
    opening.press("Enter")
    expect(window.get_by_label("Nombre")).to_be_focused()
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    opening.press("Enter")
    expect(window).to_be_visible()
    beside(page)
    expect(window).to_have_count(0)

    opening.press("Enter")
    name = window.get_by_label("Nombre")
    name.press_sequentially("Frío Sur")
    beside(page)
    expect(question(page)).to_have_count(0)
    name.press("Escape")
    expect(question(page).get_by_role("button", name="Seguir aquí")).to_be_focused()
    accessible(page, "the question")
    page.keyboard.press("Enter")
    expect(question(page)).to_have_count(0)
    expect(name).to_have_value("Frío Sur")
    expect(name).to_be_focused()
    page.keyboard.press("Escape")
    expect(question(page)).to_be_visible()
    page.keyboard.press("Escape")  # the safe answer
    expect(question(page)).to_have_count(0)
    expect(name).to_have_value("Frío Sur")
    window.get_by_role("button", name="Cerrar").click()
    question(page).get_by_role("button", name="Descartar").click()
    expect(window).to_have_count(0)
    opening.press("Enter")
    expect(name).to_have_value("")


def test_a_changed_page_is_left_only_when_its_changes_are_let_go(tree: Tree, profiles: Profiles) -> None:
    page = organisation(tree, profiles)
    sections = page.get_by_role("navigation", name="Administración")
    sections.get_by_role("link", name="Canales").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Canales")
    sections.get_by_role("link", name="Organización").click()
    name = page.get_by_label("Nombre", exact=True)
    before = name.input_value()
    name.fill("Otro nombre")

    sections.get_by_role("link", name="Canales").click()
    question(page).get_by_role("button", name="Seguir aquí").press("Enter")
    expect(page).to_have_url(re.compile("/admin/organisation$"))
    expect(name).to_have_value("Otro nombre")
    page.evaluate("history.back()")
    expect(question(page)).to_be_visible()
    expect(page).to_have_url(re.compile("/admin/organisation$"))
    page.keyboard.press("Escape")
    with page.expect_event("dialog") as closing:
        page.close(run_before_unload=True)
    closing.value.dismiss()
    expect(name).to_have_value("Otro nombre")

    page.evaluate("history.back()")
    question(page).get_by_role("button", name="Descartar").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Canales")
    page.evaluate("history.forward()")
    expect(name).to_have_value(before)

    # What is saved is nothing to ask about.
    name.fill(f"{before} ")
    page.get_by_role("button", name="Guardar").first.click()
    expect(page.get_by_text("Guardado.")).to_be_visible()
    sections.get_by_role("link", name="Canales").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Canales")


def test_links_that_are_shown_once_stay_until_their_own_button(tree: Tree, profiles: Profiles) -> None:
    page = organisation(tree, profiles)
    page.get_by_role("navigation", name="Administración").get_by_role("link", name="Personas").click()
    page.get_by_role("button", name="Agregar varias personas").click()
    lines = "\n".join(f"{name} Sol {name}.{uuid4().hex}@demo.invalid" for name in ("Lia", "Teo"))
    page.get_by_role("dialog").get_by_label("Personas").fill(lines)
    page.get_by_role("dialog").get_by_role("button", name="Invitar a 2 personas").click()
    window = page.get_by_role("dialog", name="Invitaciones creadas")
    expect(window.get_by_role("textbox")).to_have_count(2)
    page.keyboard.press("Escape")
    beside(page)
    page.evaluate("history.back()")
    ask = page.get_by_role("dialog", name="¿Ya lo guardó en otro lugar?")
    expect(ask.get_by_role("button", name="Seguir aquí")).to_be_focused()
    page.keyboard.press("Enter")
    expect(window.get_by_role("textbox")).to_have_count(2)
    window.get_by_role("button", name="Cerrar").click()
    expect(window).to_have_count(0)


def test_each_brand_comes_back_as_it_was_saved(tree: Tree, profiles: Profiles, administrator: Staff) -> None:
    one, other = (
        administrator.post("/brands", name=unique(name), language="es", tone="usted")
        for name in ("Calor", "Hielo")
    )
    page = Desk(profiles(), tree.url).sign_in(ADMINISTRATOR).goto("/admin/appearance").page
    brand = page.get_by_role("combobox", name="Marca")
    colour = page.get_by_role("textbox", name="Color de la marca", exact=True)
    phone = page.get_by_role("textbox", name="Teléfono")
    brand.select_option(one["id"])
    colour.fill("#7a2e8e")
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Hay cambios sin guardar")).to_have_count(0)

    brand.select_option(other["id"])
    expect(colour).to_have_value("")
    phone.fill("+57 1 555 0100")
    brand.select_option(one["id"])
    question(page).get_by_role("button", name="Seguir aquí").press("Enter")
    expect(brand).to_have_value(other["id"])
    expect(phone).to_have_value("+57 1 555 0100")
    brand.select_option(one["id"])
    question(page).get_by_role("button", name="Descartar").press("Enter")
    expect(brand).to_have_value(one["id"])
    expect(colour).to_have_value("#7a2e8e")
    phone.fill("+57 1 555 0199")
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_role("button", name="Guardar")).to_be_disabled()
    look = administrator.get(f"/brands/{one['id']}/look")
    assert (look["accent"], look["phone"]) == ("#7a2e8e", "+57 1 555 0199")


def test_a_text_that_a_colleague_was_quicker_with_is_not_lost(
    tree: Tree, profiles: Profiles, administrator: Staff
) -> None:
    title = unique("Cambiar la fecha")
    made = administrator.post("/articles", language="es", text={"title": title, "body": "Como estaba."})
    text = f"/articles/{made['id']}/texts/es"
    page = (
        Desk(profiles(allow="409"), tree.url).sign_in(ADMINISTRATOR).goto(f"/articles/{made['id']}/es").page
    )
    area, back = page.get_by_label("Texto", exact=True), page.get_by_role("link", name="Todos los artículos")
    offer = page.get_by_role("status").filter(has_text="Hay un texto suyo sin guardar")

    area.fill("Mucho de Sofía.")
    address = f"bea.{uuid4().hex}@demo.invalid"
    with administrator.colleague(address, "Bea Sol", "supervisor") as colleague:
        colleague.put(text, title=title, summary="", body="Lo de Bea.")
    back.click()
    said = page.get_by_text("Bea Sol cambió este artículo mientras usted escribía")
    expect(said).to_contain_text("Quedó en este dispositivo")
    page.get_by_role("button", name="Abrir el artículo").click()
    expect(area).to_have_value("Lo de Bea.")
    expect(area).to_be_disabled()
    accessible(page, "a text to be taken up")
    page.reload()
    offer.get_by_role("button", name="Retomarlo").press("Enter")
    expect(area).to_have_value("Mucho de Sofía.")
    page.get_by_role("button", name="Guardar borrador").click()
    expect(page.get_by_role("alert")).to_contain_text("Bea Sol cambió esto")  # not over it unawares
    page.get_by_role("button", name="Guardar borrador").click()
    expect(page.get_by_role("button", name="Guardar borrador")).to_be_disabled()
    assert administrator.get(text)["body"] == "Mucho de Sofía."

    # Without a title it cannot be saved either; let go, it does not come back.
    area.fill("Algo más.")
    page.get_by_label("Título").fill("")
    back.click()
    expect(page.get_by_text("Su texto no se guardó: le falta el título.")).to_be_visible()
    page.goto(f"{tree.url}/articles/{made['id']}/es")
    offer.get_by_role("button", name="Descartarlo").press("Enter")
    expect(area).to_be_enabled()
    expect(area).to_have_value("Mucho de Sofía.")
    page.reload()
    expect(area).to_be_enabled()
    expect(offer).to_have_count(0)
    administrator.post(f"/users/{colleague.user['id']}/deactivate")
