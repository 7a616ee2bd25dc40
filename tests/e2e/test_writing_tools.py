"""What helps while one writes: emoji, a word on the same text to many, a translation, a first message."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Route, expect
from tests.e2e.conftest import Profiles, connected, unique
from tests.support.looking import accessible, look
from tests.support.mail import PEOPLE, SHOP, MailProvider
from tests.support.screens import Desk, Shopper
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.until import wait_until

pytestmark = pytest.mark.slow

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def desk(tree: Tree, profiles: Profiles, agent: Staff) -> Desk:
    return Desk(profiles(), tree.url).sign_in(agent.email, agent.password)


@pytest.fixture
def mailbox(administrator: Staff, provider: MailProvider) -> Iterator[dict[str, Any]]:
    """A mailbox of this test's own, whose mails wait for a minute: a test presses when it is ready."""
    address = f"herramientas.{uuid4().hex[:8]}@{SHOP}"
    account = connected(administrator, provider, address)
    administrator.patch(f"/accounts/{account['id']}", undo_s=60)
    yield {**account, "address": address}
    administrator.patch(f"/accounts/{account['id']}", enabled=False)


def opened(tree: Tree, profiles: Profiles, desk: Desk, said: str) -> Shopper:
    """A shopper who wrote, before the agent."""
    shopper = Shopper(profiles(), tree.url).open()
    shopper.write(said)
    desk.tab("En espera")
    desk.row(said).click()
    expect(desk.message(said)).to_be_visible()
    return shopper


def test_an_emoji_is_found_and_put_by_keys_alone(tree: Tree, profiles: Profiles, desk: Desk) -> None:
    shopper = opened(tree, profiles, desk, unique("¿Ya salió mi pedido?"))
    page = desk.page
    text = unique("Ya está en camino")
    desk.composer.fill(f"{text} ")
    button = page.get_by_role("button", name="Emoji", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    window = page.get_by_role("dialog", name="Emoji")
    search = window.get_by_role("searchbox", name="Buscar un emoji")
    expect(search).to_be_focused()
    expect(window.get_by_role("gridcell").first).to_be_visible()
    look(page, "composing-emoji")
    search.press_sequentially("camion")
    truck = window.get_by_role("button", name="camión de reparto")
    expect(truck).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    first = window.get_by_role("gridcell").first.get_by_role("button")
    expect(first).to_be_focused()
    chosen = first.inner_text()
    page.keyboard.press("Enter")
    expect(window).to_have_count(0)
    expect(desk.composer).to_be_focused()
    expect(desk.composer).to_have_value(f"{text} {chosen}")

    desk.composer.press_sequentially(" :pulg")
    offered = page.get_by_role("listbox", name="Emoji")
    expect(offered.get_by_role("option").first).to_contain_text("pulgar")
    accessible(page, "an emoji while it is being typed")
    page.keyboard.press("Enter")
    expect(desk.composer).to_have_value(re.compile("👍"))
    desk.composer.press_sequentially(":smile:")
    expect(desk.composer).to_have_value(re.compile("👍\ufe0f? 😄$"))
    page.keyboard.press("Enter")
    expect(shopper.message(text)).to_contain_text(re.compile("👍\ufe0f? 😄"))

    button.click()  # what was used is first the next time
    used = page.get_by_role("grid", name="Usados hace poco").get_by_role("gridcell")
    expect(used).to_have_count(3)
    expect(used.first).to_have_text("😄")
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, "composing-emoji-phone")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Emoji")).to_have_count(0)


def test_what_was_attached_is_there_when_one_comes_back_and_goes_with_the_message(
    tree: Tree, profiles: Profiles, desk: Desk
) -> None:
    page = desk.page
    other = unique("¿Tienen stock?")
    opened(tree, profiles, desk, other)
    asked = unique("¿Me manda la etiqueta?")
    shopper = opened(tree, profiles, desk, asked)
    page.locator("input[type=file]").first.set_input_files(
        {"name": "etiqueta.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    attached = page.get_by_role("button", name="Quitar etiqueta.pdf")
    expect(attached).to_be_visible()
    desk.row(other).click()
    expect(desk.message(other)).to_be_visible()
    expect(attached).to_have_count(0)
    desk.row(asked).click()
    expect(desk.message(asked)).to_be_visible()
    expect(attached).to_be_visible()
    page.reload()
    expect(attached).to_be_visible()
    desk.reply("Imprima esta etiqueta")
    expect(desk.message("Imprima esta etiqueta")).to_contain_text("etiqueta.pdf")
    expect(shopper.message("Imprima esta etiqueta")).to_contain_text("etiqueta.pdf")
    expect(attached).to_have_count(0)
    page.reload()
    expect(desk.message("Imprima esta etiqueta")).to_be_visible()
    expect(attached).to_have_count(0)


def written(desk: Desk, text: str) -> None:
    """Write a text and stop until the desk knows whom it went to: without an answer it would go."""
    with desk.page.expect_response("**/api/v1/same-text") as known:
        desk.composer.fill(text)
    known.value.finished()


def test_the_same_text_to_a_third_person_is_said_before_it_goes_and_counted(
    tree: Tree, profiles: Profiles, desk: Desk, agent: Staff, administrator: Staff
) -> None:
    page = desk.page
    number = unique("El taller recibió su heladera")
    said = f"{number} y la revisa esta semana. Le avisamos apenas haya novedades."
    told = page.get_by_text(re.compile("Usted ya envió este mismo texto a 2 personas hoy"))
    for _ in range(2):
        shopper = opened(tree, profiles, desk, unique("¿Qué pasó con mi heladera?"))
        desk.composer.fill(said)
        page.keyboard.press("Enter")
        expect(shopper.message(number)).to_be_visible()
        expect(told).to_have_count(0)

    def followed() -> bool:
        return bool(agent.post("/same-text", text=said)["told"])

    wait_until(followed, what="the log is followed")
    shopper = opened(tree, profiles, desk, unique("¿Y la mía?"))
    written(desk, f"Buenas tardes. {said.upper()}")
    page.keyboard.press("Enter")
    expect(told).to_be_visible()
    expect(desk.composer).to_have_value(re.compile("Buenas tardes"))
    expect(shopper.message(number.upper())).to_have_count(0)
    look(page, "composing-same-text")
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, "composing-same-text-phone")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="Adaptarlo").click()
    expect(desk.composer).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Llega el viernes 27.")
    expect(told).to_have_count(0)
    page.keyboard.press("Enter")
    expect(shopper.message("Llega el viernes 27.")).to_be_visible()

    fourth = opened(tree, profiles, desk, unique("Yo también espero"))
    written(desk, said)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Enviar igual").click()
    expect(fourth.message(number)).to_be_visible()
    expect(desk.composer).to_have_value("")

    def counted() -> bool:
        days = administrator.get("/same-text/days")["items"]
        return any(day["agent_id"] == agent.agent_id and day["messages"] == 1 for day in days)

    wait_until(counted, what="it is counted")
    supervisor = Desk(profiles(), tree.url).sign_in(administrator.email, administrator.password)
    supervisor.goto("/admin/sameText")
    expect(supervisor.page.get_by_role("row").filter(has_text=agent.user["name"])).to_be_visible()
    look(supervisor.page, "admin-same-text")


def test_a_translation_is_asked_for_seen_first_and_never_goes_by_itself(
    tree: Tree, profiles: Profiles, agent: Staff
) -> None:
    desk = Desk(profiles(allow="503"), tree.url).sign_in(agent.email, agent.password)
    asked: list[dict[str, Any]] = []

    def translate(route: Route) -> None:
        body = json.loads(route.request.post_data or "{}")
        asked.append(body)
        if "falla" in body["text"]:
            problem = {
                "type": "unavailable",
                "title": "No disponible ahora",
                "status": 503,
                "detail": "El traductor no respondió a tiempo.",
                "todo": "Inténtelo otra vez o siga con el original.",
            }
            route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem))
            return
        source = "pt" if body["to"] == "es" else "es"
        route.fulfill(json={"text": f"[{body['to']}] {body['text']}", "source": source, "to": body["to"]})

    page = desk.page
    page.route("**/api/v1/translator", lambda route: route.fulfill(json={"available": True}))
    page.route("**/api/v1/translations", translate)
    said = unique("Bom dia, a minha geladeira parou de funcionar ontem à noite e não gela mais nada")
    shopper = opened(tree, profiles, desk, said)
    message = desk.message(said)
    message.get_by_role("button", name="Traducir").click()
    expect(message).to_contain_text(f"[es] {said}")
    expect(message).to_contain_text("Traducido por una máquina, del portugués")
    look(page, "composing-translated")
    message.get_by_role("button", name="Ver solo el original").click()
    expect(message.get_by_text(f"[es] {said}")).to_have_count(0)

    answer = unique("Mañana va el técnico")
    desk.composer.fill(answer)
    page.get_by_role("button", name="Traducir lo escrito al portugués").click()
    preview = page.get_by_role("region", name="Así quedaría en portugués")
    expect(preview).to_contain_text(f"[pt] {answer}")
    expect(desk.composer).to_have_value(answer)
    look(page, "composing-translation")
    preview.get_by_role("button", name="Usar la traducción").click()
    expect(desk.composer).to_have_value(f"[pt] {answer}")
    expect(shopper.message(answer)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(shopper.message(f"[pt] {answer}")).to_be_visible()

    desk.composer.fill("falla")
    page.get_by_role("button", name="Traducir lo escrito al portugués").click()
    expect(page.get_by_role("alert").filter(has_text="no respondió a tiempo")).to_be_visible()
    expect(desk.composer).to_have_value("falla")
    assert [one["to"] for one in asked] == ["es", "pt", "pt"]


def leaving(desk: Desk) -> Locator:
    return desk.page.get_by_role("list", name="Por salir").get_by_role("listitem")


def test_a_first_message_to_somebody_known_says_why_this_channel_and_a_forward_is_undone(
    tree: Tree, profiles: Profiles, administrator: Staff, mailbox: dict[str, Any], desk: Desk
) -> None:
    page = desk.page
    name = f"Ximena {uuid4().hex[:6]}"
    address = f"{name.replace(' ', '.').lower()}@{PEOPLE}"
    administrator.post("/contacts", name=name, kind="email", value=address)
    page.get_by_role("button", name="Mensaje nuevo").click()
    window = page.get_by_role("dialog", name="Mensaje nuevo")
    field = window.get_by_label("Para")
    people = window.get_by_role("listbox", name="Personas encontradas")

    def found() -> bool:
        groups = administrator.get("/search", kind="contact", q=name.split()[1])["groups"]
        return bool(groups and groups[0]["items"])

    wait_until(found, what="the index follows the log")
    field.press_sequentially(name)
    expect(people.get_by_role("option").first).to_contain_text(name)
    accessible(page, "people while one types")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(window.get_by_role("group", name="Para")).to_contain_text(name)
    source = window.get_by_role("combobox", name="Desde")
    if source.count():
        source.select_option(value=mailbox["id"])
    expect(window).to_contain_text("dirección conocida, sin comprobar")
    window.get_by_text(re.compile("Por qué no por")).click()
    expect(window).to_contain_text("es la persona quien escribe primero")
    window.get_by_label("Asunto").fill(unique("Su garantía"))
    first = unique("Le escribimos por su garantía")
    window.get_by_label("Mensaje").fill(first)
    window.get_by_label("Mensaje").press("Control+a")
    window.get_by_label("Mensaje").press("Control+b")
    expect(window.get_by_label("Mensaje")).to_have_value(f"**{first}**")
    look(page, "composing-first")
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, "composing-first-phone")
    page.set_viewport_size({"width": 1440, "height": 900})
    window.get_by_role("button", name="Enviar", exact=True).click()
    leaving(desk).filter(has_text=first).get_by_role("button", name="Enviar ahora").click()
    expect(desk.message(first)).to_contain_text("enviado")
    expect(desk.message(first).locator("strong")).to_have_text(first)

    desk.message(first).get_by_role("button", name="Más acciones").click()
    page.get_by_role("menuitem", name="Reenviar a un tercero").click()
    window = page.get_by_role("dialog", name="Reenviar a un tercero")
    window.get_by_label("Para").fill(f"taller.{uuid4().hex[:6]}@{PEOPLE}")
    asked = unique("¿Pueden revisarlo?")
    window.get_by_label("Explíquele qué necesita").fill(asked)
    window.get_by_role("button", name="Enviar").click()
    row = leaving(desk).filter(has_text=asked)
    expect(row).to_contain_text("Se reenvía en")
    row.get_by_role("button", name="Deshacer").click()
    expect(window.get_by_label("Explíquele qué necesita")).to_have_value(asked)
    window.get_by_role("button", name="Cancelar").click()
    expect(desk.message(asked)).to_have_count(0)
