"""What is written goes out when and as the agent means it: undone, planned, marked up, by keys alone."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect
from tests.e2e.conftest import Profiles, connected, unique
from tests.support.looking import accessible, look, no_sideways_scrolling
from tests.support.mail import PEOPLE, SHOP, MailProvider, mail
from tests.support.screens import Desk, Shopper
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.until import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def mailbox(administrator: Staff, provider: MailProvider) -> Iterator[dict[str, Any]]:
    """A mailbox of this test's own, whose answers wait for a minute: a test presses when it is ready."""
    address = f"redactar.{uuid4().hex[:8]}@{SHOP}"
    account = connected(administrator, provider, address)
    assert account["undo_s"] == 10
    administrator.patch(f"/accounts/{account['id']}", undo_s=60)
    yield {**account, "address": address}
    administrator.patch(f"/accounts/{account['id']}", enabled=False)


@pytest.fixture
def desk(tree: Tree, profiles: Profiles, agent: Staff) -> Desk:
    return Desk(profiles(), tree.url).sign_in(agent.email, agent.password)


@pytest.fixture
def sender() -> str:
    return f"pedro.{uuid4().hex[:8]}@{PEOPLE}"


@pytest.fixture
def asked(provider: MailProvider, mailbox: dict[str, Any], desk: Desk, sender: str) -> str:
    """A mail that is open at the desk."""
    text = unique("¿Cuándo llega mi pedido?")
    write(provider, mailbox, sender, text, unique("Pedido"))
    desk.tab("En espera")
    desk.row(text).click()
    expect(desk.message(text)).to_be_visible()
    return text


def write(
    provider: MailProvider, mailbox: dict[str, Any], sender: str, text: str, subject: str = "Otro"
) -> None:
    raw = mail(text, to=mailbox["address"], sender=f"Pedro <{sender}>", headers={"Subject": subject})
    provider.send(raw, mailbox["address"], sender=sender)


def mails_with(provider: MailProvider, address: str, text: str) -> list[EmailMessage]:
    found = []
    for raw in provider.mails(address):
        read = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(read, EmailMessage)
        body = read.get_body(("plain",))
        if body is not None and text in body.get_content():
            found.append(read)
    return found


def arrived(provider: MailProvider, address: str, text: str) -> EmailMessage:
    got = wait_until(lambda: mails_with(provider, address, text), what=f"a mail with {text!r}")
    assert got is not None
    (one,) = got
    return one


def leaving(desk: Desk) -> Locator:
    return desk.page.get_by_role("list", name="Por salir")


def test_a_mail_is_undone_within_its_seconds_and_written_on(
    provider: MailProvider, desk: Desk, asked: str, sender: str
) -> None:
    wrong = unique("Llega el jueves.")
    desk.composer.fill(wrong)
    desk.composer.press("Control+Enter")
    row = leaving(desk).get_by_role("listitem").filter(has_text=wrong)
    expect(row).to_contain_text("Sale en")
    expect(desk.composer).to_have_value("")
    accessible(desk.page, "a mail that can be undone")
    look(desk.page, "composing-undo")
    desk.composer.press("Control+z")
    expect(desk.composer).to_have_value(wrong)
    expect(desk.composer).to_be_focused()
    expect(row).to_have_count(0)
    right = unique("Llega el viernes.")
    desk.composer.fill(right)
    desk.composer.press("Control+Enter")
    row = leaving(desk).get_by_role("listitem").filter(has_text=right)
    row.get_by_role("button", name="Enviar ahora").click()
    expect(desk.message(right)).to_contain_text("enviado")
    arrived(provider, sender, right)
    assert mails_with(provider, sender, wrong) == []


def test_planned_it_waits_is_held_back_when_they_write_and_goes_when_the_agent_says_so(
    provider: MailProvider, mailbox: dict[str, Any], desk: Desk, asked: str, sender: str
) -> None:
    text = unique("Mañana sale su repuesto.")
    desk.composer.fill(text)
    desk.page.get_by_role("button", name="Programar envío").click()
    window = desk.page.get_by_role("dialog", name="¿Cuándo se envía?")
    accessible(desk.page, "the choice of a moment")
    look(desk.page, "composing-plan")
    window.get_by_role("button", name=re.compile("^Mañana a la mañana")).click()
    row = leaving(desk).get_by_role("listitem").filter(has_text=text)
    expect(row).to_contain_text("Programado para el")
    expect(desk.message(text)).to_have_count(0)
    desk.page.reload()  # it is the server's: another device, another day
    expect(row).to_contain_text("Programado para el")
    again = unique("Ya llegó, gracias.")
    write(provider, mailbox, sender, again, f"Re: {asked}")
    row.get_by_role("button", name="Cambiar").click()
    window.get_by_role("button", name="Cerrar").click()
    desk.page.set_viewport_size({"width": 390, "height": 844})
    no_sideways_scrolling(desk.page, "a planned mail on a phone")
    look(desk.page, "composing-plan-phone")
    desk.page.set_viewport_size({"width": 1440, "height": 900})
    row.get_by_role("button", name=re.compile("^Enviar")).click()
    expect(desk.message(text)).to_contain_text("enviado")
    arrived(provider, sender, text)


def test_what_was_planned_comes_back_into_the_composer(desk: Desk, asked: str) -> None:
    text = unique("El lunes le escribo.")
    desk.composer.fill(text)
    desk.page.get_by_role("button", name="Programar envío").click()
    desk.page.get_by_role("button", name=re.compile("^El lunes|^Mañana")).first.click()
    row = leaving(desk).get_by_role("listitem").filter(has_text=text)
    row.get_by_role("button", name="Retirar").click()
    expect(desk.composer).to_have_value(text)
    expect(row).to_have_count(0)


def html_of(read: EmailMessage) -> str:
    body = read.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def test_marks_become_html_and_plain_words_in_a_mail(
    provider: MailProvider, desk: Desk, asked: str, sender: str
) -> None:
    del asked
    number = unique("Pedido")
    desk.composer.fill(f"{number} viernes <b>no</b>")
    desk.composer.evaluate(
        "field => field.setSelectionRange(field.value.indexOf('viernes'), field.value.indexOf('viernes') + 7)"
    )
    desk.composer.press("Control+b")
    expect(desk.composer).to_have_value(f"{number} **viernes** <b>no</b>")
    desk.page.get_by_role("button", name="Formato", exact=True).click()
    tools = desk.page.get_by_role("toolbar", name="Formato")
    desk.composer.press("Control+End")
    desk.composer.press("Enter")
    desk.composer.press("Enter")
    desk.composer.press_sequentially("una cosa")
    tools.get_by_role("button", name="Lista", exact=True).click()
    expect(desk.composer).to_have_value(f"{number} **viernes** <b>no</b>\n\n- una cosa")
    tools.get_by_role("button", name="Ver cómo sale").click()
    preview = desk.page.get_by_role("region", name="Así sale por Correo")
    expect(preview.locator("strong")).to_have_text("viernes")
    expect(preview.locator("li")).to_have_text("una cosa")
    look(desk.page, "composing-marks")
    desk.page.set_viewport_size({"width": 390, "height": 844})
    look(desk.page, "composing-marks-phone")
    desk.page.set_viewport_size({"width": 1440, "height": 900})
    desk.composer.press("Control+Enter")
    leaving(desk).get_by_role("button", name="Enviar ahora").click()
    said = desk.message(number)
    expect(said).to_contain_text("enviado")
    expect(said.locator("strong")).to_have_text("viernes")
    got = arrived(provider, sender, f"{number} viernes <b>no</b>")
    html = html_of(got)
    assert "<strong>viernes</strong> &lt;b&gt;no&lt;/b&gt;" in html
    assert "<li>una cosa</li>" in html


def test_marks_show_in_the_chat_and_what_is_hostile_stays_words(
    tree: Tree, profiles: Profiles, agent: Staff
) -> None:
    shopper = Shopper(profiles(), tree.url).open()
    asked = unique("Hola, ¿hay burletes?")
    shopper.write(asked)
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password)
    desk.tab("En espera")
    desk.row(asked).click()
    number = unique("Sí")
    desk.composer.fill(f"{number}: **hay** <img src=x onerror=alert(1)> [aquí](https://tienda.example/b)")
    desk.composer.press("Enter")
    said = shopper.message(number)
    expect(said.locator("strong")).to_have_text("hay")
    expect(said.get_by_role("link", name="aquí")).to_have_attribute("href", "https://tienda.example/b")
    expect(said).to_contain_text("<img src=x onerror=alert(1)>")
    expect(said.locator("img")).to_have_count(0)
    look(shopper.page, "composing-marks-chat")


def test_a_colleague_is_called_in_a_note_by_keys_alone(
    tree: Tree, profiles: Profiles, agent: Staff, administrator: Staff
) -> None:
    shopper = Shopper(profiles(), tree.url).open()
    asked = unique("Hola, ¿quién lo sabe?")
    shopper.write(asked)
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password)
    desk.tab("En espera")
    desk.row(asked).click()
    expect(desk.message(asked)).to_be_visible()
    desk.page.keyboard.press("n")
    note = desk.page.get_by_role("textbox", name="Nota interna")
    expect(note).to_be_focused()
    name = administrator.user["name"]
    number = unique("mire esto")
    note.press_sequentially(f"@{name[:3].lower()}")
    people = desk.page.get_by_role("listbox", name="Colegas para mencionar")
    expect(people.get_by_role("option").first).to_have_text(name)
    look(desk.page, "composing-mention")
    note.press("Enter")
    note.press_sequentially(number)
    expect(note).to_have_value(f"@{name} {number}")
    with desk.page.expect_response(re.compile("/messages$")) as kept:
        note.press("Control+Enter")
    expect(desk.message(number)).to_be_visible()
    assert kept.value.json()["payload"]["mentions"] == [administrator.agent_id]
