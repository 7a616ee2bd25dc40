"""What is written for customers who signed in is read and found by them, and by nobody else."""

import asyncio
import contextlib

import pytest
from sqlalchemy import text
from tests.support.customer import Customer, cases_app, writes
from tests.support.services import make_account
from tests.support.toy_encoder import ToyEncoder

from trato.knowledge.finder import EXTRA, Finder

from .test_preference import identity

PEDRO = "pedro.gomez@example.org"


@pytest.fixture
async def pedro(centre):
    mail = await make_account(centre.services, "email", address="a@aurora.example", smtp_host="127.0.0.1")
    await writes(centre.services, mail, PEDRO, "Hola")
    return await Customer(cases_app(centre.services), centre.services).sign_in(PEDRO)


async def test_they_are_read_by_who_signed_in_and_kept_by_no_browser(centre, pedro):
    await centre.publish({"es": "Descuento para clientes"}, visibility="signed_in")
    await centre.publish({"es": "Para todos"})
    await centre.publish({"es": "Solo del equipo"}, visibility="agents")
    stranger = pedro.another()
    for path in ("/help/es", "/help/es/articles/descuento-para-clientes"):
        seen = await pedro.http.get(path)
        assert "Descuento para clientes" in seen.text
        assert seen.headers["cache-control"] == "private, no-store"
        assert "Cookie" in seen.headers["vary"]
        unseen = await stranger.http.get(path)
        assert "Descuento" not in unseen.text
    assert "Solo del equipo" not in (await pedro.http.get("/help/es")).text
    assert (await pedro.http.get("/help/es/articles/solo-del-equipo")).status_code == 404
    assert (await stranger.http.get("/help/es/articles/descuento-para-clientes")).status_code == 404
    for path in ("/help/sitemap.xml", "/help/es/feed.atom"):
        for one in (pedro, stranger):
            told = (await one.http.get(path)).text
            assert "descuento" not in told.lower()
            assert "para-todos" in told
    await pedro.post("/out")
    assert (await pedro.http.get("/help/es/articles/descuento-para-clientes")).status_code == 404


async def test_the_search_finds_them_for_who_signed_in_only(centre, pedro, tmp_path):
    await centre.publish({"es": "Descuento por antigüedad"}, visibility="signed_in")
    await centre.publish({"es": "Horarios de la tienda"})
    finder = Finder(centre.services.db, tmp_path, encoder=ToyEncoder())
    centre.services.extras[EXTRA] = finder
    running = asyncio.create_task(finder.run())
    await asyncio.sleep(0)  # it begins
    try:
        stranger = pedro.another()
        for question in ("descuento por antiguedad", "descuento por antigüedad de la tienda"):
            path = f"/help/es/search?q={question}"
            assert "descuento-por-antiguedad" in (await pedro.http.get(path)).text
            unseen = (await stranger.http.get(path)).text
            assert "descuento-por-antiguedad" not in unseen
            assert "Sobre Descuento" not in unseen
        # what somebody asked for that only customers may read is an answer, and no gap
        await pedro.http.get("/help/es/search?q=zzzz nada de eso")
        assert await centre.rows("SELECT 1 FROM unanswered_question WHERE question LIKE '%zzzz%'") == []
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def test_whom_their_site_vouches_for_comes_in_by_a_link_of_the_chat(portal, page, account):
    await page.open()
    assert (await page.ask("POST", "cases-link")).json()["type"] == "not-allowed"
    await page.open(identity=identity(account))
    await page.say("Lo escribí en el chat")
    path = (await page.ask("POST", "cases-link")).json()["url"].removeprefix(portal.services.public.url)
    assert path.startswith("/help/es/cases/link/")
    browser = Customer(cases_app(portal.services), portal.services)
    shown = (await browser.http.get(path)).text
    assert "P•••" in shown
    assert "Gómez" not in shown
    assert 'name="email"' not in shown
    below = path.removeprefix("/help/es/cases")
    assert (await browser.post(below)).status_code == 303
    cases = (await browser.get()).text
    assert "Lo escribí en el chat" in cases
    assert "Entró como Pedro Gómez" in cases
    other = browser.another()
    assert (await other.post(below)).status_code == 410  # once
    late = (await page.ask("POST", "cases-link")).json()["url"].partition("/cases")[2]
    async with portal.services.db.begin() as c:
        await c.execute(text("UPDATE customer_sign_in SET expires_at = now() WHERE used_at IS NULL"))
    assert (await other.post(late)).status_code == 410
