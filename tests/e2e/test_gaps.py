"""What readers asked in vain reaches whoever writes, who answers it without leaving the keyboard."""

import contextlib
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles
from tests.support.looking import accessible
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow

IN_VAIN = "Alquilan bicicletas para turistas"
ANSWERED = "Hacen descuentos a jubilados"


def ask(page: Page, url: str, question: str, times: int = 1) -> None:
    """Ask in vain; who asks first waits until the search is open."""
    for _ in range(times):
        for _ in range(10):
            answer = page.goto(f"{url}/help/es/search?q={question}")
            assert answer is not None
            if answer.status != 503:
                break
        expect(page.get_by_role("region", name="No sabemos la respuesta")).to_be_visible()


def gaps(desk: Desk, asked: Mapping[str, int]) -> Page:
    """Open the list, and have it brought up to date until it says of each question how often it was asked."""
    page = desk.goto("/articles").page
    page.get_by_role("link", name="Sin respuesta").click()
    for question, times in asked.items():
        row = page.get_by_role("listitem").filter(has_text=question.lower())
        told = row.filter(has_text=f"{times} veces en 28 días")
        for _ in range(8):
            page.get_by_role("button", name="Actualizar").click()
            with contextlib.suppress(AssertionError):
                expect(told).to_be_visible(timeout=10_000)
                break
        expect(told).to_be_visible()
    return page


def test_from_a_search_in_vain_to_its_answer(tree: Tree, profiles: Profiles, administrator: Staff) -> None:
    reader = profiles(locale="es-AR", allow="503").new_page()
    ask(reader, tree.url, IN_VAIN, 3)
    ask(reader, tree.url, ANSWERED, 2)
    desk = Desk(profiles(locale="es-AR", base_url=tree.url), tree.url).sign_in(ADMINISTRATOR)
    page = gaps(desk, {IN_VAIN: 3, ANSWERED: 2})
    accessible(page, "the list")

    # the keyboard alone: to the question, an article answers it
    link = page.get_by_role("link", name=ANSWERED.lower())
    page.keyboard.press("j")
    for _ in range(20):
        if link.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("j")
    page.keyboard.press("r")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Buscar el artículo").fill("cambiar o devolver un producto")
    page.keyboard.press("Enter")
    choice = dialog.get_by_role("radio").first
    expect(choice).to_be_visible()
    accessible(page, "an article answers it")
    choice.check()
    dialog.get_by_role("button", name="Guardar").click()
    expect(link).to_have_count(0)

    reader.goto(f"{tree.url}/help/es/search?q={ANSWERED}")
    for _ in range(50):
        if reader.get_by_role("region", name="Esto lo responde").count():
            break
        reader.wait_for_timeout(200)
        reader.reload()
    expect(reader.get_by_role("region", name="Esto lo responde")).to_be_visible()

    # the other becomes a task, then an article that belongs to who writes it
    page.get_by_role("link", name=IN_VAIN.lower()).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(IN_VAIN.lower())
    accessible(page, "one question")
    page.get_by_role("button", name="Asignar…").click()
    page.get_by_role("dialog").get_by_label("Responsable").select_option(label=administrator.user["name"])
    page.get_by_role("dialog").get_by_role("button", name="Guardar").click()
    expect(page.get_by_text(f"Tarea de {administrator.user['name']}")).to_be_visible()
    page = desk.goto("/tasks").page
    page.get_by_role("link", name=IN_VAIN.lower()).click()
    page.get_by_role("button", name="Escribir artículo").click()
    expect(page.get_by_label("Título")).to_have_value(IN_VAIN)
    expect(page.get_by_role("heading", name="Lo que logró en 90 días")).to_be_visible()
    accessible(page, "the article with its measures")


def test_synonyms_and_the_curve(tree: Tree, profiles: Profiles) -> None:
    desk = Desk(profiles(locale="es-AR", base_url=tree.url), tree.url).sign_in(ADMINISTRATOR)
    page = desk.goto("/articles/synonyms").page
    page.get_by_role("button", name="Grupo nuevo").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Palabras o expresiones").fill("frigider")
    expect(dialog.get_by_role("button", name="Guardar")).to_be_disabled()
    dialog.get_by_label("Palabras o expresiones").fill("frigider\nheladera")
    dialog.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("frigider = heladera")).to_be_visible()
    accessible(page, "synonyms")
    page.get_by_role("button", name="Quitar: frigider, heladera").click()
    expect(page.get_by_text("frigider = heladera")).to_have_count(0)

    page = desk.goto("/articles/answers").page
    expect(page.get_by_text("muy pocas para aprender de ellas")).to_be_visible()
    expect(page.get_by_role("button", name="Aprender de estas respuestas")).to_be_disabled()
    accessible(page, "the curve")


@pytest.mark.parametrize("place", ["gaps", "synonyms", "answers"])
def test_they_fit_a_phone_at_night(tree: Tree, profiles: Profiles, place: str) -> None:
    context = profiles(
        locale="es-AR", base_url=tree.url, viewport={"width": 390, "height": 844}, color_scheme="dark"
    )
    reader = profiles(locale="es-AR", allow="503").new_page()
    ask(reader, tree.url, "Enseñan a nadar en el mar")
    page = Desk(context, tree.url).sign_in(ADMINISTRATOR).goto(f"/articles/{place}").page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    accessible(page, place)
