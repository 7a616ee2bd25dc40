"""Each brand has a help centre of its own: by path or by name, with its articles, its face, its addresses."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import httpx
import pytest
from fastapi import FastAPI
from tests.support.services import make_account

from trato.access import problems
from trato.brands import service as brands
from trato.incidents import service as incidents
from trato.kit.errors import Conflict, Invalid
from trato.knowledge import finder, help_centres, sections
from trato.knowledge.finder import Finder
from trato.portal.centre import CENTRE, lost
from trato.portal.centre.places import BrandPaths, without_brand
from trato.portal.my_cases.routes import MY_CASES

FIRST = "http://127.0.0.1:8000"
LINKS = re.compile(r'(?:href|action|content)="((?:http://[^/"]+)?/help[^"]*)"')


@pytest.fixture
async def acme(centre) -> AsyncIterator[UUID]:
    """A second brand at /help/acme, whose pages are asked through the whole of what stands before them."""
    async with centre.services.db.begin() as c:
        made = await brands.create_brand(c, name="Acme", language="pt", tone="usted", signature="")
        values = {"slug": "acme", "titles": {"es": "Ayuda de Acme"}, "accent": "#7a2e8e"}
        await help_centres.change(c, made["id"], values)
    app = FastAPI()
    app.state.services = centre.services
    problems.install(app, lost.page)
    for part in (*MY_CASES, *CENTRE):
        app.include_router(part)
    transport = httpx.ASGITransport(BrandPaths(app))
    async with httpx.AsyncClient(transport=transport, base_url=FIRST) as http:
        centre.http = http
        yield made["id"]


async def first_brand(centre) -> UUID:
    async with centre.services.db.connect() as c:
        found: UUID = (await help_centres.get(c))["brand_id"]
    return found


async def seen(centre: Any, path: str, **headers: str) -> str:
    answer = await centre.http.get(path, headers=headers)
    assert answer.status_code == 200, (path, answer.text)
    found: str = answer.text
    return found


async def test_a_brand_shows_what_is_of_all_and_what_is_its_own(centre, acme):
    own = await first_brand(centre)
    await centre.publish({"es": "De todas"})
    await centre.publish({"es": "Solo de Acme"}, brand_ids=[acme])
    await centre.publish({"es": "Solo de la primera"}, brand_ids=[own])
    first, second = await seen(centre, "/help/es"), await seen(centre, "/help/acme/es")
    assert "De todas" in first
    assert "Solo de la primera" in first
    assert "Solo de Acme" not in first
    assert "De todas" in second
    assert "Solo de Acme" in second
    assert "Solo de la primera" not in second
    assert "<h1>Ayuda de Acme</h1>" in second
    assert "Acme" not in first
    for path, status in {
        "/help/acme/es/articles/solo-de-acme": 200,
        "/help/es/articles/solo-de-acme": 404,
        "/help/acme/es/articles/solo-de-la-primera": 404,
        "/help/nadie/es": 404,
    }.items():
        assert (await centre.http.get(path)).status_code == status, path


@pytest.mark.parametrize(
    "below",
    ["es", "es/articles/de-todas", "es/sections/envios", "es/status", "es/person", "es/report", "es/cases"],
)
async def test_every_link_stays_with_the_brand(centre, acme, below):
    async with centre.services.db.begin() as c:
        section = await sections.create(c, {"names": {"es": "Envíos"}})
    await centre.publish({"es": "De todas", "pt": "De todas as marcas"}, section_id=section["id"])
    page = await seen(centre, f"/help/acme/{below}")
    found = LINKS.findall(page)
    assert len(found) > 5
    foreign = [link for link in found if not link.removeprefix(FIRST).startswith("/help/acme")]
    assert foreign == []
    assert 'href="/help/acme/help.css"' in page
    plain = await seen(centre, f"/help/{below}")
    assert "/help/acme" not in plain


async def test_what_leads_on_stays_with_the_brand(centre, acme):
    await centre.publish({"es": "Garantía"})
    for path, leads in {
        "/help/acme/status": "/help/acme/pt/status",
        "/help/acme/search?q=hola": "/help/acme/pt/search?q=hola",
        "/help/acme/cases": "/help/acme/pt/cases",
        "/help/acme/pt/articles/garantia": "/help/acme/es/articles/garantia",
    }.items():
        answer = await centre.http.get(path)
        assert (answer.status_code // 100, answer.headers["location"]) == (3, leads), path
    said = await centre.http.post("/help/acme/es/articles/garantia/solved", data={"solved": "yes"})
    assert said.headers["location"] == "/help/acme/es/articles/garantia/said?yes"
    gone = await centre.http.get("/help/acme/es/articles/nada", headers={"accept": "text/html"})
    assert (gone.status_code, 'action="/help/acme/es/search"' in gone.text) == (404, True)


async def test_each_has_its_colour_its_language_and_its_own_copy_in_a_cache(centre, acme):
    first, second = await seen(centre, "/help/help.css"), await seen(centre, "/help/acme/help.css")
    assert second.startswith(first[:200])
    assert len(second) > len(first)
    door = await centre.http.get("/help/acme")
    assert door.headers["content-language"] == "pt"
    assert (await centre.http.get("/help")).headers["content-language"] == "es"
    answer = await centre.http.get("/help/acme/es")
    again = await centre.http.get("/help/acme/es", headers={"if-none-match": answer.headers["etag"]})
    other = await centre.http.get("/help/es", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, other.status_code) == (304, 200)


async def test_machines_are_told_of_each_brand_apart(centre, acme):
    async with centre.services.db.begin() as c:
        section = await sections.create(c, {"names": {"es": "Solo primera"}})
    own = await first_brand(centre)
    await centre.publish({"es": "Solo de Acme", "pt": "Da Acme"}, brand_ids=[acme])
    await centre.publish({"es": "Solo de la primera"}, brand_ids=[own], section_id=section["id"])
    text = await seen(centre, "/help/acme/sitemap.xml")
    places = [one.text or "" for one in ET.fromstring(text).iter() if one.tag.endswith("}loc")]
    assert f"{FIRST}/help/acme/es/articles/solo-de-acme" in places
    assert all(place.startswith(f"{FIRST}/help/acme/") for place in places)
    assert not any("primera" in place for place in places)
    assert 'hreflang="pt" href="http://127.0.0.1:8000/help/acme/pt/articles/da-acme"' in text
    assert "solo-de-acme" not in await seen(centre, "/help/sitemap.xml")
    feed = await seen(centre, "/help/acme/es/feed.atom")
    assert "<title>Acme · " in feed
    assert "Solo de Acme" in feed
    assert "primera" not in feed
    robots = await seen(centre, "/robots.txt")
    assert f"Sitemap: {FIRST}/help/sitemap.xml" in robots
    assert f"Sitemap: {FIRST}/help/acme/sitemap.xml" in robots


async def test_a_brand_with_a_name_of_its_own_is_known_by_it_everywhere(centre, acme):
    await centre.publish({"es": "Garantía"})
    async with centre.services.db.begin() as c:
        await help_centres.change(c, acme, {"host": "ayuda.acme.example"})
    page = await seen(centre, "/help/es/articles/garantia", host="ayuda.acme.example")
    assert "<title>Garantía · Acme</title>" in page
    canonical = '<link rel="canonical" href="http://ayuda.acme.example/help/es/articles/garantia">'
    assert canonical in page
    assert 'href="/help/es/person"' in page
    # the path that was there before still leads to it, and says where it should be known
    assert canonical in await seen(centre, "/help/acme/es/articles/garantia")
    robots = await seen(centre, "/robots.txt", host="ayuda.acme.example")
    assert re.findall("Sitemap: (.*)", robots) == ["http://ayuda.acme.example/help/sitemap.xml"]
    assert "Acme" not in await seen(centre, "/help/es/articles/garantia")


async def test_the_search_finds_what_the_brand_shows(centre, acme, tmp_path):
    own = await first_brand(centre)
    await centre.publish({"es": "Cambiar la contraseña de Acme"}, brand_ids=[acme])
    await centre.publish({"es": "Cambiar la contraseña de la primera"}, brand_ids=[own])
    found = Finder(centre.services.db, tmp_path / "search")
    centre.services.extras[finder.EXTRA] = found
    running = asyncio.create_task(found.run())
    try:
        first = await seen(centre, "/help/es/search?q=cambiar la contraseña")
        second = await seen(centre, "/help/acme/es/search?q=cambiar la contraseña")
    finally:
        running.cancel()
        await asyncio.wait([running])
    assert "contraseña de la primera" in first
    assert "contraseña de Acme" not in first
    assert "contraseña de Acme" in second
    assert "contraseña de la primera" not in second
    assert 'action="/help/acme/es/articles/' in second or 'href="/help/acme/es/articles/' in second


async def test_each_tells_of_its_own_incidents_and_its_own_ways_to_a_person(centre, acme):
    await make_account(centre.services, "webchat", origins=["https://acme.example"])
    async with centre.services.db.begin() as c:
        values = {"brand_id": acme, "kind": "incident", "severity": "major", "titles": {"es": "Sin pagos"}}
        await incidents.declare(c, {**values, "noticed": {}}, actor="system")
    assert "Sin pagos" in await seen(centre, "/help/acme/es")
    assert "Sin pagos" in await seen(centre, "/help/acme/es/status")
    assert "Sin pagos" in await seen(centre, "/help/acme/es/status.atom")
    assert "Sin pagos" not in await seen(centre, "/help/es")
    assert "Sin pagos" not in await seen(centre, "/help/es/status")
    # the chat is the first brand's: its key stands on no page of another
    assert "data-account" in await seen(centre, "/help/es")
    assert "data-account" not in await seen(centre, "/help/acme/es")


async def test_an_address_is_one_brands_and_none_of_ours(centre, acme):
    own = await first_brand(centre)
    async with centre.services.db.begin() as c:
        with pytest.raises(Conflict):
            await help_centres.change(c, own, {"slug": "acme"})
        with pytest.raises(Invalid):
            await help_centres.change(c, own, {"slug": "status"})


async def test_a_brand_without_a_place_is_not_shown_and_its_links_lead_to_the_first(centre, acme):
    async with centre.services.db.begin() as c:
        made = await brands.create_brand(c, name="Nueva", language="es", tone="usted", signature="")
        assert await help_centres.home(c, FIRST, made["id"]) == f"{FIRST}/help"
        assert await help_centres.home(c, FIRST, acme) == f"{FIRST}/help/acme"
        assert await help_centres.home(c, FIRST, uuid4()) == f"{FIRST}/help"


@pytest.mark.parametrize(
    ("path", "plain", "slug"),
    [
        ("/help/acme", "/help", "acme"),
        ("/help/acme/", "/help", "acme"),
        ("/help/acme/es/articles/x", "/help/es/articles/x", "acme"),
        ("/help/es/status", "/help/es/status", None),
        ("/help/status", "/help/status", None),
        ("/help/status.json", "/help/status.json", None),
        ("/help/acme/status.json", "/help/status.json", "acme"),
        ("/help/files/0123", "/help/files/0123", None),
        ("/helper/acme", "/helper/acme", None),
        ("/help", "/help", None),
        ("/help//acme", "/help//acme", None),
        ("/api/help/acme", "/api/help/acme", None),
    ],
)
def test_the_brand_is_taken_out_of_the_path(path, plain, slug):
    scope = without_brand({"type": "http", "path": path, "raw_path": path.encode()})
    assert (scope["path"], scope["raw_path"].decode(), scope.get("help_brand")) == (plain, plain, slug)
