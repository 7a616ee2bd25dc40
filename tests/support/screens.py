"""The screens as people use them: the desk in Spanish, and the shop with its widget."""

import re
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect
from tests.support.staff import DEMO_PASSWORD
from tests.support.until import wait_until

# To be evaluated before a screen is judged: what fades in is looked at when it stands, in shadow roots too.
STANDS = """() => {
  const roots = (root) => [root, ...[...root.querySelectorAll("*")]
    .filter((one) => one.shadowRoot).flatMap((one) => roots(one.shadowRoot))];
  const running = roots(document).flatMap((root) => root.getAnimations());
  return Promise.all(running.map((one) => one.finished.catch(() => null)));
}"""

_IS_ABOVE = "(one, other) => one.getBoundingClientRect().top < other.getBoundingClientRect().top"


def stands_above(one: Locator, other: Locator) -> None:
    """Wait until one is drawn above the other, both measured in the same moment: a page may still move."""
    wait_until(lambda: one.evaluate(_IS_ABOVE, other.element_handle()), what=f"{one} stands above {other}")


class Desk:
    """One tab with the desk."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url = url
        self.page: Page = context.new_page()

    def sign_in(self, email: str, password: str = DEMO_PASSWORD) -> Self:
        self.page.goto(f"{self.url}/")
        self.give_password(email, password)
        expect(self.state).to_be_visible()
        return self

    def give_password(self, email: str, password: str) -> None:
        self.page.get_by_label("Correo electrónico").fill(email)
        self.page.get_by_label("Contraseña").fill(password)
        self.page.get_by_role("button", name="Entrar", exact=True).click()

    def goto(self, path: str) -> Self:
        self.page.goto(f"{self.url}{path}")
        expect(self.state).to_be_visible()
        return self

    @property
    def state(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile("Su estado: "))

    def become(self, state: str) -> Self:
        self.state.click()
        with self.page.expect_response(re.compile("/presence$")) as told:  # the page shows it at once
            self.page.get_by_role("menuitem", name=re.compile(f"^{state}")).click()
        assert told.value.ok
        expect(self.state).to_have_accessible_name(f"Su estado: {state}")
        return self

    def tab(self, name: str) -> None:
        tabs = self.page.get_by_role("navigation", name="Conversaciones")
        direct = tabs.get_by_role("button", name=re.compile(f"^{name}"))
        if name in {"Mías", "Equipo", "En espera"}:
            direct.click()
            return
        tabs.get_by_role("button", name="Otras listas").click()
        self.page.get_by_role("menuitem", name=re.compile(f"^{name}")).click()

    def row(self, text: str) -> Locator:
        return self.page.get_by_role("region", name="Bandeja").get_by_role("link").filter(has_text=text)

    def open(self, conversation_id: str) -> Self:
        self.goto(f"/c/{conversation_id}")
        expect(self.log).to_be_visible()
        return self

    @property
    def offer(self) -> Locator:
        return self.page.get_by_role("region", name="Conversación ofrecida")

    def accept(self, text: str) -> None:
        """Take the offer that shows this text."""
        with self.page.expect_response(re.compile("/offers/[^/]+/accept$")) as taken:
            self.offer.filter(has_text=text).get_by_role("button", name="Aceptar").click()
        # The text alone says little: it stands in the history of another conversation of the same person too.
        expect(self.page).to_have_url(re.compile(taken.value.json()["conversation_id"]))
        expect(self.log.get_by_text(text)).to_be_visible()

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log", name="Historial")

    def message(self, text: str) -> Locator:
        return self.log.get_by_role("article").filter(has_text=text)

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name="Mensaje", exact=True)

    def reply(self, text: str) -> None:
        self.composer.fill(text)
        self.page.get_by_role("button", name="Enviar", exact=True).click()
        expect(self.message(text)).to_be_visible()

    def note(self, text: str) -> None:
        self.page.get_by_role("button", name=re.compile("^Nota interna")).click()
        self.page.get_by_role("textbox", name="Nota interna").fill(text)
        self.page.get_by_role("button", name=re.compile("^Guardar nota")).click()
        expect(self.message(text)).to_be_visible()
        self.page.get_by_role("button", name=re.compile("^Responder")).click()

    def more(self, act: str) -> None:
        """Choose an act of the open conversation."""
        head = self.page.get_by_role("region", name="Historial").locator("header").first
        head.get_by_role("button", name="Más acciones").click()
        self.page.get_by_role("menuitem", name=act).click()

    def undo(self) -> None:
        self.page.get_by_role("button", name="Deshacer").click()
        self.page.mouse.move(0, 0)  # what says so stays as long as the pointer rests on it
        expect(self.page.get_by_text("Deshecho.")).to_be_visible()

    @property
    def side(self) -> Locator:
        return self.page.get_by_role("complementary", name="Persona y caso")


class Shopper:
    """One tab with the demo shop."""

    def __init__(self, context: BrowserContext, url: str, *, page: str = "/demo") -> None:
        self.url = url
        self.page: Page = context.new_page()
        self.page.goto(f"{url}{page}")

    def open(self) -> Self:
        self.page.get_by_role("button", name="Ayuda: abrir la conversación").click()
        expect(self.panel).to_be_visible()
        expect(self.panel.get_by_role("button", name="Adjuntar un archivo")).to_be_enabled()
        return self

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def log(self) -> Locator:
        return self.panel.get_by_role("log", name="Conversación")

    @property
    def field(self) -> Locator:
        return self.panel.get_by_role("textbox", name="Escriba aquí")

    def message(self, text: str) -> Locator:
        return self.log.get_by_role("listitem").filter(has_text=text)

    def write(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")
        expect(self.message(text)).to_be_visible()

    def say(self, text: str) -> None:
        """Write, and see that the server has it."""
        self.write(text)
        expect(self.message(text)).to_contain_text(re.compile("Enviado|Leído"))

    def attach(self, *files: str | Path | FilePayload) -> None:
        chosen: Any = list(files)
        self.panel.locator("input[type=file]").set_input_files(chosen)

    def menu(self) -> Locator:
        self.panel.get_by_role("button", name="Más opciones").click()
        return self.panel
