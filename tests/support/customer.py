"""A contact in front of the pages of their own cases: a browser without a script, and their mailbox."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import problems
from trato.access.guard import guarded
from trato.brands.service import AccountRecord
from trato.channel_sdk import Inbound, Party
from trato.db.edge import Services
from trato.db.jobs import Worker
from trato.flow import outbound, replies, system_mail
from trato.flow.inbound import receive
from trato.kit.clock import now
from trato.portal import matter_page
from trato.portal.centre import CENTRE, lost
from trato.portal.my_cases import sign_in_mail
from trato.portal.my_cases.routes import MY_CASES

PUBLIC = "https://help.example"
OWN_PAGE = {"Origin": PUBLIC, "Sec-Fetch-Site": "same-origin"}


def cases_app(services: Services, *more: Any) -> FastAPI:
    """Return the help centre with the pages of one's own cases."""
    app = FastAPI()
    app.state.services = services
    problems.install(app, lost.page)
    for part in (*MY_CASES, *CENTRE, matter_page.pages, *more):
        app.include_router(part)
    return app


@dataclass
class Customer:
    """A browser; `ip` is where it comes from."""

    app: FastAPI
    services: Services
    ip: str = "203.0.113.7"
    language: str = "es"
    http: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        limits = {f"/help/{one}/cases/": 26_000_000 for one in ("es", "en", "pt")}
        served = guarded(self.app, trusted_proxies=[], body_limits=limits)
        transport = httpx.ASGITransport(served, client=(self.ip, 50_000))
        self.http = httpx.AsyncClient(transport=transport, base_url=PUBLIC)

    def another(self, ip: str | None = None) -> "Customer":
        """Return another browser."""
        return Customer(self.app, self.services, ip=ip or self.ip, language=self.language)

    async def get(self, below: str = "", **options: Any) -> httpx.Response:
        return await self.http.get(f"/help/{self.language}/cases{below}", **options)

    async def post(self, below: str, **options: Any) -> httpx.Response:
        return await self.http.post(f"/help/{self.language}/cases{below}", headers=OWN_PAGE, **options)

    async def ask(self, address: str) -> httpx.Response:
        return await self.post("/ask", data={"email": address})

    async def mails(self) -> list[dict[str, str]]:
        """Return the system's mails that were written since the last time."""
        handlers = {sign_in_mail.KIND: sign_in_mail.sending(self.services)}
        await Worker(self.services.db, self.services.wake, handlers).drain()
        async with self.services.db.begin() as c:
            query = text("DELETE FROM job WHERE kind = :kind RETURNING data")
            found = (await c.scalars(query, {"kind": system_mail.KIND})).all()
        opened = self.services.secrets.open
        return [json.loads(opened(base64.b64decode(data["sealed"]))) for data in found]

    async def mailed(self, address: str) -> tuple[str, str]:
        """Ask to be let in and return code and link as the mail has them."""
        asked = await self.ask(address)
        assert asked.status_code == 303, asked.text
        (mail,) = await self.mails()
        assert mail["to"] == address
        code = re.search(r"\b(\d{3}) (\d{3})\b", mail["text"])
        link = re.search(r"https?://\S+(/link/\S+)", mail["text"])
        assert code is not None, mail["text"]
        assert link is not None, mail["text"]
        return code[1] + code[2], link[1]

    async def sign_in(self, address: str) -> "Customer":
        code, _ = await self.mailed(address)
        entered = await self.post("/code", data={"code": code})
        assert entered.status_code == 303, entered.text
        return self


async def writes(
    services: Services, record: AccountRecord, address: str, said: str, **values: Any
) -> tuple[UUID, int]:
    """Let somebody write to us; return conversation and number of the case."""
    kind = record.connector.capabilities.address_kind
    given = {"conversation_key": values.pop("key", address), "text": said, **values}
    event = Inbound(provider_id=uuid4().hex, sender=Party(kind, address), occurred_at=now(), **given)
    received = await receive(services, record, event)
    assert received.conversation_id is not None
    async with services.db.connect() as c:
        number = await c.scalar(
            text("SELECT k.number FROM cases k JOIN conversation v ON v.case_id = k.id WHERE v.id = :id"),
            {"id": received.conversation_id},
        )
    return received.conversation_id, int(number or 0)


async def is_answered(services: Services, conversation_id: UUID, said: str, *, note: bool = False) -> None:
    """Answer from the desk, as sent, or note something."""
    async with services.db.begin() as c:
        writing = replies.Writing(text=said, client_id=uuid4().hex, note=note)
        message = await replies.write(services, c, conversation_id, await _sofia(c), writing)
    if not note:
        await _is_sent(services, message)


async def is_sent_on(services: Services, conversation_id: UUID, said: str, to: str) -> None:
    """Send the first message of a conversation on to somebody else, as sent, with its files."""
    async with services.db.begin() as c:
        query = text("SELECT id FROM message WHERE conversation_id = :id ORDER BY created_at LIMIT 1")
        first = await c.scalar(query, {"id": conversation_id})
        writing = replies.Writing(text=said, client_id=uuid4().hex, to=[to])
        message = await replies.forward(services, c, conversation_id, await _sofia(c), writing, first)
    await _is_sent(services, message)


async def _sofia(c: AsyncConnection) -> replies.Author:
    agent_id = uuid4()
    await c.execute(text("INSERT INTO agent (id, name) VALUES (:id, 'Sofía Paz Núñez')"), {"id": agent_id})
    return replies.Author(actor=f"user:{uuid4()}", name="Sofía Paz Núñez", agent_id=agent_id)


async def _is_sent(services: Services, message: Mapping[str, Any]) -> None:
    async with services.db.begin() as c:
        query = text("UPDATE message SET status = 'sent', sent_at = now() WHERE id = :id")
        await c.execute(query, {"id": message["id"]})


def sent_by(services: Services) -> Worker:
    """Return who sends what was answered."""
    return Worker(
        services.db, services.wake, {"send": lambda data, attempt: outbound.send(services, data, attempt)}
    )
