"""An order from another system stands beside the chat and is acted on; fields of the shop are filled in."""

import re
import socket

import pytest
from playwright.sync_api import Locator, ViewportSize, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.support.looking import look
from tests.support.order_cards import order_cards
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow

PHONE: ViewportSize = {"width": 390, "height": 844}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def panel(desk: Desk, name: str) -> Locator:
    """Return one section of the context, in whichever language the desk is."""
    side = desk.page.get_by_role("complementary", name=re.compile("^(Persona y caso|Pessoa e caso)$"))
    return side.locator("section").filter(has=desk.page.get_by_role("heading", name=name, exact=True))


def registered(desk: Desk, key: str, url: str) -> str:
    """Register a source by its form, by keyboard; return the secret that is shown once."""
    desk.goto("/admin/cards")
    desk.page.get_by_role("button", name="Agregar fuente").press("Enter")
    form = desk.page.get_by_role("dialog", name="Agregar fuente")
    for label, said in (("Clave", key), ("Nombre en Español", "Tienda"), ("Dirección", url)):
        field = form.get_by_label(label, exact=True)
        field.focus()
        desk.page.keyboard.type(said)
    form.get_by_label("Correos").press("Space")
    form.get_by_label("Datos que dio").press("Space")
    form.get_by_label("Qué datos").focus()
    desk.page.keyboard.type("número de pedido")
    look(desk.page, "cards-source-form")
    form.get_by_role("button", name="Guardar").press("Enter")
    shown = desk.page.get_by_role("dialog", name="Secreto de la fuente")
    secret = shown.get_by_label("Tienda").input_value()
    shown.get_by_role("button", name="Cerrar").press("Enter")
    expect(desk.page.get_by_role("list", name="Tarjetas").get_by_text(key, exact=True)).to_be_visible()
    look(desk.page, "cards-sources")
    return secret


def test_an_order_is_seen_acted_on_and_missed(
    tree: Tree, profiles: Profiles, agent: Staff, administrator: Staff
) -> None:
    port, key = free_port(), "tienda"
    admin = Desk(profiles(), tree.url).sign_in(ADMINISTRATOR)
    secret = registered(admin, key, f"http://127.0.0.1:{port}/")
    with Visitor(tree.url) as visitor, order_cards(secret, port):
        visitor.says(unique("¿Hasta cuándo tengo garantía?"))
        desk = Desk(profiles(color_scheme="dark"), tree.url).sign_in(agent.email, agent.password)
        desk.open(visitor.conversation_id)
        expect(desk.side.get_by_role("heading", name="Asunto")).to_be_visible()
        expect(panel(desk, "Tienda")).to_have_count(0)  # nothing to ask by yet
        contact = agent.get(f"/conversations/{visitor.conversation_id}")["contact"]["id"]
        agent.post(f"/contacts/{contact}/facts", name="Número de pedido", value="88120")
        card = panel(desk, "Tienda")
        expect(card.get_by_text("Pedido 88120")).to_be_visible()
        expect(card.get_by_text("14 ago 2027")).to_be_visible()
        look(desk.page, "cards-order-dark")
        card.get_by_role("button", name="Extender la garantía un año").press("Enter")
        sure = desk.page.get_by_role("dialog", name="Extender la garantía un año")
        expect(sure.get_by_role("button", name="Cancelar")).to_be_focused()
        look(desk.page, "cards-confirm-dark")
        sure.get_by_role("button", name="Hacerlo").press("Enter")
        expect(desk.page.get_by_text("Garantía extendida.")).to_be_visible()
        expect(card.get_by_text("14 ago 2028")).to_be_visible()
    card.get_by_role("button", name="Actualizar Tienda").press("Enter")
    expect(card.get_by_text("No se puede llegar.")).to_be_visible()
    expect(card.get_by_text("Pedido 88120")).to_be_visible()  # what was known, with when that was
    look(desk.page, "cards-gone-dark")
    agent.patch("/me", language="pt")
    desk.page.emulate_media(color_scheme="light")
    desk.page.reload()
    card = panel(desk, "Tienda")
    expect(card.get_by_text("Não foi possível chegar até ela.")).to_be_visible()
    with order_cards(secret, port):
        card.get_by_role("button", name="Tentar de novo").press("Enter")
        expect(card.get_by_text("Garantia até")).to_be_visible()
        desk.page.set_viewport_size(PHONE)
        look(desk.page, "cards-pt-thread-390")
    administrator.delete(f"/card-sources/{key}")


def test_a_field_is_defined_filled_found_and_asked_for(
    tree: Tree, profiles: Profiles, agent: Staff, administrator: Staff
) -> None:
    admin = Desk(profiles(), tree.url).sign_in(ADMINISTRATOR).goto("/admin/fields")
    choices = "gold = Oro | Gold | Ouro\nplain = Común"
    defined(admin, "plan", "De la persona", "Lista", "Plan", choices=choices, ticked="Se encuentra")
    defined(admin, "serie", "Del caso", "Texto", "Número de serie", ticked="Hace falta")
    look(admin.page, "fields-admin")
    try:
        with Visitor(tree.url) as visitor:
            visitor.says(unique("La heladera no enfría"))
            matter = agent.get(f"/conversations/{visitor.conversation_id}")["case"]
            desk = Desk(profiles(allow="422"), tree.url).sign_in(agent.email, agent.password)
            desk.open(visitor.conversation_id)
            plan = panel(desk, "Ficha de la persona").get_by_label("Plan")
            plan.focus()
            plan.select_option("Oro")
            serial = panel(desk, "Ficha del caso").get_by_label("Número de serie")
            expect(panel(desk, "Ficha del caso").get_by_text("falta para resolver")).to_be_visible()
            look(desk.page, "fields-light")
            found_by_the_search(desk, matter["contact_id"])
            # Resolved without it, it is asked for; filled in where it is asked for, it is done.
            desk.side.get_by_label("Estado").select_option("resolved")
            dialog = desk.page.get_by_role("dialog", name="Dar el caso por resuelto")
            dialog.locator("textarea").fill("Cambiamos el termostato.")
            dialog.get_by_role("button", name="Resolver y preguntar").press("Enter")
            expect(dialog.get_by_text(re.compile("falta completar: Número de serie"))).to_be_visible()
            look(desk.page, "fields-needed")
            missing = dialog.get_by_label("Número de serie")
            missing.focus()
            desk.page.keyboard.type("FX-200-77")
            missing.press("Tab")
            expect(dialog.get_by_text("falta para resolver")).to_have_count(0)
            dialog.get_by_role("button", name="Resolver y preguntar").press("Enter")
            expect(dialog).to_have_count(0)
            expect(serial).to_have_value("FX-200-77")
            assert agent.get(f"/cases/{matter['id']}")["status"] == "resolved"
            agent.patch("/me", language="pt")
            desk.page.emulate_media(color_scheme="dark")
            desk.page.reload()
            expect(panel(desk, "Ficha da pessoa").get_by_label("Plan")).to_have_value("gold")
            look(desk.page, "fields-pt-dark")
    finally:
        for key in ("plan", "serie"):
            administrator.patch(f"/fields/{key}", retired=True)


def defined(
    admin: Desk, key: str, about: str, kind: str, name: str, *, choices: str = "", ticked: str
) -> None:
    """Define a field by its form."""
    admin.page.get_by_role("button", name="Agregar campo").press("Enter")
    form = admin.page.get_by_role("dialog", name="Agregar campo")
    form.get_by_label("De qué es").select_option(about)
    form.get_by_label("Tipo").select_option(kind)
    form.get_by_label("Clave").fill(key)
    form.get_by_label("Nombre en Español").fill(name)
    if choices:
        form.get_by_label("Opciones").fill(choices)
    form.get_by_label(re.compile(f"^{ticked}")).press("Space")
    look(admin.page, f"fields-form-{key}")
    form.get_by_role("button", name="Guardar").press("Enter")
    expect(form).to_have_count(0)
    expect(admin.page.get_by_text(key, exact=True)).to_be_visible()


def found_by_the_search(desk: Desk, contact_id: str) -> None:
    """Look for what stands in the field until the person is found: the index follows a moment later."""
    answer: object = None
    for _ in range(240):
        answer = desk.page.evaluate(
            """async () => (await fetch("/api/v1/search?q=oro&kind=contact")).json()"""
        )
        if contact_id in str(answer):
            return
        desk.page.wait_for_timeout(250)
    assert contact_id in str(answer)
