"""An administrator takes a copy of a contact's data, asks to erase them, thinks better, and does it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.support.looking import look
from tests.support.screens import Desk, Shopper
from tests.support.staff import PASSWORD, Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow


def the_data(desk: Desk) -> Page:
    desk.page.get_by_role("button", name="Datos personales").click()
    return desk.page


def somebody(tree: Tree, profiles: Profiles, administrator: Staff) -> tuple[dict[str, Any], str]:
    """Return a conversation with somebody who wants to be erased, and their name."""
    shop = Shopper(profiles(), tree.url)
    shop.open()
    said = unique("Quiero que borren todo lo mío")
    shop.say(said)
    (found,) = (
        one for one in administrator.get("/inbox", tab="all")["items"] if said in (one["preview"] or "")
    )
    name = unique("Nadia Pereyra")
    administrator.patch(f"/contacts/{found['contact_id']}", name=name)
    return found, name


def audit_says_it(desk: Desk) -> None:
    desk.goto("/admin/audit")
    table = desk.page.get_by_role("table")
    for words in (
        "Pidió borrar los datos del contacto",
        "Canceló el borrado de datos",
        "Descargó los datos del contacto",
    ):
        expect(table.get_by_role("cell", name=words, exact=True).first).to_be_visible()


def nobody_else_has_it(colleague: Desk) -> None:
    colleague.goto("/admin/privacy")
    expect(colleague.page.get_by_role("navigation", name="Administración")).to_be_visible()
    expect(colleague.page.get_by_role("heading", name="Pedidos de borrado")).to_have_count(0)


def test_a_contact_is_kept_with_a_reason_and_then_erased(
    tree: Tree, profiles: Profiles, agent: Staff, administrator: Staff
) -> None:
    conversation, name = somebody(tree, profiles, administrator)
    desk = Desk(profiles(allow="404"), tree.url).sign_in(ADMINISTRATOR).open(conversation["id"])
    page = the_data(desk)
    window = page.get_by_role("dialog", name=f"Datos personales de {name}")
    look(page, "contact-data")
    with page.expect_download() as copy:
        window.get_by_role("link", name="Descargar la copia").click()
    assert copy.value.suggested_filename == "data.zip"

    # it has to be typed, then there is a week to think better of it
    window.get_by_role("button", name="Borrar sus datos…").click()
    form = page.get_by_role("dialog", name=f"Datos personales de {name}")
    form.get_by_label("Por qué").fill("Lo pidió por carta")
    form.get_by_role("button", name="Pedir el borrado").click()
    expect(form.get_by_label("Escriba BORRAR para confirmar")).to_have_attribute("aria-invalid", "true")
    form.get_by_label("Escriba BORRAR para confirmar").fill("BORRAR")
    look(page, "contact-data-erase")
    form.get_by_role("button", name="Pedir el borrado").click()
    expect(window.get_by_role("status")).to_contain_text(re.compile("Se borra el .*Lo pidió por carta"))
    page.keyboard.press("Escape")

    desk.goto("/admin/privacy")
    row = page.get_by_role("list", name="Pedidos de borrado").get_by_role("listitem").filter(has_text=name)
    expect(row).to_contain_text("en espera")
    look(page, "erasures")
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, "erasures-390")
    page.set_viewport_size({"width": 1440, "height": 900})
    row.get_by_role("button", name="No borrar…").click()
    keep = page.get_by_role("dialog", name="No borrar sus datos")
    keep.get_by_label("Por qué no se borran").fill("Hay un reclamo abierto")
    look(page, "erasure-keep")
    keep.get_by_role("button", name="Conservar sus datos").click()
    expect(row).to_contain_text("No se borró")
    expect(row).to_contain_text("Hay un reclamo abierto")

    audit_says_it(desk)
    nobody_else_has_it(Desk(profiles(color_scheme="dark"), tree.url).sign_in(agent.email, PASSWORD))


def test_a_contact_is_erased_at_once(
    tree: Tree, profiles: Profiles, agent: Staff, administrator: Staff
) -> None:
    conversation, name = somebody(tree, profiles, administrator)
    desk = Desk(profiles(allow="404", color_scheme="dark"), tree.url).sign_in(ADMINISTRATOR)
    page = desk.open(conversation["id"]).page
    the_data(desk)
    form = page.get_by_role("dialog", name=f"Datos personales de {name}")
    look(page, "contact-data-dark")
    form.get_by_role("button", name="Borrar sus datos…").click()
    form.get_by_label("Cuándo").select_option("now")
    form.get_by_label("Escriba BORRAR para confirmar").fill("BORRAR")
    form.get_by_role("button", name="Borrar ahora").click()
    expect(form.get_by_label("Escriba BORRAR para confirmar")).to_have_count(0)
    desk.goto("/admin/privacy")
    rows = page.get_by_role("list", name="Pedidos de borrado")
    expect(rows.get_by_role("listitem").first).to_contain_text("Contacto borrado")
    expect(rows.get_by_role("listitem").first).to_contain_text(re.compile(r"Borrado el .* datos borrados"))
    expect(rows).not_to_contain_text(name)
    look(page, "erasures-dark")
