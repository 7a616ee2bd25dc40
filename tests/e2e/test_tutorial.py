"""The tutorial, followed to the letter by somebody who has just started the demo."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles
from tests.support.screens import Desk, Shopper
from tests.support.tree import ROOT, Tree, running_tree

pytestmark = pytest.mark.slow

TUTORIAL = (ROOT / "docs/tutorial/first-steps.md").read_text("utf-8")


@pytest.fixture
def untouched() -> Iterator[Tree]:
    """The demo shop before anybody has used it."""
    with running_tree("--demo") as running:
        yield running


def test_the_first_steps_are_as_they_are_told(untouched: Tree, profiles: Profiles) -> None:
    (block,) = (found for found in TUTORIAL.split("```")[1::2] if "Trato is running" in found)
    assert block.strip("\n").replace("http://127.0.0.1:8000", untouched.url) in untouched.said()

    desk = Desk(profiles(), untouched.url).sign_in(ADMINISTRATOR)
    keys = desk.page.keyboard
    expect(desk.state).to_have_accessible_name("Su estado: Desconectado")
    desk.become("Disponible")
    expect(desk.offer).to_contain_text("Lucía Ferreyra")
    expect(desk.offer).to_contain_text("Chat web")
    keys.press("a")
    expect(desk.log.get_by_text("El pago con tarjeta me da error desde ayer.")).to_be_visible()
    keys.press("r")
    expect(desk.composer).to_be_focused()
    keys.type("Hola, Lucía. Ya lo estamos revisando.")
    keys.press("Enter")
    expect(desk.message("Ya lo estamos revisando")).to_contain_text("enviado")
    keys.press("Escape")
    keys.press("n")
    note = desk.page.get_by_role("textbox", name="Nota interna")
    expect(note).to_be_focused()
    keys.type("Pedir el comprobante al banco.")
    keys.press("Control+Enter")
    expect(desk.message("Pedir el comprobante")).to_contain_text("Solo la ve el equipo")

    desk.tab("En espera")
    desk.row("Pedro Gómez").click()
    expect(desk.page.get_by_text("La cuenta «Correo» está apagada")).to_be_visible()
    desk.composer.fill("No debería salir.")
    expect(desk.page.get_by_role("button", name="Enviar", exact=True)).to_be_disabled()
    keys.press("Control+Enter")
    expect(desk.composer).to_have_value("No debería salir.")
    desk.composer.fill("")

    shopper = Shopper(profiles(), untouched.url).open()
    shopper.say("Buenas, ¿hacen envíos a Salta?")
    desk.tab("En espera")
    desk.row("¿hacen envíos a Salta?").click()
    desk.reply("Sí, llegan en cinco días.")
    expect(shopper.log.get_by_text("llegan en cinco días")).to_be_visible()
    shopper.page.reload()
    shopper.open()
    expect(shopper.log.get_by_text("llegan en cinco días")).to_have_count(1)
