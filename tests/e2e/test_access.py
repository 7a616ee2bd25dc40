"""Who gets in and how: the first run, invitations, second factors, passkeys, sessions and leaving."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.e2e.conftest import Profiles, unique
from tests.support.pictures import picture
from tests.support.screens import Desk, Shopper
from tests.support.staff import PASSWORD, Staff
from tests.support.tree import Tree, running_tree

pytestmark = pytest.mark.slow

WRONG = "El correo o la contraseña no son correctos."


@pytest.fixture
def empty_tree() -> Iterator[Tree]:
    """An installation that nobody has set up yet."""
    with running_tree() as running:
        yield running


def test_the_first_run_from_the_printed_link_to_a_colleague(
    empty_tree: Tree, profiles: Profiles, tmp_path: Path
) -> None:
    page = profiles().new_page()
    page.goto(empty_tree.first_link)
    page.get_by_label("Nombre de la organización").fill("Cooperativa Andina")
    page.get_by_role("combobox", name="Idioma").select_option(label="Español")
    page.get_by_role("checkbox", name="sábado").check()
    page.get_by_label("Abre el sábado a las").fill("10:00")
    page.get_by_label("Su nombre").fill("Rosa Quispe")
    page.get_by_label("Correo electrónico").fill("rosa@andina.test")
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.set_viewport_size({"width": 1000, "height": 1240})
    picture(page, "set-up", tmp_path)
    page.get_by_role("button", name="Empezar").click()
    expect(page.get_by_text("Conecte su primer canal")).to_be_visible()

    page.get_by_role("link", name="Conectar un canal").click()
    page.get_by_role("button", name="Conectar un canal").click()
    page.get_by_role("link", name=re.compile("Chat web")).click()
    page.get_by_label("Nombre", exact=True).fill("Ayuda")
    page.get_by_label("Sitios donde funciona").fill("https://www.andina.test")
    page.get_by_role("button", name="Conectar un canal").click()
    expect(page.get_by_label("Código para su sitio")).to_have_value(re.compile("data-account="))
    page.get_by_role("button", name="Probar la conexión").click()
    expect(page.get_by_text("Hay al menos un sitio autorizado")).to_be_visible()

    page.get_by_role("navigation", name="Administración").get_by_role("link", name="Organización").click()
    expect(page.get_by_label("Abre el sábado a las")).to_have_value("10:00")
    link = invited_by(page, "Iván Soto", "ivan@andina.test")
    colleague = profiles().new_page()
    colleague.goto(link)
    expect(colleague.get_by_text("ivan@andina.test")).to_be_visible()
    colleague.get_by_label("Contraseña").fill(PASSWORD)
    colleague.get_by_role("button", name="Crear mi cuenta").click()
    expect(colleague.get_by_role("button", name=re.compile("Su estado"))).to_be_visible()

    again = profiles(allow="403").new_page()
    again.goto(link)
    expect(again.get_by_role("heading", name="Este enlace ya no sirve")).to_be_visible()
    Desk(profiles(), empty_tree.url).sign_in("ivan@andina.test", PASSWORD)


def invited_by(page: Page, name: str, email: str) -> str:
    """Invite somebody on the page of users and return the link that it shows."""
    page.get_by_role("navigation", name="Administración").get_by_role("link", name="Personas").click()
    page.get_by_role("button", name="Invitar").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Nombre").fill(name)
    window.get_by_label("Correo electrónico").fill(email)
    window.get_by_role("button", name="Invitar").click()
    shown = window.get_by_label("Copiar enlace")
    expect(shown).to_have_value(re.compile("/link#"))
    return shown.input_value()


def test_another_language_leaves_what_was_typed(tree: Tree, profiles: Profiles, administrator: Staff) -> None:
    email = f"{unique('ines').replace(' ', '-').lower()}@example.org"
    made = administrator.post("/invitations", email=email, name="Inés", role="agent", capacity=4)
    page = profiles().new_page()
    page.goto(made["link"])
    page.get_by_label("Nombre").fill("Inés Arango")
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Português").click()
    expect(page.get_by_role("button", name="Criar minha conta")).to_be_visible()
    expect(page.get_by_label("Nome")).to_have_value("Inés Arango")
    expect(page.get_by_label("Senha")).to_have_value(PASSWORD)


def test_no_link_is_promised_where_no_mail_goes_out(tree: Tree, profiles: Profiles, agent: Staff) -> None:
    page = profiles(allow="409").new_page()
    page.goto(f"{tree.url}/forgot")
    page.get_by_label("Correo electrónico").fill(agent.email)
    page.get_by_role("button", name="Enviar enlace").click()
    expect(page.get_by_text("No se puede enviar nada")).to_be_visible()
    expect(page.get_by_text("Pida un enlace a quien administra")).to_be_visible()
    expect(page.get_by_label("Correo electrónico")).to_have_value(agent.email)


def test_a_role_is_asked_for_and_a_control_shows_what_is_so(
    tree: Tree, profiles: Profiles, agent: Staff, administrator: Staff
) -> None:
    page = Desk(profiles(), tree.url).sign_in(administrator.email).goto("/admin/users").page
    if page.get_by_role("searchbox", name="Buscar una persona").is_visible():
        page.get_by_role("searchbox", name="Buscar una persona").fill(agent.email)
    person = page.get_by_role("listitem").filter(has_text=agent.email)
    role = person.get_by_role("combobox")
    role.focus()
    page.keyboard.press("ArrowDown")
    asked = page.get_by_role("dialog")
    expect(asked.get_by_text("verá al equipo")).to_be_visible()
    asked.get_by_role("button", name="Cancelar").click()
    expect(role).to_have_value("agent")
    role.select_option("supervisor")
    asked.get_by_role("button", name="Cambiar el rol").click()
    expect(page.get_by_text("Guardado.")).to_be_visible()
    expect(role).to_have_value("supervisor")
    capacity = person.get_by_role("spinbutton")
    before = capacity.input_value()
    capacity.fill("")
    capacity.press("Tab")
    expect(capacity).to_have_value(before)


def test_wrong_passwords_are_told_and_then_slowed_down(tree: Tree, profiles: Profiles, agent: Staff) -> None:
    desk = Desk(profiles(allow="429"), tree.url)
    desk.page.goto(f"{tree.url}/")
    for number in range(9):
        with desk.page.expect_response("**/api/v1/session") as told:
            desk.give_password(agent.email, f"no es esta {number}")
        if told.value.status == 429:
            break
        expect(desk.page.get_by_text(WRONG)).to_be_visible()
    assert told.value.status == 429
    assert int(told.value.headers["retry-after"]) > 0
    expect(desk.page.get_by_text("Demasiados intentos.")).to_be_visible()


def test_a_second_factor_is_set_up_and_asked_for(tree: Tree, profiles: Profiles, agent: Staff) -> None:
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).goto("/account")
    page = desk.page
    page.get_by_role("button", name="Activar", exact=True).click()
    secret = page.get_by_text("O escriba esta clave:").locator("code").inner_text()
    expect(page.get_by_role("img", name="Código QR para su aplicación de autenticación")).to_be_visible()
    page.get_by_label("Código que muestra la aplicación").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Confirmar").click()
    expect(page.get_by_text("Guarde estos códigos de respaldo")).to_be_visible()
    recovery = page.locator("code").first.inner_text()
    page.get_by_role("button", name="Ya los guardé").click()
    expect(page.get_by_text("Activo", exact=True)).to_be_visible()

    other = Desk(profiles(), tree.url)
    other.page.goto(f"{tree.url}/")
    other.give_password(agent.email, agent.password)
    code = other.page.get_by_label("Código de verificación")
    code.fill("000000")
    other.page.get_by_role("button", name="Confirmar").click()
    expect(other.page.get_by_text("Ese código no es válido o ya venció.")).to_be_visible()
    code.fill(recovery)
    other.page.get_by_role("button", name="Confirmar").click()
    expect(other.state).to_be_visible()


def with_authenticator(context: BrowserContext, page: Page) -> Any:
    """Give the page a passkey that says yes by itself."""
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return tools


def test_a_passkey_is_added_and_signs_in(tree: Tree, profiles: Profiles, agent: Staff) -> None:
    # A passkey belongs to a name; addresses of loopback have none.
    url = tree.url.replace("127.0.0.1", "localhost")
    profile = profiles()
    desk = Desk(profile, url)
    with_authenticator(profile, desk.page)
    desk.sign_in(agent.email, agent.password).goto("/account")
    desk.page.get_by_role("button", name="Agregar llave de acceso").click()
    desk.page.get_by_label("Nombre de esta llave").fill("Portátil")
    desk.page.get_by_role("button", name="Agregar llave de acceso").click()
    expect(desk.page.get_by_text("Llave agregada.")).to_be_visible()
    desk.page.get_by_role("button", name="Cerrar sesión").click()
    desk.page.get_by_role("button", name="Entrar con llave de acceso").click()
    expect(desk.state).to_be_visible()


def test_sessions_are_listed_and_ended(tree: Tree, profiles: Profiles, agent: Staff) -> None:
    here = Desk(profiles(), tree.url).sign_in(agent.email, agent.password)
    there = Desk(profiles(), tree.url).sign_in(agent.email, agent.password)
    here.goto("/account")
    listed = here.page.get_by_role("list", name="Sesiones abiertas").get_by_role("listitem")
    expect(listed).to_have_count(4)  # two browsers, the program, and the one that accepted the invitation
    expect(listed.filter(has_text="esta")).to_have_count(1)
    here.page.get_by_role("button", name="Cerrar todas las demás").click()
    expect(listed).to_have_count(1)
    expect(there.page.get_by_role("dialog", name="Su sesión venció")).to_be_visible()


def test_whoever_leaves_hands_their_work_over(
    tree: Tree, profiles: Profiles, agent: Staff, administrator: Staff
) -> None:
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).become("Disponible")
    shopper = Shopper(profiles(), tree.url).open()
    asked = unique("¿Hay repuestos?")
    shopper.say(asked)
    desk.accept(asked)
    heir = Desk(profiles(), tree.url).sign_in("camila@demo.invalid")

    boss = Desk(profiles(), tree.url).sign_in(administrator.email).goto("/admin/users")
    person = boss.page.get_by_role("listitem").filter(has_text=agent.email)
    person.get_by_role("button", name="Más acciones").click()
    boss.page.get_by_role("menuitem", name="Desactivar").click()
    window = boss.page.get_by_role("dialog")
    window.get_by_role("combobox", name="Su trabajo pasa a").select_option(label="Camila Duarte")
    window.get_by_role("button", name="Desactivar").click()
    expect(boss.page.get_by_text("Desactivada. Su trabajo abierto ya tiene otro dueño.")).to_be_visible()
    expect(person.get_by_role("button", name="Activar")).to_be_visible()
    expect(desk.page.get_by_role("dialog", name="Su sesión venció")).to_be_visible()
    heir.tab("Mías")
    expect(heir.row(asked)).to_be_visible()
