"""Addresses below the help centre and the shop where there is no page: never the desk's door."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from trato.access import problems
from trato.app import pages as desk
from trato.portal import api as portal_api
from trato.portal import matter_page
from trato.portal.centre import CENTRE, lost
from trato.portal.centre.places import BrandPaths
from trato.portal.my_cases.routes import MY_CASES

from .conftest import Centre

BROWSER = {"accept": "text/html,application/xhtml+xml", "accept-language": "pt-BR"}


@pytest.fixture
async def site(centre: Centre) -> AsyncIterator[Centre]:
    """The help centre with the shop, and the desk behind both, as they are served."""
    app = FastAPI()
    app.state.services = centre.services
    problems.install(app, lost.page)
    for part in (portal_api.pages, *MY_CASES, *CENTRE, matter_page.pages, desk.router):
        app.include_router(part)
    transport = httpx.ASGITransport(BrandPaths(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        yield Centre(centre.services, http, centre.account)


async def get(centre: Centre, path: str, **headers: str) -> httpx.Response:
    return await centre.http.get(path, headers={**BROWSER, **headers})


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/help/", "/help"),
        ("/help/es/", "/help/es"),
        ("/help/es/person/?q=a%20b", "/help/es/person?q=a%20b"),
        ("/help/es/articles/gu%C3%ADa%3F//", "/help/es/articles/gu%C3%ADa%3F"),
        ("/demo/", "/demo"),
        ("/demo/checkout/", "/demo/checkout"),
        ("/help//malo.example/", "/help//malo.example"),
    ],
)
async def test_a_slash_at_the_end_leads_to_the_page(site: Centre, asked: str, leads: str) -> None:
    found = await get(site, asked)
    assert (found.status_code, found.headers["location"]) == (308, leads)


@pytest.mark.parametrize(
    ("path", "language", "person"),
    [
        ("/help/es/garantia", "es", "Hablar con una persona"),
        ("/help/es/articles/nada-de-esto", "es", "Hablar con una persona"),
        ("/help/en/cases/abc/answer/x", "en", "Talk to a person"),
        ("/help/es/status?page=x", "es", "Hablar con una persona"),
        ("/help/es/nada.html", "es", "Hablar con una persona"),
        ("/help/garantia", "pt", "Falar com uma pessoa"),
        ("/help/garantia/es/articles/uno", "es", "Hablar con una persona"),
        ("/help/fr", "pt", "Falar com uma pessoa"),
        ("/demo/nada", "pt", "Falar com uma pessoa"),
        ("/demo/a/b", "pt", "Falar com uma pessoa"),
    ],
)
async def test_what_is_not_there_is_said_in_the_help_centres_face(
    site: Centre, path: str, language: str, person: str
) -> None:
    found = await get(site, path)
    page = found.text
    assert (found.status_code, found.headers["content-language"]) == (404, language)
    assert "&lt;b&gt;Tienda&lt;/b&gt;" in page
    assert f'action="/help/{language}/search"' in page
    assert person in page
    assert f'href="/help/{language}/person"' in page
    assert "script-src 'self'" in found.headers["content-security-policy"]
    assert (found.headers["x-robots-tag"], found.headers["cache-control"]) == ("noindex", "private, no-store")


async def test_what_somebody_may_have_looked_for_stands_in_the_search(site: Centre) -> None:
    for path, words in (
        ("/help/es/garant%C3%ADa-extendida", "garantía extendida"),
        ("/help/es/%22%3E%3Cscript%3E", ""),
        ("/help/es/x/0f3c9a", ""),
    ):
        found = re.search(r'id="q"[^>]* value="([^"]*)"', (await get(site, path)).text)
        assert found
        assert found[1] == words, path


async def test_a_program_is_told_as_before_and_a_brand_keeps_its_own(site: Centre) -> None:
    told = await get(site, "/help/es/garantia", accept="*/*")
    assert (told.status_code, told.json()["type"]) == (404, "not-found")
    for path in ("/help/es", "/help/es/person", "/help/es/status", "/demo", "/demo/shop.css"):
        assert (await get(site, path)).status_code == 200, path


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("/help/es/articles/uno/solved", "/help/es/articles/uno"),
        ("/help/es/cases/1001/answer", "/help/es/cases/1001"),
        ("/help/es/cases/1001/solved", "/help/es/cases/1001"),
        ("/help/es/cases/1001/reopen", "/help/es/cases/1001"),
        ("/help/pt/cases/ask", "/help/pt/cases"),
        ("/help/pt/cases/out", "/help/pt/cases"),
        ("/help/es/cases/data/export", "/help/es/cases/data"),
        ("/help/es/cases/data/erase", "/help/es/cases/data"),
        ("/help/es/cases/data/keep", "/help/es/cases/data"),
        ("/matter/a.b/owner", "/matter/a.b"),
        (
            "/help/es/status/00000000-0000-7000-8000-000000000000/follow",
            "/help/es/status#i-00000000-0000-7000-8000-000000000000",
        ),
    ],
)
async def test_the_addresses_of_forms_lead_to_their_page(site: Centre, path: str, leads: str) -> None:
    found = await get(site, path)
    assert (found.status_code, found.headers["location"]) == (303, leads)


async def test_the_desks_own_addresses_stay_the_desks(site: Centre) -> None:
    for path in ("/", "/c/018f", "/admin/organisation", "/articles", "/helpful"):
        found = await get(site, path)
        assert "content-language" not in found.headers, path
        assert 'action="/help' not in found.text, path


async def test_a_page_is_there_even_when_the_help_centre_cannot_be_shown(site: Centre) -> None:
    async with site.services.db.begin() as c:
        await c.execute(text("ALTER TABLE organisation RENAME TO elsewhere"))
    try:
        found = await get(site, "/help/es/garantia")
        assert (found.status_code, "Esta página no existe" in found.text) == (404, True)
    finally:
        async with site.services.db.begin() as c:
            await c.execute(text("ALTER TABLE elsewhere RENAME TO organisation"))
