"""An agent gives a picture of themselves, and the customer sees who is there and who attends."""

from typing import Any

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Profiles, unique
from tests.support.looking import accessible, look
from tests.support.recordings import picture
from tests.support.screens import Desk, Shopper
from tests.support.staff import Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow


def test_a_customer_sees_who_is_there_and_who_attends(tree: Tree, profiles: Profiles, agent: Staff) -> None:
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).goto("/account")
    part = desk.page.get_by_role("group", name="Foto")
    chosen: Any = {"name": "yo.png", "mimeType": "image/png", "buffer": picture(640, 400, (40, 120, 110))}
    part.get_by_label("Elegir foto").set_input_files(chosen)
    mine = part.get_by_role("img", name="Su foto")
    expect(mine).to_be_visible()
    assert mine.evaluate("(one) => one.decode().then(() => [one.naturalWidth, one.naturalHeight])") == [
        256,
        256,
    ]
    accessible(desk.page, "one's account with a picture")
    look(desk.page, "portrait-account")
    desk.become("Disponible")

    shop = Shopper(profiles(), tree.url).open()
    there = shop.panel.get_by_role("region", name="Hablar con una persona")
    expect(there.locator("trato-logo.face canvas").first).to_be_visible()
    look(shop.page, "portrait-there")
    said = unique("¿Me ayuda con un pedido?")
    shop.say(said)
    desk.accept(said)
    expect(shop.panel.get_by_text(f"Le atiende {agent.user['name']}")).to_be_visible()
    expect(shop.panel.locator(".header trato-logo.face canvas")).to_be_visible()
    look(shop.page, "portrait-attends")

    desk.goto("/account")
    part.get_by_role("button", name="Quitar foto").press("Enter")
    expect(mine).to_have_count(0)
    expect(part.get_by_role("button", name="Elegir foto")).to_be_visible()
    desk.become("Ausente")
