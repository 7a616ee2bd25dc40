"""Colleagues on one conversation: given on with draft and note, asked beside it, assigned from the line."""

import re

import pytest
from playwright.sync_api import Locator, expect
from tests.e2e.conftest import Profiles, unique
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow


def asked_of(desk: Desk) -> Locator:
    return desk.page.get_by_role("region", name="De sus colegas")


def window(desk: Desk, name: str) -> Locator:
    return desk.page.get_by_role("dialog", name=name)


def test_a_warm_transfer_arrives_with_its_draft_and_its_note(
    tree: Tree, profiles: Profiles, agent: Staff, colleague: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("La heladera no enfría"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    first = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(conversation)
    second = Desk(profiles(), tree.url).sign_in(colleague.email, colleague.password).become("Ausente")
    draft = unique("Pedro, le cuento que el técnico")
    first.composer.fill(draft)
    note = unique("Ya cambió el cable; falta la visita.")

    first.log.focus()
    first.page.keyboard.press("t")
    dialog = window(first, "Pasar la conversación")
    dialog.get_by_role("combobox").fill(colleague.user["name"])
    expect(dialog.get_by_role("option")).to_contain_text("0 de 4")
    first.page.keyboard.press("Enter")
    field = dialog.get_by_label("Qué debe saber")
    expect(field).to_be_focused()
    field.fill("")
    dialog.get_by_role("button", name="Preguntar", exact=True).click()
    expect(dialog.get_by_text("Cuente de qué se trata")).to_be_visible()  # warm needs a note
    field.fill(note)
    dialog.get_by_role("button", name="Preguntar", exact=True).click()
    expect(first.page.get_by_text(re.compile("todavía no responde"))).to_be_visible()
    expect(first.composer).to_have_value(draft)  # it is still the first one's

    asking = asked_of(second)
    expect(asking).to_contain_text(note)
    asking.get_by_role("button", name="Aceptar").click()
    expect(first.page.get_by_text(f"{colleague.user['name']} tomó la conversación.")).to_be_visible()
    expect(second.log.get_by_role("note")).to_contain_text(note)
    expect(second.composer).to_have_value(draft)
    expect(first.composer).to_have_value("")
    held = colleague.get(f"/conversations/{conversation}")
    assert held["conversation"]["assignee_id"] == colleague.agent_id
    second.reply(draft)
    expect(second.composer).to_have_value("")


def test_a_consult_is_answered_and_the_customer_never_sees_it(
    tree: Tree, profiles: Profiles, agent: Staff, colleague: Staff, visitor: Visitor
) -> None:
    asked = visitor.says(unique("¿Cubre la garantía el motor?"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    first = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(conversation)
    second = Desk(profiles(), tree.url).sign_in(colleague.email, colleague.password)
    first.log.focus()
    first.page.keyboard.press("c")
    dialog = window(first, "Consultar a un colega")
    dialog.get_by_role("combobox").fill(colleague.user["name"])
    first.page.keyboard.press("Enter")
    question = unique("¿Seguimos cubriendo el motor?")
    dialog.get_by_label("¿Qué necesita saber?").fill(question)
    dialog.get_by_role("button", name="Consultar", exact=True).click()

    asking = asked_of(second)
    expect(asking).to_contain_text(question)
    asking.get_by_role("button", name="Responder").click()
    box = second.page.get_by_role("region", name=f"Consulta: {question}")
    answer = unique("Diez años, también el motor")
    box.get_by_label("Escriba a su colega").fill(answer)
    second.page.keyboard.press("Enter")
    here = first.page.get_by_role("region", name=f"Consulta: {question}")
    expect(here).to_contain_text(answer)
    here.get_by_role("button", name="Terminar consulta").click()
    expect(here).to_have_count(0)
    branch = first.log.locator("details").filter(has_text=question)
    expect(branch).to_contain_text(answer)  # it stays in the thread as a branch

    first.reply(unique("Sí, está cubierto"))
    seen = [one["text"] for one in visitor.messages()]
    assert asked in seen
    assert not [text for text in seen if question in text or answer in text]


def test_somebody_of_a_queue_is_asked_first(
    tree: Tree, profiles: Profiles, administrator: Staff, agent: Staff, colleague: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("¿Me cambian el motor?"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    queue = administrator.post("/queues", name=unique("Taller"))
    try:
        desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(conversation)
        Desk(profiles(), tree.url).sign_in(colleague.email, colleague.password).become("Disponible")
        desk.more("Pasar a otra persona o cola")
        dialog = window(desk, "Pasar la conversación")
        dialog.get_by_role("combobox").fill(queue["name"])
        desk.page.keyboard.press("Enter")
        dialog.get_by_role("radio", name=re.compile("^Preguntar antes")).check()
        dialog.get_by_label("Qué debe saber").fill("Ya tiene el número de serie.")
        dialog.get_by_role("button", name="Preguntar", exact=True).click()
        expect(
            desk.page.get_by_text(re.compile("^Le preguntamos a .+ La sigue teniendo usted"))
        ).to_be_visible()
        (asked,) = agent.get(f"/conversations/{conversation}/transfers")["items"]
        assert (asked["state"], asked["to_kind"]) == ("asked", "agent")
    finally:
        administrator.delete(f"/queues/{queue['id']}")


def test_a_third_joins_and_the_customer_sees_both_names(
    tree: Tree, profiles: Profiles, agent: Staff, colleague: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("Necesito ayuda con el montaje"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    first = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(conversation)
    second = (
        Desk(profiles(), tree.url)
        .sign_in(colleague.email, colleague.password)
        .open(conversation)
        .become("Ausente")
    )
    first.more("Pasar a otra persona o cola")
    dialog = window(first, "Pasar la conversación")
    dialog.get_by_role("combobox").fill(colleague.user["name"])
    expect(dialog.get_by_role("option", name=colleague.user["name"])).to_be_visible()
    first.page.keyboard.press("Enter")
    dialog.get_by_role("radio", name=re.compile("^Sumar a la conversación")).check()
    dialog.get_by_role("button", name="Sumar", exact=True).click()
    expect(second.page.get_by_text("Participa en esta conversación junto a quien la tiene")).to_be_visible()
    standing = visitor.session()["conversation"]
    assert (standing["agent"]["name"], standing["beside"]) == (agent.user["name"], [colleague.user["name"]])
    beside = first.page.get_by_text(f"{colleague.user['name']} participa en esta conversación")
    expect(beside).to_be_visible()
    second.reply(unique("Soy Bruno, le ayudo con el montaje"))
    second.page.get_by_role("button", name="Salir").click()
    expect(beside).to_have_count(0)  # by then it is written: the news of it come after the commit
    assert visitor.session()["conversation"]["beside"] == []


def test_who_waits_is_assigned_by_mouse_and_by_keyboard(
    tree: Tree, profiles: Profiles, administrator: Staff, agent: Staff, visitor: Visitor
) -> None:
    by_mouse = visitor.says(unique("Arrástreme"))
    with Visitor(tree.url) as another:
        by_keyboard = another.says(unique("Con el teclado"))
        supervisor = Desk(profiles(), tree.url).sign_in(administrator.email).goto("/waiting")
        desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).become("Disponible")
        line = supervisor.page.get_by_role("list", name="En espera")
        row = line.get_by_role("listitem").filter(has_text=by_mouse)
        name = agent.user["name"]
        row.drag_to(supervisor.page.get_by_role("group", name=name))
        expect(row).to_have_count(0)
        expect(desk.row(by_mouse)).to_be_visible()
        held = agent.get(f"/conversations/{visitor.conversation_id}")
        assert held["conversation"]["assignee_id"] == agent.agent_id

        row = line.get_by_role("listitem").filter(has_text=by_keyboard)
        row.get_by_role("button", name=re.compile("^Subir la prioridad")).click()
        expect(row.get_by_title("Prioridad", exact=True)).to_have_text("1")
        row.focus()
        supervisor.page.keyboard.press("Enter")
        dialog = supervisor.page.get_by_role("dialog")
        expect(dialog.get_by_role("combobox")).to_be_focused()
        supervisor.page.keyboard.type(name)
        supervisor.page.keyboard.press("Enter")
        expect(dialog.get_by_role("button", name="Asignar")).to_be_focused()
        supervisor.page.keyboard.press("Enter")
        expect(row).to_have_count(0)
        held = agent.get(f"/conversations/{another.conversation_id}")
        assert held["conversation"]["assignee_id"] == agent.agent_id


def test_an_offer_is_declined_by_key_with_its_reason(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    offered = visitor.says(unique("¿Hacen instalaciones?"))
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).become("Disponible")
    expect(desk.offer).to_contain_text(offered)
    desk.page.get_by_role("main").focus()
    desk.page.keyboard.press("d")
    expect(window(desk, "¿Por qué ahora no?")).to_be_visible()
    desk.page.keyboard.press("2")
    expect(desk.offer).to_have_count(0)
    expect(window(desk, "¿Por qué ahora no?")).to_have_count(0)


def test_what_is_being_written_follows_to_another_device(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("¿Tienen repuestos?"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(conversation)
    written = unique("Sí, y se los mando")
    with desk.page.expect_response(re.compile("/drafts/reply$")):
        desk.composer.fill(written)
    phone = Desk(profiles(viewport={"width": 390, "height": 844}), tree.url)
    phone.sign_in(agent.email, agent.password).open(conversation)
    expect(phone.composer).to_have_value(written)
    with desk.page.expect_response(re.compile("/drafts/reply$")):
        desk.reply(written)
    assert agent.get(f"/conversations/{conversation}/drafts")["items"] == []
