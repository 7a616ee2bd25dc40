"""Two people change the same thing, and a request that nobody claims: what the administration shows of it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import ADMINISTRATOR, Profiles, unique
from tests.support.screens import Desk
from tests.support.staff import Staff
from tests.support.tree import Tree

from trato.app.wiring import open_services
from trato.channel_sdk import Hook
from trato.db.embedded import running_dsn
from trato.flow import strays
from trato.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture
def page(tree: Tree, profiles: Profiles) -> Page:
    return Desk(profiles(allow="409"), tree.url).sign_in(ADMINISTRATOR).page


def test_what_was_typed_stays_and_it_is_said_who_was_first(
    tree: Tree, page: Page, administrator: Staff
) -> None:
    page.goto(f"{tree.url}/admin/organisation")
    name = page.get_by_role("textbox", name="Nombre", exact=True)
    was = name.input_value()
    administrator.patch("/organisation", name=unique("Otra Tienda"))
    try:
        mine = unique("La Mía")
        name.fill(mine)
        save = page.get_by_role("button", name="Guardar")
        save.click()
        expect(page.get_by_text(f"{administrator.user['name']} cambió esto mientras")).to_be_visible()
        expect(name).to_have_value(mine)
        assert administrator.get("/organisation")["name"] != mine
        save.click()
        expect(page.get_by_text("Guardado.")).to_be_visible()
        assert administrator.get("/organisation")["name"] == mine
    finally:
        administrator.patch("/organisation", name=was)


def test_a_request_that_nobody_claims_is_seen_as_text(tree: Tree, page: Page) -> None:
    said = unique("hola")
    body = f"<script>document.title='{said}'</script>{said}"
    with ThreadPoolExecutor() as beside:  # Playwright's own loop runs in this thread
        beside.submit(lambda: asyncio.run(leave_stray(tree.folder / "data", body))).result()
    page.goto(f"{tree.url}/admin/broken")
    row = page.get_by_role("listitem").filter(has_text="/hooks/email")
    row.get_by_role("button", name="Ver").click()
    window = page.get_by_role("dialog", name="Lo que llegó")
    expect(window.get_by_text(body)).to_be_visible()
    assert said not in page.title()
    with page.expect_download() as downloading:
        window.get_by_role("link", name="Descargar original").click()
    assert said in Path(downloading.value.path()).read_text()
    page.keyboard.press("Escape")
    row.get_by_role("button", name="Leer de nuevo").click()
    expect(
        page.get_by_text("Sigue sin dueño").or_(page.get_by_text("Sigue sin poder leerse"))
    ).to_be_visible()
    row.get_by_role("button", name="Apartar").click()
    expect(row).to_be_hidden()


async def leave_stray(data: Path, said: str) -> None:
    settings = Settings(data=data)
    dsn = running_dsn(data)
    assert dsn
    async with open_services(settings, dsn, "test") as services:
        hook = Hook("email", "POST", {"content-type": "text/html"}, {}, said.encode())
        await strays.keep(services, hook, "no account claims it", network="here", vouched=True)
