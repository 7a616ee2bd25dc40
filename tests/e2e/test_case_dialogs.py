"""Cases turn out to be one, two or related, and each is undone; what may be given is written down."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.support.looking import look
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow

SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@dataclass
class Matters:
    """A person with two cases, the first of which is talked about."""

    conversation_id: str
    first: dict[str, Any]
    second: dict[str, Any]


@pytest.fixture
def matters(tree: Tree, agent: Staff) -> Iterator[Matters]:
    with Visitor(tree.url) as visitor:
        visitor.says(unique("La heladera no enfría"))
        found = agent.get(f"/conversations/{visitor.conversation_id}")
        first = found["case"]
        agent.put(
            f"/cases/{first['id']}/steps", steps=[{"title": "Diagnóstico"}, {"title": "Reintegro del flete"}]
        )
        second = agent.post(
            "/cases",
            brand_id=first["brand_id"],
            contact_id=first["contact_id"],
            title=unique("Factura que no llega"),
        )
        agent.put(f"/cases/{second['id']}/steps", steps=[{"title": "Pedir la factura"}])
        yield Matters(visitor.conversation_id, first, second)


def opened(tree: Tree, profiles: Profiles, agent: Staff, matters: Matters, scheme: str) -> Desk:
    """The desk of the agent with the first case before them."""
    desk = Desk(profiles(color_scheme=scheme, allow="422"), tree.url).sign_in(agent.email, agent.password)
    desk.open(matters.conversation_id)
    expect(desk.side.get_by_role("heading", name="Otros casos")).to_be_visible()
    return desk


def ask(desk: Desk, act: str) -> Locator:
    """Open a dialog of the related cases, by keyboard."""
    desk.side.get_by_role("button", name="Relacionar, unir o separar").press("Enter")
    item = desk.page.get_by_role("menuitem", name=act)
    item.focus()
    item.press("Enter")
    dialog = desk.page.get_by_role("dialog", name=act)
    expect(dialog).to_be_visible()
    return dialog


def part(desk: Desk, name: str) -> Locator:
    """Return the rows of one part of the side."""
    panel = desk.side.locator("section").filter(has=desk.page.get_by_role("heading", name=name))
    return panel.get_by_role("listitem")


def others(desk: Desk) -> Locator:
    return part(desk, "Otros casos")


def step(desk: Desk, name: str) -> Locator:
    return part(desk, "Pasos").filter(has_text=name)


def undo(desk: Desk) -> None:
    """Take back what was said last at the edge of the screen."""
    desk.page.get_by_role("button", name="Deshacer").last.click()


@SCHEMES
def test_two_cases_become_one_and_two_again(
    tree: Tree, profiles: Profiles, agent: Staff, matters: Matters, scheme: str
) -> None:
    desk = opened(tree, profiles, agent, matters, scheme)
    dialog = ask(desk, "Unir otro caso a este")
    other = dialog.get_by_role("button", name=matters.second["title"])
    expect(other).to_be_focused()
    look(desk.page, f"merge-{scheme}")
    other.press("Enter")
    expect(step(desk, "Pedir la factura")).to_be_visible()
    expect(others(desk)).to_contain_text(matters.second["title"])
    assert agent.get(f"/cases/{matters.second['id']}")["merged_into"] == matters.first["id"]
    undo(desk)
    expect(step(desk, "Pedir la factura")).to_have_count(0)
    expect(others(desk)).to_have_count(0)
    assert agent.get(f"/cases/{matters.second['id']}")["status"] == "open"

    # Undone later, where the case says that it was merged.
    dialog = ask(desk, "Unir otro caso a este")
    dialog.get_by_role("button", name=matters.second["title"]).click()
    expect(others(desk)).to_contain_text("unido a este")
    look(desk.page, f"merged-{scheme}")
    others(desk).get_by_role("button", name="Deshacer").click()
    expect(others(desk)).to_have_count(0)
    assert agent.get(f"/cases/{matters.second['id']}")["merged_into"] is None


@SCHEMES
def test_a_part_of_a_case_becomes_one_of_its_own_and_comes_back(
    tree: Tree, profiles: Profiles, agent: Staff, matters: Matters, scheme: str
) -> None:
    desk = opened(tree, profiles, agent, matters, scheme)
    dialog = ask(desk, "Separar una parte")
    name = dialog.get_by_role("textbox", name="De qué se trata el caso nuevo")
    expect(name).to_be_focused()
    dialog.get_by_role("button", name="Separar").click()
    expect(name).to_be_focused()  # it needs a name
    name.fill(unique("El flete"))
    dialog.get_by_role("button", name="Separar").click()
    expect(dialog.get_by_role("alert")).to_be_visible()  # and something that goes there
    dialog.get_by_role("checkbox", name="Reintegro del flete").check()
    look(desk.page, f"split-{scheme}")
    desk.page.set_viewport_size({"width": 390, "height": 780})
    look(desk.page, f"split-{scheme}-390")
    desk.page.set_viewport_size({"width": 1440, "height": 900})
    dialog.get_by_role("button", name="Separar").click()
    expect(dialog).to_have_count(0)
    expect(others(desk)).to_contain_text("separado de este")
    expect(step(desk, "Reintegro del flete")).to_have_count(0)
    undo(desk)
    expect(step(desk, "Reintegro del flete")).to_be_visible()
    expect(others(desk)).to_have_count(0)


@SCHEMES
def test_cases_that_have_to_do_with_one_another_are_related_and_parted(
    tree: Tree, profiles: Profiles, agent: Staff, matters: Matters, scheme: str
) -> None:
    desk = opened(tree, profiles, agent, matters, scheme)
    dialog = ask(desk, "Relacionar con otro caso")
    look(desk.page, f"relate-{scheme}")
    dialog.press("Escape")
    expect(dialog).to_have_count(0)
    dialog = ask(desk, "Relacionar con otro caso")
    dialog.get_by_role("button", name=matters.second["title"]).click()
    expect(others(desk)).to_contain_text(matters.second["title"])
    undo(desk)
    expect(others(desk)).to_have_count(0)
    ask(desk, "Relacionar con otro caso").get_by_role("button", name=matters.second["title"]).click()
    number = matters.second["number"]
    others(desk).get_by_role("button", name=f"Quitar la relación con el caso {number}").click()
    expect(others(desk)).to_have_count(0)
    undo(desk)
    expect(others(desk)).to_contain_text(matters.second["title"])


@SCHEMES
def test_an_administrator_writes_a_latitude_down_and_the_agent_gives_within_it(
    tree: Tree, profiles: Profiles, agent: Staff, matters: Matters, scheme: str
) -> None:
    admin = (
        Desk(profiles(color_scheme=scheme, allow="422"), tree.url)
        .sign_in(ADMINISTRATOR)
        .goto("/admin/users")
        .page
    )
    row = admin.get_by_role("listitem").filter(has_text=agent.email)
    row.get_by_role("button", name=re.compile("Más acciones")).click()
    admin.get_by_role("menuitem", name="Gestos sin aprobación").click()
    form = admin.get_by_role("dialog", name=f"Qué puede dar {agent.user['name']}")
    form.get_by_label("Monto").fill("cincuenta")
    form.get_by_role("button", name="Guardar").click()
    expect(form.get_by_label("Monto")).to_have_attribute("aria-invalid", "true")
    expect(
        form.get_by_text("Escriba el monto en números, sin separador de miles: 1500 o 1500,50.")
    ).to_be_visible()
    form.get_by_label("Monto").fill("50,00")
    look(admin, f"latitude-{scheme}")
    form.get_by_role("button", name="Guardar").click()
    expect(form).to_have_count(0)

    desk = opened(tree, profiles, agent, matters, scheme)
    side = desk.side
    side.get_by_role("button", name="Dar algo").click()
    expect(side.get_by_text(re.compile(r"Hasta USD.50[.,]00 no necesita aprobación"))).to_be_visible()
    look(desk.page, f"gesture-{scheme}")
    for amount, what, state in (("49,90", "Envío sin cargo", "dado"), ("80", "Un mes", "por aprobar")):
        if amount != "49,90":
            side.get_by_role("button", name="Dar algo").click()
        side.get_by_role("textbox", name="Monto").fill(amount)
        side.get_by_role("textbox", name=re.compile("^Qué se da")).fill(what)
        side.get_by_role("button", name="Dar", exact=True).click()
        expect(side.get_by_role("listitem").filter(has_text=what)).to_contain_text(state)
    look(desk.page, f"gestures-{scheme}")
    for one in agent.get(f"/cases/{matters.first['id']}/motion")["gestures"]:
        if one["state"] == "asked":
            with Staff(tree.url, ADMINISTRATOR) as chief:
                chief.post(f"/gestures/{one['id']}/decide", approve=False, reason="Prueba")
