"""An article from the desk to its reader and back: written, seen beside its languages, read, answered."""

import base64
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.support.looking import accessible
from tests.support.screens import Desk
from tests.support.tree import Tree

pytestmark = pytest.mark.slow

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PLACES = (
    "/help/es",
    "/help/pt",
    "/help/en/sections/envios-y-entregas",
    "/help/es/articles/pedir-la-garantia",
    "/help/en/articles/claim-the-warranty",
    "/help/es/person",
    "/help/es/articles/pedir-la-garantia/said?yes",
    "/help/pt/search",
    "/help/es/search?q=cuanto+dura+la+garantia",
    "/help/en/search?q=do+you+sell+plane+tickets",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_help_centre_is_for_everybody(tree: Tree, profiles: Profiles, scheme: str, size: Any) -> None:
    page = profiles(color_scheme=scheme, viewport=size).new_page()
    for place in PLACES:
        page.goto(tree.url + place)
        accessible(page, place)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], place


def test_without_a_script_it_is_read_and_answered(tree: Tree, profiles: Profiles) -> None:
    page = profiles(java_script_enabled=False, locale="es-AR").new_page()
    page.goto(f"{tree.url}/help")
    page.get_by_role("link", name="Mi pago fue rechazado").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mi pago fue rechazado")
    page.get_by_role("link", name="Português").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Meu pagamento foi recusado")
    page.go_back()
    page.get_by_role("button", name="No").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Veamos cómo resolverlo")
    expect(page.get_by_role("link", name="Hablar con una persona").first).to_be_visible()
    page.get_by_label("Falta un paso o un dato").check()
    page.get_by_label("Cuéntelo con sus palabras").fill("No dice qué pasa con dos tarjetas")
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anotado")
    page.get_by_role("link", name="Hablar con una persona").first.click()
    expect(page.get_by_text("Cuándo hay alguien")).to_be_visible()


def test_a_question_finds_its_answer_without_a_script(tree: Tree, profiles: Profiles) -> None:
    page = profiles(java_script_enabled=False, locale="es-AR").new_page()
    page.goto(f"{tree.url}/help")
    page.get_by_label("¿Qué necesita resolver?").fill("cuanto dura la garantía")
    page.get_by_role("button", name="Buscar").click()
    answer = page.get_by_role("region", name="Esto lo responde")
    expect(answer).to_contain_text("dura doce meses")
    page.get_by_role("link", name="Português").click()
    expect(page.get_by_role("region", name="Isto responde")).to_contain_text("dura doze meses")
    page.go_back()
    answer.get_by_role("button", name="Sí").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gracias por decirlo")


def test_a_question_without_an_answer_ends_with_a_person(tree: Tree, profiles: Profiles) -> None:
    page = profiles(locale="es-AR").new_page()
    page.goto(f"{tree.url}/help/es/articles/pedir-la-garantia")
    page.get_by_label("¿Qué necesita resolver?").fill("¿Venden pasajes de avión?")
    page.keyboard.press("Enter")
    unknown = page.get_by_role("region", name="No sabemos la respuesta")
    expect(unknown).to_be_visible()  # this page, and not the one before
    page.wait_for_load_state()  # its scripts have run
    page.wait_for_function("window.Trato")
    unknown.get_by_role("link", name="Hablar con una persona").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_link_to_a_person_opens_the_chat_in_place(tree: Tree, profiles: Profiles) -> None:
    page = profiles(locale="es-AR").new_page()
    page.goto(f"{tree.url}/help/es/articles/pedir-la-garantia")
    page.wait_for_load_state()
    page.wait_for_function("window.Trato")
    page.get_by_role("banner").get_by_role("link", name="Hablar con una persona").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.url.endswith("/pedir-la-garantia")


def add_picture(page: Page) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Agregar imagen o archivo").click()
    chooser.value.set_files({"name": "placa.png", "mimeType": "image/png", "buffer": PNG})
    picture = page.frame_locator("iframe").get_by_role("img", name="placa")
    expect(picture).to_have_js_property("naturalWidth", 1)


def test_the_desk_finds_by_a_question(tree: Tree, profiles: Profiles) -> None:
    context = profiles(locale="es-AR", base_url=tree.url)
    page = Desk(context, tree.url).sign_in(ADMINISTRATOR).goto("/articles").page
    page.get_by_label("Palabras o una pregunta").fill("cuanto dura la garantia")
    page.keyboard.press("Enter")
    found = page.get_by_role("list", name="En los textos publicados")
    expect(found).to_contain_text("dura doce meses")
    accessible(page, "what was found")
    found.get_by_role("link", name="Qué cubre la garantía").click()
    expect(page.get_by_label("Título")).to_have_value("Qué cubre la garantía")


def test_from_the_desk_to_the_reader(tree: Tree, profiles: Profiles) -> None:
    title = unique("Cambiar la fecha")
    context = profiles(locale="es-AR", base_url=tree.url)
    desk = Desk(context, tree.url).sign_in(ADMINISTRATOR)
    page = desk.goto("/articles").page
    accessible(page, "the list")
    page.get_by_role("button", name="Artículo nuevo").click()
    page.get_by_role("dialog").get_by_label("Título").fill(title)
    page.get_by_role("button", name="Crear borrador").click()

    page.get_by_label("Texto", exact=True).fill(
        "## Cómo\n\nRespóndanos **ese** mensaje.\n\n<script>x</script>"
    )
    preview = page.frame_locator("iframe")
    expect(preview.get_by_role("heading", name="Cómo")).to_be_visible()
    expect(preview.locator("strong")).to_have_text("ese")
    add_picture(page)
    accessible(page, "the editor")
    page.keyboard.press("Control+s")
    page.get_by_role("button", name="Publicar").click()
    page.get_by_label("Qué cambió").fill("Primera versión")
    page.get_by_role("dialog").get_by_role("button", name="Publicar").click()
    with context.expect_page() as opened:
        page.get_by_role("link", name="Ver publicado").click()
    reader = opened.value
    expect(reader.get_by_role("heading", level=1)).to_have_text(title)
    reader.close()

    # a translation beside its source, which then changes
    page.get_by_role("link", name="Português").click()
    expect(page.get_by_label("Al lado")).to_have_value("es")
    page.get_by_label("Título").fill(unique("Mudar a data"))
    page.get_by_label("Texto", exact=True).fill("Responda a mensagem.")
    page.get_by_role("button", name="Guardar borrador").click()
    page.get_by_role("button", name="Publicar").click()
    page.get_by_role("dialog").get_by_role("button", name="Publicar").click()
    expect(page.get_by_role("link", name="Português")).to_contain_text("publicado")
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_label("Título")).to_have_value(title)
    page.get_by_label("Texto", exact=True).fill("## Cómo\n\nRespóndanos hasta el mediodía.")
    page.get_by_role("button", name="Guardar borrador").click()
    page.get_by_role("button", name="Publicar").click()
    page.get_by_role("dialog").get_by_role("button", name="Publicar").click()
    expect(page.get_by_role("link", name="Português")).to_contain_text("atrasado")

    page.get_by_role("button", name="Historial").click()
    history = page.get_by_role("dialog")
    expect(history.get_by_text("Primera versión")).to_be_visible()
    history.get_by_role("button", name="Pasar al borrador: 1").click()
    expect(page.get_by_label("Texto", exact=True)).to_have_value(
        re.compile(r"Respóndanos \*\*ese\*\* mensaje")
    )

    # what is typed is kept when one goes elsewhere
    page.get_by_label("Resumen").fill("A medio escribir")
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.get_by_role("link", name="Todos los artículos").click()
    page.get_by_label("Mostrar").select_option("draft")
    page.get_by_role("link", name=title).click()
    expect(page.get_by_label("Resumen")).to_have_value("A medio escribir")


def test_the_desks_articles_fit_a_phone(tree: Tree, profiles: Profiles) -> None:
    context = profiles(
        locale="es-AR", base_url=tree.url, viewport={"width": 320, "height": 700}, color_scheme="dark"
    )
    desk = Desk(context, tree.url).sign_in(ADMINISTRATOR)
    page = desk.goto("/articles").page
    page.get_by_role("link", name="Cuándo llega mi pedido").click()
    expect(page.get_by_label("Texto", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    accessible(page, "the editor on a phone")
