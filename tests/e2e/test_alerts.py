"""What agents are told: the bell, its list, how they want to be told, and what they follow."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Profiles, unique
from tests.support.looking import look, no_sideways_scrolling
from tests.support.screens import Desk, Shopper
from tests.support.staff import PASSWORD, Staff
from tests.support.tree import Tree
from tests.support.until import wait_until

pytestmark = pytest.mark.slow

# Icons that the browser may ask for, and a sound without leave, are no complaint of ours.
ALLOWED = r"AudioContext"


def bell(page: Page) -> Any:
    return page.get_by_role("button", name=re.compile("^Notificaciones:"))


def conversation_of(staff: Staff, words: str) -> str:
    (found,) = staff.get("/inbox", tab="all", q=words)["items"]
    return str(found["id"])


def arrived(profiles: Profiles, tree: Tree, staff: Staff, words: str) -> tuple[Shopper, str]:
    """A customer writes and the agent has the conversation; return the shop and the conversation."""
    shop = Shopper(profiles(), tree.url).open()
    shop.say(words)
    conversation = conversation_of(staff, words)
    staff.post(f"/conversations/{conversation}/take")
    return shop, conversation


def test_an_answer_rings_the_bell_opens_where_it_was_said_and_is_read(tree, profiles, agent) -> None:
    shop, conversation = arrived(profiles, tree, agent, unique("Mi pedido no llega"))
    desk = Desk(profiles(allow=ALLOWED), tree.url).sign_in(agent.email, PASSWORD)
    expect(bell(desk.page)).to_be_visible()
    agent.post("/notifications/read", everything=True)
    expect(bell(desk.page)).to_have_accessible_name("Notificaciones: nada por ver")
    words = unique("Sigo esperando noticias")
    shop.say(words)
    expect(bell(desk.page)).to_have_accessible_name("Notificaciones: 1 por ver")
    bell(desk.page).focus()
    desk.page.keyboard.press("Enter")
    listed = desk.page.get_by_role("region", name="Notificaciones")
    expect(listed.get_by_role("link").filter(has_text=words)).to_be_visible()
    look(desk.page, "alerts-bell")
    listed.get_by_role("link").filter(has_text=words).press("Enter")
    expect(desk.page).to_have_url(re.compile(conversation))
    expect(bell(desk.page)).to_have_accessible_name("Notificaciones: nada por ver")
    # Before their eyes it is read as it comes.
    words = unique("¿Hola?")
    shop.say(words)
    expect(desk.message(words)).to_be_visible()

    def is_read() -> bool:
        # It is told after the message is shown: that it came is seen before that it was read.
        told = agent.get("/notifications", which="all")["items"]
        return any(words in one["words"] for one in told) and all(one["read_at"] for one in told)

    wait_until(is_read, what="what came before their eyes is read")
    expect(bell(desk.page)).to_have_accessible_name("Notificaciones: nada por ver")


def test_a_note_is_told_to_who_has_the_conversation(tree, profiles, agent, administrator) -> None:
    _, conversation = arrived(profiles, tree, agent, unique("Quiero cambiar el talle"))
    desk = Desk(profiles(allow=ALLOWED), tree.url).sign_in(agent.email, PASSWORD)
    expect(bell(desk.page)).to_be_visible()
    words = unique("Ya hablé con el depósito")
    administrator.post(
        f"/conversations/{conversation}/messages", kind="note", text=words, client_id=str(uuid4())
    )
    told = desk.page.get_by_text(re.compile("dejó una nota · "))
    expect(told).to_be_visible()
    desk.page.get_by_role("button", name="Abrir", exact=True).click()
    expect(desk.message(words)).to_be_visible()


def test_the_list_and_the_wishes_by_keyboard_in_the_dark_and_on_a_phone(tree, profiles, agent) -> None:
    shop, _ = arrived(profiles, tree, agent, unique("No anda la página"))
    shop.say(unique("¿Me ayudan?"))
    desk = Desk(profiles(allow=ALLOWED), tree.url).sign_in(agent.email, PASSWORD)
    page = desk.page
    desk.goto("/notifications")
    mine = page.get_by_role("main").get_by_role("list", name="Notificaciones")
    expect(mine.get_by_role("listitem")).to_have_count(1)
    look(page, "alerts")
    mine.get_by_role("button", name="Marcar como visto").click()
    expect(page.get_by_text("No hay nada por ver")).to_be_visible()
    page.get_by_role("button", name="Todas", exact=True).click()
    mine.get_by_role("button", name="Dejar por ver").click()
    expect(bell(page)).to_have_accessible_name("Notificaciones: 1 por ver")
    page.get_by_role("button", name="Lo que sigo").click()
    expect(page.get_by_text("No sigue nada")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Cómo avisarle").click()
    mentioned = page.get_by_role("group", name="Me mencionan")
    mentioned.get_by_role("checkbox", name="Sonido").press("Space")
    expect(mentioned.get_by_role("checkbox", name="Sonido")).not_to_be_checked()
    expect(page.get_by_text("Guardado.").first).to_be_visible()
    page.get_by_label("Desde").fill("21:30")
    expect(page.get_by_text("Guardado.").first).to_be_visible()
    look(page, "alerts-wishes")
    page.emulate_media(color_scheme="dark")
    look(page, "alerts-wishes-dark")
    wait_until(lambda: agent.get("/notification-wishes")["quiet_from"] == "21:30", what="it is kept")
    page.reload()
    expect(mentioned.get_by_role("checkbox", name="Sonido")).not_to_be_checked()
    assert agent.get("/notification-wishes")["quiet_from"] == "21:30"
    for width, height in ((390, 844), (320, 256)):  # a phone, and a screen at 400 %
        page.set_viewport_size({"width": width, "height": height})
        no_sideways_scrolling(page, f"wishes at {width}")
        desk.goto("/notifications")
        expect(page.get_by_role("heading", name="Notificaciones")).to_be_visible()
        look(page, f"alerts-{width}")
        bell(page).click()
        expect(page.get_by_role("region", name="Notificaciones")).to_be_visible()
        look(page, f"alerts-bell-{width}")
        page.keyboard.press("Escape")
        expect(bell(page)).to_be_focused()
        desk.goto("/notifications/settings")
        expect(page.get_by_role("heading", name="Cómo avisarle")).to_be_visible()


def test_do_not_disturb_keeps_the_screen_still_and_the_list_true(
    tree, profiles, agent, administrator
) -> None:
    _, conversation = arrived(profiles, tree, agent, unique("Una consulta"))
    desk = Desk(profiles(allow=ALLOWED), tree.url).sign_in(agent.email, PASSWORD)
    page = desk.page
    bell(page).click()
    page.get_by_role("region", name="Notificaciones").get_by_role("button", name="No molestar").click()
    page.get_by_role("menuitem", name="Una hora").click()
    expect(page.get_by_role("button", name=re.compile("No molestar hasta"))).to_be_visible()
    agent.post("/notifications/read", everything=True)
    page.keyboard.press("Escape")
    expect(bell(page)).to_have_accessible_name("Notificaciones: nada por ver")
    administrator.post(
        f"/conversations/{conversation}/messages", kind="note", text=unique("Ojo"), client_id=str(uuid4())
    )
    expect(bell(page)).to_have_accessible_name("Notificaciones: 1 por ver")
    expect(page.get_by_text(re.compile("dejó una nota · "))).to_have_count(0)
