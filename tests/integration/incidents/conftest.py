"""The incidents of one installation: as supervisors declare them, as everybody reads them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from tests.support.services import make_account, running_services
from tests.support.with_key import client, make_app, make_key

from trato.access import problems
from trato.access.roles import Role
from trato.brands import service as brands
from trato.channel_sdk import Inbound, Party
from trato.db.edge import Services
from trato.flow.inbound import receive
from trato.incidents import api, link_api
from trato.kit.clock import now
from trato.kit.ids import new_id
from trato.live import queries
from trato.live import service as live
from trato.live.queries import Event
from trato.portal.centre import CENTRE

SCOPES = ("incidents:read", "incidents:write", "conversations:read")


@dataclass
class Floor:
    """An installation with a chat and a mailbox."""

    services: Services
    brand_id: UUID
    chat: brands.AccountRecord
    mailbox: brands.AccountRecord
    app: Any
    pages: httpx.AsyncClient
    seen: int = 0
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    async def caller(self, role: Role) -> httpx.AsyncClient:
        _, key = await make_key(self.services.db, *SCOPES, role=role)
        self.clients.append(client(self.app, key))
        return self.clients[-1]

    async def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        async with self.services.db.connect() as c:
            return [dict(row) for row in (await c.execute(text(query), values)).mappings()]

    async def news(self) -> list[Event]:
        """Return what happened since the last time."""
        self.seen, before = await live.sequence(self.services.db), self.seen
        async with self.services.db.connect() as c:
            return await queries.everything(c, before, until=self.seen)

    async def write(self, who: str, said: str, *, by: str = "email", subject: str = "") -> UUID:
        """Have a contact write; returns the conversation."""
        record = self.mailbox if by == "email" else self.chat
        kind = record.connector.capabilities.address_kind
        event = Inbound(
            provider_id=str(new_id()),
            conversation_key=who,
            sender=Party(kind, who, who.split("@", maxsplit=1)[0].title()),
            occurred_at=now(),
            text=said,
            subject=subject or None,
            language="es",
        )
        received = await receive(self.services, record, event)
        (row,) = await self.rows(
            "SELECT conversation_id AS id FROM message WHERE id = :id", id=received.message_id
        )
        return UUID(str(row["id"]))


@pytest.fixture
async def floor(committing_db, fresh_dsn, tmp_path) -> AsyncIterator[Floor]:
    async with running_services(committing_db, fresh_dsn, tmp_path) as services:
        chat = await make_account(services, "webchat", origins=["https://tienda.example"])
        mailbox = await make_account(
            services, "email", address="hola@tienda.example", smtp_host="127.0.0.1", smtp_port=1
        )
        site = FastAPI()
        site.state.services = services
        problems.install(site)
        for part in CENTRE:
            site.include_router(part)
        transport = httpx.ASGITransport(site)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as pages:
            app = make_app(services, [api.router, link_api.router])
            found = Floor(services, chat.brand_id, chat, mailbox, app, pages)
            yield found
            for one in found.clients:
                await one.aclose()


@pytest.fixture
async def supervisor(floor: Floor) -> httpx.AsyncClient:
    return await floor.caller(Role.SUPERVISOR)


@dataclass
class Declare:
    floor: Floor
    http: httpx.AsyncClient

    async def __call__(self, title: str = "Los pagos con tarjeta fallan", **values: Any) -> dict[str, Any]:
        body = {"brand_id": str(self.floor.brand_id), "titles": {"es": title}, **values}
        answer = await self.http.post("/incidents", json=body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def declare(floor: Floor, supervisor: httpx.AsyncClient) -> Declare:
    return Declare(floor, supervisor)
