"""Mail between a customer's own program and the desk, through Dovecot and Postfix as Debian ships them."""

import email
import email.policy
import time
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Profiles, connected, unique
from tests.support.mail import PEOPLE, SHOP, MailProvider, mail
from tests.support.screens import Desk, Shopper
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.until import wait_until

pytestmark = pytest.mark.slow

# What is promised is 2 s, printed and judged by eye; a test only knows that it is no poll of minutes.
APPEARS_WITHIN_S = 10.0


@pytest.fixture
def mailbox(administrator: Staff, provider: MailProvider) -> Iterator[dict[str, Any]]:
    """A mailbox of this test's own that the running system reads and answers from."""
    address = f"hola.{uuid4().hex[:8]}@{SHOP}"
    account = connected(administrator, provider, address)
    checked = administrator.post(f"/accounts/{account['id']}/check")["checks"]
    assert all(check["ok"] for check in checked), checked
    yield {**account, "address": address}
    administrator.patch(f"/accounts/{account['id']}", enabled=False)


@pytest.fixture
def desk(tree: Tree, profiles: Profiles, agent: Staff) -> Desk:
    return Desk(profiles(), tree.url).sign_in(agent.email, agent.password)


class Elsewhere:
    """A web server of somebody else, which must never hear of us unasked."""

    def __init__(self) -> None:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "image/gif")
                self.end_headers()
                self.wfile.write(
                    b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;"
                )

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.asked = asked
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    site = Elsewhere()
    yield site
    site.server.shutdown()
    site.server.server_close()


def customer() -> str:
    return f"pedro.{uuid4().hex[:8]}@{PEOPLE}"


def answer_of(provider: MailProvider, address: str, text: str) -> EmailMessage:
    """Wait for a mail with this text in somebody's mailbox."""

    def found() -> EmailMessage | None:
        for raw in provider.mails(address):
            read = email.message_from_bytes(raw, policy=email.policy.default)
            assert isinstance(read, EmailMessage)
            body = read.get_body(("plain",))
            if body is not None and text in body.get_content():
                return read
        return None

    got = wait_until(found, what=f"a mail with {text!r} at {address}")
    assert got is not None
    return got


@pytest.mark.alone  # its limit is of seconds
def test_a_mail_appears_at_once_and_its_answer_comes_back_threaded(
    provider: MailProvider, mailbox: dict[str, Any], desk: Desk
) -> None:
    sender = customer()
    warm = unique("Primero")
    provider.send(
        mail(warm, to=mailbox["address"], sender=f"Pedro <{sender}>"), mailbox["address"], sender=sender
    )
    desk.tab("En espera")
    expect(desk.row(warm)).to_be_visible()

    asked = unique("¿Cuándo llega mi pedido?")
    raw = mail(
        asked, to=mailbox["address"], sender=f"Pedro <{sender}>", headers={"Subject": unique("Otro asunto")}
    )
    sent_s = time.monotonic()
    provider.send(raw, mailbox["address"], sender=sender)
    desk.row(asked).wait_for()
    took_s = time.monotonic() - sent_s
    print(f"a mail sent by SMTP appears at the desk after {took_s:.2f} s")

    desk.row(asked).click()
    expect(desk.message(asked)).to_be_visible()
    answer = unique("Llega el viernes.")
    desk.page.get_by_role("button", name="Tomar").click()
    desk.composer.fill(answer)
    desk.composer.press("Control+Enter")
    expect(desk.message(answer)).to_contain_text("enviado")
    got = answer_of(provider, sender, answer)
    first = email.message_from_bytes(raw)
    assert got["In-Reply-To"] == first["Message-ID"]
    assert first["Message-ID"] in got["References"]
    assert got["From"].addresses[0].addr_spec == mailbox["address"]

    thanks = unique("Muchas gracias")
    reply = mail(
        thanks,
        to=str(got["Reply-To"] or got["From"]),
        sender=f"Pedro <{sender}>",
        headers={
            "Subject": f"Re: {got['Subject']}",
            "In-Reply-To": got["Message-ID"],
            "References": f"{got['References']} {got['Message-ID']}",
        },
    )
    to = (got["Reply-To"] or got["From"]).addresses[0].addr_spec
    provider.send(reply, to, sender=sender)
    expect(desk.message(thanks)).to_be_visible()
    assert took_s < APPEARS_WITHIN_S


HOSTILE = """<html><head><style>@import url('{there}/style.css'); body {{ background: url({there}/bg.gif) }}
</style><meta http-equiv="refresh" content="0;url={there}/refresh"></head>
<body onload="fetch('{there}/onload')">
<h1>Oferta <b>única</b></h1>
<script>parent.document.title = 'tomado'; fetch('{there}/script')</script>
<img src="{there}/pixel.gif" alt="foto de la oferta"><img src=x onerror="fetch('{there}/onerror')">
<iframe src="{there}/frame"></iframe><object data="{there}/object"></object>
<form action="{there}/form"><input name="clave"><button>Entrar</button></form>
<a href="javascript:fetch('{there}/href')">pulse aquí</a>
<svg><script>fetch('{there}/svg')</script></svg>
<link rel="stylesheet" href="{there}/link.css"><video src="{there}/video" autoplay></video>
</body></html>"""


def test_a_hostile_mail_is_shown_and_can_do_nothing(
    elsewhere: Elsewhere, provider: MailProvider, mailbox: dict[str, Any], desk: Desk
) -> None:
    sender = customer()
    subject = unique("Una oferta")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Ofertas <{sender}>", mailbox["address"], subject
    message["Message-ID"] = f"<{uuid4().hex}@{PEOPLE}>"
    text = unique("Vea la oferta")
    message.set_content(text)
    message.add_alternative(HOSTILE.format(there=elsewhere.url), subtype="html")
    provider.send(message.as_bytes(), mailbox["address"], sender=sender)
    desk.tab("En espera")
    desk.row(text).click()
    shown = desk.message(text)
    element, frame = shown.locator("iframe"), shown.frame_locator("iframe")
    with desk.page.expect_response(lambda answer: answer.request.resource_type == "document") as served:
        shown.get_by_role("button", name="Ver el correo original").click()
    expect(frame.get_by_role("heading", name="Oferta única")).to_be_visible()
    allowed = (element.get_attribute("sandbox") or "").split()
    assert not {"allow-scripts", "allow-same-origin", "allow-forms", "allow-top-navigation"} & set(allowed)
    policy = served.value.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    expect(frame.locator("script, iframe, object, form, input, video, [onload], [onerror]")).to_have_count(0)
    expect(desk.page).not_to_have_title("tomado")
    assert elsewhere.asked == []

    with desk.page.expect_request_finished(lambda asked: asked.url == f"{elsewhere.url}/pixel.gif"):
        shown.get_by_role("button", name="Mostrar imágenes remotas").click()
    assert "/pixel.gif" in elsewhere.asked
    assert not {"/script", "/onload", "/onerror", "/frame", "/refresh", "/svg"} & set(elsewhere.asked)


def test_a_new_mail_and_a_forward_reach_people_outside(
    provider: MailProvider, mailbox: dict[str, Any], desk: Desk
) -> None:
    known, other = customer(), customer()
    page = desk.page
    page.get_by_role("button", name="Mensaje nuevo").click()
    window = page.get_by_role("dialog", name="Mensaje nuevo")
    sources = window.get_by_role("combobox", name="Desde")
    expect(window.get_by_label("Para")).to_be_visible()
    if sources.count():
        sources.select_option(value=mailbox["id"])
    window.get_by_label("Para").fill(known)
    subject, first = unique("Su garantía"), unique("Le escribimos por su garantía.")
    window.get_by_label("Asunto").fill(subject)
    window.get_by_label("Mensaje").fill(first)
    window.get_by_role("button", name="Enviar").click()
    expect(desk.message(first)).to_contain_text("enviado")
    assert answer_of(provider, known, first)["Subject"] == subject

    desk.message(first).get_by_role("button", name="Más acciones").click()
    page.get_by_role("menuitem", name="Reenviar a un tercero").click()
    window = page.get_by_role("dialog", name="Reenviar a un tercero")
    window.get_by_label("Para").fill(other)
    asked = unique("¿Pueden revisarlo?")
    window.get_by_label("Explíquele qué necesita").fill(asked)
    window.get_by_role("button", name="Enviar").click()
    expect(page.get_by_text("Reenviado.")).to_be_visible()
    passed_on = answer_of(provider, other, asked)
    body = passed_on.get_body(("plain",))
    assert body is not None
    assert first in body.get_content()

    said = unique("Lo reviso mañana")
    back = mail(
        said,
        to=str(passed_on["Reply-To"] or passed_on["From"]),
        sender=f"Taller <{other}>",
        headers={"In-Reply-To": passed_on["Message-ID"], "References": passed_on["Message-ID"]},
    )
    to = (passed_on["Reply-To"] or passed_on["From"]).addresses[0].addr_spec
    provider.send(back, to, sender=other)
    expect(desk.log.get_by_text(said)).to_be_visible()


def test_a_mail_that_cannot_leave_is_shown_with_a_button_that_works(
    provider: MailProvider, mailbox: dict[str, Any], desk: Desk, administrator: Staff
) -> None:
    nobody = f"nobody.{uuid4().hex[:8]}@{PEOPLE}"
    refused = unique("No puede llegar")
    started = administrator.post(
        "/conversations",
        account_id=mailbox["id"],
        to=[nobody],
        subject="Hola",
        text=refused,
        client_id=str(uuid4()),
    )
    desk.open(started["conversation"]["id"])
    trouble = desk.message(refused)
    expect(trouble.get_by_text("No salió")).to_be_visible()
    desk.tab("Con fallas")
    expect(desk.row(refused)).to_be_visible()
    provider.welcome_everybody()
    trouble.get_by_role("button", name="Enviar de nuevo").click()
    expect(trouble).to_contain_text("enviado")
    assert answer_of(provider, nobody, refused)["Subject"] == "Hola"
    expect(desk.row(refused)).to_have_count(0)


def test_a_customer_gets_the_transcript_they_asked_for(
    tree: Tree,
    provider: MailProvider,
    mailbox: dict[str, Any],
    profiles: Profiles,
    agent: Staff,
) -> None:
    address = customer()
    shopper = Shopper(profiles(), tree.url).open()
    asked = unique("Quiero una copia")
    shopper.say(asked)
    menu = shopper.menu()
    menu.get_by_label("Correo electrónico").fill(address)
    menu.get_by_role("button", name="Enviar copia").click()
    expect(menu.get_by_text(f"Enviamos la copia a {address}.")).to_be_visible()
    assert answer_of(provider, address, asked)["Auto-Submitted"]
