"""What is being written goes where its conversation goes, whole, and is nowhere twice."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Profiles, unique
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.until import wait_until
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow


def kept(page: Page) -> str:
    """Return what is kept of drafts in a browser."""
    found: str = page.evaluate(
        "() => Object.entries(localStorage).filter(([name]) => name.startsWith('trato.draft.')).join()"
    )
    return found


def stored(staff: Staff, conversation: str) -> list[str]:
    return [one["text"] for one in staff.get(f"/conversations/{conversation}/drafts")["items"]]


def pass_on(desk: Desk, to: Staff, how: str, note: str = "Falta la visita.") -> None:
    desk.log.focus()
    desk.page.keyboard.press("t")
    dialog = desk.page.get_by_role("dialog", name="Pasar la conversación")
    dialog.get_by_role("combobox").fill(to.user["name"])
    expect(dialog.get_by_role("option", name=re.compile(to.user["name"]))).to_be_visible()
    desk.page.keyboard.press("Enter")
    dialog.get_by_role("radio", name=re.compile(f"^{how}")).check()
    dialog.get_by_label("Qué debe saber").fill(note)
    act = "Preguntar" if how == "Preguntar antes" else "Pasar"
    dialog.get_by_role("button", name=act, exact=True).click()
    expect(dialog).to_have_count(0)


def test_a_draft_that_was_given_leaves_and_the_colleagues_comes_back(
    tree: Tree, profiles: Profiles, agent: Staff, colleague: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("La heladera no enfría"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    first = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).become("Ausente")
    first.open(conversation)
    second = Desk(profiles(), tree.url).sign_in(colleague.email, colleague.password).become("Ausente")
    old, new = unique("Pedro, le cuento"), unique("Pedro, mañana va el técnico")
    first.composer.fill(old)
    pass_on(first, colleague, "Preguntar antes")
    first.page.get_by_role("link", name=re.compile("^Pendientes")).first.click()
    expect(first.page).to_have_url(re.compile("/tasks"))
    assert old in kept(first.page)

    asking = second.page.get_by_role("region", name="De sus colegas")
    asking.get_by_role("button", name="Aceptar").click()
    expect(second.composer).to_have_value(old)
    wait_until(lambda: old not in kept(first.page), what="it has left the giver's device")
    second.composer.fill(new)
    pass_on(second, agent, "Preguntar antes")
    first.page.get_by_role("region", name="De sus colegas").get_by_role("button", name="Aceptar").click()
    expect(first.composer).to_have_value(new)
    expect(second.composer).to_have_value("")
    wait_until(lambda: stored(agent, conversation) == [new], what="it is hers")
    assert stored(colleague, conversation) == []


def test_two_drafts_that_meet_are_both_kept(
    tree: Tree, profiles: Profiles, agent: Staff, colleague: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("¿Llega hoy?"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    first = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(conversation)
    second = (
        Desk(profiles(), tree.url)
        .sign_in(colleague.email, colleague.password)
        .become("Ausente")
        .open(conversation)
    )
    given, begun = unique("Llega entre las dos"), unique("Consulté al correo")
    first.composer.fill(given)
    second.composer.fill(begun)
    wait_until(lambda: stored(colleague, conversation) == [begun], what="it is at the server")
    pass_on(first, colleague, "Preguntar antes")
    second.page.get_by_role("region", name="De sus colegas").get_by_role("button", name="Aceptar").click()
    expect(second.composer).to_have_value(re.compile(f"^{begun}\\s+———\\s+{given}$"))
    said = f"Lo que {agent.user['name']} estaba escribiendo quedó debajo de su borrador."
    expect(second.page.get_by_text(said)).to_be_visible()
    second.page.reload()
    expect(second.composer).to_have_value(re.compile(f"^{begun}\\s+———\\s+{given}$"))


def test_a_file_goes_along_and_is_sent_by_who_gets_it(
    tree: Tree, profiles: Profiles, agent: Staff, colleague: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("¿Me pasa el plano?"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    first = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(conversation)
    second = Desk(profiles(), tree.url).sign_in(colleague.email, colleague.password).become("Disponible")
    text = unique("Le adjunto el plano")
    first.composer.fill(text)
    first.page.locator("input[type=file]").first.set_input_files(
        {"name": "plano.txt", "mimeType": "text/plain", "buffer": b"Planta baja"}
    )
    expect(first.page.get_by_role("button", name="Quitar plano.txt")).to_be_visible()
    expect(first.page.get_by_text("Subiendo plano.txt")).to_have_count(0)
    pass_on(first, colleague, "Pasar ya")
    wait_until(lambda: text not in kept(first.page), what="it has left the giver's device")
    second.open(conversation)
    expect(second.composer).to_have_value(text)
    expect(second.page.get_by_role("button", name="Quitar plano.txt")).to_be_visible()
    second.page.get_by_role("button", name="Enviar", exact=True).click()
    expect(second.message(text).get_by_text("plano.txt")).to_be_visible()

    def arrived() -> bool:
        sent = [one for one in visitor.messages() if one["text"] == text]
        return [file["filename"] for one in sent for file in one["attachments"]] == ["plano.txt"]

    wait_until(arrived, what="the customer has the file")
    first.open(conversation)
    expect(first.message(text)).to_be_visible()
    expect(first.composer).to_have_value("")


def test_what_one_tab_or_device_sends_is_in_no_other_composer(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("¿Cuándo llega?"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    profile = profiles()
    first = Desk(profile, tree.url).sign_in(agent.email, agent.password).open(conversation)
    answer = unique("Llega el viernes")
    first.composer.fill(answer)
    wait_until(lambda: stored(agent, conversation) == [answer], what="it is at the server")
    tab = Desk(profile, tree.url).open(conversation)
    device = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(conversation)
    expect(tab.composer).to_have_value(answer)
    expect(device.composer).to_have_value(answer)
    first.composer.press("Enter")
    expect(tab.composer).to_have_value("")
    expect(device.composer).to_have_value("")
    expect(device.message(answer)).to_be_visible()

    # What was written on there stays.
    again, more = unique("Le aviso"), unique("y lo llamo")
    first.composer.fill(again)
    expect(tab.composer).to_have_value(again)
    tab.composer.fill(f"{again} {more}")
    first.composer.press("Enter")  # both tabs show the same draft: what is sent is what stands there now
    expect(tab.composer).to_have_value("")
    expect(first.message(f"{again} {more}")).to_be_visible()

    def sent_once() -> bool:
        sent = [one["text"] for one in visitor.messages()]
        return [sent.count(one) for one in (answer, f"{again} {more}", again)] == [1, 1, 0]

    wait_until(sent_once, what="each is sent once, as it stood")
