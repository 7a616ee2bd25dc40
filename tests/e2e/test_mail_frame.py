"""A mail's HTML in a real Chromium: its own pictures are seen, and nothing of it runs."""

import asyncio
import base64
import shutil
from datetime import UTC, datetime

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import async_playwright
from tests.support.live_app import port_of
from tests.support.services import make_account, running_services

from trato.access.guard import guarded
from trato.channel_sdk import File, Inbound, Party
from trato.conversations import api, files
from trato.flow.inbound import receive

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MAIL = '<p>hola</p><img src="cid:logo"><script>document.title = "it ran"</script>'


@pytest.fixture
async def services(committing_db, fresh_dsn, tmp_path):
    async with running_services(committing_db, fresh_dsn, tmp_path) as found:
        yield found


@pytest.fixture
async def page_url(services):
    """A page of ours with the mail in a sandboxed frame, as the desk shows it."""
    account = await make_account(services, "webchat", origins=["https://tienda.example"])
    logo = File("logo.png", "image/png", PIXEL, content_id="logo", inline=True)
    got = await receive(
        services,
        account,
        Inbound("p1", "k1", Party("visitor", "v1"), datetime.now(UTC), "hola", html=MAIL, files=[logo]),
    )
    app = FastAPI()
    app.state.services = services
    app.include_router(api.pages)

    @app.get("/desk", response_class=HTMLResponse)
    async def desk() -> str:
        frame = files.quote_attribute(files.sign(services, f"/mail/{got.message_id}"))
        sandbox = "allow-popups allow-popups-to-escape-sandbox"
        return f'<!doctype html><iframe sandbox="{sandbox}" src="{frame}"></iframe>'

    guards = guarded(app, trusted_proxies=())
    server = uvicorn.Server(uvicorn.Config(guards, port=0, log_config=None, lifespan="off"))
    running = asyncio.create_task(server._serve())
    yield f"http://127.0.0.1:{await port_of(server)}/desk"
    server.should_exit = True
    await running


async def test_the_mails_own_pictures_are_seen_and_nothing_runs(page_url):
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page()
        failed: list[str] = []
        page.on("requestfailed", lambda request: failed.append(f"{request.url} {request.failure}"))
        await page.goto(page_url, wait_until="networkidle")
        (mail,) = page.frames[1:]
        assert await mail.locator("p").inner_text() == "hola"
        assert failed == []
        assert await mail.locator("img").bounding_box() is not None
        assert await mail.title() == ""
        await browser.close()
