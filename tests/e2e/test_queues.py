"""Setting up who helps with what: queues, skills, teams and agents, in the browser and by keyboard."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.conftest import Profiles, unique
from tests.support.first_run import set_up
from tests.support.pictures import look
from tests.support.screens import Desk
from tests.support.staff import PASSWORD, Staff
from tests.support.tree import Tree, running_tree
from tests.support.until import wait_until

pytestmark = pytest.mark.slow

PEOPLE = ("Ana Torres", "Bruno Díaz", "Carla Núñez", "Diego Paz", "Elsa Rojas")
FIVE_MINUTES_S = 300


@dataclass
class Hands:
    """Does what a person does, and counts how long they need by the keystroke-level model.

    Card, Moran and Newell, "The keystroke-level model for user performance time" (1980): pointing 1.1 s,
    pressing 0.2 s, a key of an average typist 0.28 s, thinking before each act 1.35 s, moving the hand 0.4 s.
    """

    page: Page
    acts: int = 0
    seconds: float = 0

    def click(self, target: Locator) -> None:
        self._takes(1.1 + 0.2)
        target.click()

    def write(self, target: Locator, text: str) -> None:
        """Click into a field and type."""
        self._takes(1.1 + 0.2 + 0.4 + 0.28 * len(text))
        target.fill(text)

    def keys(self, *names: str) -> None:
        self._takes(0.28 * len(names))
        for name in names:
            self.page.keyboard.press(name)

    def _takes(self, seconds: float) -> None:
        self.acts += 1
        self.seconds += 1.35 + seconds


@pytest.fixture
def empty_tree() -> Iterator[Tree]:
    """An installation that nobody has set up yet."""
    with running_tree() as running:
        yield running


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="Administración").get_by_role("link", name=name)


def add_queue(hands: Hands, name: str, skills: tuple[str, ...], account: str) -> None:
    page = hands.page
    hands.click(page.get_by_role("button", name="Agregar cola"))
    window = page.get_by_role("dialog", name="Agregar cola")
    hands.write(window.get_by_label("Nombre", exact=True), name)
    for skill in skills:
        hands.write(window.get_by_label("Habilidades que pide"), skill)
        hands.keys("Enter")
    hands.click(window.get_by_label(account))
    hands.click(window.get_by_role("button", name="Guardar"))
    expect(window).to_have_count(0)
    expect(page.get_by_role("list", name="Colas").get_by_text(name, exact=True)).to_be_visible()


def test_a_new_user_sets_up_two_queues_and_five_agents_in_five_minutes(
    empty_tree: Tree, profiles: Profiles
) -> None:
    page = profiles().new_page()
    with set_up(page, empty_tree, "Chat de ayuda", "Chat de ventas") as staff:
        five_minutes(page, staff)


def five_minutes(page: Page, staff: Staff) -> None:
    hands = Hands(page)

    hands.click(page.get_by_role("link", name="Administración"))
    hands.click(section(page, "Personas"))
    hands.click(page.get_by_role("button", name="Agregar varias personas"))
    window = page.get_by_role("dialog")
    lines = "\n".join(f"{name} {name.split()[0].lower()}@andina.test" for name in PEOPLE)
    hands.write(window.get_by_label("Personas"), lines)
    hands.click(window.get_by_role("button", name="Invitar a 5 personas"))
    links = page.get_by_role("dialog", name="Invitaciones creadas").get_by_role("textbox")
    expect(links).to_have_count(5)
    hands.click(page.get_by_role("dialog").get_by_role("button", name="Cerrar").last)

    hands.click(section(page, "Colas"))
    add_queue(hands, "Garantías", ("garantías 3",), "Chat de ayuda")
    add_queue(hands, "Ventas", ("ventas 2", "portugués"), "Chat de ventas")

    hands.click(section(page, "Habilidades"))
    table = page.get_by_role("grid", name="Habilidades por agente")
    hands.click(table.get_by_role("gridcell", name="Ana Torres, garantías: sin nivel"))
    # Touching set it to 1; the digits go on from there, a row a person.
    for row in (("5", "0", "0"), ("4", "0", "2"), ("3", "2", "0"), ("0", "0", "4"), ("0", "3", "5")):
        for level in row:
            hands.keys(level, "ArrowRight")
        hands.keys("ArrowDown", "Home")
    expect(table.get_by_role("gridcell", name="Elsa Rojas, ventas: 5")).to_be_visible()

    queues = {queue["name"]: queue for queue in staff.get("/queues")["items"]}
    skills = {skill["id"]: skill["name"] for skill in staff.get("/skills")["items"]}
    accounts = {account["id"]: account["name"] for account in staff.get("/accounts")["items"]}
    assert {
        name: (
            {skills[one["skill_id"]]: one["level"] for one in queue["skills"]},
            [accounts[one] for one in queue["account_ids"]],
        )
        for name, queue in queues.items()
    } == {
        "Garantías": ({"garantías": 3}, ["Chat de ayuda"]),
        "Ventas": ({"ventas": 2, "portugués": 1}, ["Chat de ventas"]),
    }
    expect_levels(
        staff,
        skills,
        {
            "Ana Torres": {"garantías": 5},
            "Bruno Díaz": {"garantías": 4, "ventas": 2},
            "Carla Núñez": {"garantías": 3, "portugués": 2},
            "Diego Paz": {"ventas": 4},
            "Elsa Rojas": {"portugués": 3, "ventas": 5},
        },
    )
    print(f"{hands.acts} acts, about {hands.seconds:.0f} s by the keystroke-level model")
    assert hands.seconds < FIVE_MINUTES_S * 2 / 3
    assert hands.acts < 60


def expect_levels(staff: Staff, skills: dict[str, str], levels: dict[str, dict[str, int]]) -> None:
    """Wait until the server has the levels that the table shows already."""
    names = {one["agent_id"]: one["name"] for one in staff.get("/users")["items"]}

    def stored() -> bool:
        found = {
            names[profile["agent_id"]]: {skills[one["skill_id"]]: one["level"] for one in profile["skills"]}
            for profile in staff.get("/profiles")["items"]
        }
        return {name: own for name, own in found.items() if own} == levels

    wait_until(stored, what="the levels are stored")


@pytest.fixture
def supervisor(administrator: Staff) -> Iterator[Staff]:
    email = f"sara-{unique('x').split()[-1]}@colas.test"
    with administrator.colleague(email, "Sara Paz", role="supervisor") as staff:
        yield staff
        administrator.post(f"/users/{staff.user['id']}/deactivate")


def test_what_a_colleague_changes_is_seen_at_once_and_not_overwritten(
    tree: Tree, profiles: Profiles, administrator: Staff, supervisor: Staff
) -> None:
    name = unique("Cambios")
    queue = administrator.post("/queues", name=name)
    desk = Desk(profiles(allow="409"), tree.url).sign_in(supervisor.email, PASSWORD)
    desk.goto("/admin/queues")
    page = desk.page
    page.get_by_role("button", name=f"Editar: {name}").click()
    window = page.get_by_role("dialog", name=f"Cola {name}")
    administrator.patch(f"/queues/{queue['id']}", priority=3)
    window.get_by_label("Prioridad").fill("5")
    window.get_by_role("button", name="Guardar").click()
    expect(window.get_by_role("alert")).to_contain_text("Sofía")
    window.get_by_role("button", name="Guardar").click()
    expect(window).to_have_count(0)
    assert administrator.get(f"/queues/{queue['id']}")["priority"] == 5
    administrator.patch(f"/queues/{queue['id']}", name=f"{name} y devoluciones")
    expect(page.get_by_text(f"{name} y devoluciones")).to_be_visible()
    page.get_by_role("button", name=f"Editar: {name} y devoluciones").click()
    page.get_by_role("button", name="Sacar de uso").click()
    page.get_by_role("dialog", name="Sacar de uso").get_by_role("button", name="Sacar de uso").click()
    expect(page.get_by_role("button", name=f"Usar de nuevo: {name}")).to_be_visible()
    administrator.delete(f"/queues/{queue['id']}")
    expect(page.get_by_text(f"{name} y devoluciones")).to_have_count(0)


def test_steps_out_of_order_are_told_where_they_are(
    tree: Tree, profiles: Profiles, supervisor: Staff
) -> None:
    desk = Desk(profiles(allow="422"), tree.url).sign_in(supervisor.email, PASSWORD)
    desk.goto("/admin/queues")
    page = desk.page
    page.get_by_role("button", name="Agregar cola").click()
    window = page.get_by_role("dialog", name="Agregar cola")
    window.get_by_label("Nombre", exact=True).fill(unique("Pasos"))
    window.get_by_text("Más opciones").click()
    window.get_by_role("button", name="Agregar paso").click()
    window.get_by_role("button", name="Agregar paso").click()
    window.get_by_role("group", name="Paso 2").get_by_label("Después de", exact=True).fill("1")
    window.get_by_role("button", name="Guardar").click()
    expect(window.get_by_text("Cada paso debe llegar más tarde que el anterior.")).to_be_visible()
    window.get_by_role("button", name="Quitar el paso 2").click()
    window.get_by_role("button", name="Guardar").click()
    expect(window).to_have_count(0)


def test_what_a_queue_does_about_long_waits_is_set_in_its_form(
    tree: Tree, profiles: Profiles, supervisor: Staff
) -> None:
    desk = Desk(profiles(), tree.url).sign_in(supervisor.email, PASSWORD)
    name = unique("Citas")
    queue = supervisor.post("/queues", name=name)
    desk.goto("/admin/queues")
    page = desk.page
    page.get_by_role("button", name=f"Editar: {name}").click()
    window = page.get_by_role("dialog", name=f"Cola {name}")
    window.get_by_text("Más opciones").click()
    long = window.get_by_role("group", name="Si la espera es larga")
    expect(long.get_by_label("Ofrecer otras vías si tardaría más de", exact=True)).to_have_value("2")
    expect(long.get_by_label("Cada hora acordada dura", exact=True)).to_have_value("30")
    long.get_by_label("Ofrecer otras vías si tardaría más de", exact=True).fill("10")
    long.get_by_label("Cada hora acordada dura", exact=True).fill("20")
    long.get_by_label("Personas por cada hora acordada").fill("0")
    look(page, "queue-waiting")
    page.set_viewport_size({"width": 390, "height": 844})
    long.scroll_into_view_if_needed()
    look(page, "queue-waiting-390")
    window.get_by_role("button", name="Guardar").click()
    expect(window).to_have_count(0)
    kept = supervisor.get(f"/queues/{queue['id']}")["waiting"]
    assert kept == {"offer_after_s": 600, "slot_s": 1200, "slot_capacity": 0}
    supervisor.delete(f"/queues/{queue['id']}")


def test_teams_sites_and_reasons_are_kept(
    tree: Tree, profiles: Profiles, administrator: Staff, supervisor: Staff
) -> None:
    desk = Desk(profiles(allow="409"), tree.url).sign_in(supervisor.email, PASSWORD)
    desk.goto("/admin/teams")
    page = desk.page
    site, team = unique("Bogotá"), unique("Taller")
    page.get_by_role("button", name="Agregar sede").click()
    page.get_by_label("Nombre de la sede").fill(site)
    page.get_by_label("Zona horaria").select_option("America/Bogota")
    page.get_by_role("button", name="Guardar").click()
    page.get_by_role("button", name="Agregar equipo").click()
    page.get_by_label("Nombre del equipo").fill(team)
    page.get_by_label("Sede", exact=True).select_option(label=site)
    page.get_by_role("button", name="Guardar").click()
    expect(
        page.get_by_role("list", name="Equipos").get_by_role("listitem").filter(has_text=team)
    ).to_contain_text(site)
    page.get_by_role("button", name=f"Quitar: {site}").click()
    page.get_by_role("dialog").get_by_role("button", name="Quitar").click()
    expect(page.get_by_text("Hay equipos que trabajan en esta sede.")).to_be_visible()
    page.get_by_role("button", name=f"Quitar: {team}").click()
    page.get_by_role("dialog").get_by_role("button", name="Quitar").click()
    expect(page.get_by_role("button", name=f"Quitar: {team}")).to_have_count(0)
    found = {one["name"]: one["id"] for one in administrator.get("/sites")["items"]}
    administrator.delete(f"/sites/{found[site]}")


def test_a_profile_is_set_from_the_table(
    tree: Tree, profiles: Profiles, administrator: Staff, supervisor: Staff, agent: Staff
) -> None:
    skill = administrator.post("/skills", name=unique("redes"))
    desk = Desk(profiles(), tree.url).sign_in(supervisor.email, PASSWORD)
    desk.goto("/admin/agents")
    page, name = desk.page, agent.user["name"]
    table = page.get_by_role("grid", name="Habilidades por agente")
    table.get_by_role("button", name=re.compile(name)).click()
    window = page.get_by_role("dialog", name=f"Perfil de {name}")
    window.get_by_label("Português").check()
    window.get_by_label("Otros idiomas").fill("fr, gn")
    window.get_by_label(f"Nivel en {skill['name']}").select_option("4")
    window.get_by_label(f"{skill['name']}: prestada hasta").fill("2099-12-24")
    window.get_by_label(re.compile("Máximo de Chat")).fill("2")
    window.get_by_role("button", name="Guardar").click()
    expect(window).to_have_count(0)
    expect(
        table.get_by_role("gridcell", name=re.compile(f"{name}, {skill['name']}: 4 hasta 24 dic 2099"))
    ).to_be_visible()
    profile = administrator.get(f"/profiles/{agent.agent_id}")
    assert (profile["languages"], profile["limits"]) == (["pt", "fr", "gn"], {"webchat": 2})
    administrator.delete(f"/skills/{skill['id']}")
    expect(table.get_by_role("gridcell", name=re.compile(skill["name"]))).to_have_count(0)


def test_who_would_get_it_now_is_shown_with_the_reasons(
    tree: Tree, profiles: Profiles, administrator: Staff, supervisor: Staff, agent: Staff
) -> None:
    skill = administrator.post("/skills", name=unique("cocinas"))
    needs = [{"skill_id": skill["id"], "level": 3}]
    queue = administrator.post("/queues", name=unique("Cocinas"), skills=needs)
    administrator.put(f"/profiles/{agent.agent_id}/skills/{skill['id']}", level=4)
    Desk(profiles(), tree.url).sign_in(agent.email, agent.password).become("Disponible")
    desk = Desk(profiles(), tree.url).sign_in(supervisor.email, PASSWORD).become("Disponible")
    desk.goto("/admin/queues")
    page = desk.page
    page.get_by_role("button", name="¿Quién lo recibiría?").click()
    window = page.get_by_role("dialog", name="¿Quién lo recibiría ahora?")
    window.get_by_label("Cola").select_option(label=queue["name"])
    window.get_by_role("button", name="Ver", exact=True).click()
    would = window.get_by_role("list", name="Lo recibirían, en este orden")
    expect(would.get_by_role("listitem")).to_have_text(
        re.compile(f"{agent.user['name']}.*sabe de {skill['name']} \\(4\\).*0 de 4 en curso")
    )
    others = window.get_by_role("list", name="No lo recibirían")
    expect(others.get_by_role("listitem").filter(has_text="Sara Paz")).to_contain_text(
        f"no sabe de {skill['name']}; podría tras 10 min de espera"
    )
    window.get_by_label("Cola").select_option(label="Fila común")
    window.get_by_role("button", name="Ver", exact=True).click()
    expect(would.get_by_role("listitem")).to_have_count(2)
    for one in (agent, supervisor):
        one.put("/presence", state="offline")
    administrator.delete(f"/queues/{queue['id']}")
    administrator.delete(f"/skills/{skill['id']}")
