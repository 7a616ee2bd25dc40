"""How it looks and whether everybody can use it: axe, narrow screens, three languages, light and dark."""

import json
import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.support.looking import accessible, no_sideways_scrolling
from tests.support.places import PLACES
from tests.support.screens import Desk, Shopper
from tests.support.staff import DEMO_PASSWORD, Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow


@pytest.fixture
def story(administrator: Staff) -> str:
    """The demo's story with every kind of message, a case and its steps."""
    found: list[dict[str, Any]] = administrator.get("/inbox", tab="all", q="Pedro Gómez")["items"]
    if not found:
        found = administrator.get("/inbox", tab="closed")["items"]
    return next(str(one["id"]) for one in reversed(found) if one["channel"] == "email")


@pytest.fixture
def languages(tree: Tree, agent: Staff) -> Iterator[None]:
    """Afterwards the administrator reads Spanish again."""
    yield
    with Staff(tree.url, ADMINISTRATOR) as staff:
        staff.patch("/me", language="es")


@pytest.mark.parametrize(("language", "scheme"), [("es", "light"), ("en", "dark"), ("pt", "light")])
def test_every_page_is_accessible(
    tree: Tree,
    profiles: Profiles,
    administrator: Staff,
    languages: None,
    story: str,
    language: str,
    scheme: str,
) -> None:
    profile = profiles(color_scheme=scheme, locale=language)
    page = profile.new_page()
    page.goto(f"{tree.url}/")
    expect(page.get_by_role("main")).to_be_visible()
    accessible(page, "signing in")
    page.goto(f"{tree.url}/forgot")
    expect(page.get_by_role("main")).to_be_visible()
    accessible(page, "forgotten password")

    administrator.patch("/me", language=language)
    page.goto(f"{tree.url}/")
    page.locator("input[type=email]").fill(ADMINISTRATOR)
    page.locator("input[type=password]").fill(DEMO_PASSWORD)
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("button", name=re.compile("^(Buscar|Search) "))).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))
    accessible(page, "the empty desk")
    page.goto(f"{tree.url}/c/{story}")
    expect(page.get_by_role("log").get_by_role("article").first).to_be_visible()
    expect(page.get_by_role("complementary")).to_be_visible()
    accessible(page, "a thread")
    for place in PLACES:
        page.goto(f"{tree.url}{place}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        accessible(page, f"{place} in {language}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_menus_and_windows_are_accessible(tree: Tree, profiles: Profiles, agent: Staff, scheme: str) -> None:
    with Visitor(tree.url) as visitor:
        asked = visitor.says(unique("¿Cuánto cuesta el flete?"))
        desk = Desk(profiles(color_scheme=scheme), tree.url).sign_in(agent.email, agent.password)
        desk.open(visitor.conversation_id)
        page = desk.page
        desk.tab("En espera")
        expect(desk.row(asked)).to_be_visible()
        accessible(page, "the full list")
        for key, window in (
            ("?", "Atajos de teclado"),
            ("Control+k", "Ir a o hacer"),
            ("e", "Terminar la conversación"),
        ):
            page.keyboard.press(key)
            expect(page.get_by_role("dialog", name=window)).to_be_visible()
            accessible(page, window)
            page.keyboard.press("Escape")
            expect(page.get_by_role("dialog")).to_have_count(0)
        desk.state.click()
        expect(page.get_by_role("menu")).to_be_visible()
        accessible(page, "the menu of states")
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        expect(page.get_by_role("textbox", name="Nota interna")).to_be_focused()
        accessible(page, "a note")
        page.get_by_role("button", name="Mensaje nuevo").click()
        expect(page.get_by_role("dialog", name="Mensaje nuevo")).to_be_visible()
        accessible(page, "a new message")


@pytest.mark.parametrize(("scheme", "language"), [("light", "es"), ("dark", "pt"), ("light", "en")])
def test_the_shop_and_its_widget_are_accessible(
    tree: Tree, profiles: Profiles, agent: Staff, scheme: str, language: str
) -> None:
    page = profiles(color_scheme=scheme).new_page()
    page.goto(f"{tree.url}/demo?lang={language}")
    opener = page.get_by_role("button", name=re.compile("^(Ayuda|Help|Ajuda): "))
    expect(opener).to_be_visible()
    accessible(page, "the shop")
    opener.click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("heading", level=3).first).to_be_visible()
    accessible(page, "the widget before a word")
    field = panel.get_by_role("textbox")
    field.fill(unique("?"))
    field.press("Enter")
    expect(panel.get_by_role("log").get_by_role("listitem")).to_contain_text(
        re.compile("Enviado|Sent|Enviada")
    )
    accessible(page, "the widget in a chat")
    panel.get_by_role("button", name=re.compile("Más opciones|More options|Mais opções")).click()
    expect(panel.get_by_role("radio").first).to_be_visible()
    accessible(page, "the widget's menu")


@pytest.mark.parametrize(("scheme", "language"), [("light", "es"), ("dark", "pt"), ("light", "en")])
def test_the_page_of_the_preference_is_accessible_and_needs_no_script(
    tree: Tree, profiles: Profiles, administrator: Staff, story: str, scheme: str, language: str
) -> None:
    contact = administrator.get(f"/conversations/{story}")["contact"]["id"]
    link = administrator.post(f"/contacts/{contact}/preference-link")["url"]
    profile = profiles(color_scheme=scheme, locale=language, java_script_enabled=False)
    page = profile.new_page()
    page.goto(link)
    page.locator("input[name=tone][value=tu]").check()
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator("input[name=tone][value=tu]")).to_be_checked()
    looked_at = profiles(color_scheme=scheme, locale=language).new_page()
    looked_at.goto(link)
    accessible(looked_at, "the preference")
    no_sideways_scrolling(looked_at, "the preference")


@pytest.mark.parametrize(("scheme", "language"), [("light", "es"), ("dark", "pt"), ("light", "en")])
def test_the_page_of_a_matter_is_accessible_and_needs_no_script(
    tree: Tree, profiles: Profiles, administrator: Staff, story: str, scheme: str, language: str
) -> None:
    # The demo's mailbox is nobody's: it is opened for the moment in which the mail with the link is written.
    mailbox = next(one["id"] for one in administrator.get("/accounts")["items"] if one["kind"] == "email")
    case = administrator.get(f"/conversations/{story}")["case"]
    administrator.patch(f"/accounts/{mailbox}", enabled=True)
    administrator.patch(f"/cases/{case['id']}", status="open")
    administrator.post(f"/cases/{case['id']}/resolve", done="Cambiamos el termostato.")
    administrator.patch(f"/accounts/{mailbox}", enabled=False)
    told = json.dumps(administrator.get(f"/contacts/{case['contact_id']}/timeline"))
    link = max(re.findall(r'http[^ "\\?]+/matter/[^ "\\?]+', told), key=len)  # previews cut it
    profile = profiles(color_scheme=scheme, locale=language, java_script_enabled=False)
    page = profile.new_page()
    page.goto(link)
    page.locator("input[value=yes]").check()
    looked_at = profiles(color_scheme=scheme, locale=language).new_page()
    looked_at.goto(link)
    accessible(looked_at, "the matter")
    no_sideways_scrolling(looked_at, "the matter")
    page.get_by_role("button").first.click()
    expect(page.get_by_role("status")).to_be_visible()
    solved = administrator.get(f"/cases/{case['id']}")
    assert (solved["status"], solved["resolved_by"]) == ("resolved", "contact")


# A window of 1280 pixels at 400 % has the room of 320.
NARROW: tuple[tuple[int, Literal["light", "dark"]], ...] = ((390, "light"), (320, "dark"))


def narrow(page: Page, place: str) -> None:
    """Judge a place on a phone by day and at 400 % by night."""
    for width, scheme in NARROW:
        page.set_viewport_size({"width": width, "height": 780})
        page.emulate_media(color_scheme=scheme)
        no_sideways_scrolling(page, f"{place} at {width} px")
        accessible(page, f"{place} at {width} px, {scheme}")


def test_narrow_screens_never_scroll_sideways_and_keep_nobody_out(
    tree: Tree, profiles: Profiles, administrator: Staff, story: str, agent: Staff
) -> None:
    profile = profiles(viewport={"width": 390, "height": 780})
    desk = Desk(profile, tree.url).sign_in(administrator.email)
    narrow(desk.page, "the list")
    desk.open(story)
    narrow(desk.page, "a thread")
    desk.page.get_by_role("button", name="Persona y caso").click()
    expect(desk.side).to_be_visible()
    narrow(desk.page, "person and case")
    for place in PLACES:
        desk.goto(place)
        expect(desk.page.get_by_role("heading", level=1)).to_be_visible()
        narrow(desk.page, place)
    shopper = Shopper(profile, tree.url)
    narrow(shopper.page, "the shop")
    shopper.open()
    narrow(shopper.page, "the widget")
    shopper.say(unique("Una palabra larguísima: " + "a" * 200))
    narrow(shopper.page, "a long word in the widget")


def test_at_400_percent_the_thread_and_its_composer_are_in_reach(
    tree: Tree, profiles: Profiles, administrator: Staff, story: str, agent: Staff
) -> None:
    # What 1440 by 900 leaves at 400 %.
    desk = Desk(profiles(viewport={"width": 360, "height": 225}), tree.url).sign_in(administrator.email)
    desk.open(story)
    no_sideways_scrolling(desk.page, "a thread at 400 %")
    last = desk.log.get_by_role("article").last
    expect(last).to_be_in_viewport()
    desk.composer.fill("Hola")
    expect(desk.composer).to_be_in_viewport()
    send = desk.page.get_by_role("button", name="Enviar", exact=True)
    send.scroll_into_view_if_needed()
    expect(send).to_be_in_viewport(ratio=1)
    desk.composer.fill("")
    desk.page.get_by_role("button", name="Persona y caso").click()
    expect(desk.side.get_by_role("heading", name="Quién")).to_be_in_viewport()


def test_an_address_that_leads_nowhere_says_so(tree: Tree, profiles: Profiles, administrator: Staff) -> None:
    desk = Desk(profiles(allow="404"), tree.url).sign_in(administrator.email)
    desk.goto("/nowhere/at/all")
    expect(desk.page).to_have_title(re.compile("Esta página no existe"))
    desk.page.get_by_role("link", name="Bandeja").last.click()
    expect(desk.page.get_by_role("heading", name="Bandeja")).to_be_attached()
    desk.goto("/c/00000000-0000-0000-0000-000000000000")
    desk.page.get_by_role("button", name="Volver a la lista").click()
    expect(desk.page).to_have_title(re.compile("^Bandeja"))


def test_a_history_that_cannot_be_fetched_never_looks_empty(
    tree: Tree, profiles: Profiles, administrator: Staff, story: str
) -> None:
    desk = Desk(profiles(allow="500"), tree.url).sign_in(administrator.email)
    desk.page.route("**/timeline**", lambda route: route.fulfill(status=500, body="{}"))
    desk.goto(f"/c/{story}")
    failed = desk.log.get_by_role("alert")
    expect(failed).to_contain_text("Algo falló en el servidor")
    desk.page.unroute_all()
    failed.get_by_role("button", name="Reintentar").click()
    expect(desk.log.get_by_text("Aquí empieza la historia")).to_be_visible()
