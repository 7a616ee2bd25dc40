"""Every route says who may call it, and holds to it for everybody who may not."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import Response
from tests.support.access import Browser, People
from tests.support.postgres import ForgettingDatabase
from tests.support.routes import Served, served

from trato.access import api_keys
from trato.access.edge import Public, Requirement
from trato.access.guard import guarded
from trato.access.roles import SCOPES, Role
from trato.app.web import create_app
from trato.db import edge
from trato.db.edge import Services
from trato.kit import clock
from trato.settings import Settings

PEOPLE = {Role.AGENT: "alba@example.com", Role.SUPERVISOR: "sara@example.com"}


HELP_CENTRE = (
    "/help",
    "/help/help.css",
    "/help/help.js",
    "/help/sitemap.xml",
    "/help/files/{file_id}",
    "/help/{language}",
    "/help/{language}/feed.atom",
    "/help/{language}/person",
    "/help/status",
    "/help/status.json",
    "/help/{language}/status",
    "/help/{language}/status.atom",
    "/help/{language}/sections/{slug}",
    "/help/{language}/articles/{slug}",
)
# For whoever has signed in to their own cases, by a cookie of their own: tests/integration/portal sees to it.
MY_CASES = (
    "/help/cases",
    "/help/{language}/cases",
    "/help/{language}/cases/code",
    "/help/{language}/cases/link/{token}",
    "/help/{language}/cases/files/{attachment_id}",
    "/help/{language}/cases/preference",
    "/help/{language}/cases/data",
    "/help/{language}/cases/{number}",
)
MY_CASES_ACTS = (
    "/help/{language}/cases/ask",
    "/help/{language}/cases/code",
    "/help/{language}/cases/link/{token}",
    "/help/{language}/cases/out",
    "/help/{language}/cases/preference",
    "/help/{language}/cases/data/export",
    "/help/{language}/cases/data/erase",
    "/help/{language}/cases/data/keep",
    "/help/{language}/cases/{number}/answer",
    "/help/{language}/cases/{number}/solved",
    "/help/{language}/cases/{number}/reopen",
)
DESCRIPTION = "/api/openapi.json"  # FastAPI's own route


@pytest.fixture
def app(shared: Services, tmp_path: Path) -> FastAPI:
    """The application as it is served, all slices together."""
    return create_app(shared, Settings(data=tmp_path, demo=True))


def routes(app: FastAPI) -> list[Served]:
    found = [route for route in served(app) if route.path != DESCRIPTION]
    assert len(found) > 100
    return found


def requirements(app: FastAPI) -> Iterator[tuple[str, str, Requirement]]:
    """Yield method, a path with its blanks filled in, and what the route asks for."""
    for route in routes(app):
        if route.needed is not None:
            assert route.path.startswith("/api/v1/"), route.path
            yield route.method, route.example.removeprefix("/api/v1"), route.needed


@pytest.mark.parametrize(
    "headers", [{"X-Forwarded-For": "203.0.113.9"}, {"Forwarded": "for=203.0.113.9"}, {"X-Real-IP": "::1"}]
)
async def test_figures_are_for_this_machine_not_for_whom_a_proxy_on_it_serves(app, headers) -> None:
    transport = httpx.ASGITransport(guarded(app, trusted_proxies=[]), client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        assert (await http.get("/metrics")).status_code == 200
        assert (await http.get("/metrics", headers=headers)).status_code == 403


def test_every_route_declares_who_may_call_it(app: FastAPI) -> None:
    assert [route for route in routes(app) if len(route.said) != 1] == []


def test_a_route_that_declares_nothing_is_seen() -> None:
    app = FastAPI(openapi_url=None)
    app.add_api_route("/forgotten", lambda: None)
    app.mount("/files", Response())
    assert [(route.path, route.said) for route in served(app)] == [("/forgotten", []), ("/files", [])]


def test_the_public_routes_are_these(app: FastAPI) -> None:
    """A new one is a decision to be seen in a review."""
    open_to_all = {
        f"{route.method} {route.path.removeprefix('/api/v1')}"
        for route in routes(app)
        if isinstance(route.said[0], Public)
    }
    visitors = {one for one in open_to_all if one.split()[1].startswith("/visitor/")}
    assert open_to_all - visitors == {
        # signing in and what leads to it
        "GET /session",
        "POST /session",
        "POST /session/totp",
        "POST /session/passkey/options",
        "POST /session/passkey",
        "GET /links/{token}",
        "POST /password/forgot",
        "POST /password/reset",
        "POST /invitations/accept",
        "POST /set-up",
        # signed URLs
        "GET /mail/{message_id}",
        "GET /files/{attachment_id}",
        "HEAD /files/{attachment_id}",
        "HEAD /help/{language}/cases/files/{attachment_id}",
        "GET /stop-summary/{token}",
        "POST /stop-summary/{token}",
        # providers, checked by their connectors
        "GET /hooks/{endpoint}",
        "POST /hooks/{endpoint}",
        # machines
        "GET /health/live",
        "GET /health/ready",
        "GET /metrics",
        # files without a secret in them
        "GET /widget.js",
        "GET /widget/{name}",
        "GET /demo",
        "GET /demo/{name}",
        "GET /robots.txt",
        "HEAD /robots.txt",
        *(f"{method} {path}" for method in ("GET", "HEAD") for path in HELP_CENTRE),
        # what a reader asks; only questions that found no answer are counted
        "GET /help/search",
        "GET /help/{language}/search",
        # a reader's yes or no, and why
        "GET /help/{language}/articles/{slug}/said",
        "POST /help/{language}/articles/{slug}/solved",
        "POST /help/{language}/articles/{slug}/said",
        # the way in to one's own cases, and what a contact does of their own there
        *(f"GET {path}" for path in MY_CASES),
        *(f"POST {path}" for path in MY_CASES_ACTS),
        # whoever opens the address of a form is led to its page
        *(f"GET {path}" for path in MY_CASES_ACTS),
        "GET /help/{language}/articles/{slug}/solved",
        "GET /help/{language}/status/{incident_id}/follow",
        "GET /matter/{token}/owner",
        # where there is no page
        "GET /help/{path:path}",
        "GET /demo/{path:path}",
        # a reader wants to be told when it works again, by a link sent to their address
        "POST /help/{language}/status/{incident_id}/follow",
        "GET /help/{language}/status/asked",
        "GET /help/{language}/status/confirm/{token}",
        "POST /help/{language}/status/confirm/{token}",
        # a conversation that begins without a script
        "POST /help/{language}/person",
        # a page that is broken
        "GET /help/{language}/report",
        "POST /help/{language}/report",
        # a contact's own preference, by a signed link
        "GET /preference/{token}",
        "POST /preference/{token}",
        # a contact's own matter, by a signed link
        "GET /matter/{token}",
        "POST /matter/{token}",
        "POST /matter/{token}/owner",
        "GET /{path:path}",
        # the face of a brand, and guides for whoever sets it up
        "GET /look/accounts/{public_key}",
        "GET /look/logos/{name}",
        "GET /look/people/{name}",
        "GET /look/preview",
        "GET /look/{name}",
        "GET /manual/{name}",
        # the demo's shop, which answers what is signed
        "POST /hooks/demo/orders",
    }


def test_what_leads_to_a_session_is_for_our_own_pages(app: FastAPI) -> None:
    """A foreign page must not sign its visitor in as somebody else, nor send mails in our name."""
    lax = {
        route.path.removeprefix("/api/v1")
        for route in routes(app)
        if route.method not in ("GET", "HEAD")
        and isinstance(route.said[0], Public)
        and not route.said[0].own_pages
    }
    assert {path for path in lax if not path.startswith(("/visitor/", "/hooks/"))} == set()


def test_callers_are_known_before_a_connection_is_held(app: FastAPI) -> None:
    """Holding one while waiting for a second would stop the whole pool under load."""
    opening = {edge.transaction, edge.reading, edge.one_moment}
    for route in routes(app):
        assert route.dependant is not None
        calls = [dependency.call for dependency in route.dependant.dependencies]
        for place, call in enumerate(calls):
            if isinstance(call, (Requirement, Public)):
                assert not opening & set(calls[:place]), route.path


async def test_nobody_is_refused_everywhere(app: FastAPI, browser: Browser, people: People) -> None:
    for method, path, _ in requirements(app):
        response = await browser(method, path, None if method in ("GET", "HEAD") else {})
        assert response.status_code == 401, (method, path)
        assert method == "HEAD" or response.json()["type"] == "not-signed-in"


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR])
async def test_a_lower_role_is_refused(app: FastAPI, browser: Browser, people: People, role: Role) -> None:
    await browser.sign_in(PEOPLE[role])
    refused = 0
    for method, path, needed in requirements(app):
        if needed.role > role:
            response = await browser(method, path, None if method in ("GET", "HEAD") else {})
            assert response.status_code == 403, (method, path)
            refused += 1
    assert refused >= 20


async def key_with(db: ForgettingDatabase, people: People, *scopes: str) -> dict[str, str]:
    async with db.begin() as c:
        _, token = await api_keys.create(
            c, name="key", scopes=scopes, created_by=people.ana, expires_at=None, now=clock.now()
        )
    return {"Authorization": f"Bearer {token}"}


async def test_a_key_without_the_scope_is_refused(
    app: FastAPI, browser: Browser, people: People, db: ForgettingDatabase
) -> None:
    for method, path, needed in requirements(app):
        for missing in needed.scopes or {None}:
            others = sorted(SCOPES.keys() - {missing})
            header = await key_with(db, people, *others)
            response = await browser(method, path, None if method in ("GET", "HEAD") else {}, **header)
            assert response.status_code == 403, (method, path, missing)
            assert method == "HEAD" or response.json()["type"] == "not-allowed"


async def test_a_key_with_just_the_scopes_is_let_in(
    app: FastAPI, browser: Browser, people: People, db: ForgettingDatabase
) -> None:
    """What it asks for does not exist, or has the wrong form: but it may ask."""
    for method, path, needed in requirements(app):
        if needed.scopes and path != "/live":  # which lasts
            header = await key_with(db, people, *needed.scopes)
            response = await browser(method, path, None if method in ("GET", "HEAD") else {}, **header)
            assert response.status_code not in (401, 403), (method, path, response.text)


async def test_an_unknown_parameter_is_told(app: FastAPI, admin: Browser) -> None:
    for method, path, _ in requirements(app):
        response = await admin(method, f"{path}?limti=5", None if method in ("GET", "HEAD") else {})
        if response.status_code == 403:  # asks for a sign-in of a moment ago, or for no session at all
            continue
        assert response.status_code == 422, (method, path, response.text)


async def test_a_made_up_key_is_nobody(app: FastAPI, admin: Browser) -> None:
    """Also in the browser of somebody who is signed in: a bad key does not fall back to the cookie."""
    for method, path, _ in requirements(app):
        response = await admin(
            method,
            path,
            None if method in ("GET", "HEAD") else {},
            Authorization="Bearer trato_abcdef_" + "x" * 43,
        )
        assert response.status_code == 401, (method, path)


async def test_keys_of_no_form_we_know_are_nobody(browser: Browser, people: People) -> None:
    for header in ("Bearer", "Bearer ", "Basic YTpi", "Bearer trato_", "trato_a_b", "Bearer x y z"):
        assert (await browser("GET", "/users", Authorization=header)).status_code == 401, header
