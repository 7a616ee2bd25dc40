"""Lists of one's own, shared and live; several conversations at once with the way back, by keys alone too."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.support.looking import accessible, no_sideways_scrolling
from tests.support.screens import Desk
from tests.support.staff import DEMO_PASSWORD, Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow


@pytest.fixture
def colleague(administrator: Staff) -> Iterator[Staff]:
    """Somebody else at a desk, who takes nothing by routing."""
    name = unique("Bruno Vila")
    email = f"{name.replace(' ', '').lower()}-{os.getpid()}@demo.invalid"
    with administrator.colleague(email, name) as staff:
        yield staff
        administrator.post(f"/users/{staff.user['id']}/deactivate")


@pytest.fixture
def visitors(tree: Tree, agent: Staff) -> Iterator[list[Visitor]]:
    """Three customers who wait."""
    del agent  # whose room is emptied before
    with ExitStack() as stack:
        found = [stack.enter_context(Visitor(tree.url)) for _ in range(3)]
        for visitor in found:
            visitor.says(unique("Consulta por una entrega"))
        yield found


def lists(page: Page) -> Locator:
    return page.get_by_role("button", name="Otras listas")


def heading(page: Page, name: str) -> Locator:
    """The view that is shown, with how many stand in it."""
    return page.get_by_role("heading", name=re.compile(f"^{re.escape(name)}"))


def count(page: Page, name: str) -> Locator:
    return heading(page, name).locator(".count")


def rows(page: Page) -> Locator:
    return page.locator("ul.rows > li")


def test_a_view_is_made_shared_and_kept_live(
    tree: Tree,
    profiles: Profiles,
    administrator: Staff,
    agent: Staff,
    colleague: Staff,
    visitors: list[Visitor],
) -> None:
    tag = administrator.post("/tags", name=unique("Entrega"))
    first = Desk(profiles(allow="40[49]"), tree.url).sign_in(agent.email, agent.password)
    page = first.page
    lists(page).click()
    page.get_by_role("menuitem", name="Vista nueva").click()
    dialog = page.get_by_role("dialog", name="Vista nueva")
    name = unique("Entregas")
    dialog.get_by_label("Nombre").fill(name)
    dialog.get_by_role("button", name="Agregar condición").click()
    second = dialog.get_by_role("group", name="Condición 2")
    second.get_by_label("Qué se mira").select_option("label")
    second.get_by_label(tag["name"]).check()
    expect(dialog.get_by_text("Ahora cumplen 0 conversaciones.")).to_be_visible()
    dialog.get_by_label("Quién la ve").select_option("everybody")
    accessible(page, "the editor of a view")
    dialog.get_by_role("button", name="Guardar").click()
    expect(page).to_have_url(re.compile("/v/[0-9a-f-]+$"))
    expect(count(page, name)).to_have_text("0")
    expect(page.get_by_text("Ninguna conversación cumple ahora")).to_be_visible()

    # A colleague has the link; what gets the label enters both lists, and leaves when it is taken off.
    other = Desk(profiles(allow="40[49]"), tree.url).sign_in(colleague.email, colleague.password)
    other.page.goto(page.url)
    expect(count(other.page, name)).to_have_text("0")
    wanted = visitors[0].conversation_id
    agent.put(f"/conversations/{wanted}/tags/{tag['id']}")
    for one in (page, other.page):
        expect(count(one, name)).to_have_text("1")
        expect(rows(one)).to_have_count(1)
    agent.delete(f"/conversations/{wanted}/tags/{tag['id']}")
    expect(rows(other.page)).to_have_count(0)
    lists(other.page).click()
    expect(other.page.get_by_role("menuitem", name="Cambiar esta vista")).to_have_count(0)
    other.page.keyboard.press("Escape")

    # What it names goes out of use: it says so by name. Deleted, it says that too, and comes back.
    administrator.delete(f"/tags/{tag['id']}")
    page.reload()
    expect(page.get_by_text(f"Etiqueta «{tag['name']}»")).to_be_visible()
    accessible(page, "a view that names what is gone")
    page.get_by_role("button", name="Cambiar esta vista").click()
    page.get_by_role("dialog").get_by_role("button", name="Eliminar").click()
    expect(other.page.get_by_text("Esta vista ya no existe")).to_be_visible()
    page.get_by_role("button", name="Deshacer").click()
    expect(heading(page, name)).to_be_visible()
    expect(other.page.get_by_text("Esta vista ya no existe")).to_have_count(0)


def test_three_are_marked_assigned_and_brought_back_by_keyboard_alone(
    tree: Tree, profiles: Profiles, agent: Staff, visitors: list[Visitor]
) -> None:
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password)
    page = desk.page
    desk.tab("En espera")
    expect(rows(page)).to_have_count(3)
    expect(page.get_by_role("checkbox", name=re.compile("^Marcar a"))).to_have_count(3)
    desk.row("Consulta por una entrega").first.focus()
    page.keyboard.press("x")
    expect(page.get_by_text("1 marcada")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+X")
    expect(page.get_by_text("3 marcadas")).to_be_visible()
    expect(page.get_by_role("checkbox", name=re.compile("^Marcar a"), checked=True)).to_have_count(3)
    accessible(page, "marked rows")
    page.get_by_role("button", name="Asignarme").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Hecho en 3 conversaciones.")).to_be_visible()
    expect(rows(page)).to_have_count(0)
    held = {one["assignee_id"] for one in agent.get("/inbox", tab="mine")["items"]}
    assert held == {agent.user["agent_id"]}
    # One of them is ended meanwhile: that is said, and stays.
    agent.patch(f"/conversations/{visitors[2].conversation_id}", status="closed")
    page.keyboard.press("u")
    refused = page.get_by_text("1 no volvió a como estaba:")
    expect(refused).to_be_visible()
    expect(page.get_by_role("alert").get_by_text("Alguien la cambió entretanto.")).to_be_visible()
    expect(rows(page)).to_have_count(2)
    page.keyboard.press("Escape")
    expect(refused).to_have_count(0)


def test_marked_by_mouse_ended_and_undone_from_the_message(
    tree: Tree, profiles: Profiles, agent: Staff, visitors: list[Visitor]
) -> None:
    del visitors
    desk = Desk(profiles(color_scheme="dark"), tree.url).sign_in(agent.email, agent.password)
    page = desk.page
    desk.tab("En espera")
    expect(rows(page)).to_have_count(3)
    boxes = page.get_by_role("checkbox", name=re.compile("^Marcar a"))
    rows(page).first.hover()
    boxes.first.click()
    page.get_by_role("button", name="Marcar las 3 que se ven").click()
    accessible(page, "marked rows in the dark")
    page.get_by_role("button", name="Más acciones con las marcadas").click()
    page.get_by_role("menuitem", name="Terminar").click()
    page.get_by_role("dialog", name="Terminar").get_by_role("button", name="Terminar").click()
    expect(rows(page)).to_have_count(0)
    page.get_by_role("button", name="Deshacer").click()
    expect(rows(page)).to_have_count(3)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pt", ("Outras listas", "Nova visualização", "Nome", "Marcar")),
        ("en", ("Other lists", "New view", "Name", "Mark")),
    ],
)
def test_on_a_phone_in_other_languages(
    tree: Tree,
    profiles: Profiles,
    administrator: Staff,
    visitors: list[Visitor],
    language: str,
    words: tuple[str, str, str, str],
) -> None:
    del visitors
    others, make, name, mark = words
    administrator.patch("/me", language=language)
    scheme = "dark" if language == "en" else "light"
    try:
        page = profiles(viewport={"width": 390, "height": 844}, color_scheme=scheme).new_page()
        page.goto(f"{tree.url}/")
        page.locator("input[type=email]").fill(ADMINISTRATOR)
        page.locator("input[type=password]").fill(DEMO_PASSWORD)
        page.locator("button[type=submit]").click()
        page.get_by_role("button", name=others).click()
        accessible(page, f"the other lists in {language}")
        page.get_by_role("menuitem", name=make).click()
        page.get_by_role("dialog").get_by_label(name, exact=True).fill("Loja")
        accessible(page, f"the editor on a phone in {language}")
        no_sideways_scrolling(page, f"the editor on a phone in {language}")
        page.keyboard.press("Escape")
        page.get_by_role("dialog").last.get_by_role("button").last.click()  # what was typed is let go
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.locator("nav.tabs").get_by_role("button").nth(2).click()
        page.get_by_role("checkbox", name=re.compile(f"^{mark} ")).first.click(force=True)
        accessible(page, f"marked on a phone in {language}")
        no_sideways_scrolling(page, f"marked on a phone in {language}")
    finally:
        administrator.patch("/me", language="es")
