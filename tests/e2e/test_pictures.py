"""The demo as a new user meets it, seen and kept as pictures."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles
from tests.support.pictures import picture
from tests.support.screens import Desk, Shopper
from tests.support.staff import Staff
from tests.support.tree import Tree, running_tree

pytestmark = pytest.mark.slow

ASKED = "Buenas, ¿ya se sabe qué tiene la heladera?"
ANSWERED = "Hola, Pedro. Sí: es el termostato. El repuesto ya está en el taller."
GLAD = "Qué bueno. ¿Cuándo la tendría en casa?"
WRITTEN = "El jueves por la mañana. Le escribo por aquí cuando salga el reparto."


@pytest.fixture
def untouched() -> Iterator[Tree]:
    """The demo shop before anybody has used it."""
    with running_tree("--demo") as running:
        yield running


def test_the_demo_at_first_sight(untouched: Tree, profiles: Profiles, tmp_path: Path) -> None:
    with Staff(untouched.url, ADMINISTRATOR) as staff:
        me = f"/users/{staff.user['id']}"
        staff.patch(me, capacity=1)  # one conversation fills the day: nothing is offered over the picture
        shopper = Shopper(profiles(), untouched.url, page="/demo?signed_in=true").open()
        expect(shopper.panel.get_by_role("heading", level=2)).to_contain_text("Hola Pedro")
        picture(shopper.page, "widget-known", tmp_path)
        shopper.say(ASKED)

        desk = Desk(profiles(), untouched.url).sign_in(ADMINISTRATOR)
        desk.tab("En espera")
        expect(desk.page.get_by_role("list", name="En espera").get_by_role("listitem")).to_have_count(5)
        desk.row(ASKED).click()
        desk.page.get_by_role("button", name="Tomar").click()
        expect(desk.side.get_by_text("Diagnóstico", exact=True)).to_be_visible()
        desk.become("Disponible")
        desk.tab("Equipo")
        expect(shopper.panel.get_by_text("Le atiende Sofía Méndez")).to_be_visible()
        desk.reply(ANSWERED)
        expect(shopper.log.get_by_text(ANSWERED)).to_be_visible()
        shopper.say(GLAD)
        expect(desk.message(ANSWERED).get_by_text("leído")).to_be_visible()
        expect(desk.message(GLAD)).to_be_visible()
        expect(desk.page.get_by_text("está escribiendo")).to_have_count(0)
        picture(shopper.page, "widget", tmp_path)
        desk.composer.fill(WRITTEN)
        picture(desk.page, "desk-light", tmp_path)
        desk.page.emulate_media(color_scheme="dark")
        picture(desk.page, "desk-dark", tmp_path)
        desk.become("Ausente")
        staff.patch(me, capacity=4)

    phone = profiles(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    hand = Desk(phone, untouched.url).sign_in(ADMINISTRATOR)
    hand.tab("Mías")
    hand.row("Pedro Gómez").click()
    expect(hand.message(GLAD)).to_be_visible()
    hand.composer.fill(WRITTEN)
    picture(hand.page, "desk-phone", tmp_path)
