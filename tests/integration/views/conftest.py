"""A house with teams, queues, labels and many conversations, and several people who look at them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from tests.support.contact_centre import Centre, arrive, open_centre
from tests.support.postgres import ForgettingDatabase
from tests.support.with_key import client, make_app, make_services

from trato.access import api_keys, users
from trato.access.roles import SCOPES, Role
from trato.conversations import label_api
from trato.db.edge import Services
from trato.db.engine import Database
from trato.db.wake import Wake
from trato.flow import assign_api, desk_api
from trato.kit.clock import now
from trato.kit.ids import new_id
from trato.views import api as views_api
from trato.views import bulk_api

ROUTERS = [views_api.router, bulk_api.router, label_api.router, desk_api.router, assign_api.router]


@dataclass
class Worker:
    """Somebody of the house, as a program that asks for them."""

    http: httpx.AsyncClient
    user_id: UUID
    agent_id: UUID

    async def ask(self, method: str, path: str, expect: int = 200, /, **body: Any) -> Any:
        if method == "GET":
            answer = await self.http.get(path, params=body)
        else:
            answer = await self.http.request(method, path, json=body)
        assert answer.status_code == expect, answer.text
        return answer.json() if answer.content else None


@dataclass
class House:
    """The house in a database, and the API over it."""

    db: Database
    services: Services
    centre: Centre
    doors: AsyncExitStack
    made: dict[str, Worker] = field(default_factory=dict)

    async def worker(self, name: str, role: Role = Role.AGENT, team: UUID | None = None) -> Worker:
        async with self.db.begin() as c:
            user_id = await users.create(
                c, email=f"{name}@example.org", name=name, role=role, language="es", password_hash=None
            )
            _, key = await api_keys.create(
                c, name="key", scopes=[*SCOPES], created_by=user_id, expires_at=None, now=now()
            )
            agent_id = await c.scalar(text("SELECT id FROM agent WHERE user_id = :id"), {"id": user_id})
            await c.execute(
                text("SELECT set_presence(:id, 'available', NULL, 'system', NULL)"), {"id": agent_id}
            )
            await c.execute(text("UPDATE presence SET capacity = 50"))
            if team is not None:
                await c.execute(
                    text(
                        "INSERT INTO agent_profile (agent_id, team_id) VALUES (:agent, :team)"
                        " ON CONFLICT (agent_id) DO UPDATE SET team_id = :team"
                    ),
                    {"agent": agent_id, "team": team},
                )
        http = await self.doors.enter_async_context(client(make_app(self.services, ROUTERS), key))
        return Worker(http, user_id, agent_id)

    async def add(self, table: str, **values: Any) -> UUID:
        row_id = new_id()
        names = ", ".join(values)
        async with self.db.begin() as c:
            await c.execute(
                text(f"INSERT INTO {table} (id, {names}) VALUES (:id, {', '.join(f':{n}' for n in values)})"),
                {"id": row_id, **values},
            )
        return row_id

    async def arrives(self, **how: Any) -> UUID:
        async with self.db.begin() as c:
            return await arrive(c, self.centre, **how)

    async def run(self, sql: str, **values: Any) -> Any:
        async with self.db.begin() as c:
            return await c.execute(text(sql), values)

    async def row(self, conversation_id: UUID) -> Any:
        async with self.db.connect() as c:
            query = text("SELECT * FROM conversation WHERE id = :id")
            return (await c.execute(query, {"id": conversation_id})).one()


async def open_house(db: Database, dsn: str, doors: AsyncExitStack) -> House:
    async with db.begin() as c:
        centre = await open_centre(c)
    return House(db, make_services(db, Wake(dsn)), centre, doors)


@pytest.fixture
async def house(db: ForgettingDatabase, worker_dsn: str) -> AsyncIterator[House]:
    async with AsyncExitStack() as doors:
        yield await open_house(db, worker_dsn, doors)
