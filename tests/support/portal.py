"""The visitor API on a real server, the pages that ask it, and the desk that answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
import uvicorn
from fastapi import APIRouter, FastAPI
from sqlalchemy import text
from tests.support.live_app import port_of

from trato.access import problems
from trato.access.guard import guarded
from trato.brands.service import AccountRecord
from trato.db.edge import Services
from trato.db.jobs import Worker
from trato.flow import outbound, replies
from trato.live.hub import EXTRA, Hub
from trato.live.server import StreamingServer
from trato.portal import (
    answers_api,
    api,
    callback_api,
    failure_api,
    known,
    matter_page,
    preference_page,
    storefront_api,
    trail_api,
)
from trato.portal.centre import CENTRE, lost
from trato.portal.cors import VisitorCors
from trato.portal.my_cases import api as my_cases_api
from trato.portal.my_cases.routes import MY_CASES
from trato.portal.wait import tell_waits

SITE = "https://tienda.example"
SECRET = "s" * 40


@dataclass
class Page:
    """A page of a shop with the widget: one browser, its origin and its token."""

    http: httpx.AsyncClient
    account: AccountRecord
    origin: str | None = SITE
    token: str | None = None
    view: dict[str, Any] = field(default_factory=dict)

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = options.pop("headers", {})
        if self.origin:
            headers["Origin"] = self.origin
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return await self.http.request(method, f"/api/v1/visitor/{path}", headers=headers, **options)

    async def open(self, **body: Any) -> "Page":
        given = {"account": self.account.public_key, "token": self.token, "language": "es-AR"}
        answer = await self.ask("POST", "session", json=given | body)
        assert answer.status_code == 200, answer.text
        self.view = answer.json()
        self.token = self.view["token"]
        return self

    async def say(self, said: str, *, client_id: str | None = None, **body: Any) -> dict[str, Any]:
        given = {"client_id": client_id or uuid4().hex, "text": said, **body}
        answer = await self.ask("POST", "messages", json=given)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def upload(self, name: str, data: bytes) -> httpx.Response:
        return await self.ask("POST", "attachments", params={"filename": name}, content=data)


@dataclass
class Portal:
    services: Services
    account: AccountRecord
    url: str

    @asynccontextmanager
    async def page(self, **changes: Any) -> AsyncIterator[Page]:
        async with httpx.AsyncClient(base_url=self.url, timeout=20) as http:
            yield Page(http, **{"account": self.account, **changes})

    async def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        async with self.services.db.connect() as c:
            return [dict(row) for row in (await c.execute(text(sql), values)).mappings()]

    async def agent(self, name: str = "Sofía") -> UUID:
        agent_id = uuid4()
        async with self.services.db.begin() as c:
            await c.execute(
                text("INSERT INTO agent (id, name) VALUES (:id, :name)"), {"id": agent_id, "name": name}
            )
        return agent_id

    async def answer(self, conversation_id: str, said: str, *, note: bool = False) -> dict[str, Any]:
        """Answer from the desk and let the worker send it."""
        agent_id = await self.agent()
        author = replies.Author(actor=f"user:{uuid4()}", name="Sofía", agent_id=agent_id)
        writing = replies.Writing(text=said, client_id=uuid4().hex, note=note)
        async with self.services.db.begin() as c:
            message = await replies.write(self.services, c, UUID(conversation_id), author, writing)
        handlers = {"send": lambda data, attempt: outbound.send(self.services, data, attempt)}
        await Worker(self.services.db, self.services.wake, handlers).drain()
        self.services.wake.ring("events")
        return message


@asynccontextmanager
async def serving(services: Services, account: AccountRecord) -> AsyncIterator[Portal]:
    """Serve the visitor API, the widget and the demo shop on a free port, behind the guards."""
    hub = Hub(services.db, services.wake)
    services.extras[EXTRA] = hub
    app = FastAPI()
    app.state.services = services
    problems.install(app, lost.page)
    app.add_middleware(VisitorCors)
    v1 = APIRouter(prefix="/api/v1")
    v1.include_router(api.router)
    v1.include_router(callback_api.router)
    v1.include_router(known.router)
    v1.include_router(my_cases_api.router)
    v1.include_router(trail_api.router)
    v1.include_router(answers_api.router)
    v1.include_router(storefront_api.router)
    v1.include_router(failure_api.router)
    app.include_router(v1)
    app.include_router(api.pages)
    for part in (*MY_CASES, *CENTRE):
        app.include_router(part)
    app.include_router(preference_page.pages)
    app.include_router(matter_page.pages)
    await hub.start()
    telling = asyncio.create_task(tell_waits(services, hub, every_s=0.2))
    guards = guarded(app, trusted_proxies=(), body_limits={"/api/v1/visitor/attachments": 26_000_000})
    config = uvicorn.Config(guards, port=0, log_config=None, lifespan="off", proxy_headers=False)
    server = StreamingServer(config, hub.end_streams)
    running = asyncio.create_task(server._serve())
    try:
        yield Portal(services, account, f"http://127.0.0.1:{await port_of(server)}")
    finally:
        telling.cancel()
        await asyncio.wait([telling])
        server.should_exit = True
        await running
        await hub.close()
