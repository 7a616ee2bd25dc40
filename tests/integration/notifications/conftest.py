"""A desk with two agents and a supervisor, and customers who write to it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.support.access import PASSWORD, Browser
from tests.support.services import make_account, running_services

from trato.access import passwords, users
from trato.access.roles import Role
from trato.app.web import create_app
from trato.brands import service as brands
from trato.channel_sdk import Inbound, Party
from trato.db.edge import Services
from trato.db.jobs import Worker
from trato.flow.inbound import receive
from trato.kit.clock import now
from trato.kit.ids import new_id
from trato.live import queries
from trato.live import service as live
from trato.live.queries import Event
from trato.notifications import pushing, telling
from trato.settings import Settings

ORIGIN = "https://127.0.0.1:8000"


@dataclass
class Person:
    """One of the staff: their agent, and a browser that is signed in."""

    agent_id: UUID
    user_id: UUID
    browser: Browser

    async def ask(self, method: str, path: str, expect: int = 200, body: Any = None) -> Any:
        answer = await self.browser(method, path, body)
        assert answer.status_code == expect, answer.text
        return answer.json() if answer.content else None

    async def told(self, which: str = "unread") -> list[tuple[str, str]]:
        found = await self.ask("GET", f"/notifications?which={which}")
        if which == "unread":
            assert found["unread"] == len(found["items"])
        return [(one["kind"], one["words"]) for one in found["items"]]


@dataclass
class Place:
    services: Services
    app: Any
    mailbox: brands.AccountRecord
    people: list[Person] = field(default_factory=list)
    seen: int = 0

    async def person(self, name: str, role: Role = Role.AGENT) -> Person:
        email = f"{name.lower()}@tienda.example"
        secret = await passwords.hash_password(PASSWORD)
        async with self.services.db.begin() as c:
            user_id = await users.create(
                c, email=email, name=name, role=role, language="es", password_hash=secret
            )
            agent_id = await c.scalar(text("SELECT id FROM agent WHERE user_id = :id"), {"id": user_id})
        browser = Browser(self.app, origin=ORIGIN)
        assert (await browser.sign_in(email)).status_code == 200
        self.people.append(Person(agent_id, user_id, browser))
        return self.people[-1]

    async def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        async with self.services.db.connect() as c:
            return [dict(row) for row in (await c.execute(text(query), values)).mappings()]

    async def run(self, query: str, **values: Any) -> None:
        async with self.services.db.begin() as c:
            await c.execute(text(query), values)

    async def write(self, who: str, said: str) -> UUID:
        """Have a customer write; returns the conversation, settled in the log."""
        event = Inbound(
            provider_id=str(new_id()),
            conversation_key=who,
            sender=Party("email", who, who.split("@", maxsplit=1)[0].title()),
            occurred_at=now(),
            text=said,
            language="es",
        )
        received = await receive(self.services, self.mailbox, event)
        assert received.conversation_id is not None
        return received.conversation_id

    async def give(self, conversation: UUID, person: Person) -> None:
        """Give a conversation to somebody, as a supervisor does."""
        await self.run(
            "SELECT assign_conversation(:id, :agent, :work, 'taken', true, 'system')",
            id=conversation,
            work=new_id(),
            agent=person.agent_id,
        )

    async def tell(self) -> None:
        """Read what happened, as the worker does."""
        reader = telling.consumer(self.services)
        await reader.register()
        while await reader.step():
            pass

    async def push(self) -> int:
        """Send what is to be sent, without waiting for anybody to read it first."""
        await self.run("UPDATE job SET run_at = now() WHERE kind = 'push'")
        handlers = {pushing.KIND: pushing.sending(self.services, allow_private=True)}
        return await Worker(self.services.db, self.services.wake, handlers).drain()

    async def news(self) -> list[Event]:
        self.seen, before = await live.sequence(self.services.db), self.seen
        async with self.services.db.connect() as c:
            return await queries.everything(c, before, until=self.seen)


@pytest.fixture
async def place(committing_db, fresh_dsn, tmp_path) -> AsyncIterator[Place]:
    async with running_services(committing_db, fresh_dsn, tmp_path) as services:
        mailbox = await make_account(
            services, "email", address="hola@tienda.example", smtp_host="127.0.0.1", smtp_port=1
        )
        app = create_app(services, Settings(data=tmp_path, webhooks_allow_private=True))
        found = Place(services, app, mailbox)
        await found.tell()
        yield found
        for one in found.people:
            await one.browser.http.aclose()
