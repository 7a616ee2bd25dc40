"""A day at the desk: many tabs, a session that ends, a lost network, and every act with its way back."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect
from tests.e2e.conftest import Profiles, unique
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.visitor import Visitor

pytestmark = pytest.mark.slow

LOST = r"ERR_INTERNET_DISCONNECTED|ERR_NETWORK"
TABS = 8


@pytest.fixture
def other(tree: Tree) -> Iterator[Visitor]:
    """Another customer."""
    with Visitor(tree.url) as somebody:
        yield somebody


class Streams:
    """The event streams that are open in the tabs of one profile, as DevTools counts them."""

    def __init__(self) -> None:
        self.open: set[tuple[int, str]] = set()
        self.most = 0

    def watch(self, context: BrowserContext, page: Page) -> None:
        tools = context.new_cdp_session(page)
        tab = id(page)

        def began(said) -> None:
            if said["request"]["url"].endswith("/api/v1/live"):
                self.open.add((tab, said["requestId"]))
                self.most = max(self.most, len(self.open))

        def ended(said) -> None:
            self.open.discard((tab, said["requestId"]))

        tools.on("Network.requestWillBeSent", began)
        tools.on("Network.loadingFinished", ended)
        tools.on("Network.loadingFailed", ended)
        page.on("close", lambda _: self.forget(tab))
        tools.send("Network.enable")

    def forget(self, tab: int) -> None:
        self.open = {one for one in self.open if one[0] != tab}


def test_eight_tabs_share_one_stream_and_lose_nothing(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    profile = profiles()
    streams = Streams()
    tabs = [Desk(profile, tree.url) for _ in range(TABS)]
    for tab in tabs:
        streams.watch(profile, tab.page)
    tabs[0].sign_in(agent.email, agent.password)
    for tab in tabs[1:]:
        tab.goto("/")
    for tab in tabs:
        tab.tab("En espera")
    first = visitor.says(unique("A todas las pestañas"))
    for tab in tabs:
        expect(tab.row(first)).to_be_visible()
    assert streams.most == 1

    tabs.pop(0).page.close()  # it held the stream
    second = visitor.says(unique("Justo al cerrar"))
    for tab in tabs:
        expect(tab.row(second)).to_be_visible()
    assert len(streams.open) == 1
    assert streams.most == 1


def test_a_session_that_ends_while_typing_loses_no_letter(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("¿Siguen ahí?"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    profile = profiles()
    desk = Desk(profile, tree.url).sign_in(agent.email, agent.password).open(conversation)
    answer = unique("Sí, aquí sigo con su caso")
    desk.composer.fill(answer)
    agent.delete("/sessions")  # all but the program's own
    window = desk.page.get_by_role("dialog", name="Su sesión venció")
    expect(window).to_be_visible()
    window.get_by_label("Contraseña").fill(agent.password)
    window.get_by_role("button", name="Entrar", exact=True).click()
    expect(window).to_have_count(0)
    expect(desk.composer).to_have_value(answer)
    desk.composer.press("Enter")
    expect(desk.message(answer)).to_contain_text(re.compile("enviado|entregado|leído"))
    assert [one["text"] for one in visitor.messages()].count(answer) == 1


def test_a_desk_at_rest_asks_the_server_for_nothing(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    """With a case on the screen: what an answer brings must not be the reason to ask again."""
    visitor.says(unique("¿Me ayudan con la factura?"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    case = agent.get(f"/conversations/{conversation}")["conversation"]["case_id"]
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(conversation)
    with desk.page.expect_response(lambda answer: answer.url.endswith(f"/cases/{case}/motion")):
        desk.page.reload()
    expect(desk.composer).to_be_visible()
    desk.page.wait_for_load_state("load")
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/assets/" not in request.url:  # code for later is fetched once while nothing else is to do
            asked.append(request.url)

    desk.page.on("request", note)
    rests(desk.page, asked)  # what opening asks for; the measured time begins after it
    desk.page.wait_for_timeout(3_000)
    assert len(asked) <= 3, asked


def rests(page: Page, asked: list[str], *, keeps: bool = False) -> None:
    """Wait until nothing was asked for a second, half a minute at most; forget what was unless it is kept."""
    for _ in range(30):
        before = len(asked)
        page.wait_for_timeout(1_000)
        if len(asked) == before:
            break
    if not keeps:
        asked.clear()


def test_opening_asks_each_thing_once_and_going_past_asks_for_the_conversation_alone(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    """What stands beside a conversation is for whoever looks at it; parts that show the same ask together."""
    with Visitor(tree.url) as another:
        for one in (visitor, another):
            one.says(unique("¿Me ayudan con la factura?"))
            agent.post(f"/conversations/{one.conversation_id}/take")
    desk = Desk(profiles(), tree.url)
    desk.page.clock.install()
    desk.sign_in(agent.email, agent.password)
    page = desk.page
    expect(page.get_by_role("list", name="Mías").get_by_role("listitem")).to_have_count(2)
    asked: list[str] = []
    page.on(
        "request",
        lambda sent: asked.append(sent.url.partition("/api/v1")[2]) if sent.method == "GET" else None,
    )
    page.keyboard.press("j")
    expect(desk.log).to_be_visible()
    rests(page, asked)

    before = page.url
    with page.expect_request(re.compile("/trail$")):
        page.keyboard.press("j")
    page.wait_for_url(lambda url: url != before)
    opened = page.url.rpartition("/")[2]
    rests(page, asked, keeps=True)  # whatever asks too often has done so by then
    found = [path for path in asked if path]
    assert f"/conversations/{opened}/trail" in found
    assert sorted(found) == sorted(set(found))

    asked.clear()
    page.clock.pause_at(
        page.evaluate("Date.now()") / 1_000 + 10
    )  # they go past quicker than any machine is slow
    for key in ("k", "j", "k", "j"):
        page.keyboard.press(key)
    page.wait_for_timeout(1_000)
    page.clock.resume()
    page.wait_for_timeout(1_000)
    passed = [path for path in asked if path.startswith("/conversations/") and opened not in path]
    assert passed
    assert not [path for path in passed if path.endswith(("/trail", "/cards", "/articles"))]


def test_who_may_be_the_same_person_is_said_beside_them(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    name = unique("Marta Ruiz Soto")
    with Visitor(tree.url) as another:
        for one in (visitor, another):
            one.says(unique("¿Me ayudan con la factura?"))
            agent.post(f"/conversations/{one.conversation_id}/take")
            contact = agent.get(f"/conversations/{one.conversation_id}")["contact"]
            agent.patch(f"/contacts/{contact['id']}", name=name)
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(visitor.conversation_id)
    hint = desk.side.get_by_role("region", name="Posible misma persona")
    expect(hint).to_contain_text(f"Puede ser la misma persona que {name}.")
    hint.get_by_role("button", name="Comparar").press("Enter")
    desk.page.get_by_role("dialog").get_by_role("button", name="Unir").click()
    expect(hint).to_have_count(0)
    desk.undo()


def test_a_lost_connection_is_said_and_caught_up(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("Antes del corte"))
    agent.post(f"/conversations/{visitor.conversation_id}/take")
    profile = profiles(allow=LOST)
    desk = Desk(profile, tree.url).sign_in(agent.email, agent.password).open(visitor.conversation_id)
    profile.set_offline(True)
    expect(desk.page.get_by_text("Sin conexión. Lo que escriba queda guardado")).to_be_visible()
    answer = unique("Escrito en el corte")
    desk.composer.fill(answer)
    desk.composer.press("Enter")
    expect(desk.log.get_by_text(answer)).to_be_visible()
    meanwhile = visitor.says(unique("Durante el corte"))
    profile.set_offline(False)
    expect(desk.message(meanwhile)).to_be_visible()
    expect(desk.page.get_by_text("Sin conexión. Lo que escriba queda guardado")).to_have_count(0)
    expect(desk.message(answer)).to_contain_text(re.compile("enviado|entregado|leído"))
    assert [one["text"] for one in visitor.messages()].count(answer) == 1


def test_a_draft_survives_a_reload(tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor) -> None:
    visitor.says(unique("¿Tienen stock?"))
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(visitor.conversation_id)
    draft = unique("Le confirmo en un")
    desk.composer.fill(draft)
    desk.page.reload()
    expect(desk.composer).to_have_value(draft)


def test_a_conversation_can_be_about_another_matter_and_about_the_first_again(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    first = visitor.says(unique("La heladera no enfría"))
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(visitor.conversation_id)
    expect(desk.side.get_by_text(first).first).to_be_visible()
    second = unique("Cambio de domicilio")
    desk.side.get_by_role("button", name="Es por otro asunto").click()
    desk.side.get_by_label("Título").fill(second)
    desk.side.get_by_role("button", name="Abrir un caso").click()
    expect(desk.side.get_by_text(second)).to_be_visible()
    expect(desk.side.get_by_text(first)).to_have_count(0)
    desk.side.get_by_role("button", name="Es por otro asunto").click()
    desk.side.get_by_role("button", name=first).click()
    expect(desk.side.get_by_text(first).first).to_be_visible()
    expect(desk.side.get_by_role("button", name="Es por otro asunto")).to_be_visible()


def test_spam_and_blocking_have_a_way_back(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    offer = visitor.says(unique("Compre seguidores baratos"))
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(visitor.conversation_id)
    desk.tab("En espera")
    expect(desk.row(offer)).to_be_visible()
    desk.more("Marcar como spam")
    expect(desk.row(offer)).to_have_count(0)
    desk.tab("Spam")
    expect(desk.row(offer)).to_be_visible()
    desk.undo()
    expect(desk.row(offer)).to_have_count(0)
    desk.tab("En espera")
    expect(desk.row(offer)).to_be_visible()

    desk.more("Bloquear a esta persona")
    expect(desk.side.get_by_text("bloqueada")).to_be_visible()
    desk.undo()
    expect(desk.side.get_by_text("bloqueada")).to_have_count(0)


def test_two_people_are_joined_and_parted_again(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor, other: Visitor, administrator: Staff
) -> None:
    mine = visitor.says(unique("Desde el teléfono"))
    name = unique("Zulema Zapata")
    theirs = other.says(unique("Desde la computadora"))
    contact = administrator.get(f"/conversations/{other.conversation_id}")["contact"]["id"]
    administrator.patch(f"/contacts/{contact}", name=name)
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(visitor.conversation_id)
    desk.side.get_by_role("button", name="¿Es la misma persona?").click()
    window = desk.page.get_by_role("dialog")
    window.get_by_label("Buscar a otra persona").fill(name)
    window.get_by_role("button", name="Buscar").click()
    window.get_by_role("listitem").filter(has_text=name).get_by_role("button", name="Unir").click()
    expect(desk.message(theirs)).to_be_visible()
    expect(desk.message(mine)).to_be_visible()
    desk.undo()
    expect(desk.message(theirs)).to_have_count(0)
    expect(desk.message(mine)).to_be_visible()


def test_a_case_gets_a_title_a_promise_and_steps(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("La puerta no cierra"))
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(visitor.conversation_id)
    side = desk.side
    start = side.get_by_role("button", name="Abrir un caso")
    edit = side.get_by_role("button", name="Editar caso")
    expect(start.or_(edit)).to_be_visible()
    if start.is_visible():
        side.get_by_label("Título").fill("Puerta")
        start.click()
    edit.click()
    side.get_by_label("Título").fill("Puerta que no cierra")
    side.get_by_label("Qué espera, en sus palabras").fill("que cierre")
    side.get_by_label("Prometido para").fill("2031-05-02T10:00")
    side.get_by_role("button", name="Guardar").click()
    expect(side.get_by_text("«que cierre»")).to_be_visible()
    expect(desk.page.get_by_role("heading", name=re.compile("Puerta que no cierra"))).to_be_visible()

    for step in ("Pedir la foto", "Enviar el burlete"):
        field = side.get_by_role("textbox", name="Paso")
        if not field.is_visible():
            side.get_by_role("button", name="Editar pasos").click()
        field.fill(step)
        field.press("Enter")
        expect(side.get_by_role("button", name=re.compile(f"^{step}: "))).to_be_visible()
    side.get_by_role("button", name="Pedir la foto: en curso").click()
    expect(side.get_by_role("button", name="Pedir la foto: hecho")).to_be_visible()
    desk.page.reload()
    expect(side.get_by_role("button", name="Pedir la foto: hecho")).to_be_visible()
    expect(side.get_by_text(re.compile("Prometido para"))).to_contain_text("2031")


def test_a_conversation_is_ended_reopened_and_found(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    asked = visitor.says(unique("¿Venden burletes xilofónicos?"))
    agent.post(f"/conversations/{visitor.conversation_id}/take")
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(visitor.conversation_id)
    desk.page.get_by_role("button", name=re.compile("^Terminar")).click()
    window = desk.page.get_by_role("dialog", name="Terminar la conversación")
    window.get_by_label("¿Cómo terminó?").fill("no los vendemos")
    window.get_by_role("button", name="Terminar").click()
    expect(desk.page.get_by_role("button", name="Reabrir")).to_be_visible()
    expect(desk.row(asked)).to_have_count(0)
    desk.undo()
    expect(desk.page.get_by_role("button", name=re.compile("^Terminar"))).to_be_visible()
    desk.tab("Mías")
    expect(desk.row(asked)).to_be_visible()
    held = agent.get(f"/conversations/{visitor.conversation_id}")["conversation"]
    assert held["assignee_id"] == agent.agent_id
    desk.page.get_by_role("button", name="Buscar persona, caso o mensaje").click()
    desk.page.get_by_role("combobox", name="Ir a o hacer").fill(asked)
    expect(desk.page.get_by_role("option").filter(has_text=asked).first).to_be_visible()


def test_an_answer_opens_an_ended_conversation_again(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor
) -> None:
    visitor.says(unique("¿Y la factura?"))
    agent.patch(f"/conversations/{visitor.conversation_id}", status="closed")
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(visitor.conversation_id)
    expect(desk.page.get_by_text("Está terminada: al responder se reabre.")).to_be_visible()
    answer = unique("Se la adjunto mañana")
    desk.reply(answer)
    expect(desk.message(answer)).to_contain_text(re.compile("enviado|entregado|leído"))
    expect(desk.page.get_by_role("button", name=re.compile("^Terminar"))).to_be_visible()
    desk.tab("Mías")
    expect(desk.row(answer)).to_be_visible()
    assert answer in [one["text"] for one in visitor.messages()]
