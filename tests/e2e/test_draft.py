"""From a question in vain to its answer: drafted from a resolved case, mended, published, found."""

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles
from tests.support.language_model import ModelServer, model_server
from tests.support.looking import accessible, look, no_sideways_scrolling
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree, running_tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow

ASKED = "¿Enseñan a tocar la guitarra en la sucursal?"
ANSWER = (
    "Las clases de guitarra en la sucursal se pueden tomar en grupos de 20. Traiga 2 cuerdas de repuesto."
)
BY_MODEL = (
    "# ¿Dan clases de guitarra en la sucursal?\n\nSí: las clases de guitarra en la sucursal se pueden tomar "
    "en grupos de 35. Traiga 2 cuerdas de repuesto.\n\nMás en guitarras-y-clases.com."
)


@pytest.fixture(scope="module")
def talking() -> Iterator[ModelServer]:
    with model_server() as server:
        server.say = lambda asked: BY_MODEL
        yield server


@pytest.fixture(scope="module")
def tree_with_model(talking: ModelServer) -> Iterator[Tree]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TRATO_MODEL_URL", talking.url)
        environment.setenv("TRATO_MODEL_NAME", "prueba")
        with running_tree("--demo") as running:
            yield running


def resolved(url: str) -> None:
    """Leave a case that a person answered."""
    with Visitor(url) as visitor, Staff(url, ADMINISTRATOR) as staff:
        visitor.says(ASKED)
        conversation = staff.get(f"/conversations/{visitor.conversation_id}")
        staff.post(f"/cases/{conversation['case']['id']}/resolve", done=ANSWER)


def drafted(tree: Tree, profiles: Profiles) -> tuple[Page, Page]:
    """Ask in vain, open the gap and have a draft made from the case; returns the reader and the desk."""
    resolved(tree.url)
    reader = profiles(allow="503").new_page()
    unknown = reader.get_by_role("region", name="No sabemos la respuesta")
    for _ in range(30):
        reader.goto(f"{tree.url}/help/es/search?q={ASKED}")
        if unknown.count():
            break
        reader.wait_for_timeout(1_000)
    expect(unknown).to_be_visible()
    desk = Desk(profiles(base_url=tree.url), tree.url).sign_in(ADMINISTRATOR)
    page = desk.goto("/articles").page
    page.get_by_role("link", name="Sin respuesta").click()
    link = page.get_by_role("link", name=ASKED.strip("¿?").lower())
    for _ in range(8):
        page.get_by_role("button", name="Actualizar").click()
        with contextlib.suppress(AssertionError):
            expect(link).to_be_visible(timeout=10_000)
            break
    link.click()
    make = page.get_by_role("button", name="Hacer borrador")
    for _ in range(8):  # the job looks at cases after the questions
        with contextlib.suppress(AssertionError):
            expect(make.first).to_be_visible(timeout=4_000)
            break
        page.reload()
    make.first.click()
    expect(page.get_by_role("region", name="Cómo se hizo este borrador")).to_be_visible()
    return reader, page


def published(page: Page, reader: Page, url: str, says: str) -> None:
    """Publish it as the person at the desk, and find it as a reader."""
    page.get_by_role("button", name="Publicar").click()
    page.get_by_role("dialog").get_by_role("button", name="Publicar").click()
    expect(page.get_by_role("link", name="Ver publicado")).to_be_visible()
    expect(page.get_by_role("region", name="Cómo se hizo este borrador")).to_have_count(0)
    answer = reader.get_by_role("region", name="Esto lo responde")
    for _ in range(60):
        reader.goto(f"{url}/help/es/search?q={ASKED}")
        if answer.count():
            break
        reader.wait_for_timeout(1_000)
    expect(answer).to_contain_text(says)


def test_a_draft_in_the_cases_own_words_is_mended_published_and_found(tree: Tree, profiles: Profiles) -> None:
    reader, page = drafted(tree, profiles)
    made = page.get_by_role("region", name="Cómo se hizo este borrador")
    expect(made).to_contain_text("Está con las palabras del caso.")
    body = page.get_by_label("Texto", exact=True)
    body.press("Control+End")
    body.press_sequentially(" Avise si es zurdo.")
    page.get_by_role("button", name="Guardar").click()
    published(page, reader, tree.url, "grupos de 20")


def test_a_draft_by_the_model_shows_what_the_case_does_not_say(
    tree_with_model: Tree, talking: ModelServer, profiles: Profiles
) -> None:
    reader, page = drafted(tree_with_model, profiles)
    made = page.get_by_role("region", name="Cómo se hizo este borrador")
    expect(made).to_contain_text("Lo escribió el modelo de lenguaje prueba")
    expect(made).to_contain_text("2 cosas no están en el caso:")
    assert "grupos de 20" in talking.material
    body = page.get_by_label("Texto", exact=True)

    # it leads to each place, and what is mended leaves the list
    made.get_by_role("button", name="Ver dónde: 35").click()
    expect(body).to_be_focused()
    assert body.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)") == "35"
    accessible(page, "the draft by the model")
    look(page, "draft-by-model")
    page.set_viewport_size({"width": 390, "height": 844})
    no_sideways_scrolling(page, "the draft on a phone")
    page.emulate_media(color_scheme="dark")
    accessible(page, "the draft on a phone at night")
    look(page, "draft-by-model-phone")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.keyboard.type("20")
    expect(made).to_contain_text("Una cosa no está en el caso:")

    # the case's own words in its place, and back
    made.get_by_role("button", name="Usar las palabras del caso").click()
    expect(body).to_have_value(ANSWER)
    made.get_by_role("button", name="Volver al texto del modelo").click()
    expect(made).to_contain_text("Una cosa no está en el caso:")
    made.get_by_text("Lo que dice el caso, con sus palabras").click()
    expect(made.locator("pre")).to_have_text(ANSWER)
    body.fill("Las clases de guitarra se pueden tomar en grupos de 20. Traiga 2 cuerdas de repuesto.")
    page.get_by_role("button", name="Guardar").click()
    expect(made).to_contain_text("Todas sus cifras")
    published(page, reader, tree_with_model.url, "grupos de 20")
