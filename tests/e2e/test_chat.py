"""A customer writes in the shop's chat and the right person answers: both ends in real browsers."""

import base64
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Profiles, unique
from tests.support.screens import Desk, Shopper
from tests.support.staff import Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow

LOST = r"ERR_INTERNET_DISCONNECTED|ERR_NETWORK|Failed to fetch"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Wire:
    """The bytes that a page really received from the visitor's side of the API, as DevTools counts them."""

    def __init__(self, page: Page) -> None:
        self.received = b""
        self._tools = page.context.new_cdp_session(page)
        self._streams: set[str] = set()
        self._tools.on("Network.responseReceived", self._answered)
        self._tools.on("Network.dataReceived", self._data)
        self._tools.send("Network.enable")

    def _answered(self, said: dict[str, Any]) -> None:
        if "/api/v1/visitor/" not in said["response"]["url"]:
            return
        self._streams.add(said["requestId"])
        started = self._tools.send("Network.streamResourceContent", {"requestId": said["requestId"]})
        self.received += base64.b64decode(started["bufferedData"])

    def _data(self, said: dict[str, Any]) -> None:
        if said["requestId"] in self._streams and "data" in said:
            self.received += base64.b64decode(said["data"])


@pytest.fixture
def desk(tree: Tree, profiles: Profiles, agent: Staff) -> Desk:
    """The desk of an agent who is there and the only one."""
    return Desk(profiles(), tree.url).sign_in(agent.email, agent.password).become("Disponible")


def served(desk: Desk, shopper: Shopper) -> str:
    """Let the customer write and the agent accept; return what was written."""
    asked = unique("¿Hacen envíos a Salta?")
    shopper.say(asked)
    desk.accept(asked)
    return asked


def test_a_customer_writes_and_the_agent_answers(tree: Tree, profiles: Profiles, desk: Desk) -> None:
    shopper = Shopper(profiles(), tree.url).open()
    asked = served(desk, shopper)
    expect(shopper.panel.get_by_role("status").filter(has_text="Le atiende Elena Ruiz")).to_be_visible()
    expect(shopper.message(asked)).to_contain_text("Leído")

    shopper.field.press_sequentially("Es para mi")
    expect(desk.page.get_by_text("está escribiendo…").first).to_be_visible()
    desk.composer.press_sequentially("Sí, en")
    expect(shopper.panel.get_by_text(re.compile("Elena Ruiz .*está escribiendo"))).to_be_visible()

    answer = unique("Sí, en cinco días.")
    desk.reply(answer)
    expect(shopper.message(answer)).to_be_visible()
    expect(desk.message(answer)).to_contain_text("leído")


def test_files_go_both_ways(tree: Tree, profiles: Profiles, desk: Desk) -> None:
    shopper = Shopper(profiles(), tree.url).open()
    served(desk, shopper)
    shopper.attach({"name": "golpe.png", "mimeType": "image/png", "buffer": PNG})
    expect(shopper.panel.get_by_text("Subiendo")).to_have_count(0)
    shopper.say("Así llegó")
    with desk.page.expect_download() as coming:
        desk.message("Así llegó").get_by_role("link", name=re.compile("Descargar golpe.png")).click()
    assert coming.value.path().read_bytes() == PNG

    ours = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    desk.page.locator("input[type=file]").first.set_input_files(
        {"name": "etiqueta.pdf", "mimeType": "application/pdf", "buffer": ours}
    )
    expect(desk.page.get_by_role("button", name="Quitar etiqueta.pdf")).to_be_visible()
    desk.reply("Imprima esta etiqueta")
    expect(desk.message("Imprima esta etiqueta")).to_contain_text("etiqueta.pdf")
    with shopper.page.expect_download() as coming:
        shopper.message("Imprima esta etiqueta").get_by_role("button", name="Descargar etiqueta.pdf").click()
    assert coming.value.path().read_bytes() == ours


def test_a_note_never_reaches_the_customer(tree: Tree, profiles: Profiles, desk: Desk) -> None:
    shopper = Shopper(profiles(), tree.url)
    wire = Wire(shopper.page)
    shopper.open()
    served(desk, shopper)
    secret = unique("Cliente-difícil-no-ofrecer-descuento")
    desk.note(secret)
    answer = unique("Con gusto lo ayudamos.")
    desk.reply(answer)
    expect(shopper.message(answer)).to_be_visible()
    expect(shopper.panel.get_by_text(secret)).to_have_count(0)
    shopper.page.reload()
    shopper.open()
    expect(shopper.message(answer)).to_be_visible()
    assert answer.encode() in wire.received
    assert b"no-ofrecer-descuento" not in wire.received


def test_a_reload_resumes_and_two_tabs_are_one_conversation(
    tree: Tree, profiles: Profiles, desk: Desk
) -> None:
    profile = profiles()
    first = Shopper(profile, tree.url).open()
    asked = served(desk, first)
    first.page.reload()
    first.open()
    expect(first.message(asked)).to_be_visible()

    second = Shopper(profile, tree.url).open()
    expect(second.message(asked)).to_be_visible()
    more = unique("Y otra pregunta")
    second.say(more)
    expect(first.message(more)).to_be_visible()
    expect(desk.message(more)).to_have_count(1)
    answer = unique("Con gusto.")
    desk.reply(answer)
    for tab in (first, second):
        expect(tab.message(answer)).to_have_count(1)


def test_what_is_written_without_a_network_is_sent_once(tree: Tree, profiles: Profiles, desk: Desk) -> None:
    profile = profiles(allow=LOST)
    shopper = Shopper(profile, tree.url).open()
    served(desk, shopper)
    profile.set_offline(True)
    offline = unique("Escrito sin señal")
    shopper.write(offline)
    expect(shopper.message(offline)).to_contain_text("Se enviará solo")
    profile.set_offline(False)
    expect(shopper.message(offline)).to_contain_text(re.compile("Enviado|Leído"))
    expect(desk.message(offline)).to_have_count(1)
    after = unique("Ya volví")
    shopper.say(after)
    expect(desk.message(after)).to_be_visible()
    expect(desk.message(offline)).to_have_count(1)


def test_the_customer_ends_and_may_write_again(tree: Tree, profiles: Profiles, desk: Desk) -> None:
    shopper = Shopper(profiles(), tree.url).open()
    served(desk, shopper)
    shopper.menu().get_by_role("button", name="Terminar la conversación").click()
    expect(shopper.panel.get_by_text("La conversación terminó")).to_be_visible()
    expect(desk.page.get_by_role("button", name="Reabrir")).to_be_visible()
    again = unique("Me faltó algo")
    shopper.say(again)
    expect(shopper.panel.get_by_text("La conversación terminó")).to_have_count(0)


def test_an_agent_answers_with_the_keyboard_alone(tree: Tree, profiles: Profiles, agent: Staff) -> None:
    desk = Desk(profiles(), tree.url)
    page, keys = desk.page, desk.page.keyboard
    page.goto(f"{tree.url}/")
    expect(page.get_by_label("Correo electrónico")).to_be_visible()
    tab_to(page, "Correo electrónico")
    keys.type(agent.email)
    keys.press("Tab")
    keys.type(agent.password)
    keys.press("Enter")
    expect(desk.state).to_be_visible()
    tab_to(page, "Su estado: Desconectado")
    keys.press("Enter")
    expect(page.get_by_role("menuitem", name=re.compile("^Disponible"))).to_be_visible()
    keys.type("Disp")
    keys.press("Enter")
    expect(desk.state).to_have_accessible_name("Su estado: Disponible")

    shopper = Shopper(profiles(), tree.url).open()
    asked = unique("¿Atienden los sábados?")
    shopper.say(asked)
    expect(desk.offer.filter(has_text=asked)).to_be_visible()
    keys.press("a")
    expect(desk.log.get_by_text(asked)).to_be_visible()
    keys.press("r")
    expect(desk.composer).to_be_focused()
    answer = unique("Sí, de diez a catorce.")
    keys.type(answer)
    keys.press("Enter")
    expect(shopper.message(answer)).to_be_visible()
    keys.press("Escape")
    keys.press("e")
    expect(page.get_by_label("¿Cómo terminó?")).to_be_focused()
    keys.type("horario dicho")
    keys.press("Enter")
    expect(shopper.panel.get_by_text("La conversación terminó")).to_be_visible()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control with this name has the focus."""
    for _ in range(30):
        focused = page.locator(":focus")
        if focused.count() and name in (focused.get_attribute("aria-label") or label_of(page)):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {name}")


def label_of(page: Page) -> str:
    text: str = page.evaluate("document.activeElement?.labels?.[0]?.textContent ?? ''")
    return text
