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
from tests.e2e.conftest import Profiles, unique
from tests.support.looking import accessible, look, no_sideways_scrolling
from tests.support.mail import PEOPLE, SHOP, MailProvider, mail, running_provider
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.until import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def provider() -> Iterator[MailProvider]:
    """One mail provider for all tests of a worker."""
    with running_provider() as running:
        yield running


@pytest.fixture
def mailbox(administrator: Staff, provider: MailProvider) -> Iterator[dict[str, Any]]:
    """A mailbox of this test's own, whose answers wait for a minute: a test presses when it is ready."""
    address = f"redactar.{uuid4().hex[:8]}@{SHOP}"
    account = administrator.post(
        "/accounts",
        kind="email",
        name="Correo de la tienda",
        brand_id=administrator.get("/brands")["items"][0]["id"],
        settings=provider.settings(address),
    )
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
    got = wait_until(lambda: mails_with(provider, address, text), what=f"a mail with {text!r}", within_s=30)
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
