"""A new user's first day: help pages come in and are found, and an incident is seen everywhere."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Profiles
from tests.support.first_run import set_up
from tests.support.looking import look
from tests.support.screens import Desk
from tests.support.shared_data import shared_data
from tests.support.tree import Tree, running_tree
from tests.support.until import wait_until

pytestmark = pytest.mark.slow

# As people ask, in their language; none of these is a title.
QUESTIONS = (
    ("es", "Buscar", "como saco una captura de pantalla", "Capturas de pantalla"),
    ("en", "Search", "how do I take a screenshot", "Screenshots and screencasts"),
    ("pt", "Buscar", "o mouse demora para responder", "O mouse reage com um atraso"),
)
KNOWN = {"es": "Problemas conocidos", "en": "Known problems", "pt": "Problemas conhecidos"}
TITLES = {"es": "La impresión falla", "en": "Printing fails", "pt": "A impressão falha"}


@pytest.fixture
def new_tree() -> Iterator[Tree]:
    """An installation that nobody has set up yet."""
    with running_tree() as running:
        yield running


def imported(tree: Tree, file: Path) -> dict[str, object]:
    """Import as the how-to says; return what the command ends with."""
    command = [sys.executable, "-m", "trato", "import", "articles", str(file), "--publish", "--json"]
    done = subprocess.run(
        [*command, "--data", str(tree.folder / "data")],
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    said: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return said


def ask_until(page: Page, url: str, language: str, button: str, question: str, text: str) -> None:
    """Ask until the page says this, at the latest when all that came in has been read."""

    def says() -> bool:
        page.goto(f"{url}/help/{language}")
        page.get_by_role("searchbox").fill(question)
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(question)
        return text in page.get_by_role("main").inner_text()

    wait_until(says, what=f"“{question}” is answered by “{text}”", within_s=150)


def test_imports_finds_in_three_languages_declares_and_sees_it_and_a_customer_reaches_a_person(
    new_tree: Tree, profiles: Profiles
) -> None:
    file = shared_data("text") / "help_articles_es_en_pt.jsonl"
    desk = Desk(profiles(), new_tree.url)
    with set_up(desk.page, new_tree, "Ayuda") as staff:
        said = imported(new_tree, file)
        assert (said["articles"], said["published"], said["failed"]) == (312, 936, [])
        reader = profiles(allow="503").new_page()  # the search that is just being opened says so
        found(reader, new_tree.url)
        brand = staff.get("/brands")["items"][0]["id"]
        staff.post("/incidents", brand_id=brand, titles=TITLES, severity="major")
        desk.goto("/")
        seen_everywhere(desk.page, reader, new_tree.url)
        reach_a_person(desk, profiles)


def found(reader: Page, url: str) -> None:
    for question in QUESTIONS:
        ask_until(reader, url, *question)
    look(reader, "first-day-found")


def seen_everywhere(desk: Page, reader: Page, url: str) -> None:
    strip = desk.get_by_role("region", name=KNOWN["es"])
    expect(strip.get_by_role("listitem").filter(has_text=TITLES["es"])).to_be_visible()
    for language, name in KNOWN.items():
        for place in ("", "/status"):
            reader.goto(f"{url}/help/{language}{place}")
            expect(reader.get_by_role("region", name=name)).to_contain_text(TITLES[language])


def reach_a_person(desk: Desk, profiles: Profiles) -> None:
    desk.become("Disponible")
    customer = profiles(allow="503").new_page()
    question = "¿Venden pasajes de avión a Marte?"
    ask_until(customer, desk.url, "es", "Buscar", question, "No sabemos la respuesta")
    customer.wait_for_function("'Trato' in window")
    customer.locator("main").get_by_role("link", name="Hablar con una persona").click()
    panel = customer.get_by_role("dialog")
    expect(panel).to_contain_text(TITLES["es"])
    panel.get_by_role("button", name="Sí, mostrarlo").click()
    panel.get_by_role("textbox", name="Escriba aquí").press("Enter")
    expect(panel.get_by_text(re.compile("^Enviado"))).to_be_visible()
    desk.page.get_by_role("button", name="Aceptar").first.click()
    trail = desk.page.get_by_role("region", name="Por su cuenta")
    expect(trail.get_by_text(f"Buscó «{question}», sin respuesta")).to_be_visible()
    look(desk.page, "first-day-desk")
