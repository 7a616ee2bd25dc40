"""At the desk: whoever left and wants to be written or called is offered as such; a peak is planned."""

import re
import uuid

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Profiles
from tests.support.pictures import look
from tests.support.screens import Desk
from tests.support.staff import PASSWORD, Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow


def test_who_asked_to_be_called_is_offered_so_and_the_call_is_noted(
    tree: Tree, profiles: Profiles, agent: Staff
) -> None:
    with Visitor(tree.url) as visitor:
        words = visitor.says(f"Llámenme, por favor {uuid.uuid4().hex[:6]}")
        answer = visitor._client.put("/callback", json={"how": "phone", "address": "+57 300 123 4567"})
        assert answer.is_success, answer.text
        desk = Desk(profiles(), tree.url).sign_in(agent.email, PASSWORD).become("Disponible")
        expect(desk.page.get_by_text("pidió que le llamemos")).to_be_visible()
        expect(desk.page.get_by_text(words).first).to_be_visible()
        look(desk.page, "desk-offer")
        desk.page.get_by_role("button", name="Aceptar").first.click()
        expect(desk.page.get_by_role("link", name="+57 300 123 4567")).to_have_attribute(
            "href", "tel:+573001234567"
        )
        look(desk.page, "desk-callback")
        desk.page.get_by_role("button", name="Ya le llamé").click()
        expect(desk.page.get_by_text("Hecho.", exact=False).first).to_be_visible()
        expect(desk.page.get_by_role("button", name="Ya le llamé")).to_have_count(0)
        assert visitor.session()["wait"] is None  # nothing is left to wait for


def test_on_a_phone_the_line_scrolls_within_the_page(
    tree: Tree, profiles: Profiles, administrator: Staff
) -> None:
    desk = Desk(profiles(viewport={"width": 320, "height": 568}), tree.url).sign_in(administrator.email)
    page = desk.goto("/waiting").page
    expect(page.get_by_role("region", name="Personas")).to_be_visible()
    bar = page.get_by_role("navigation").last
    page.locator(".people").scroll_into_view_if_needed()
    heights = page.evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert heights[0] <= heights[1], "the page itself does not scroll: its bar stays at the foot"
    box = bar.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= heights[1] + 1


def test_a_peak_is_planned_applied_and_reported(tree: Tree, profiles: Profiles, administrator: Staff) -> None:
    skill = administrator.post("/skills", name=f"Ventas {uuid.uuid4().hex[:6]}")
    name = f"Día sin IVA {uuid.uuid4().hex[:6]}"
    desk = Desk(profiles(), tree.url).sign_in(administrator.email)
    page = desk.page
    page.get_by_role("link", name="Picos").click()
    expect(page.get_by_role("heading", name="En la fila ahora")).to_be_visible()
    page.get_by_role("button", name="Planificar un pico").click()
    page.get_by_label("Nombre").fill(name)
    page.get_by_label("Desde").fill("2099-11-27T08:00")
    page.get_by_label("Hasta").fill("2099-11-27T20:00")
    page.get_by_label("Contactos por hora").fill("200")
    page.get_by_label("Minutos que toma cada uno").fill("3")
    page.get_by_label("Habilidad", exact=True).select_option(label=skill["name"])
    page.get_by_role("button", name="Prestar una habilidad").click()
    look(page, "peak-form")
    page.get_by_role("button", name="Guardar").click()
    row = page.get_by_role("listitem").filter(has_text=name)
    expect(row.get_by_text(re.compile(r"Hacen falta \d+ agentes, hay \d+\."))).to_be_visible()
    row.get_by_role("button", name=f"Aplicar: {name}").click()
    page.get_by_role("button", name="Aplicar", exact=True).click()
    expect(row.get_by_text("aplicado")).to_be_visible()
    look(page, "peaks")
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, "peaks-390")
    row.get_by_role("button", name=f"Informe: {name}").click()
    expect(page.get_by_text("Se fueron sin respuesta")).to_be_visible()
    page.keyboard.press("Escape")
    row.get_by_role("button", name=f"Cancelar el pico: {name}").click()
    page.get_by_role("button", name="Cancelar el pico", exact=True).click()
    expect(row.get_by_text("cancelado")).to_be_visible()
