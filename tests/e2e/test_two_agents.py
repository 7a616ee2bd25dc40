"""Two agents and a customer at once: one at a wide screen by day, one on a phone in Portuguese by night."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from tests.e2e.conftest import Profiles, unique
from tests.support.looking import look
from tests.support.mail import PEOPLE, MailProvider, mail
from tests.support.screens import Desk, Shopper
from tests.support.staff import Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow

LOST = r"ERR_INTERNET_DISCONNECTED|ERR_NETWORK|Failed to fetch|AudioContext"


class Bruno:
    """The second agent's phone, in Portuguese."""

    def __init__(self, context: BrowserContext, url: str, staff: Staff) -> None:
        self.context, self.page = context, context.new_page()
        self.page.goto(f"{url}/")
        self.page.locator("input[type=email]").fill(staff.email)
        self.page.locator("input[type=password]").fill(staff.password)
        self.page.locator("button[type=submit]").click()
        expect(self.page.get_by_role("button", name=re.compile("^Seu estado: "))).to_be_visible()

    def become(self, state: str) -> None:
        self.page.get_by_role("button", name=re.compile("^Seu estado: ")).click()
        self.page.get_by_role("menuitem", name=re.compile(f"^{state}")).click()

    @property
    def bell(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile("^Notificações:"))

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log", name="Histórico")

    def says(self, text: str) -> None:
        self.page.get_by_role("textbox", name="Mensagem", exact=True).fill(text)
        self.page.get_by_role("button", name="Enviar", exact=True).click()
        expect(self.log.get_by_text(text)).to_be_visible()


@pytest.fixture
def second(colleague: Staff) -> Staff:
    """A colleague who reads Portuguese."""
    colleague.patch("/me", language="pt")
    return colleague


def test_a_day_of_two_agents_and_a_customer(
    tree: Tree, profiles: Profiles, agent: Staff, second: Staff, provider: MailProvider, mailbox: str
) -> None:
    elena = Desk(profiles(allow=LOST), tree.url).sign_in(agent.email, agent.password).become("Disponible")
    phone = profiles(
        allow=LOST,
        viewport={"width": 390, "height": 844},
        color_scheme="dark",
        locale="pt-BR",
        has_touch=True,
    )
    bruno = Bruno(phone, tree.url, second)
    bruno.become("Ausente")
    shopper = Shopper(profiles(), tree.url).open()

    asked = chat_is_answered(elena, shopper)
    answered_mail = mail_is_answered(elena, provider, mailbox)
    note_calls_a_colleague(elena, bruno, second, asked)
    transfer_is_accepted_on_the_phone(elena, bruno, shopper, second)
    lost_network_loses_nothing(bruno, elena, shopper)
    expired_session_keeps_what_was_typed(elena, agent, shopper)
    found_merged_and_parted(elena, asked, answered_mail)


def chat_is_answered(elena: Desk, shopper: Shopper) -> str:
    asked = unique("¿Me cambian la cerradura azul?")
    shopper.say(asked)
    elena.accept(asked)
    answer = unique("Sí, la cambiamos esta semana")
    elena.reply(answer)
    expect(shopper.message(answer)).to_be_visible()
    return asked


def mail_is_answered(elena: Desk, provider: MailProvider, mailbox: str) -> str:
    """The chat goes on meanwhile; return who wrote the mail."""
    sender = f"lucia.{uuid4().hex[:8]}@{PEOPLE}"
    asked = unique("¿Llega hoy el repuesto?")
    provider.send(mail(asked, to=mailbox, sender=f"Lucía <{sender}>"), mailbox, sender=sender)
    here = elena.page.url
    elena.accept(asked)
    answer = unique("Llega mañana temprano")
    elena.composer.fill(answer)
    elena.composer.press("Control+Enter")
    expect(elena.message(answer)).to_contain_text("enviado")
    elena.page.goto(here)
    return sender


def note_calls_a_colleague(elena: Desk, bruno: Bruno, second: Staff, asked: str) -> None:
    expect(elena.log.get_by_text(asked)).to_be_visible()
    elena.page.get_by_role("button", name=re.compile("^Nota interna")).click()
    note = elena.page.get_by_role("textbox", name="Nota interna")
    note.press_sequentially("@Bruno Paz")  # one more word would be no part of a name
    colleagues = elena.page.get_by_role("listbox", name="Colegas para mencionar")
    colleagues.get_by_role("option", name=second.user["name"]).click()
    said = unique("¿la tenemos en depósito?")
    note.press_sequentially(said)
    note.press("Control+Enter")
    expect(elena.message(said)).to_be_visible()
    expect(bruno.bell).to_have_accessible_name("Notificações: 1 para ver")
    bruno.bell.click()
    bruno.page.get_by_role("link").filter(has_text=said).click()
    expect(bruno.log.get_by_text(said)).to_be_visible()
    look(bruno.page, "two-agents-note-on-the-phone")


def transfer_is_accepted_on_the_phone(elena: Desk, bruno: Bruno, shopper: Shopper, second: Staff) -> None:
    elena.more("Pasar a otra persona o cola")
    dialog = elena.page.get_by_role("dialog", name="Pasar la conversación")
    dialog.get_by_role("combobox").fill(second.user["name"])
    expect(dialog.get_by_role("option")).to_have_count(1)
    elena.page.keyboard.press("Enter")
    dialog.get_by_role("radio", name=re.compile("^Preguntar antes")).check()
    dialog.get_by_label("Qué debe saber").fill("Falta confirmar el depósito.")
    dialog.get_by_role("button", name="Preguntar", exact=True).click()
    asking = bruno.page.get_by_role("region", name="De seus colegas")
    expect(asking).to_contain_text("Falta confirmar el depósito.")
    look(bruno.page, "two-agents-asked-on-the-phone")
    asking.get_by_role("button", name="Aceitar").click()
    answer = unique("Hola, soy Bruno: la tenemos")
    bruno.says(answer)
    expect(shopper.message(answer)).to_be_visible()
    expect(elena.message(answer)).to_be_visible()  # whoever gave it on sees how it goes on


def lost_network_loses_nothing(bruno: Bruno, elena: Desk, shopper: Shopper) -> None:
    bruno.context.set_offline(True)
    expect(bruno.page.get_by_text("Sem conexão").first).to_be_visible()
    meanwhile = unique("¿Siguen ahí?")
    shopper.say(meanwhile)
    expect(elena.message(meanwhile)).to_be_visible()
    expect(bruno.log.get_by_text(meanwhile)).to_have_count(0)
    written = unique("Sí, la retira cuando quiera")
    bruno.says(written)
    expect(shopper.message(written)).to_have_count(0)
    bruno.context.set_offline(False)
    expect(bruno.log.get_by_text(meanwhile)).to_be_visible()
    expect(shopper.message(written)).to_have_count(1)
    expect(elena.message(written)).to_have_count(1)


def expired_session_keeps_what_was_typed(elena: Desk, agent: Staff, shopper: Shopper) -> None:
    answer = unique("Y el flete va por nuestra cuenta")
    elena.composer.press_sequentially(answer[:10])
    agent.delete("/sessions")  # all but the program's own
    window = elena.page.get_by_role("dialog", name="Su sesión venció")
    expect(window).to_be_visible()
    window.get_by_label("Contraseña").fill(agent.password)
    window.get_by_role("button", name="Entrar", exact=True).click()
    expect(window).to_have_count(0)
    expect(elena.composer).to_have_value(answer[:10])
    elena.composer.press("End")
    elena.composer.press_sequentially(answer[10:])
    elena.composer.press("Enter")
    expect(shopper.message(answer)).to_have_count(1)
    expect(elena.message(answer)).to_have_count(1)


def found_merged_and_parted(elena: Desk, asked: str, sender: str) -> None:
    """Search finds the chat; its customer and the mail's are one person, and two again."""
    page: Page = elena.page
    elena.goto("/")
    page.keyboard.press("/")
    page.get_by_role("combobox", name="Ir a o hacer").fill(asked)
    # What leads to all results names the words too, and stands there before anything is found.
    found = page.get_by_role("option").filter(has_text=asked, has_not_text="Todos los resultados")
    found.first.click()
    expect(elena.log.get_by_text(asked)).to_be_visible()
    elena.side.get_by_role("button", name="¿Es la misma persona?").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Buscar a otra persona").fill(sender)
    window.get_by_role("button", name="Buscar").click()
    window.get_by_role("listitem").filter(has_text=sender).get_by_role("button", name="Unir").click()
    both = elena.log.get_by_text("¿Llega hoy el repuesto?").first
    expect(both).to_be_visible()
    elena.undo()
    expect(both).to_have_count(0)
    look(page, "two-agents-parted")
