"""Where agents are: reasons, several devices, being set away and coming back, and wrapping up."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect
from sqlalchemy import text
from tests.e2e.conftest import Profiles, unique
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree
from tests.support.until import wait_until
from tests.support.visitor import Visitor

from trato.db.embedded import running_dsn
from trato.db.engine import Database

pytestmark = pytest.mark.slow


def in_database(tree: Tree, sql: str, **values: object) -> None:
    """Do to the database what only time or a broken line would do."""

    async def run() -> None:
        dsn = running_dsn(tree.folder / "data")
        assert dsn
        db = Database.open(dsn, pool_size=1, application_name="test")
        try:
            async with db.begin() as c:
                await c.execute(text(sql), values)
        finally:
            await db.close()

    # The browser's loop runs in this thread already.
    with ThreadPoolExecutor(1) as beside:
        beside.submit(lambda: asyncio.run(run())).result()


def presence(staff: Staff) -> dict[str, object]:
    found = staff.get("/presences")["items"]
    return next(one for one in found if one["agent_id"] == staff.agent_id)


@pytest.fixture
def wrapped(administrator: Staff) -> Iterator[None]:
    """What comes in by the chat may be wrapped up for a minute."""
    account = next(one["id"] for one in administrator.get("/accounts")["items"] if one["kind"] == "webchat")
    queue = administrator.post("/queues", name=unique("Cierres"), wrap_up_s=60, account_ids=[account])
    yield
    administrator.patch(f"/queues/{queue['id']}", active=False)


def test_what_was_closed_is_wrapped_up_with_the_room_held(
    tree: Tree, profiles: Profiles, agent: Staff, wrapped: None
) -> None:
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).become("Disponible")
    page = desk.page
    with Visitor(tree.url) as visitor:
        asked = visitor.says(unique("¿Cuándo llega mi cocina?"))
        desk.accept(asked)
        expect(page.get_by_role("img", name="Capacidad en uso: 1 de 4")).to_be_visible()
        page.keyboard.press("e")
        page.get_by_role("dialog").get_by_role("button", name="Terminar").click()
        bar = page.get_by_role("region", name="Cierre de la conversación")
        expect(bar).to_be_visible()
        expect(page.get_by_role("img", name="Capacidad en uso: 1 de 4")).to_be_visible()
        bar.get_by_role("button", name="Más tiempo").click()
        expect(bar.get_by_role("button", name="Más tiempo")).to_have_count(0)
        with page.expect_response("**/wrap-ups/*"):
            bar.get_by_label("¿Cómo terminó?").fill("entrega acordada")
        page.reload()
        expect(bar.get_by_label("¿Cómo terminó?")).to_have_value("entrega acordada")
        bar.get_by_role("button", name="Listo").click()
        expect(bar).to_have_count(0)
        expect(page.get_by_role("img", name="Capacidad en uso: 0 de 4")).to_be_visible()
        assert presence(agent)["load"] == 0


def test_one_presence_on_two_devices(tree: Tree, profiles: Profiles, agent: Staff) -> None:
    first = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).become("Disponible")
    second = Desk(profiles(), tree.url).sign_in(agent.email, agent.password)
    expect(second.state).to_have_accessible_name("Su estado: Disponible")
    with Visitor(tree.url) as visitor:
        asked = visitor.says(unique("¿Está abierto?"))
        expect(first.offer.filter(has_text=asked)).to_be_visible()
        second.accept(asked)
        expect(first.offer).to_have_count(0)
        expect(first.page.get_by_role("img", name="Capacidad en uso: 1 de 4")).to_be_visible()
        first.become("Ausente")
        expect(second.state).to_have_accessible_name("Su estado: Ausente")
        second.become("Disponible")
        first.page.context.close()
        expect(second.state).to_have_accessible_name("Su estado: Disponible")
        wait_until(lambda: presence(agent)["said"] == "available", what="the server knows")
        assert presence(agent)["state"] == "handling"


def test_who_is_set_away_is_told_why_and_comes_back_with_one_key(
    tree: Tree, profiles: Profiles, agent: Staff
) -> None:
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).become("Disponible")
    wait_until(lambda: presence(agent)["said"] == "available", what="the server knows")
    set_away = "SELECT set_presence(CAST(:id AS uuid), 'away', 'unanswered_offers', 'system', 'available')"
    in_database(tree, set_away, id=agent.agent_id)
    expect(desk.page.get_by_text("Pasó a Ausente: quedaron ofrecimientos sin respuesta")).to_be_visible()
    expect(desk.page.get_by_role("button", name=re.compile("^Volver"))).to_be_visible()
    desk.page.locator("body").press("v")
    expect(desk.state).to_have_accessible_name("Su estado: Disponible")
    expect(desk.page.get_by_text("Pasó a Ausente")).to_have_count(0)
    wait_until(lambda: presence(agent)["said"] == "available", what="the server knows")


def test_reasons_are_those_of_the_house_or_ones_own_words(
    tree: Tree, profiles: Profiles, administrator: Staff, agent: Staff
) -> None:
    reason = unique("Capacitación")
    desk = Desk(profiles(), tree.url).sign_in(agent.email, agent.password).become("Disponible")
    kept = administrator.post("/away-reasons", name=reason)
    desk.state.click()
    desk.page.get_by_role("menuitem", name=reason).click()
    expect(desk.state).to_have_accessible_name("Su estado: Ausente")
    expect(desk.state).to_contain_text(reason)
    wait_until(lambda: presence(agent)["reason"] == reason, what="the reason is known")
    desk.become("Disponible")
    desk.state.click()
    desk.page.get_by_role("menuitem", name="Otro motivo para ausentarse…").click()
    window = desk.page.get_by_role("dialog", name="¿Por qué se ausenta?")
    window.get_by_label("Motivo").fill("Voy al banco")
    window.get_by_role("button", name="Ausentarme").click()
    expect(desk.state).to_contain_text("Voy al banco")
    administrator.delete(f"/away-reasons/{kept['id']}")
    desk.state.click()
    expect(desk.page.get_by_role("menuitem", name=reason)).to_have_count(0)


def test_supervisors_see_who_reconnects(
    tree: Tree, profiles: Profiles, administrator: Staff, agent: Staff
) -> None:
    agent.put("/presence", state="available")
    desk = Desk(profiles(), tree.url).sign_in(administrator.email)
    desk.goto("/admin/agents")
    row = desk.page.get_by_role("row", name=re.compile(agent.user["name"]))
    expect(row).to_contain_text("disponible")
    expect(row).to_contain_text("0 de 4")
    silent = (
        "UPDATE presence SET last_seen_at = now() - interval '45 seconds' WHERE agent_id = CAST(:id AS uuid)"
    )

    def is_seen_to_reconnect() -> bool:
        in_database(tree, silent, id=agent.agent_id)
        return bool(presence(agent)["reconnecting"])

    # A router that has just begun to lead judges nobody for a minute.
    wait_until(is_seen_to_reconnect, what="the silent desk is noticed", within_s=90)
    expect(row).to_contain_text("reconectando")
    agent.put("/presence", state="offline")
    expect(row).to_contain_text("desconectado")
