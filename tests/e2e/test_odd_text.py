"""Names and texts that try to turn the screen around: shown in their place, and nothing beside them moves."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import formataddr
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect
from tests.e2e.conftest import Profiles, unique
from tests.support.mail import PEOPLE, SHOP, answers, free_ports
from tests.support.pictures import picture
from tests.support.screens import Desk, Shopper
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.until import wait_until

pytestmark = pytest.mark.slow

OVERRIDES = "\u202a\u202b\u202c\u202d\u202e"


@pytest.fixture
def port(administrator: Staff) -> Iterator[int]:
    """Where the shop takes mail itself."""
    (free,) = free_ports(1)
    account = administrator.post(
        "/accounts",
        kind="email",
        name="Correo directo",
        brand_id=administrator.get("/brands")["items"][0]["id"],
        settings={"address": f"hola@{SHOP}", "listener_host": "127.0.0.1", "listener_port": free},
    )
    wait_until(lambda: answers(free), what="mail is taken", within_s=40)
    yield free
    administrator.patch(f"/accounts/{account['id']}", enabled=False)


@pytest.fixture
def desk(tree: Tree, profiles: Profiles, agent: Staff) -> Desk:
    return Desk(profiles(), tree.url).sign_in(agent.email, agent.password)


def send(port: int, name: str, subject: str, text: str, filename: str) -> None:
    message = EmailMessage()
    address = f"p.{uuid4().hex[:8]}@{PEOPLE}"
    message["From"] = formataddr((name, address))
    message["To"], message["Subject"] = f"hola@{SHOP}", subject
    message["Message-ID"] = f"<{uuid4().hex}@{PEOPLE}>"
    message.set_content(text)
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=filename)
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as server:
        server.sendmail(address, [f"hola@{SHOP}"], message.as_bytes())


def parts_of(row: Locator) -> list[str]:
    """Return the row's own parts from left to right, line by line; not what holds foreign text."""
    found: list[str] = row.evaluate(
        "row => [...row.querySelectorAll('time, .tags > *')]"
        ".map(e => ({kind: e.tagName + '.' + e.className, at: e.getBoundingClientRect()}))"
        ".sort((a, b) => Math.round(a.at.top - b.at.top) || a.at.left - b.at.left).map(e => e.kind)"
    )
    return found


def test_a_name_a_subject_and_a_file_in_reverse_move_nothing_at_the_desk(
    port: int, desk: Desk, tmp_path: Path
) -> None:
    plain, turned, hebrew = (unique(text) for text in ("Texto llano", "Texto vuelto", "טקסט"))
    send(port, "Ana Ruiz", "Mi pedido", plain, "factura.pdf")
    send(
        port,
        "Ana \u202eziuR\u2067 ",
        "Mi \u202eodidep\u202c 3322",
        f"Antes \u202e{turned}\u202c después \x07\x1b[31m",
        "factura\u202efdp.exe",
    )
    send(port, "שרה כהן", "ההזמנה שלי", hebrew, "חשבונית.pdf")
    desk.tab("En espera")
    rows = {text: desk.row(text) for text in (plain, turned, hebrew)}
    for row in rows.values():
        expect(row).to_be_visible()
    assert parts_of(rows[turned]) == parts_of(rows[hebrew]) == parts_of(rows[plain])
    picture(desk.page, "odd-text-list", tmp_path)

    rows[turned].click()
    message = desk.message(turned)
    expect(message).to_contain_text("Antes")
    expect(message.get_by_text("facturafdp.exe")).to_be_visible()
    shown = desk.page.locator("body").inner_text()
    assert not set(shown) & set(OVERRIDES), "nothing on the screen runs against its order"
    assert "\x07" not in shown
    assert "\x1b" not in shown
    assert not set(desk.page.title()) & set(OVERRIDES)
    picture(desk.page, "odd-text-thread", tmp_path)

    rows[hebrew].click()
    expect(desk.message(hebrew)).to_be_visible()
    picture(desk.page, "odd-text-hebrew", tmp_path)


def test_a_chat_in_reverse_is_shown_in_order_on_both_sides(
    tree: Tree, profiles: Profiles, desk: Desk
) -> None:
    shopper = Shopper(profiles(), tree.url).open()
    words = unique("en orden")
    shopper.field.fill(f"Antes \u202e{words}\u202c \x07después")
    shopper.field.press("Enter")
    expect(shopper.message(words)).to_contain_text("Antes")
    desk.tab("En espera")
    desk.row(words).click()
    expect(desk.message(words)).to_contain_text(f"Antes {words} después")
    assert not set(desk.page.locator("body").inner_text()) & set(OVERRIDES)
    expect(shopper.message(words)).to_contain_text(f"Antes {words} después")
