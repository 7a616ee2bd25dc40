"""The thread of a person over years: any place of it at once, and as quick with ten thousand as with ten."""

import asyncio
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import text
from tests.e2e.conftest import Profiles, unique
from tests.support.screens import Desk, stands_above
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.until import wait_until
from tests.support.visitor import Visitor

from trato.db.embedded import running_dsn
from trato.db.engine import Database

pytestmark = pytest.mark.slow

FIRST = datetime(2022, 3, 1, 12, tzinfo=UTC)
HOURS_APART = 3
MANY, LONG = 1_000, 10_000
MOST_ON_THE_PAGE = 400

# What Chromium does meanwhile: how long each frame took, and each task that held the page for over 50 ms.
WATCH = """() => {
  const seen = window.seen = { frames: [], tasks: [], most: 0, over: false };
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) seen.tasks.push(one.duration);
  }).observe({ type: "longtask" });
  let last = performance.now();
  const frame = (now) => {
    seen.frames.push(now - last);
    last = now;
    seen.most = Math.max(seen.most, document.querySelectorAll("[data-message]").length);
    if (!seen.over) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""
# From the click on its row until a text of it is drawn, in milliseconds.
OPEN = """([id, sought]) => new Promise((resolve) => {
  const began = performance.now();
  document.querySelector(`a[href='/c/${id}']`).click();
  const look = () => {
    const there = document.querySelector("[role=log].line")?.textContent.includes(sought);
    requestAnimationFrame(there ? () => resolve(performance.now() - began) : look);
  };
  look();
})"""
# As with a wheel: so many pixels in each frame, until the end or so many frames.
SCROLL = """([by, frames]) => new Promise((resolve) => {
  const line = document.querySelector("[role=log].line");
  const step = () => {
    line.scrollTop += by;
    frames -= 1;
    if (frames > 0) requestAnimationFrame(step);
    else resolve();
  };
  requestAnimationFrame(step);
})"""


def in_database(tree: Tree, sql: str, **values: Any) -> None:
    async def run() -> None:
        dsn = running_dsn(tree.folder / "data")
        assert dsn
        db = Database.open(dsn)
        async with db.begin() as c:
            await c.execute(text(sql), values)
        await db.close()

    with ThreadPoolExecutor(1) as aside:  # Playwright has the loop of this thread
        aside.submit(asyncio.run, run()).result()


def history(tree: Tree, staff: Staff, conversation_id: str, many: int) -> None:
    """Give somebody a past: a message every three hours, each fifth of them ours."""
    contact = staff.get(f"/conversations/{conversation_id}")["contact"]["id"]
    in_database(
        tree,
        """
        INSERT INTO message (id, conversation_id, contact_id, direction, author_kind, author_name, text,
                             status, created_at, occurred_at)
        SELECT gen_random_uuid(), :conversation, :contact,
               CASE WHEN n % 5 = 0 THEN 'out' ELSE 'in' END,
               CASE WHEN n % 5 = 0 THEN 'agent' ELSE 'contact' END,
               CASE WHEN n % 5 = 0 THEN 'Sofía' ELSE 'Pedro' END,
               'Mensaje número ' || n || '. ' || repeat('El camión no llegó y necesito saber más. ', n % 7),
               CASE WHEN n % 5 = 0 THEN 'delivered' ELSE 'received' END,
               CAST(:first AS timestamptz) + make_interval(hours => 3 * n),
               CAST(:first AS timestamptz) + make_interval(hours => 3 * n)
        FROM generate_series(1, :many) n
        """,
        conversation=UUID(conversation_id),
        contact=UUID(contact),
        first=FIRST,
        many=many,
    )


@pytest.fixture
def past(tree: Tree, agent: Staff, visitor: Visitor) -> str:
    """A conversation of somebody with a long past, taken by the agent."""
    visitor.says(unique("¿Siguen ahí?"))
    conversation = visitor.conversation_id
    agent.post(f"/conversations/{conversation}/take")
    history(tree, agent, conversation, MANY)
    return conversation


@pytest.fixture
def desk(tree: Tree, profiles: Profiles, agent: Staff, past: str) -> Desk:
    context = profiles(allow="404")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return Desk(context, tree.url).sign_in(agent.email, agent.password).open(past)


def numbered(desk: Desk, number: int) -> Locator:
    return desk.message(f"Mensaje número {number}.")


def settled(page: Page) -> None:
    """Wait until nothing is being loaded and what was loaded has been drawn."""
    expect(page.get_by_role("log", name="Historial")).to_have_attribute("aria-busy", "false")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def in_view(desk: Desk) -> Locator:
    """Return the message in the middle of the line, once that has come to rest."""

    def place() -> str:
        settled(desk.page)
        found: str = desk.log.evaluate(
            """(log) => {
              const { top, height } = log.getBoundingClientRect();
              const all = [...log.querySelectorAll('[data-message]')];
              return all.find((one) => one.getBoundingClientRect().top > top + height / 3)?.innerText ?? '';
            }"""
        )
        return found

    wait_until(lambda: bool(place()) and place() == place(), what="the line rests", within_s=20)
    return numbered(desk, int(re.findall(r"número (\d+)", place())[0]))


def top_of(message: Locator) -> float:
    box = message.bounding_box()
    assert box
    return box["y"]


def test_earlier_messages_come_by_themselves_and_the_place_stays(
    desk: Desk, past: str, visitor: Visitor
) -> None:
    expect(numbered(desk, MANY)).to_be_visible()
    desk.log.hover()
    first = desk.log.get_by_role("article").first
    while (number := int(re.findall(r"número (\d+)", first.inner_text())[0])) > MANY - 400:
        desk.page.mouse.wheel(0, -20_000)
        expect(first).not_to_contain_text(f"número {number}.")
    here = in_view(desk)
    before = top_of(here)
    said = visitor.says(unique("Y algo más"))
    expect(desk.page.get_by_role("region", name="Bandeja").get_by_text(said)).to_be_visible()
    assert abs(top_of(here) - before) < 2
    assert desk.page.locator("[data-message]").count() < MOST_ON_THE_PAGE
    desk.page.get_by_role("button", name=re.compile("Ir a lo último|Mensajes nuevos")).click()
    expect(desk.message(said)).to_be_in_viewport()


def test_a_date_and_words_lead_to_their_place(desk: Desk) -> None:
    page = desk.page
    expect(numbered(desk, MANY)).to_be_visible()
    page.get_by_role("main").click(position={"x": 700, "y": 200})
    page.keyboard.press("h")
    bar = page.get_by_role("search", name="Buscar en el historial")
    expect(bar.get_by_label("Palabras")).to_be_focused()
    day = FIRST + timedelta(hours=HOURS_APART * 300)
    bar.get_by_label("Ir a la fecha").fill(day.date().isoformat())
    marked = page.locator("[aria-current=true][data-message]")
    expect(marked).to_be_in_viewport()
    expect(marked).to_contain_text(re.compile(r"número (29\d|30\d)"))

    bar.get_by_label("Palabras").fill("NUMERO 77")
    expect(bar.get_by_role("status")).to_have_text("1 de 19")  # 77, 177 … 977, 770 … 779
    expect(marked).to_contain_text("número 977.")
    bar.get_by_label("Palabras").press("Enter")
    expect(bar.get_by_role("status")).to_have_text("2 de 19")
    expect(marked).to_be_in_viewport()
    expect(bar.get_by_label("Palabras")).to_be_focused()
    assert page.evaluate("() => CSS.highlights.get('trato-found')?.size ?? 0") > 0
    bar.get_by_label("Palabras").press("Shift+Enter")
    expect(bar.get_by_role("status")).to_have_text("1 de 19")
    bar.get_by_label("Palabras").fill("zapato")
    expect(bar.get_by_role("status")).to_have_text("No aparece en este historial.")
    page.keyboard.press("Escape")
    expect(bar).to_have_count(0)
    assert page.evaluate("() => CSS.highlights.has('trato-found')") is False


def test_a_link_to_a_message_opens_there_and_says_when_there_is_none(
    tree: Tree, desk: Desk, agent: Staff, past: str
) -> None:
    contact = agent.get(f"/conversations/{past}")["contact"]["id"]
    at = (FIRST + timedelta(hours=HOURS_APART * 500)).isoformat()
    old = agent.get(f"/contacts/{contact}/timeline", at=at)["target"]
    desk.goto(f"/c/{past}?m={old}")
    message = numbered(desk, 500)
    expect(message).to_be_in_viewport()
    expect(message).to_be_focused()
    expect(message).to_have_attribute("aria-current", "true")
    message.hover()
    message.get_by_role("button", name="Más acciones").click()
    desk.page.get_by_role("menuitem", name="Copiar enlace al mensaje").click()
    expect(desk.page.get_by_text("Copiado")).to_be_visible()
    assert desk.page.evaluate("() => navigator.clipboard.readText()") == f"{tree.url}/c/{past}?m={old}"

    desk.goto(f"/c/{past}?m={UUID(int=7)}")
    expect(desk.page.get_by_text("Ese mensaje no está en este historial")).to_be_visible()
    expect(numbered(desk, MANY)).to_be_visible()
    desk.page.get_by_role("button", name="Cerrar el aviso").click()
    expect(desk.page.get_by_text("Ese mensaje no está en este historial")).to_have_count(0)


def test_what_is_new_to_me_has_a_mark_on_every_device(
    tree: Tree, desk: Desk, profiles: Profiles, agent: Staff, past: str, visitor: Visitor
) -> None:
    def all_read() -> bool:
        whole = agent.get(f"/conversations/{past}")
        return bool(whole["read_until"] == whole["messages"][-1]["created_at"])

    wait_until(all_read, what="what is on the screen is read")
    desk.page.goto(f"{tree.url}/")
    expect(desk.log).to_have_count(0)
    said = [visitor.says(unique("Una cosa nueva")) for _ in range(3)]
    elsewhere = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).open(past)
    fresh = elsewhere.page.locator("[data-fresh]")
    expect(fresh).to_contain_text("Nuevo desde")
    stands_above(fresh, elsewhere.message(said[0]))
    stands_above(numbered(elsewhere, MANY), fresh)
    wait_until(all_read, what="the other device has read it")
    desk.goto(f"/c/{past}")
    expect(desk.message(said[2])).to_be_visible()
    expect(desk.page.locator("[data-fresh]")).to_have_count(0)


def test_colleagues_see_who_looks_and_who_writes(
    tree: Tree, desk: Desk, profiles: Profiles, agent: Staff, colleague: Staff, past: str
) -> None:
    theirs = Desk(profiles(), tree.url).sign_in(colleague.email, colleague.password).open(past)
    name, mine = colleague.user["name"], agent.user["name"]
    seen = desk.page.get_by_text(f"{name} también mira esta conversación")
    expect(seen).to_be_visible()
    expect(theirs.page.get_by_text(f"{mine} también mira esta conversación")).to_be_visible()
    theirs.composer.press_sequentially("Ya le respondo")
    expect(desk.page.get_by_text(re.compile(f"^{name} .*escrib"))).to_be_visible()
    theirs.page.get_by_role("link", name="Pendientes").click()  # left, and not merely silent
    expect(seen).to_have_count(0)


def test_a_call_is_one_thing_with_its_recording_and_words(
    tree: Tree, desk: Desk, agent: Staff, past: str
) -> None:
    contact = agent.get(f"/conversations/{past}")["contact"]["id"]
    for kind, said, payload in (
        ("leg", "", {"duration_s": 250}),
        ("keys", "0", {}),
        ("transcript", "", {"turns": [{"who": "contact", "text": "Hola, llamo por la heladera", "at_s": 2}]}),
    ):
        in_database(
            tree,
            """
            INSERT INTO message (id, conversation_id, contact_id, direction, kind, author_kind, author_name,
                                 text, payload, status, created_at, occurred_at)
            SELECT gen_random_uuid(), :conversation, :contact, 'in', :kind, 'agent', 'Sofía', :said,
                   CAST(:payload AS jsonb), 'received', clock_timestamp(), now()
            """,
            conversation=UUID(past),
            contact=UUID(contact),
            kind=kind,
            said=said,
            payload=json.dumps(payload),
        )
    desk.page.reload()
    call = desk.message("Llamada")
    expect(call).to_contain_text("duró 4:10")
    expect(call).to_contain_text("atendió Sofía")
    call.get_by_text("Transcripción").click()
    expect(call.get_by_text("Hola, llamo por la heladera")).to_be_visible()


@pytest.fixture
def stranger(tree: Tree) -> Iterator[Visitor]:
    """Somebody without a past."""
    with Visitor(tree.url) as somebody:
        yield somebody


@pytest.mark.alone
def test_ten_thousand_messages_are_as_quick_as_one(
    tree: Tree, profiles: Profiles, agent: Staff, visitor: Visitor, stranger: Visitor
) -> None:
    """Figures of docs/explanation/interface.md; `-s` prints them."""
    only = stranger.says(unique("Una sola cosa"))
    visitor.says(unique("¿Siguen ahí?"))
    conversation, short = visitor.conversation_id, stranger.conversation_id
    for one in (conversation, short):
        agent.post(f"/conversations/{one}/take")
    history(tree, agent, conversation, LONG)
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password)
    page = desk.page
    expect(page.locator(f"a[href='/c/{conversation}']")).to_be_visible()
    expect(page.locator(f"a[href='/c/{short}']")).to_be_visible()
    page.evaluate(WATCH)
    times: dict[str, list[float]] = {conversation: [], short: []}
    for _ in range(4):  # in turns, so that whatever else the machine does falls on both
        for one, shown in ((short, only), (conversation, f"Mensaje número {LONG}.")):
            times[one].append(page.evaluate(OPEN, [one, shown]))
            settled(page)
    opening, opening_one = (min(times[one]) for one in (conversation, short))
    page.evaluate("() => { window.seen.frames = []; window.seen.tasks = []; }")
    page.evaluate(SCROLL, [-120, 900])
    settled(page)
    seen = page.evaluate(
        "() => ({ ...window.seen, text: document.querySelector('[role=log].line').innerText })"
    )
    frames, passed_s = sorted(seen["frames"]), sum(seen["frames"]) / 1_000
    reached = min(int(one) for one in re.findall(r"número (\d+)\.", seen["text"]))
    figures = {
        "opening_ms": round(opening),
        "opening_one_ms": round(opening_one),
        "most_on_the_page": seen["most"],
        "scrolled_s": round(passed_s, 1),
        "messages_passed": LONG - reached,
        "frame_p50_ms": round(frames[len(frames) // 2], 1),
        "frame_p95_ms": round(frames[int(len(frames) * 0.95)], 1),
        "frame_max_ms": round(frames[-1]),
        "long_tasks": len(seen["tasks"]),
        "long_tasks_ms": round(sum(seen["tasks"])),
    }
    print(f"\n{json.dumps(figures)}")
    assert figures["most_on_the_page"] < MOST_ON_THE_PAGE
    assert figures["messages_passed"] > 500
    assert opening < 2 * opening_one + 500
    assert figures["frame_p95_ms"] < 100
    assert figures["long_tasks_ms"] < 500 * passed_s
