"""The widget and its page: answers in place, the order kept and counted, what the page is told."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route, expect
from tests.e2e.conftest import Profiles, unique
from tests.support.screens import STANDS, stands_above
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.until import wait_until

pytestmark = pytest.mark.slow

HEAR = """() => {
    window.heard = [];
    for (const name of ['opened', 'closed', 'sent', 'message', 'answered', 'solved', 'unread', 'ordered']) {
        document.addEventListener(`trato:${name}`, (event) => heard.push(event.detail));
    }
}"""
# A browser that turns speech into text, and one page to be shown: what a test can say and show.
EARS = """() => {
    window.SpeechRecognition = class extends EventTarget {
        start() { window.ears = this; this.dispatchEvent(new Event('start')); }
        stop() { this.dispatchEvent(new Event('end')); }
        hear(words) {
            const result = Object.assign([{ transcript: words }], { isFinal: true });
            this.dispatchEvent(Object.assign(new Event('result'), { resultIndex: 0, results: [result] }));
        }
        fail(error) {
            this.dispatchEvent(Object.assign(new Event('error'), { error }));
            this.dispatchEvent(new Event('end'));
        }
    };
    navigator.mediaDevices.getDisplayMedia = async () => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 200 });
        const draw = () => { canvas.getContext('2d').fillRect(0, 0, 320, 200); requestAnimationFrame(draw); };
        draw();
        return canvas.captureStream(10);
    };
}"""


def heard(page: Page, kind: str) -> list[dict[str, Any]]:
    return [one for one in page.evaluate("window.heard") if one["type"] == kind]


def barriers(page: Page) -> list[str]:
    page.evaluate(STANDS)
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


@pytest.fixture
def visitor(profiles: Profiles) -> BrowserContext:
    return profiles()


def in_place(page: Page) -> Any:
    return page.locator("trato-answers")


def test_from_the_product_by_an_answer_and_a_person_to_an_order_that_is_counted(
    tree: Tree, administrator: Staff, visitor: BrowserContext
) -> None:
    page = visitor.new_page()
    page.goto(f"{tree.url}/demo/product")
    _reads_in_place(page)
    page.get_by_role("link", name="Comprar").click()
    conversation = _writes_from_the_checkout(page, administrator)
    before = administrator.get("/storefront/orders?days=7")
    with page.expect_response(re.compile("/visitor/orders")) as counted:
        page.get_by_role("button", name="Confirmar la compra").click()
    assert counted.value.json() == {"state": "counted"}
    with page.expect_response(re.compile("/visitor/orders")) as again:
        page.reload()
    assert again.value.json() == {"state": "known"}
    after = administrator.get("/storefront/orders?days=7")
    assert (after["orders"], after["helped"]) == (before["orders"] + 1, before["helped"] + 1)
    kinds = {one["kind"]: one["orders"] for one in after["kinds"]}
    assert kinds["search"] >= 1
    assert kinds["chat"] >= 1
    shown = administrator.get(f"/conversations/{conversation}/page-context")
    assert [one["currency"] for one in shown["orders"]] == ["ARS"]


def _reads_in_place(page: Page) -> None:
    answers = in_place(page)
    expect(answers.get_by_role("heading", name="Preguntas sobre Heladera con freezer FX-200")).to_be_visible()
    answers.get_by_label("Busque una respuesta").fill("cuánto dura la garantía de la heladera")
    first = answers.get_by_role("button", expanded=False).first
    expect(first).to_be_visible()
    page.evaluate(HEAR)
    first.click()
    expect(answers.get_by_text("¿Quedó resuelto?")).to_be_visible()
    assert page.url.endswith("/demo/product")  # nothing was left, nothing covers the page
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert barriers(page) == []
    answers.get_by_role("button", name="Sí").click()
    expect(answers.get_by_text("Gracias por decirlo.")).to_be_visible()
    assert heard(page, "answered")
    assert heard(page, "solved") == [{"type": "solved", "by": "article"}]


def _writes_from_the_checkout(page: Page, administrator: Staff) -> str:
    page.get_by_label("Nombre y apellido").fill("Pedro Gómez")
    page.get_by_label("Dirección de entrega").fill("Calle del Ejemplo 123")
    page.evaluate(HEAR)
    page.evaluate("window.stays = true")
    box = in_place(page).get_by_label("Busque una respuesta")
    box.fill("pregunta que nadie escribió zxqw")
    box.press("Enter")  # within the order's form: it is not sent
    in_place(page).get_by_role("button", name="Hablar con una persona").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Ingresar como Pedro Gómez").click()  # who they are comes late
    expect(page.get_by_role("heading", name=re.compile("^Hola Pedro"))).to_be_visible()
    question = unique("¿Lo entregan el sábado?")
    page.get_by_role("textbox", name="Escriba aquí").fill(question)
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    conversation = _of(administrator, question)
    path = f"/conversations/{conversation}/page-context"
    where = wait_until(lambda: administrator.get(path)["context"])
    assert where["product"]["name"] == "Heladera con freezer FX-200"
    assert where["step"] == "checkout"
    body = {"text": "Sí, el sábado.", "client_id": unique("respuesta").replace(" ", "-")}
    administrator.post(f"/conversations/{conversation}/messages", **body)
    expect(page.get_by_text("Sí, el sábado.")).to_be_visible()
    assert page.evaluate("window.stays") is True
    assert heard(page, "opened")
    assert heard(page, "message")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Nombre y apellido")).to_have_value("Pedro Gómez")
    expect(page.get_by_label("Dirección de entrega")).to_have_value("Calle del Ejemplo 123")
    return conversation


def _of(staff: Staff, words: str) -> str:
    found = staff.get("/inbox", tab="all")["items"]
    return next(str(one["id"]) for one in found if words in (one.get("preview") or ""))


def test_by_keyboard_on_a_narrow_screen_in_portuguese(tree: Tree, profiles: Profiles) -> None:
    context = profiles(viewport={"width": 390, "height": 760}, color_scheme="dark", reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{tree.url}/demo/checkout?lang=pt")
    box = in_place(page).get_by_label("Busque uma resposta")
    box.focus()
    page.keyboard.type("garantia da geladeira")
    result = in_place(page).get_by_role("button", expanded=False).first
    expect(result).to_be_visible()
    page.keyboard.press("Tab")  # past the button that clears
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(in_place(page).get_by_text("Ficou resolvido?")).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    in_place(page).get_by_role("button", name="Fechar a resposta").press("Enter")
    expect(result).to_be_focused()
    box.focus()
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    assert page.url.endswith("/demo/checkout?lang=pt")


def test_words_by_voice_and_a_picture_of_the_page(tree: Tree, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.add_init_script(f"({EARS})()")
    page.goto(f"{tree.url}/demo")
    page.get_by_role("button", name="Ayuda").click()
    field = page.get_by_role("textbox", name="Escriba aquí")
    voice = page.get_by_role("button", name="Dictar")
    voice.press("Enter")
    expect(page.get_by_text("Escuchando.")).to_be_visible()
    expect(voice).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("ears.lang") == "es-AR"
    page.evaluate("ears.hear('la puerta no cierra')")
    expect(field).to_have_value("la puerta no cierra")
    page.evaluate("ears.fail('not-allowed')")
    expect(page.get_by_text("no tiene permiso para usar el micrófono")).to_be_visible()
    expect(voice).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Enviar una imagen de la página").click()
    page.get_by_role("button", name="Tomar la imagen").click()
    expect(page.get_by_role("img", name="Imagen de la página")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Adjuntar", exact=True).click()
    expect(page.get_by_role("button", name="Quitar pagina.png")).to_be_visible()
    page.get_by_role("button", name="Enviar", exact=True).click()
    expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
    expect(page.get_by_role("log").locator("canvas")).to_be_visible()


def test_what_was_asked_before_the_script_came_and_the_question_that_is_asked_once(
    tree: Tree, profiles: Profiles
) -> None:
    page = profiles(allow="404").new_page()  # an article that is not there is asked for
    page.add_init_script("""window.Trato = [
        ['on', 'opened', () => { window.opened = true; }],
        ['nothing', 1], ['context', { product: { name: 5 }, step: 'x'.repeat(500), odd: {} }],
        ['open', { text: 'Vengo de la página' }],
    ]""")
    page.goto(f"{tree.url}/demo/thanks?order=1")
    expect(page.get_by_role("textbox", name="Escriba aquí")).to_have_value("Vengo de la página")
    page.wait_for_function("window.opened === true")
    expect(page.get_by_role("button", name="Con una persona")).to_be_visible()
    names = "Object.getOwnPropertyNames(window).filter((name) => /trato/i.test(name))"
    assert page.evaluate(names) == ["Trato"]
    page.evaluate("Trato.close()")
    page.evaluate("Trato.open()")
    expect(page.get_by_label("Busque una respuesta")).to_be_visible()
    expect(page.get_by_role("button", name="Con una persona")).to_have_count(0)  # asked once
    page.get_by_role("button", name="Más opciones").click()
    page.get_by_role("radio", name="Con una persona").check()
    page.get_by_role("button", name="Volver").click()
    ways = page.get_by_role("button", name="Escribir por chat")
    stands_above(ways, page.get_by_label("Busque una respuesta"))  # a person first, as they prefer
    page.evaluate("Trato.open({ way: 'callback' })")
    expect(page.get_by_role("heading", name="No hace falta que espere aquí")).to_be_visible()
    page.evaluate("Trato.open({ article: 'no-existe' })")
    expect(page.get_by_text("No pudimos traer esta respuesta.")).to_be_visible()


def test_a_look_that_comes_after_the_conversation_leaves_it_there(tree: Tree, profiles: Profiles) -> None:
    page = profiles().new_page()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/look/**", hold)
    page.add_init_script("window.Trato = [['open', { text: 'Vengo de la página' }]]")
    page.goto(f"{tree.url}/demo")
    said = page.get_by_role("textbox", name="Escriba aquí")
    expect(said).to_have_value("Vengo de la página")
    held.pop().continue_()
    expect(page.locator("trato-widget .launcher")).to_be_attached()
    expect(said).to_have_value("Vengo de la página")
    page.evaluate("Trato.close()")
    expect(said).to_be_hidden()
    page.get_by_role("button", name="Ayuda").click()
    expect(said).to_be_visible()


def test_without_the_server_what_is_written_is_kept_and_sent(tree: Tree, profiles: Profiles) -> None:
    context = profiles(allow="ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    page = context.new_page()
    page.route("**/widget/panel-*", lambda route: route.abort())
    page.goto(f"{tree.url}/demo")
    page.get_by_role("button", name="Ayuda").click()
    words = unique("Sin servidor")
    page.get_by_role("textbox", name="Escriba aquí su mensaje").fill(words)
    page.get_by_role("button", name="Guardar y enviar al volver").click()
    expect(page.get_by_text("Guardado. Se envía solo")).to_be_visible()
    assert barriers(page) == []
    page.unroute("**/widget/panel-*")
    page.reload()
    page.get_by_role("button", name="Ayuda").click()
    expect(page.get_by_role("log").get_by_text(words)).to_be_visible()
    expect(page.get_by_text(re.compile("^Enviado"))).to_be_visible()
