"""A small centre with a matter, for what happens by itself."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from tests.support.contact_centre import Centre, open_centre
from tests.support.postgres import ForgettingDatabase
from tests.support.with_key import client, make_app, make_key, make_services

from trato.access.roles import Role
from trato.automation.rules import api as rules_api
from trato.automation.sla import api as sla_api
from trato.conversations import label_api
from trato.conversations import service as conversations
from trato.db.edge import Services
from trato.db.wake import Wake
from trato.kit.ids import new_id
from trato.live import queries
from trato.live import service as live
from trato.live.queries import Event
from trato.macros import api as macros_api

SCOPES = (
    *("automation:read", "automation:write", "conversations:read", "conversations:write"),
    *("cases:read", "cases:write", "contacts:read"),
)


@dataclass
class Place:
    """A centre, one conversation in it with its case, and the log as a consumer would read it."""

    services: Services
    centre: Centre
    conversation_id: UUID
    case_id: UUID
    seen: int = 0

    @property
    def db(self) -> ForgettingDatabase:
        found = self.services.db
        assert isinstance(found, ForgettingDatabase)
        return found

    async def news(self) -> list[Event]:
        """Return what happened since the last time."""
        self.seen, before = await live.sequence(self.db), self.seen
        async with self.db.connect() as c:
            return await queries.everything(c, before, until=self.seen)

    async def rows(self, query: str, **values: object) -> list[dict[str, object]]:
        async with self.db.connect() as c:
            return [dict(row) for row in (await c.execute(text(query), values)).mappings()]

    async def write(self, query: str, **values: object) -> None:
        async with self.db.begin() as c:
            await c.execute(text(query), values)

    async def say(self, words: str, *, direction: str = "in") -> UUID:
        """Write a message as the straight line does, with its events."""
        message_id = new_id()
        inbound = direction == "in"
        async with self.db.begin() as c:
            await c.execute(
                text(
                    "INSERT INTO message (id, conversation_id, case_id, contact_id, direction, author_kind,"
                    " text, status, occurred_at, created_at) VALUES (:id, :conversation, :case,"
                    " :contact, :direction, :author, :text, :status, now(), clock_timestamp())"
                ),
                {
                    "id": message_id,
                    "conversation": self.conversation_id,
                    "case": self.case_id,
                    "contact": self.centre.contact_id,
                    "direction": direction,
                    "author": "contact" if inbound else "agent",
                    "text": words,
                    "status": "received" if inbound else "sent",
                },
            )
            await c.execute(
                text(
                    "SELECT append_event('message.created', 'all', :actor, m.contact_id,"
                    " m.conversation_id, m.case_id, jsonb_build_object('message', message_view(m)))"
                    " FROM message m WHERE id = :id"
                ),
                {"id": message_id, "actor": "contact" if inbound else "user:1"},
            )
            waiting = "coalesce(waiting_since, clock_timestamp())" if inbound else "NULL"
            await c.execute(
                text(f"UPDATE conversation SET waiting_since = {waiting} WHERE id = :id"),
                {"id": self.conversation_id},
            )
            await conversations.tell(c, self.conversation_id, "contact" if inbound else "user:1")
        return message_id


@pytest.fixture
async def place(db: ForgettingDatabase) -> Place:
    services = make_services(db, Wake("postgresql://nowhere"))
    conversation_id = new_id()
    async with db.begin() as c:
        centre = await open_centre(c)
        case = await conversations.create_case(
            c,
            brand_id=centre.brand_id,
            contact_id=centre.contact_id,
            title="Garantía",
            expectation="",
            actor="user:1",
        )
        await c.execute(
            text(
                "INSERT INTO conversation (id, account_id, conversation_key, channel, brand_id, contact_id,"
                " case_id, language) VALUES (:id, :account, 'k', 'webchat', :brand, :contact, :case, 'es')"
            ),
            {
                "id": conversation_id,
                "account": centre.account_id,
                "brand": centre.brand_id,
                "contact": centre.contact_id,
                "case": case["id"],
            },
        )
    found = Place(services, centre, conversation_id, UUID(case["id"]))
    await found.news()
    return found


@pytest.fixture
async def http(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    app = make_app(place.services, [label_api.router, macros_api.router, sla_api.router, rules_api.router])
    _, key = await make_key(place.db, *SCOPES, role=Role.ADMINISTRATOR)
    await place.news()
    async with client(app, key) as opened:
        yield opened
