"""Main journeys with the keyboard alone; those of chat, mentions and search stand beside the others."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Profiles, unique
from tests.support.hands import Hands
from tests.support.mail import PEOPLE, MailProvider, mail
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow


def at_the_desk(tree: Tree, profiles: Profiles, staff: Staff) -> tuple[Desk, Hands]:
    desk = Desk(profiles(), tree.url).sign_in(staff.email, staff.password)
    return desk, Hands(desk.page)


def choose_waiting(desk: Desk, hands: Hands, text: str) -> None:
    """Go to who waits and open the row with this text."""
    tabs = desk.page.get_by_role("navigation", name="Conversaciones")
    hands.to(tabs.get_by_role("button", name=re.compile("^En espera"))).press("Enter")
    hands.to(desk.row(text)).press("Enter")
    expect(desk.message(text)).to_be_visible()


def test_a_mail_is_answered(
    tree: Tree, profiles: Profiles, agent: Staff, provider: MailProvider, mailbox: str
) -> None:
    sender = f"pedro.{uuid4().hex[:8]}@{PEOPLE}"
    asked = unique("¿Cuándo llega mi pedido?")
    provider.send(mail(asked, to=mailbox, sender=f"Pedro <{sender}>"), mailbox, sender=sender)
    desk, hands = at_the_desk(tree, profiles, agent)
    choose_waiting(desk, hands, asked)
    hands.press("r")
    expect(desk.composer).to_be_focused()
    answer = unique("Llega el martes")
    hands.type(answer).press("Control+Enter")
    expect(desk.composer).to_have_value("")
    sent = desk.message(answer)
    expect(sent).to_contain_text(re.compile("enviado|entregado"))
    expect(desk.composer).to_have_value("")


def test_a_conversation_is_transferred_and_accepted(
    tree: Tree, profiles: Profiles, agent: Staff, colleague: Staff, visitor: Visitor
) -> None:
    asked = visitor.says(unique("La heladera no enfría"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    theirs, second = at_the_desk(tree, profiles, colleague)
    theirs.become("Ausente")
    desk, hands = at_the_desk(tree, profiles, agent)
    hands.to(desk.row(asked)).press("Enter")
    expect(desk.message(asked)).to_be_visible()
    hands.press("t")
    dialog = desk.page.get_by_role("dialog", name="Pasar la conversación")
    expect(dialog.get_by_role("combobox")).to_be_focused()
    hands.type(colleague.user["name"])
    expect(dialog.get_by_role("option")).to_have_count(1)
    hands.press("Enter")
    expect(dialog.get_by_label("Qué debe saber")).to_be_focused()
    note = unique("Falta la visita del técnico.")
    hands.press("Control+a").type(note)
    hands.to(dialog.get_by_role("button", name="Preguntar", exact=True)).press("Enter")
    expect(dialog).to_have_count(0)

    expect(theirs.page.get_by_role("region", name="De sus colegas")).to_contain_text(note)
    second.press("y")
    expect(theirs.log.get_by_role("note")).to_contain_text(note)
    held = colleague.get(f"/conversations/{conversation}")["conversation"]
    assert held["assignee_id"] == colleague.agent_id


def test_two_people_are_joined_and_parted_again(
    tree: Tree, profiles: Profiles, administrator: Staff, agent: Staff, visitor: Visitor
) -> None:
    mine = visitor.says(unique("Desde el teléfono"))
    with Visitor(tree.url) as elsewhere:
        theirs = elsewhere.says(unique("Desde la computadora"))
        contact = administrator.get(f"/conversations/{elsewhere.conversation_id}")["contact"]["id"]
    name = unique("Zoraida Zapata")
    administrator.patch(f"/contacts/{contact}", name=name)
    desk, hands = at_the_desk(tree, profiles, agent)
    choose_waiting(desk, hands, mine)
    hands.to(desk.side.get_by_role("button", name="¿Es la misma persona?")).press("Enter")
    dialog = desk.page.get_by_role("dialog")
    expect(dialog.get_by_label("Buscar a otra persona")).to_be_focused()
    hands.type(name).press("Enter")
    found = dialog.get_by_role("listitem").filter(has_text=name)
    hands.to(found.get_by_role("button", name="Unir"), back=True).press("Enter")
    expect(desk.message(theirs)).to_be_visible()
    expect(dialog).to_have_count(0)
    hands.to(desk.page.get_by_role("button", name="Deshacer")).press("Enter")
    expect(desk.message(theirs)).to_have_count(0)
    expect(desk.message(mine)).to_be_visible()


def test_a_case_is_resolved(tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor) -> None:
    asked = visitor.says(unique("El horno no calienta"))
    agent.post(f"/conversations/{visitor.conversation_id}/take")
    desk, hands = at_the_desk(tree, profiles, agent)
    hands.to(desk.row(asked)).press("Enter")
    hands.to(desk.side.get_by_label("Estado")).press("r")
    dialog = desk.page.get_by_role("dialog", name="Dar el caso por resuelto")
    expect(dialog.get_by_role("textbox", name="Qué se hizo")).to_be_focused()
    hands.type("Cambiamos la resistencia.").press("Tab")
    hands.to(dialog.get_by_role("button", name="Resolver y preguntar")).press("Enter")
    expect(desk.side.get_by_text("Resuelto por el equipo.")).to_be_visible()
    case = agent.get(f"/conversations/{visitor.conversation_id}")["case"]
    assert (case["status"], case["resolution"]) == ("resolved", "Cambiamos la resistencia.")


def test_an_administrator_adds_a_team(tree: Tree, profiles: Profiles, administrator: Staff) -> None:
    desk, hands = at_the_desk(tree, profiles, administrator)
    hands.press("Control+k")
    expect(desk.page.get_by_role("combobox", name="Ir a o hacer")).to_be_focused()
    hands.type("Administración")
    expect(desk.page.get_by_role("option", name="Administración", exact=True)).to_be_visible()
    hands.press("Enter")
    sections = desk.page.get_by_role("navigation", name="Administración")
    hands.to(sections.get_by_role("link", name=re.compile("^Equipos"))).press("Enter")
    teams = desk.page.get_by_role("region", name="Equipos", exact=True)
    hands.to(teams.get_by_role("button").first).press("Enter")
    dialog = desk.page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    name = unique("Posventa")
    hands.type(name).press("Enter")
    expect(teams.get_by_text(name, exact=True)).to_be_visible()
    (made,) = [one for one in administrator.get("/teams")["items"] if one["name"] == name]
    administrator.delete(f"/teams/{made['id']}")
