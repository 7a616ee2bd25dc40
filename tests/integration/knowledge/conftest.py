"""Articles behind the real guards, and callers of each role."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from tests.support.postgres import ForgettingDatabase
from tests.support.with_key import client, make_app, make_key, make_services

from trato.access.roles import Role
from trato.db.edge import Services
from trato.db.wake import Wake
from trato.knowledge import api, section_api, text_api
from trato.live import queries
from trato.live import service as live
from trato.live.queries import Event

SCOPES = ("articles:read", "articles:write")
Made = Callable[..., Awaitable[dict[str, Any]]]


@dataclass
class Shelf:
    """The knowledge of one installation, and the log as a consumer would read it."""

    services: Services
    app: Any
    seen: int = 0

    async def news(self) -> list[Event]:
        """Return what happened since the last time."""
        self.seen, before = await live.sequence(self.services.db), self.seen
        async with self.services.db.connect() as c:
            return await queries.everything(c, before, until=self.seen)

    async def caller(self, role: Role) -> httpx.AsyncClient:
        _, key = await make_key(self.services.db, *SCOPES, role=role)
        return client(self.app, key)


@pytest.fixture
async def shelf(db: ForgettingDatabase) -> Shelf:
    services = make_services(db, Wake("postgresql://nowhere"))
    return Shelf(services, make_app(services, [api.router, text_api.router, section_api.router]))


@pytest.fixture
async def http(shelf: Shelf) -> AsyncIterator[httpx.AsyncClient]:
    async with await shelf.caller(Role.SUPERVISOR) as found:
        yield found


@pytest.fixture
def make(http: httpx.AsyncClient) -> Made:
    async def made(title: str = "Pedir la garantía", **values: Any) -> dict[str, Any]:
        text = {
            "title": title,
            "summary": "Con la factura alcanza.",
            "body": "## Cómo se hace\n\nEscríbanos.",
        }
        body = {"language": "es", "text": text | values.pop("text", {}), **values}
        answer = await http.post("/articles", json=body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return made
