"""An answer of which nobody knows whether it arrived: shown at the desk, and a person decides."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect
from tests.e2e.conftest import Profiles, unique
from tests.support.installation import SmtpSink
from tests.support.mail import PEOPLE, SHOP
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow

NOBODY_KNOWS = "No sabemos si llegó. No se envía de nuevo por su cuenta."


@pytest.fixture
def provider() -> Iterator[SmtpSink]:
    """A mail server that takes a mail and hangs up before it says so, until it is well again."""
    with SmtpSink(hangs_up=True) as running:
        yield running


@pytest.fixture
def mailbox(administrator: Staff, provider: SmtpSink) -> Iterator[str]:
    account = administrator.post(
        "/accounts",
        kind="email",
        name="Correo que se corta",
        brand_id=administrator.get("/brands")["items"][0]["id"],
        settings={
            "address": f"hola.{uuid4().hex[:8]}@{SHOP}",
            "smtp_host": "127.0.0.1",
            "smtp_port": provider.port,
            "smtp_security": "none",
        },
    )
    yield account["id"]
    administrator.patch(f"/accounts/{account['id']}", enabled=False)


@pytest.fixture
def desk(tree: Tree, profiles: Profiles, agent: Staff) -> Desk:
    return Desk(profiles(), tree.url).sign_in(agent.email, agent.password)


def written(administrator: Staff, desk: Desk, mailbox: str, text: str) -> Locator:
    """Send a mail from the desk's side and open its thread; return the message."""
    started: dict[str, Any] = administrator.post(
        "/conversations",
        account_id=mailbox,
        to=[f"pedro.{uuid4().hex[:8]}@{PEOPLE}"],
        subject="Su pedido",
        text=text,
        client_id=str(uuid4()),
    )
    desk.open(started["conversation"]["id"])
    return desk.message(text)


def test_it_is_shown_never_sent_again_by_itself_and_each_button_does_what_it_says(
    administrator: Staff, provider: SmtpSink, mailbox: str, desk: Desk
) -> None:
    said = {button: unique("Su pedido sale hoy") for button in ("Sí llegó", "No llegó", "Enviar de nuevo")}
    becomes = {"Sí llegó": "enviado", "No llegó": "cancelado", "Enviar de nuevo": "enviado"}
    for button, text in said.items():
        message = written(administrator, desk, mailbox, text)
        expect(message).to_contain_text(NOBODY_KNOWS)
        desk.tab("Con fallas")
        expect(desk.row(text)).to_be_visible()
        provider.hangs_up = button != "Enviar de nuevo"
        message.get_by_role("button", name=button).click()
        expect(message).to_contain_text(becomes[button])
        expect(message).not_to_contain_text(NOBODY_KNOWS)
        expect(message.get_by_role("button", name=button)).to_have_count(0)
        expect(desk.row(text)).to_have_count(0)
    sent = {button: provider.taken[text] for button, text in said.items()}
    assert sent == {"Sí llegó": 1, "No llegó": 1, "Enviar de nuevo": 2}


def test_the_choice_is_reached_by_the_keyboard_and_seen_at_every_desk(
    administrator: Staff, provider: SmtpSink, mailbox: str, desk: Desk, tree: Tree, profiles: Profiles
) -> None:
    text = unique("Sale mañana")
    message = written(administrator, desk, mailbox, text)
    other = Desk(profiles(), tree.url).sign_in("sofia@demo.invalid")
    other.goto(desk.page.url.removeprefix(tree.url))
    expect(other.message(text)).to_contain_text(NOBODY_KNOWS)
    arrived = message.get_by_role("button", name="Sí llegó")
    arrived.focus()
    arrived.press("Enter")
    expect(message).to_contain_text("enviado")
    expect(other.message(text)).to_contain_text("enviado")
    expect(other.message(text).get_by_role("button", name="No llegó")).to_have_count(0)


def test_what_failed_may_also_be_left_unsent(
    administrator: Staff, provider: SmtpSink, mailbox: str, desk: Desk
) -> None:
    provider.refuses = True
    text = unique("No puede salir")
    message = written(administrator, desk, mailbox, text)
    expect(message).to_contain_text("No salió")
    expect(message).to_contain_text("no such mailbox")
    desk.tab("Con fallas")
    expect(desk.row(text)).to_be_visible()
    message.get_by_role("button", name="Dejar sin enviar").click()
    expect(message).to_contain_text("cancelado")
    expect(desk.row(text)).to_have_count(0)
    assert provider.taken[text] == 0
