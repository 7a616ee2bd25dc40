"""What the person told is noted, set right and taken out at the desk; an answer goes as they prefer."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from tests.e2e.conftest import Profiles, unique
from tests.support.screens import Desk, Shopper
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.until import wait_until
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow


@pytest.fixture
def post(administrator: Staff) -> Iterator[dict[str, Any]]:
    """A mail account that is switched on; nothing listens behind it."""
    account = administrator.post(
        "/accounts",
        kind="email",
        name="Correo",
        brand_id=administrator.get("/brands")["items"][0]["id"],
        settings={"address": "ayuda@demo.invalid", "smtp_host": "127.0.0.1", "smtp_port": 25},
    )
    yield account
    administrator.patch(f"/accounts/{account['id']}", enabled=False)


@pytest.mark.usefixtures("post")
def test_an_answer_goes_where_the_person_prefers_by_one_key(
    tree: Tree, profiles: Profiles, agent: Staff, administrator: Staff
) -> None:
    shopper = Shopper(profiles(), tree.url, page="/demo?signed_in=true").open()
    asked = unique("¿Y mi garantía?")
    shopper.say(asked)
    (found,) = administrator.get("/inbox", tab="all", q=asked)["items"]
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(found["id"])
    desk.side.get_by_label("Canal", exact=True).select_option("email")
    desk.side.get_by_label("Trato", exact=True).select_option("vos")
    expect(desk.page.get_by_text("prefiere Correo")).to_be_visible()
    expect(desk.page.get_by_text("trátele de vos")).to_be_visible()
    desk.page.locator("body").press("b")
    expect(desk.page.get_by_text("como prefiere", exact=True)).to_be_visible()
    answer = unique("Le mandamos el detalle por correo")
    desk.composer.fill(answer)
    desk.page.get_by_role("button", name="Enviar", exact=True).click()
    expect(desk.page.get_by_text("Enviado.", exact=True)).to_be_visible()
    expect(desk.composer).to_have_value("")
    expect(desk.message(answer)).to_be_visible()
    expect(shopper.message(answer)).to_have_count(0)

    menu = shopper.menu()
    expect(menu.get_by_label("Correo", exact=True)).to_be_checked()
    menu.get_by_label("De tú", exact=True).check()
    expect(menu.get_by_text("Anotado.")).to_be_visible()
    expect(desk.side.get_by_label("Trato", exact=True)).to_have_value("tu")
    menu.get_by_label("Por donde yo escriba").check()
    expect(desk.side.get_by_label("Canal", exact=True)).to_have_value("")


def test_an_answer_elsewhere_that_is_undone_after_going_on_is_a_draft_again(
    tree: Tree,
    profiles: Profiles,
    agent: Staff,
    administrator: Staff,
    visitor: Visitor,
    post: dict[str, Any],
) -> None:
    administrator.patch(f"/accounts/{post['id']}", undo_s=60)
    shopper = Shopper(profiles(), tree.url, page="/demo?signed_in=true").open()
    asked, other = unique("¿Y mi factura?"), visitor.says(unique("¿Abren el lunes?"))
    shopper.say(asked)
    (found,) = administrator.get("/inbox", tab="all", q=asked)["items"]
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password)
    desk.tab("En espera")
    desk.row(asked).click()
    desk.side.get_by_label("Canal", exact=True).select_option("email")
    expect(desk.page.get_by_text("prefiere Correo")).to_be_visible()
    desk.page.locator("body").press("b")
    answer = unique("Le mandamos la factura por correo")
    desk.composer.fill(answer)
    desk.page.get_by_role("button", name="Enviar", exact=True).click()
    expect(desk.page.get_by_text("Enviado.", exact=True)).to_be_visible()
    desk.row(other).click()
    expect(desk.page).to_have_url(re.compile(visitor.conversation_id))
    desk.page.get_by_role("button", name="Deshacer").click()
    expect(desk.message(other)).to_be_visible()

    def kept() -> bool:
        drafts = agent.get(f"/conversations/{found['id']}/drafts")["items"]
        return [one["text"] for one in drafts] == [answer]

    wait_until(kept, what="it is a draft again")
    expect(desk.composer).to_have_value("")
    desk.row(asked).click()
    expect(desk.message(asked)).to_be_visible()
    expect(desk.composer).to_have_value(answer)
    desk.side.get_by_label("Canal", exact=True).select_option("")


def noted(desk: Desk, name: str) -> Locator:
    """Return the row of one fact, among what the person told."""
    told = desk.side.locator("section").filter(has=desk.page.get_by_role("heading", name="Lo que ya dijo"))
    return told.get_by_role("listitem").filter(has_text=name)


def test_a_fact_is_noted_set_right_and_taken_out_by_keyboard(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("No me llega el pedido"))
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(visitor.conversation_id)
    page, side = desk.page, desk.side
    expect(side.get_by_text("Lo que se anote aquí no se le vuelve a preguntar.")).to_be_visible()
    page.keyboard.press("f")
    expect(side.get_by_label("Qué dato")).to_be_focused()
    page.keyboard.type("Número de pedido")
    page.keyboard.press("Tab")
    page.keyboard.type("4711")
    page.keyboard.press("Enter")
    row = noted(desk, "Número de pedido")
    expect(row).to_contain_text("4711")
    expect(row.get_by_title(re.compile("Lo dijo la persona, en el escritorio"))).to_be_visible()

    row.get_by_role("button", name="Corregir Número de pedido").focus()
    page.keyboard.press("Enter")
    expect(side.get_by_label("Lo que dijo")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("4712")
    page.keyboard.press("Escape")
    expect(row).to_contain_text("4711")
    row.get_by_role("button", name="Corregir Número de pedido").press("Enter")
    field = side.get_by_label("Lo que dijo")
    expect(field).to_be_focused()
    field.fill("4713")
    field.press("Enter")
    expect(row).to_contain_text("4713")

    other = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(visitor.conversation_id)
    there = noted(other, "Número de pedido")
    expect(there).to_contain_text("4713")
    row.get_by_role("button", name="Quitar Número de pedido").press("Enter")
    expect(row).to_have_count(0)
    expect(there).to_have_count(0)
    desk.undo()
    expect(there).to_contain_text("4713")


def test_blocking_takes_what_is_open_away_and_undo_brings_it_back(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    offer = visitor.says(unique("Gane dinero desde su casa"))
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(visitor.conversation_id)
    desk.tab("En espera")
    expect(desk.row(offer)).to_be_visible()
    desk.more("Bloquear a esta persona")
    expect(desk.row(offer)).to_have_count(0)
    desk.tab("Spam")
    expect(desk.row(offer)).to_be_visible()
    desk.undo()
    expect(desk.row(offer)).to_have_count(0)
    desk.tab("En espera")
    expect(desk.row(offer)).to_be_visible()
