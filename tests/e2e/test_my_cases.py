"""A customer without a script: in by the code of a mail, then answers, closes, opens again, takes all."""

import email
import email.policy
import json
import re
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Profiles, connected, unique
from tests.support.looking import accessible
from tests.support.mail import PEOPLE, SHOP, MailProvider, mail
from tests.support.pictures import look
from tests.support.screens import Shopper
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.until import wait_until

pytestmark = pytest.mark.slow

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
MOST_BYTES = 100_000
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def mailbox(administrator: Staff, provider: MailProvider) -> Iterator[str]:
    """A mailbox of this test's own, which the system also writes its own mail from."""
    address = f"casos.{uuid4().hex[:8]}@{SHOP}"
    account = connected(administrator, provider, address)
    before = administrator.get("/organisation")["system_account_id"]
    administrator.patch("/organisation", system_account_id=account["id"])
    yield address
    administrator.patch("/organisation", system_account_id=before)
    administrator.patch(f"/accounts/{account['id']}", enabled=False)


def looked_at(page: Page, place: str) -> None:
    """Hold a page to what it promises: for everybody, as wide as the screen, and light."""
    page.wait_for_load_state()  # a form leads to a page whose styles may still be on their way
    look(page, f"my-cases-{place}-{page.viewport_size and page.viewport_size['width']}")
    accessible(page, place)
    size = page.viewport_size
    assert size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], place
    assert len(page.content().encode()) < MOST_BYTES, place


def read(provider: MailProvider, address: str, subject: str) -> str:
    """Wait for a mail with this in its subject; return its text."""

    def found() -> str | None:
        for raw in provider.mails(address):
            got = email.message_from_bytes(raw, policy=email.policy.default)
            assert isinstance(got, EmailMessage)
            body = got.get_body(("plain",))
            if body is not None and subject in str(got["subject"]):
                return str(body.get_content())
        return None

    text = wait_until(found, what=f"a mail about {subject!r} at {address}", within_s=40)
    assert text is not None
    return text


def writes(provider: MailProvider, administrator: Staff, mailbox: str, sender: str, matter: str) -> None:
    """Let a customer mail us about something, and wait until it is there."""
    raw = mail("Hola, soy yo", to=mailbox, sender=sender, headers={"Subject": matter})
    address = sender.rpartition("<")[2].rstrip(">")
    provider.send(raw, mailbox, sender=address)
    wait_until(lambda: administrator.get("/contacts", q=address)["items"], what="the contact", within_s=40)


def test_in_by_the_code_then_answer_close_reopen_and_take_all(
    tree: Tree, profiles: Profiles, provider: MailProvider, mailbox: str, administrator: Staff, tmp_path: Path
) -> None:
    customer = f"pedro.{uuid4().hex[:8]}@{PEOPLE}"
    matter = unique("La heladera no enfría")
    writes(provider, administrator, mailbox, f"Pedro <{customer}>", matter)
    page = profiles(java_script_enabled=False, viewport=NARROW, allow="422").new_page()

    page.goto(f"{tree.url}/help/es")
    page.get_by_role("link", name="Mis casos").click()
    page.get_by_label("Correo electrónico").fill(customer)
    page.get_by_role("button", name="Enviar código").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Revise su correo")
    said = re.search(r"(\d{3}) (\d{3})", read(provider, customer, "Su código"))
    assert said is not None
    page.get_by_label("Código").fill("000000" if said[0] != "000 000" else "000001")
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_role("alert")).to_contain_text("no es el código")
    page.get_by_label("Código").fill(said[0])
    page.get_by_role("button", name="Entrar").click()

    page.get_by_role("link", name=matter).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(matter)
    picture = tmp_path / "foto.png"
    picture.write_bytes(PNG)
    page.get_by_label("Su respuesta").fill("Aquí va la foto de la placa")
    page.get_by_label("Agregar archivos").set_input_files(picture)
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_role("status")).to_contain_text("está guardado en este caso")
    expect(page.get_by_role("link", name="foto.png")).to_be_visible()
    page.get_by_label("Su respuesta").fill("Y otra cosa, sin archivo")
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_text("Y otra cosa, sin archivo")).to_be_visible()

    page.get_by_role("button", name="Sí, quedó resuelto").click()
    expect(page.get_by_role("status")).to_contain_text("Gracias por confirmarlo")
    page.get_by_label("Qué falta").fill("Volvió a fallar anoche")
    page.get_by_role("button", name="Abrir de nuevo").click()
    expect(page.get_by_role("status")).to_contain_text("abierto de nuevo")
    expect(page.get_by_text("Volvió a fallar anoche")).to_be_visible()

    page.get_by_role("link", name="Volver a mis casos").click()
    page.get_by_role("link", name="Sus datos").click()
    with page.expect_download() as taking:
        page.get_by_role("button", name="Descargar mis datos").click()
    with zipfile.ZipFile(taking.value.path()) as pack:
        assert pack.testzip() is None
        texts = [json.loads(line)["text"] for line in pack.read("messages.jsonl").splitlines()]
    assert any("Aquí va la foto" in one for one in texts)
    thinks_better_of_it(page)
    page.get_by_role("link", name="Volver a mis casos").click()
    page.get_by_role("button", name="Salir", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Salió de sus casos")


def thinks_better_of_it(page: Page) -> None:
    """Ask to be erased, and take it back."""
    page.get_by_label("Entiendo").check()
    page.get_by_role("button", name="Pedir que borren").click()
    expect(page.get_by_role("status")).to_contain_text("Sus datos se borran el")
    page.get_by_role("button", name="No borrar mis datos").click()
    expect(page.get_by_role("status")).to_contain_text("siguen como estaban")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_pages_are_for_everybody(
    tree: Tree,
    profiles: Profiles,
    provider: MailProvider,
    mailbox: str,
    administrator: Staff,
    scheme: str,
    size: Any,
) -> None:
    customer = f"lucia.{uuid4().hex[:8]}@{PEOPLE}"
    matter = unique("Reclamo")
    writes(provider, administrator, mailbox, f"Lucía <{customer}>", matter)
    page = profiles(color_scheme=scheme, viewport=size, allow="410|422").new_page()
    page.goto(f"{tree.url}/help/es/cases")
    looked_at(page, "enter")
    page.get_by_label("Correo electrónico").fill(customer)
    page.get_by_role("button", name="Enviar código").click()
    looked_at(page, "code")
    text = read(provider, customer, "Su código")
    link = re.search(r"/help/es/cases/link/\S+", text)
    assert link is not None
    elsewhere = profiles(color_scheme=scheme, viewport=size, allow="410|422").new_page()
    elsewhere.goto(tree.url + link[0])
    looked_at(elsewhere, "link elsewhere")
    expect(elsewhere.get_by_text("l•••@")).to_be_visible()
    page.goto(tree.url + link[0])
    looked_at(page, "link")
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_role("link", name=matter)).to_be_visible()
    looked_at(page, "list")
    elsewhere.reload()
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Este enlace ya no sirve")
    looked_at(elsewhere, "link used")
    page.get_by_role("link", name=matter).click()
    looked_at(page, "case")
    page.get_by_role("button", name="Sí, quedó resuelto").click()
    looked_at(page, "solved")
    for place in ("preference", "data"):
        page.goto(f"{tree.url}/help/es/cases/{place}")
        looked_at(page, place)
    page.goto(f"{tree.url}/help/en/cases")
    expect(page.get_by_role("heading", level=1)).to_have_text("My cases")


def test_whom_the_shop_knows_comes_from_the_chat(tree: Tree, profiles: Profiles) -> None:
    chat = Shopper(profiles(), tree.url, page="/demo?signed_in=true").open()
    page = chat.page
    page.get_by_role("button", name="Más opciones").click()
    with page.context.expect_page() as opening:
        page.get_by_role("button", name="Ver mis casos").click()
    cases = opening.value
    cases.get_by_role("button", name="Entrar").click()
    expect(cases.get_by_role("heading", level=1)).to_have_text("Mis casos")
    expect(cases.get_by_text("Entró como")).to_be_visible()
    assert cases.evaluate("window.opener") is None
