"""Cookies and passkeys in a real browser: what the standards promise and only a browser shows."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser, Page, async_playwright
from sqlalchemy import select
from tests.support.access import PASSWORD

from trato.access import service, tables
from trato.app.web import create_app, protected
from trato.app.wiring import open_services
from trato.db import one_key
from trato.db.edge import Services
from trato.settings import Settings

CHROMIUM = "/usr/bin/chromium"
EMAIL = "ana@example.com"

pytestmark = pytest.mark.slow

# Calls the API as the desk does: same origin, cookies by the browser, the token in a header.
CALL = """async ([method, path, body]) => {
    const headers = {"Content-Type": "application/json", "X-CSRF-Token": window.csrf ?? ""};
    const answer = await fetch("/api/v1" + path, {method, headers, body: body && JSON.stringify(body)});
    const text = await answer.text();
    const said = text ? JSON.parse(text) : null;
    if (said?.csrf) window.csrf = said.csrf;
    return {status: answer.status, body: said};
}"""
CREATE = """async (options) => (await navigator.credentials.create(
    {publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options)})).toJSON()"""
GET = """async (options) => (await navigator.credentials.get(
    {publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options)})).toJSON()"""
ATTACK = """async (target) => {
    const outcome = (sent) => sent.then(() => "passed", () => "blocked");
    const sent = {method: "DELETE", mode: "cors", credentials: "include"};
    const wrote = await outcome(fetch(target + "/session", sent));
    const form = {method: "POST", mode: "no-cors", credentials: "include", body: "{}"};
    await fetch(target + "/me/totp", form).catch(() => {});
    return [wrote, await outcome(fetch(target + "/session", {credentials: "include"}))];
}"""


@dataclass
class Site:
    port: int
    services: Services


@pytest.fixture
async def site(fresh_dsn: str, tmp_path: Path) -> AsyncIterator[Site]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        settings = Settings(data=tmp_path, port=port, public_url=f"http://localhost:{port}")
        await one_key.settle(fresh_dsn, settings.outside_key, settings.key_file)
        async with open_services(settings, fresh_dsn, "web") as services:
            async with services.db.begin() as c:
                await service.create_user(
                    c, name="Ana", email=EMAIL, password=PASSWORD, role="administrator", language="es"
                )
            app = protected(create_app(services, settings), settings)
            config = uvicorn.Config(app, log_config=None, access_log=False, proxy_headers=False)
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            while not server.started and not serving.done():  # noqa: ASYNC110  it tells nobody
                await asyncio.sleep(0.01)
            yield Site(port, services)
            server.should_exit = True
            await serving


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--host-resolver-rules=MAP desk.example 127.0.0.1"],
        )
        yield browser
        await browser.close()


async def opened(chromium: Browser, site: Site, host: str = "localhost") -> Page:
    """Open a page of the site that has no script of its own."""
    page = await chromium.new_page()
    await page.goto(f"http://{host}:{site.port}/health/live")
    return page


async def call(page: Page, method: str, path: str, body: Any = None) -> Any:
    return await page.evaluate(CALL, [method, path, body])


async def sign_in(page: Page) -> int:
    answer = await call(page, "POST", "/session", {"email": EMAIL, "password": PASSWORD})
    status: int = answer["status"]
    return status


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_the_session_cookie_is_kept_on_loopback_without_tls(
    site: Site, chromium: Browser, host: str
) -> None:
    page = await opened(chromium, site, host)
    assert await sign_in(page) == 200
    assert (await call(page, "GET", "/session"))["body"]["user"]["email"] == EMAIL
    assert await page.evaluate("document.cookie") == "", "out of reach of scripts"
    assert (await call(page, "PATCH", "/me", {"name": "Ana María"}))["status"] == 200
    await page.evaluate("window.csrf = ''")
    assert (await call(page, "PATCH", "/me", {"name": "M"}))["status"] == 403
    assert (await call(page, "GET", "/session"))["status"] == 200
    assert (await call(page, "DELETE", "/session"))["status"] == 204
    assert (await call(page, "GET", "/session"))["status"] == 401


async def test_another_host_without_tls_is_told_the_mend(site: Site, chromium: Browser) -> None:
    page = await (await chromium.new_context(locale="es-CO")).new_page()
    answer = await page.goto(f"http://desk.example:{site.port}/")
    assert answer is not None
    assert answer.status == 403
    assert "HTTPS" in await page.inner_text("body")
    assert await page.get_attribute("html", "lang") == "es"


async def test_a_foreign_page_can_neither_read_nor_write(site: Site, chromium: Browser) -> None:
    page = await opened(chromium, site)
    assert await sign_in(page) == 200
    await page.goto(f"http://127.0.0.1:{site.port}/health/live")
    target = f"http://localhost:{site.port}/api/v1"
    assert await page.evaluate(ATTACK, target) == ["blocked", "blocked"]
    await page.goto(f"http://localhost:{site.port}/health/live")
    assert (await call(page, "GET", "/session"))["status"] == 200, "still signed in"
    async with site.services.db.connect() as c:
        assert (await c.execute(select(tables.challenge))).all() == [], "nothing was begun"


async def test_a_passkey_is_made_and_signs_in(site: Site, chromium: Browser) -> None:
    page = await opened(chromium, site)
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    authenticator = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": authenticator})
    assert await sign_in(page) == 200
    started = (await call(page, "POST", "/me/passkeys/options"))["body"]
    credential = await page.evaluate(CREATE, started["options"])
    sent = {"challenge": started["challenge"], "credential": credential, "name": "Portátil"}
    assert (await call(page, "POST", "/me/passkeys", sent))["status"] == 201
    await call(page, "DELETE", "/session")

    started = (await call(page, "POST", "/session/passkey/options", {}))["body"]
    credential = await page.evaluate(GET, started["options"])
    sent = {"challenge": started["challenge"], "credential": credential}
    assert (await call(page, "POST", "/session/passkey", sent))["body"]["user"]["email"] == EMAIL
    assert (await call(page, "POST", "/session/passkey", sent))["status"] == 401, "once"
    async with site.services.db.connect() as c:
        assert set(await c.scalars(select(tables.session.c.strong))) == {True}
