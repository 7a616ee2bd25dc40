"""Input that a database cannot keep, and a database that cannot be asked: a clear answer, never a 500."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import text
from tests.support.access import Browser, People

from trato.access.edge import public
from trato.db.edge import Services, Tx
from trato.db.engine import Database

NUL = "a\0b"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/session", {"email": NUL, "password": "x"}),
        ("POST", "/password/forgot", {"email": NUL}),
        ("POST", "/invitations", {"email": "n@example.com", "name": NUL, "role": "agent"}),
        ("PATCH", "/me", {"signature": NUL}),
        ("POST", "/api-keys", {"name": NUL, "scopes": ["users:read"]}),
        ("GET", "/audit?action=%00", None),
        ("GET", "/audit?target=a%00b", None),
        ("GET", "/audit?cursor=99999999999999999999999", None),
        ("GET", "/audit?cursor=-1", None),
        ("PATCH", "/users/not-an-id", {}),
        ("POST", "/session/totp", {"challenge": "\ufdd0", "code": "\u202e123456"}),
        ("POST", "/session", ["a", "list"]),
        ("POST", "/session", "text"),
        ("POST", "/session", None),
    ],
)
async def test_it_is_refused_in_one_sentence(admin: Browser, method: str, path: str, body: Any) -> None:
    response = await admin(method, path, body)
    assert response.status_code in (401, 422), response.text
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"email": "a@b.c\\ud800", "password": "x"}', b"\xff\xfe", b"[" * 5_000, b'{"email": 1e999}'],
)
async def test_a_body_that_is_no_json(browser: Browser, people: People, body: bytes) -> None:
    response = await browser.http.post("/session", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422), response.text
    assert response.headers["content-type"] == "application/problem+json"


class TestDatabase:
    """What the handlers make of errors that the routes let pass."""

    @pytest.fixture
    def app(self, app: FastAPI) -> FastAPI:
        router = APIRouter(dependencies=[public()])

        @router.get("/api/v1/run")
        async def run(sql: str, c: Tx) -> None:
            await c.execute(text(sql))

        app.include_router(router)
        return app

    @pytest.mark.parametrize(
        ("sql", "status", "kind"),
        [
            ("SELECT convert_from(decode('00', 'hex'), 'utf8')", 422, "invalid"),
            ("SELECT 'customer words'::int", 422, "invalid"),
            (f"INSERT INTO passkey (id, user_id) VALUES ('{uuid4()}', '{uuid4()}')", 409, "conflict"),
            ("SET LOCAL statement_timeout = 1; SELECT pg_sleep(5)", 500, "unexpected"),
            ("SELECT pg_terminate_backend(pg_backend_pid())", 503, "unavailable"),
            ("SELECT nonsense", 500, "unexpected"),
        ],
    )
    async def test_each_has_its_meaning(self, browser: Browser, sql: str, status: int, kind: str) -> None:
        response = await browser.http.get("/run", params={"sql": sql})
        assert (response.status_code, response.json()["type"]) == (status, kind)
        for inside in ("customer", "nonsense", "SELECT", "passkey", "asyncpg"):
            assert inside not in response.text


async def test_a_database_that_is_away_is_said_so(
    app: FastAPI, shared: Services, browser: Browser, tmp_path: Path
) -> None:
    away = Database.open(f"postgresql://trato@/trato?host={tmp_path}")
    app.state.services = Services(
        db=away, wake=shared.wake, store=shared.store, secrets=shared.secrets, public=shared.public
    )
    response = await browser.sign_in("ana@example.com")
    assert (response.status_code, response.json()["type"]) == (503, "unavailable")
    await away.close()
