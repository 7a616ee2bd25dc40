"""A case goes on until it is solved: what is to do, what was promised, and the customer's word at the end."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Profiles, unique
from tests.support.screens import Desk, Shopper
from tests.support.staff import Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(tree: Tree, profiles: Profiles, agent: Staff) -> Desk:
    """The desk of an agent who is there and the only one."""
    return Desk(profiles(), tree.url).sign_in(agent.email, agent.password).become("Disponible")


def served(desk: Desk, shopper: Shopper) -> str:
    asked = unique("El horno no calienta")
    shopper.say(asked)
    desk.accept(asked)
    return asked


def test_what_is_to_do_is_noted_put_off_and_done(tree: Tree, profiles: Profiles, desk: Desk) -> None:
    served(desk, Shopper(profiles(), tree.url).open())
    task = unique("Llamar al taller")
    side = desk.side
    side.get_by_role("button", name="Anotar algo por hacer").click()
    side.get_by_role("textbox", name="Qué hay que hacer").fill(task)
    side.get_by_role("button", name="Guardar").click()
    expect(side.get_by_role("button", name=f"Marcar como hecho: {task}")).to_be_visible()

    desk.page.get_by_role("link", name="Pendientes").click()
    row = desk.page.get_by_role("list", name="Pendientes").get_by_role("listitem").filter(has_text=task)
    row.get_by_role("button", name="Más acciones").click()
    desk.page.get_by_role("menuitem", name=re.compile("^Mañana a las 9")).click()
    expect(row).to_have_count(0)
    desk.page.get_by_role("button", name="Pospuestos").click()
    row.get_by_role("button", name="Más acciones").click()
    desk.page.get_by_role("menuitem", name="Traer ahora").click()
    desk.page.get_by_role("button", name="Por hacer").click()
    row.get_by_role("button", name=f"Marcar como hecho: {task}").click()
    expect(row).to_have_count(0)
    desk.page.get_by_role("button", name="Terminados").click()
    expect(row).to_contain_text("hecho")
    row.get_by_role("link", name=task).click()
    expect(side.get_by_text(re.compile(f"^{task}$")).first).to_be_visible()


def test_the_customer_says_whether_it_is_solved(tree: Tree, profiles: Profiles, desk: Desk) -> None:
    shopper = Shopper(profiles(), tree.url).open()
    served(desk, shopper)
    done = unique("Cambiamos la resistencia.")
    desk.side.get_by_label("Estado").select_option("resuelto")
    dialog = desk.page.get_by_role("dialog", name="Dar el caso por resuelto")
    dialog.get_by_role("button", name="Cancelar").click()
    expect(desk.side.get_by_label("Estado")).to_have_value("open")
    desk.side.get_by_label("Estado").select_option("resuelto")
    dialog.get_by_role("textbox", name="Qué se hizo").fill(done)
    dialog.get_by_role("button", name="Resolver y preguntar").click()
    expect(desk.side.get_by_text("Resuelto por el equipo.")).to_be_visible()

    question = shopper.message(done)
    expect(question).to_contain_text("¿Quedó resuelto?")
    question.get_by_role("button", name="No, todavía no").click()
    expect(shopper.message("Todavía no quedó resuelto.")).to_be_visible()
    expect(question.get_by_role("button")).to_have_count(0)
    expect(desk.side.get_by_label("Estado")).to_have_value("open")

    again = unique("Ahora sí: cambiamos el cable.")
    desk.side.get_by_label("Estado").select_option("resuelto")
    dialog.get_by_role("textbox", name="Qué se hizo").fill(again)
    dialog.get_by_role("button", name="Resolver y preguntar").click()
    shopper.message(again).get_by_role("button", name="Sí, quedó resuelto").click()
    expect(desk.side.get_by_text("La persona confirmó que quedó resuelto.")).to_be_visible()


def test_the_customer_takes_it_to_whoever_answers_for_it(
    tree: Tree, profiles: Profiles, desk: Desk, agent: Staff, administrator: Staff
) -> None:
    shopper = Shopper(profiles(), tree.url).open()
    served(desk, shopper)
    thing = unique("Local Centro")
    screen = Desk(profiles(), tree.url).sign_in("sofia@demo.invalid").goto("/admin/doors").page
    screen.get_by_role("button", name="Nombrar responsable").click()
    form = screen.get_by_role("dialog", name="Nombrar responsable")
    form.get_by_label("De qué responde").fill(thing)
    form.get_by_label("Quién responde").select_option(agent.user["name"])
    form.get_by_label("Responde también por lo que no tiene responsable propio").check()
    form.get_by_role("button", name="Guardar").click()
    expect(screen.get_by_role("list", name="Responsables")).to_contain_text(thing)

    menu = shopper.menu()
    menu.get_by_role("button", name=f"Llevarlo a {agent.user['name']}, responsable de {thing}").click()
    expect(menu.get_by_text("Su caso ya está en sus manos.")).to_be_visible()
    menu.get_by_role("button", name="Volver").click()
    expect(shopper.message(f"está en manos de {agent.user['name']}")).to_be_visible()
    expect(desk.side.get_by_label("Responsable")).to_have_value(agent.agent_id or "")
    expect(desk.side.get_by_text("Ya está en manos de quien responde por ello.")).to_be_visible()
    for door in administrator.get("/doors")["items"]:
        administrator.patch(f"/doors/{door['id']}", active=False)


def test_a_case_is_put_off_by_key_until_a_moment_with_whom_it_waits_for(
    tree: Tree, profiles: Profiles, desk: Desk
) -> None:
    served(desk, Shopper(profiles(), tree.url).open())
    page, side = desk.page, desk.side
    expect(side.get_by_label("Estado")).to_have_value("open")
    # What waits to be sent takes the same key, only while there is something.
    expect(page.get_by_role("list", name="Por salir")).to_be_attached()
    page.keyboard.press("z")
    dialog = page.get_by_role("dialog", name="¿Hasta cuándo se pospone el caso?")
    expect(dialog.get_by_role("button", name=re.compile("^En una hora"))).to_be_focused()
    dialog.get_by_role("textbox", name="A quién esperamos").fill("el taller")
    dialog.get_by_role("button", name=re.compile("^Mañana a las 9")).press("Enter")
    expect(dialog).to_have_count(0)
    expect(side.get_by_text(re.compile("^Pospuesto hasta"))).to_be_visible()
    expect(side.get_by_label("Estado")).to_have_value("waiting")
    expect(side.get_by_text("A quién esperamos: el taller")).to_be_visible()
    desk.undo()
    expect(side.get_by_label("Estado")).to_have_value("open")
    expect(side.get_by_text(re.compile("^Pospuesto hasta"))).to_have_count(0)

    side.get_by_role("button", name="Posponer el caso").click()
    dialog.get_by_role("button", name=re.compile("^En una hora")).click()
    side.get_by_role("button", name="Traer ahora").click()
    expect(side.get_by_label("Estado")).to_have_value("open")
    expect(side.get_by_text(re.compile("^Pospuesto hasta"))).to_have_count(0)
