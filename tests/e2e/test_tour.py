"""The main screens, as pictures for `docs/tutorial/tour.md`: TRATO_SCREENSHOTS=1 keeps what is taken here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles
from tests.support.pictures import picture
from tests.support.screens import Desk, Shopper
from tests.support.tree import Tree, running_tree

pytestmark = pytest.mark.slow

SMALL = {"width": 1024, "height": 640}
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
        taken(desk.page, name, tmp_path)
    reader = profiles(viewport=READER).new_page()
    for name, path in OF_READERS:
        reader.goto(f"{fresh.url}{path}")
        expect(reader.get_by_role("heading", level=1)).to_be_visible()
        taken(reader, name, tmp_path)
    customers_own_cases(fresh, profiles, tmp_path)


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
    page.wait_for_load_state("networkidle")
    picture(page, name, folder, MOST_BYTES)


def test_the_tour_names_every_picture_and_they_weigh_little() -> None:
    told = TOUR.read_text("utf-8")
    names = ["sign-in", "my-cases", *(name for name, _ in (*AT_THE_DESK, *OF_READERS))]
    assert [name for name in names if f"images/{name}.png" not in told] == []
    sizes = {file.name: file.stat().st_size for file in IMAGES.glob("*.png")}
    assert {
        name: sizes.get(f"{name}.png", 0)
        for name in names
        if not 0 < sizes.get(f"{name}.png", 0) <= MOST_BYTES
    } == {}
    assert sum(sizes.values()) <= ALL_BYTES
