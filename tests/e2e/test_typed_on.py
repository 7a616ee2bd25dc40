"""What is typed while the page is still at work goes where it is meant to; the focus is never nowhere."""

import re

import pytest
from playwright.sync_api import Page, Route, expect
from tests.e2e.conftest import Profiles, unique
from tests.support.hands import Hands
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow

QUICK_MS = 60  # between the keys of somebody who types well


class Held:
    """Requests that wait until they are let go, as on a slow line."""

    def __init__(self, page: Page, url: str, method: str = "GET") -> None:
        self._waiting: list[Route] = []
        self._page, self._method, self._gone = page, method, False
        page.route(re.compile(url), self._hold)

    def _hold(self, route: Route) -> None:
        if not self._gone and route.request.method == self._method:
            self._waiting.append(route)
        else:
            route.continue_()

    def wait(self) -> None:
        """Until at least one waits."""
        while not self._waiting:
            self._page.wait_for_timeout(20)

    def go(self) -> None:
        """Let them go, and all that follow."""
        self._gone = True
        for route in self._waiting:
            route.continue_()


@pytest.fixture
def asked(visitor: Visitor, agent: Staff) -> str:
    """What a customer asked whom the agent has in hand, with a case."""
    said = visitor.says(unique("El horno no calienta"))
    agent.post(f"/conversations/{visitor.conversation_id}/take")
    return said


@pytest.fixture
def desk(tree: Tree, profiles: Profiles, agent: Staff) -> Desk:
    return Desk(profiles(allow="422|409"), tree.url).sign_in(agent.email, agent.password)


def in_focus(page: Page) -> str:
    return str(page.evaluate("document.activeElement.tagName"))


def test_what_is_typed_before_a_window_stands_is_in_its_field(
    desk: Desk, visitor: Visitor, asked: str
) -> None:
    page = desk.page
    held = Held(page, r"/assets/(Palette|WrapUp)-.*\.js")
    desk.open(visitor.conversation_id)
    expect(desk.message(asked)).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("entregx", delay=QUICK_MS)
    page.keyboard.press("Backspace")
    held.wait()
    page.keyboard.type("a", delay=QUICK_MS)
    expect(page.get_by_role("dialog")).to_have_count(0)
    held.go()
    palette = page.get_by_role("combobox", name="Ir a o hacer")
    expect(palette).to_be_focused()
    expect(palette).to_have_value("entrega")
    page.keyboard.type("s", delay=QUICK_MS)
    expect(palette).to_have_value("entregas")
    expect(page.get_by_role("dialog")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    held = Held(page, r"/conversations/[^/]+/ending")  # the window stands, and knows its field later
    page.keyboard.press("e")
    page.keyboard.type("resuelto", delay=QUICK_MS)
    held.wait()
    held.go()
    window = page.get_by_role("dialog", name="Terminar la conversación")
    expect(window.get_by_label("¿Cómo terminó?")).to_have_value("resuelto")


def test_a_window_that_cannot_be_fetched_gives_the_keys_back(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor, asked: str
) -> None:
    desk = Desk(profiles(allow="Failed to load resource|dynamically imported"), tree.url)
    page = desk.sign_in(agent.email, agent.password).page
    page.route(re.compile(r"/assets/WrapUp-.*\.js"), lambda route: route.abort())
    desk.open(visitor.conversation_id)
    expect(desk.message(asked)).to_be_visible()
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Reintentar")).to_be_visible()
    page.keyboard.press("r")
    expect(desk.composer).to_be_focused()


def test_steps_are_typed_one_after_the_other_without_waiting(
    desk: Desk, visitor: Visitor, agent: Staff, asked: str
) -> None:
    page = desk.page
    case = agent.get(f"/conversations/{visitor.conversation_id}")["case"]
    if case is None:
        agent.patch(f"/conversations/{visitor.conversation_id}", new_case_title="Horno")
    desk.open(visitor.conversation_id)
    field = desk.side.get_by_role("textbox", name="Paso")
    field.click()
    held = Held(page, r"/cases/[^/]+/steps", "PUT")
    steps = ["Llamar", "Enviar nota", "Tres", "Cuatro"]
    for step in steps[:2]:
        page.keyboard.type(step, delay=20)
        page.keyboard.press("Enter")
    page.keyboard.type("Tr", delay=20)
    held.wait()
    held.go()
    shown = desk.side.get_by_role("button", name=re.compile("^(Llamar|Enviar nota|Tres|Cuatro): "))
    expect(shown).to_have_count(2)
    expect(field).to_be_focused()
    expect(field).to_have_value("Tr")
    page.keyboard.type("es\nCuatro\n", delay=QUICK_MS)
    expect(shown).to_have_count(4)
    expect(page.get_by_role("dialog")).to_have_count(0)
    kept = agent.get(f"/conversations/{visitor.conversation_id}")["case"]["steps"]
    assert [one["title"] for one in kept] == steps
    assert [one["state"] for one in kept] == ["now", "later", "later", "later"]


def test_a_step_that_was_refused_waits_beside_the_next_one(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor, asked: str
) -> None:
    desk = Desk(profiles(allow="Failed to load resource"), tree.url)
    page = desk.sign_in(agent.email, agent.password).page
    if agent.get(f"/conversations/{visitor.conversation_id}")["case"] is None:
        agent.patch(f"/conversations/{visitor.conversation_id}", new_case_title="Horno")
    desk.open(visitor.conversation_id)
    field = desk.side.get_by_role("textbox", name="Paso")
    field.click()
    page.route(re.compile(r"/cases/[^/]+/steps"), lambda route: route.abort())
    page.keyboard.type("Uno\nDos", delay=QUICK_MS)
    refused = desk.side.get_by_role("alert").filter(has_text="No se pudieron agregar")
    expect(refused).to_contain_text("Uno")
    expect(field).to_have_value("Dos")
    page.unroute(re.compile(r"/cases/[^/]+/steps"))
    refused.get_by_role("button", name="Reintentar").click()
    expect(desk.side.get_by_role("button", name="Uno: en curso")).to_be_visible()
    expect(refused).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value("Dos")


def test_the_focus_goes_on_where_work_does(desk: Desk, visitor: Visitor, agent: Staff, asked: str) -> None:
    page = desk.page
    desk.open(visitor.conversation_id)
    expect(desk.message(asked)).to_be_visible()
    adder = desk.side.get_by_role("button", name="Anotar un dato")
    expect(adder).to_be_visible()
    page.keyboard.press("f")
    expect(desk.side.get_by_label("Qué dato")).to_be_focused()
    page.keyboard.type("Color")
    page.keyboard.press("Tab")
    page.keyboard.type("gris\n")
    expect(adder).to_be_focused()

    desk.composer.focus()
    page.get_by_role("button", name="Buscar en el historial").click()
    words = page.get_by_role("searchbox")
    expect(words).to_be_focused()
    page.keyboard.press("Escape")
    expect(words).to_have_count(0)
    assert in_focus(page) != "BODY"

    page.keyboard.press("h")
    expect(words).to_be_focused()
    page.keyboard.type("horno")
    expect(page.get_by_role("search").get_by_role("status")).to_contain_text("1")
    page.keyboard.press("Escape")
    expect(words).to_have_count(0)
    found = page.evaluate("document.activeElement.textContent")
    assert asked in found

    hands = Hands(page)
    hands.press("e")
    expect(page.get_by_label("¿Cómo terminó?")).to_be_focused()
    hands.press("Enter")
    expect(page.get_by_role("button", name="Reabrir")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.wait_for_function("document.activeElement !== document.body")
    hands.to(page.get_by_role("button", name="Deshacer")).press("Enter")
    expect(page.get_by_role("button", name=re.compile("^Terminar"))).to_be_visible()
    page.wait_for_function("document.activeElement !== document.body")
    desk.tab("Mías")
    expect(desk.row(asked)).to_be_visible()


def test_whoever_goes_through_what_is_to_do_goes_on_with_the_next(
    desk: Desk, visitor: Visitor, agent: Staff, asked: str
) -> None:
    page = desk.page
    if agent.get(f"/conversations/{visitor.conversation_id}")["case"] is None:
        agent.patch(f"/conversations/{visitor.conversation_id}", new_case_title="Horno")
    case = agent.get(f"/conversations/{visitor.conversation_id}")["case"]["id"]
    first, second = unique("Llamar"), unique("Escribir")
    for title in (first, second):
        agent.post(f"/cases/{case}/tasks", title=title, owner_id=agent.agent_id)
    desk.goto("/tasks")
    done = page.get_by_role("button", name=re.compile("^Marcar como hecho: "))
    expect(done).to_have_count(2)
    names = [one.get_attribute("aria-label") or "" for one in done.all()]
    done.first.press("Enter")
    expect(done).to_have_count(1)
    expect(page.get_by_role("button", name=names[1], exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(done).to_have_count(0)
    page.wait_for_function("document.activeElement !== document.body")


def test_a_damaged_link_leads_nowhere_and_says_so(desk: Desk) -> None:
    page = desk.page
    desk.goto("/c/abc")
    expect(page.get_by_role("button", name="Volver a la lista").last).to_be_visible()
    expect(page.get_by_text("Falta algo")).to_have_count(0)
    expect(page.get_by_role("button", name="Reintentar")).to_have_count(0)
    desk.goto("/v/abc")
    expect(page.get_by_text(re.compile("^Esta vista"))).to_be_visible()
    expect(page.get_by_role("button", name="Reintentar")).to_have_count(0)


@pytest.mark.parametrize("width", [768, 1024, 1280, 1440])
def test_what_is_said_at_the_edge_covers_neither_the_composer_nor_the_heads(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor, asked: str, width: int
) -> None:
    desk = Desk(profiles(viewport={"width": width, "height": 800}), tree.url)
    page = desk.sign_in(agent.email, agent.password).open(visitor.conversation_id).page
    desk.more("Devolver")
    toast = page.locator(".toast")
    expect(toast).to_be_visible()
    heads = [page.locator(".composer").last, page.get_by_role("navigation", name="Conversaciones")]
    said = toast.bounding_box()
    assert said is not None
    for one in heads:
        box = one.bounding_box()
        assert box is not None
        apart = (
            said["x"] + said["width"] <= box["x"]
            or box["x"] + box["width"] <= said["x"]
            or said["y"] + said["height"] <= box["y"]
            or box["y"] + box["height"] <= said["y"]
        )
        assert apart, (said, box)


def test_the_box_that_marks_a_row_stands_before_its_text(desk: Desk, visitor: Visitor, asked: str) -> None:
    page = desk.page
    desk.open(visitor.conversation_id)
    row = desk.row(asked)
    name = row.locator(".who")
    before = name.bounding_box()
    row.hover()
    box = page.get_by_role("region", name="Bandeja").get_by_role("checkbox").first.bounding_box()
    after = name.bounding_box()
    assert before is not None
    assert box is not None
    assert after == before
    assert box["x"] + box["width"] <= after["x"]
