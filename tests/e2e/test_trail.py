"""Question → no answer → person: what was tried alone stands at the desk, typed once, if they agreed."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Profiles, unique
from tests.support.looking import look
from tests.support.screens import Desk
from tests.support.staff import PASSWORD, Staff
from tests.support.tree import Tree

pytestmark = pytest.mark.slow


def asked(page: Page, url: str, question: str) -> None:
    page.goto(f"{url}/help/es")
    page.get_by_role("searchbox").fill(question)
    page.get_by_role("button", name="Buscar").click()
    for _ in range(60):  # a search that has just started says that it is not ready
        if not page.get_by_text("La búsqueda no está disponible").count():
            break
        page.reload()
    expect(page.get_by_role("heading", name="No sabemos la respuesta")).to_be_visible()


def to_a_person(page: Page) -> None:
    """Press the button in the page, once the chat is there to open."""
    page.wait_for_function("'Trato' in window")
    page.locator("main").get_by_role("link", name="Hablar con una persona").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_question_without_an_answer_goes_to_a_person_whose_desk_shows_the_trail(
    tree: Tree, profiles: Profiles, agent: Staff
) -> None:
    question = unique("¿Venden pasajes de avión a Marte?")
    customer = profiles().new_page()
    asked(customer, tree.url, question)
    look(customer, "trail-unknown")
    to_a_person(customer)
    words = f"Busqué «{question}» y no encontré la respuesta."
    box = customer.get_by_role("textbox", name="Escriba aquí")
    expect(box).to_have_value(words)
    expect(customer.get_by_text("Se borra a los 30 días")).to_be_visible()
    look(customer, "trail-consent")
    customer.get_by_role("button", name="Sí, mostrarlo").click()
    expect(customer.get_by_role("button", name="Sí, mostrarlo")).to_have_count(0)
    box.press("Enter")
    expect(customer.get_by_text(re.compile("^Enviado"))).to_be_visible()
    desk = Desk(profiles(), tree.url).sign_in(agent.email, PASSWORD).become("Disponible")
    desk.page.get_by_role("button", name="Aceptar").first.click()
    trail = desk.page.get_by_role("region", name="Por su cuenta")
    expect(trail.get_by_text(f"Buscó «{question}», sin respuesta")).to_be_visible()
    expect(desk.page.get_by_text(words).first).to_be_visible()
    look(desk.page, "trail-desk")
    # what they read meanwhile comes too, and is gone when they want it gone
    customer.goto(f"{tree.url}/help/es")
    article = customer.locator(".shelves li a").first
    title = article.inner_text()
    article.click()
    expect(customer.get_by_role("heading", name=title, level=1)).to_be_visible()
    customer.get_by_role("button", name=re.compile("^Ayuda")).click()
    expect(trail.get_by_role("link", name=title).first).to_be_visible()
    customer.get_by_role("button", name="Más opciones").click()
    customer.get_by_role("checkbox", name="Mostrarlo a quien me atienda").uncheck()
    expect(customer.get_by_text("Ya no queda nada")).to_be_visible()
    expect(trail).to_have_count(0)


def test_a_no_with_its_reason_opens_the_chat_with_all_of_it_and_a_refusal_leaves_nothing(
    tree: Tree, profiles: Profiles, agent: Staff
) -> None:
    customer = profiles().new_page()
    customer.goto(f"{tree.url}/help/es")
    article = customer.locator(".shelves li a").first
    title = article.inner_text()
    article.click()
    customer.get_by_role("button", name="No", exact=True).click()
    customer.get_by_label("Falta un paso o un dato").check()
    missing = unique("No dice qué pasa con la batería")
    customer.get_by_label(re.compile("Cuéntelo con sus palabras")).fill(missing)
    look(customer, "trail-why")
    customer.locator("main").get_by_role("button", name="Hablar con una persona").click()
    box = customer.get_by_role("textbox", name="Escriba aquí")
    said = f"Leí «{title}» y no quedó resuelto: falta un paso o un dato.\n{missing}"
    expect(box).to_have_value(said)
    customer.get_by_role("button", name="No", exact=True).click()
    box.press("Enter")
    expect(customer.get_by_text(re.compile("^Enviado"))).to_be_visible()
    desk = Desk(profiles(), tree.url).sign_in(agent.email, PASSWORD).become("Disponible")
    desk.page.get_by_role("button", name="Aceptar").first.click()
    expect(desk.page.get_by_text(missing).first).to_be_visible()
    expect(desk.page.get_by_role("region", name="Por su cuenta")).to_have_count(0)
    expect(desk.page).to_have_url(re.compile(r"/c/[0-9a-f-]{36}$"))
    conversation = desk.page.url.rsplit("/", 1)[1]
    assert agent.get(f"/conversations/{conversation}/trail")["items"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_on_the_way_keep_nobody_out(
    tree: Tree, profiles: Profiles, scheme: str, width: int
) -> None:
    page = profiles(viewport={"width": width, "height": 844}, color_scheme=scheme).new_page()
    for name, path in (("person", "person?q=pasajes+a+Marte"), ("report", "report?page=/help/es")):
        page.goto(f"{tree.url}/help/es/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        look(page, f"trail-{name}-{scheme}-{width}")
    page.get_by_label("¿Qué esperaba que pasara, y qué pasó?").fill("Que se vea la foto")
    page.locator("main").get_by_role("button", name="Enviar").click()
    expect(page.get_by_role("heading", name="Gracias por avisarnos")).to_be_visible()
    look(page, f"trail-reported-{scheme}-{width}")


def test_without_a_script_a_person_answers_all_the_same(tree: Tree, profiles: Profiles, agent: Staff) -> None:
    customer = profiles(java_script_enabled=False).new_page()
    question = unique("¿Reparan naves espaciales?")
    asked(customer, tree.url, question)
    customer.locator("main").get_by_role("link", name="Hablar con una persona").click()
    expect(customer.get_by_label("Qué necesita")).to_have_value(
        f"Busqué «{question}» y no encontré la respuesta."
    )
    customer.get_by_label(re.compile("^Su (correo|teléfono)")).fill("+57 300 123 4567")
    if customer.get_by_label("Su correo").count():
        customer.get_by_label("Su correo").fill("ana@example.com")
    customer.get_by_role("button", name="Enviar").click()
    expect(customer.get_by_role("heading", name="Su mensaje está en la fila")).to_be_visible()
    desk = Desk(profiles(), tree.url).sign_in(agent.email, PASSWORD).become("Disponible")
    desk.page.get_by_role("button", name="Aceptar").first.click()
    expect(desk.page.get_by_text(question).first).to_be_visible()
