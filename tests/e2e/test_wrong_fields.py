"""What cannot be taken is told at its field, in the reader's language, and nothing of it is kept."""

import re

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.support.looking import look
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow

REFUSED = "409|422"
HEAD = "format: trato-settings\nversion: 1\n"


def save(form: Locator) -> None:
    form.get_by_role("button", name="Guardar").press("Enter")


def told(field: Locator, sentence: str) -> None:
    """Expect that whoever wrote this field stands in it and is told what is wrong with it."""
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile(re.escape(sentence)))


def test_what_can_be_read_in_two_ways_is_not_kept(
    tree: Tree, profiles: Profiles, administrator: Staff, agent: Staff
) -> None:
    page = Desk(profiles(), tree.url).sign_in(ADMINISTRATOR).goto("/admin/users").page
    row = page.get_by_role("listitem").filter(has_text=agent.email)
    row.get_by_role("button", name=re.compile("Más acciones")).click()
    page.get_by_role("menuitem", name="Gestos sin aprobación").click()
    form = page.get_by_role("dialog", name=f"Qué puede dar {agent.user['name']}")
    for amount in ("1.500", "25.000"):
        form.get_by_label("Monto").fill(amount)
        save(form)
        told(form.get_by_label("Monto"), "sin separador de miles")
    form.get_by_label("Monto").fill("1500,50")
    form.get_by_label("Moneda").fill("PESOS")
    save(form)
    told(form.get_by_label("Moneda"), "las tres letras de la moneda")
    expect(form.get_by_label("Moneda")).to_have_value("PESOS")
    look(page, "latitude-wrong")
    form.get_by_label("Moneda").fill("mxn")
    save(form)
    expect(form).to_have_count(0)
    assert agent.get("/latitude")["amount"] == "1500.50"

    page.goto(f"{tree.url}/admin/sla")
    page.get_by_role("button", name="Nuevo plazo").click()
    form = page.get_by_role("dialog")
    name = unique("Plazo")
    form.get_by_label("Nombre").fill(name)
    form.get_by_label(re.compile("^Primera respuesta")).fill("60")
    form.get_by_label(re.compile("^Respuestas siguientes")).fill("1h")
    save(form)
    told(form.get_by_label(re.compile("^Respuestas siguientes")), "Escriba los minutos con un número")
    assert name not in [one["name"] for one in administrator.get("/sla-policies")["items"]]


def test_hours_and_names_are_corrected_where_they_stand(
    tree: Tree, profiles: Profiles, administrator: Staff
) -> None:
    before = administrator.get("/organisation")
    page = Desk(profiles(allow=REFUSED), tree.url).sign_in(ADMINISTRATOR).goto("/admin/organisation").page
    friday = [page.get_by_label(f"{word} el viernes a las") for word in ("Abre", "Cierra")]
    friday[0].fill("22:00")
    friday[1].fill("22:00")
    page.get_by_role("button", name="Guardar").press("Enter")
    told(friday[1], "Cierra a la misma hora en que abre.")
    expect(page.get_by_text("«22:00-22:00» no es un horario válido.")).to_be_visible()
    look(page, "hours-wrong")
    friday[1].fill("02:00")
    expect(page.get_by_text("del sábado, ya pasada la medianoche")).to_be_visible()
    page.get_by_role("button", name="Guardar").press("Enter")
    expect(page.get_by_text("Guardado.")).to_be_visible()
    assert administrator.get("/organisation")["hours"]["fri"][0] == ["22:00", "02:00"]
    administrator.patch("/organisation", hours=before["hours"])

    # nothing but blanks is nothing, and what a pattern asks for is said by us, whatever the browser speaks
    page.goto(f"{tree.url}/admin/labels")
    page.get_by_role("button", name="Nuevo cierre").click()
    form = page.get_by_role("dialog")
    code = form.get_by_label("Código")
    for typed, sentence in (("   ", "Complete este dato."), ("¡Mal!", "Minúsculas, números y guion bajo.")):
        code.fill(typed)
        save(form)
        message = code.evaluate("field => field.validationMessage")
        assert str(message).startswith(sentence)


def test_a_line_that_names_nobody_is_named(tree: Tree, profiles: Profiles) -> None:
    page = Desk(profiles(), tree.url).sign_in(ADMINISTRATOR).goto("/admin/users").page
    page.get_by_role("button", name="Agregar varias personas").click()
    form = page.get_by_role("dialog")
    people = form.get_by_label("Personas")
    people.fill(f"Ana Paz {unique('ana')}@demo.invalid\nBruno Díaz")
    form.get_by_role("button", name=re.compile("^Invitar")).press("Enter")
    told(people, "En la línea 2 falta el nombre o el correo.")
    address = f"{unique('ana')}@demo.invalid".lower()
    people.fill(f"Ana Paz {address}\nAna {address.upper()}")
    form.get_by_role("button", name=re.compile("^Invitar")).press("Enter")
    expect(page.get_by_role("dialog", name="Invitaciones creadas").get_by_role("textbox")).to_have_count(1)


def test_a_settings_file_is_judged_in_the_language_of_the_desk(tree: Tree, profiles: Profiles) -> None:
    page = Desk(profiles(allow=REFUSED), tree.url).sign_in(ADMINISTRATOR).goto("/admin/settings").page
    choose(page, f"{HEAD}queues:\n- name: {unique('Sur')}\n  priority: alta\n".encode())
    expect(page.get_by_role("alert")).to_contain_text("Aquí se espera un número entero.")
    choose(page, f"{HEAD}queues:\n- name: Garantías\n".encode("latin-1"))
    expect(page.get_by_role("alert")).to_contain_text("Guárdelo como UTF-8")
    expect(page.get_by_role("button", name="Aplicar")).to_have_count(0)


def choose(page: Page, content: bytes) -> None:
    file: FilePayload = {"name": "ajustes.yaml", "mimeType": "application/yaml", "buffer": content}
    page.get_by_label("Elegir archivo…").set_input_files(file)
