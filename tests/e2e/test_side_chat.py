"""Colleagues talk about a case beside the conversation: told, live, by keyboard; no customer sees it."""

import re

import pytest
from playwright.sync_api import Locator, expect
from tests.e2e.conftest import Profiles, unique
from tests.support.looking import look, no_sideways_scrolling
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow

ALLOWED = r"AudioContext"


def side(desk: Desk) -> Locator:
    return desk.side.get_by_role("region", name="Entre colegas")


def field(desk: Desk) -> Locator:
    return desk.page.get_by_role("textbox", name=re.compile("^Escriba a sus colegas"))


def test_colleagues_talk_about_a_case_and_the_customer_never_sees_it(
    tree: Tree, profiles: Profiles, agent: Staff, colleague: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("La heladera volvió a fallar"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    agent.patch(f"/conversations/{conversation}", new_case_title=unique("Heladera"))
    first = Desk(profiles(allow=ALLOWED), tree.url).sign_in(agent.email, agent.password).open(conversation)
    second = (
        Desk(profiles(allow=ALLOWED), tree.url).sign_in(colleague.email, colleague.password).become("Ausente")
    )
    expect(side(first)).to_contain_text("el cliente nunca lo ve")

    # By keyboard: a key leads there, @ and arrows call somebody, Enter sends.
    first.log.focus()
    first.page.keyboard.press("g")
    expect(field(first)).to_be_focused()
    first.page.keyboard.type(f"@{colleague.user['name'][:9]}")
    expect(side(first).get_by_role("option").first).to_be_visible()
    first.page.keyboard.press("Enter")
    words = unique("¿sabe si el motor tiene garantía?")
    first.page.keyboard.type(words)
    first.page.keyboard.press("Enter")
    expect(side(first).get_by_role("log")).to_contain_text(words)
    expect(side(first).get_by_role("list", name="Quiénes participan")).to_contain_text(colleague.user["name"])
    expect(field(first)).to_have_value("")
    look(first.page, "side-chat")

    # Whoever was called is told, comes by the bell, and reads it beside the matter and in the thread.
    bell = second.page.get_by_role("button", name=re.compile("^Notificaciones: 1"))
    bell.press("Enter")
    listed = second.page.get_by_role("region", name="Notificaciones")
    listed.get_by_role("link").filter(has_text="le mencionó").press("Enter")
    expect(second.page).to_have_url(re.compile(conversation))
    expect(side(second).get_by_role("log")).to_contain_text(words)
    talk = second.log.get_by_role("article", name="Entre colegas")
    expect(talk).to_contain_text(words)
    expect(talk).to_contain_text("el cliente nunca lo ve")

    # The answer comes live, unread until it is looked at.
    first.open(conversation)
    first.page.set_viewport_size({"width": 390, "height": 844})
    answer = unique("Sí, diez años.")
    field(second).fill(answer)
    field(second).press("Enter")
    news = first.page.get_by_role("status").filter(has_text="1 sin leer entre colegas")
    expect(news).to_be_visible()
    look(first.page, "side-chat-390-news")
    news.get_by_role("button", name="Leer").press("Enter")
    here = first.page.get_by_role("region", name="Entre colegas").filter(visible=True)
    expect(here.get_by_role("log")).to_contain_text(answer)
    expect(news).to_have_count(0)
    no_sideways_scrolling(first.page, "the colleagues' talk on a phone")
    first.page.set_viewport_size({"width": 1440, "height": 900})
    first.page.emulate_media(color_scheme="dark")
    look(first.page, "side-chat-dark")

    assert not [one for one in visitor.messages() if words in one["text"] or answer in one["text"]]


def test_earlier_conversations_stand_on_the_line_with_what_happened_in_them(
    tree: Tree, profiles: Profiles, agent: Staff, colleague: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("Quiero cambiar el talle"))
    earlier = visitor.conversation_id
    agent.post(f"/conversations/{earlier}/take")
    note = unique("Ya eligió el talle; falta el envío")
    to = {"kind": "agent", "id": colleague.agent_id}
    agent.post(f"/conversations/{earlier}/transfers", kind="blind", to=to, note=note, wait=True)
    agent.patch(f"/conversations/{earlier}", status="closed")
    said = unique("Hola otra vez")
    visitor.says(said)
    (found,) = [one for one in agent.get("/inbox", tab="all", q=said)["items"] if one["status"] == "open"]
    assert found["id"] != earlier
    agent.post(f"/conversations/{found['id']}/take")
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(found["id"])
    expect(desk.log.get_by_role("note", name="Nota de traspaso")).to_contain_text(note)
    expect(desk.log.get_by_text(re.compile("^Empieza una conversación por"))).to_have_count(2)
    expect(desk.log.get_by_text(re.compile("^Termina la conversación por"))).to_have_count(1)
    agent.patch(f"/conversations/{found['id']}", status="closed")
    expect(desk.log.get_by_text(re.compile("^Termina la conversación por"))).to_have_count(2)
    look(desk.page, "segments")


def test_what_is_written_to_colleagues_is_there_after_going_on_and_after_a_reload(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("El horno no calienta"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    agent.patch(f"/conversations/{conversation}", new_case_title=unique("Horno"))
    desk = Desk(profiles(allow=f"{ALLOWED}|503"), tree.url).sign_in(agent.email, agent.password)
    desk.open(conversation)
    words = unique("¿alguien vio este horno?")
    field(desk).fill(words)
    desk.page.reload()
    expect(field(desk)).to_have_value(words)

    # One that fails after its writer has gone on is found again, and is said once.
    saying = "**/side-chat"
    held = []
    desk.page.route(
        saying, lambda route: held.append(route) if route.request.method == "POST" else route.fallback()
    )
    field(desk).press("Enter")
    expect(field(desk)).to_have_value("")
    desk.page.get_by_role("link", name=re.compile("^Pendientes")).first.click()
    expect(desk.page).to_have_url(re.compile("/tasks"))
    held[0].fulfill(status=503, json={})
    desk.page.unroute(saying)
    desk.page.go_back()
    expect(field(desk)).to_have_value(words)
    field(desk).press("Enter")
    expect(side(desk).get_by_role("log").get_by_text(words)).to_have_count(1)
    expect(field(desk)).to_have_value("")
    desk.page.reload()
    expect(side(desk).get_by_role("log").get_by_text(words)).to_have_count(1)
    expect(field(desk)).to_have_value("")
