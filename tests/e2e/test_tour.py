"""The main screens, as pictures for `docs/tutorial/tour.md`: TRATO_SCREENSHOTS=1 keeps what is taken here."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, ViewportSize, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles
from tests.support.pictures import picture
from tests.support.screens import STANDS, Desk, Shopper
from tests.support.staff import Staff
from tests.support.tree import Tree, running_tree

pytestmark = pytest.mark.slow

SMALL = {"width": 1024, "height": 640}
BESIDE: ViewportSize = {"width": 1100, "height": 540}  # from 1100 on there is room for what stands beside
READER = {"width": 820, "height": 640}
MOST_BYTES = 120_000
ALL_BYTES = 2_000_000
IMAGES = Path(__file__).parents[2] / "docs" / "images"
TOUR = Path(__file__).parents[2] / "docs" / "tutorial" / "tour.md"

# A picture's name and the path that it shows; a new screen is one line here and one in the tour.
AT_THE_DESK = (
    ("search", "/search?q=heladera"),
    ("waiting", "/waiting"),
    ("tasks", "/tasks"),
    ("articles", "/articles"),
    ("gaps", "/articles/gaps"),
    ("incidents", "/incidents"),
    ("administration", "/admin/start"),
    ("appearance", "/admin/appearance"),
    ("queues", "/admin/queues"),
    ("rules", "/admin/rules"),
)
FETCHED = {"search", "administration", "queues"}  # lists that say nothing while they are on their way
TAKEN_ON_THE_WAY = ("cards", "side-chat", "view", "settings-file")
SETTINGS = """format: trato-settings
version: 1
queues:
- name: Entregas
  priority: 3
tags:
- name: Envío demorado
"""
OF_READERS = (
    ("help-centre", "/help/es"),
    ("help-article", "/help/es/articles/pedir-la-garantia"),
    ("status", "/help/es/status"),
)


@pytest.fixture
def fresh() -> Iterator[Tree]:
    """The demo shop before anybody has used it."""
    with running_tree("--demo") as running:
        yield running


def test_the_tour_shows_every_main_screen(fresh: Tree, profiles: Profiles, tmp_path: Path) -> None:
    entering = profiles(viewport=SMALL).new_page()
    entering.goto(f"{fresh.url}/")
    expect(entering.get_by_role("button", name="Entrar", exact=True)).to_be_visible()
    picture(entering, "sign-in", tmp_path, MOST_BYTES)
    desk = Desk(profiles(viewport=SMALL), fresh.url).sign_in(ADMINISTRATOR)
    for name, path in AT_THE_DESK:
        desk.goto(path)
        expect(desk.page.get_by_role("heading", level=1).first).to_be_visible()
        if name in FETCHED:
            expect(desk.page.get_by_role("main").get_by_role("listitem").first).to_be_visible()
        if name == "appearance":
            desk.page.get_by_text("Conversando", exact=True).click()
            frame = desk.page.frame_locator("iframe")
            expect(frame.get_by_role("dialog")).to_be_visible()
            desk.page.locator("iframe").evaluate("(one) => one.scrollIntoView({ block: 'end' })")
        taken(desk.page, name, tmp_path)
    with Staff(fresh.url, ADMINISTRATOR) as staff:
        beside_a_conversation(desk, staff, tmp_path)
        list_of_ones_own(desk, staff, tmp_path)
    settings_from_a_file(desk, tmp_path)
    reader = profiles(viewport=READER).new_page()
    for name, path in OF_READERS:
        reader.goto(f"{fresh.url}{path}")
        expect(reader.get_by_role("heading", level=1)).to_be_visible()
        taken(reader, name, tmp_path)
    customers_own_cases(fresh, profiles, tmp_path)


def beside_a_conversation(desk: Desk, staff: Staff, folder: Path) -> None:
    pedro = staff.get("/inbox", tab="all", q="Pedro Gómez")["items"]
    desk.page.set_viewport_size(BESIDE)
    desk.open(next(one["id"] for one in pedro if one["channel"] == "email"))
    order = desk.side.get_by_text("Pedido 88120")
    expect(order).to_be_visible()
    order.evaluate("(one) => one.scrollIntoView({ block: 'center' })")
    taken(desk.page, "cards", folder)
    colleagues = desk.side.get_by_role("region", name="Entre colegas")
    field = colleagues.get_by_role("textbox", name=re.compile("^Escriba a sus colegas"))
    field.fill("¿Sabe alguien si el motor sigue en garantía?")
    field.press("Enter")
    expect(colleagues.get_by_role("log")).to_contain_text("sigue en garantía")
    taken(desk.page, "side-chat", folder)


def list_of_ones_own(desk: Desk, staff: Staff, folder: Path) -> None:
    open_ones = [{"field": "status", "values": ["open", "snoozed"]}]
    view = staff.post("/views", name="Todo lo abierto", conditions=open_ones)
    desk.goto(f"/v/{view['id']}")
    expect(desk.page.locator("ul.rows > li").first).to_be_visible()
    taken(desk.page, "view", folder)


def settings_from_a_file(desk: Desk, folder: Path) -> None:
    desk.goto("/admin/settings")
    file: FilePayload = {"name": "a.yaml", "mimeType": "application/yaml", "buffer": SETTINGS.encode()}
    desk.page.get_by_label("Elegir archivo…").set_input_files(file)
    expect(desk.page.get_by_role("list", name="Cambios")).to_contain_text("Entregas")
    taken(desk.page, "settings-file", folder)


def customers_own_cases(tree: Tree, profiles: Profiles, folder: Path) -> None:
    chat = Shopper(profiles(viewport=READER), tree.url, page="/demo?signed_in=true").open()
    chat.page.get_by_role("button", name="Más opciones").click()
    with chat.page.context.expect_page() as opening:
        chat.page.get_by_role("button", name="Ver mis casos").click()
    cases = opening.value
    cases.get_by_role("button", name="Entrar").click()
    expect(cases.get_by_role("heading", level=1)).to_have_text("Mis casos")
    taken(cases, "my-cases", folder)


def taken(page: Page, name: str, folder: Path) -> None:
    # The desk is never idle: it holds a line to the server. What is still being fetched says so.
    page.wait_for_load_state()
    expect(page.get_by_text("Cargando…").or_(page.locator("[aria-busy=true]"))).to_have_count(0)
    page.evaluate(STANDS)
    picture(page, name, folder, MOST_BYTES)


def test_the_tour_names_every_picture_and_they_weigh_little() -> None:
    told = TOUR.read_text("utf-8")
    names = ["sign-in", "my-cases", *TAKEN_ON_THE_WAY, *(name for name, _ in (*AT_THE_DESK, *OF_READERS))]
    assert [name for name in names if f"images/{name}.png" not in told] == []
    sizes = {file.name: file.stat().st_size for file in IMAGES.glob("*.png")}
    assert {
        name: sizes.get(f"{name}.png", 0)
        for name in names
        if not 0 < sizes.get(f"{name}.png", 0) <= MOST_BYTES
    } == {}
    assert sum(sizes.values()) <= ALL_BYTES
