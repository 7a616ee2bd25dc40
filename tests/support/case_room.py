"""An application over a committing database with one case in it: what tests of cases in motion start from."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text
from tests.support.with_key import client

from trato.access import api_keys, users
from trato.access.roles import SCOPES, Role
from trato.app.web import create_app, protected
from trato.db.edge import Services
from trato.kit.clock import now
from trato.settings import Settings


class Room:
    """The API as one user with a key of all scopes, and the database beside it."""

    def __init__(self, services: Services, http: httpx.AsyncClient, agent_id: str) -> None:
        self.services, self.http, self.agent_id = services, http, agent_id

    async def ask(
        self, method: str, path: str, expect: int = 200, /, version: Any = None, **body: Any
    ) -> Any:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        if method == "GET":
            answer = await self.http.get(path, headers=headers, params=body)
        else:
            answer = await self.http.request(method, path, headers=headers, json=body)
        assert answer.status_code == expect, answer.text
        return answer.json() if answer.content else None

    async def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        async with self.services.db.connect() as c:
            return [dict(row) for row in (await c.execute(text(sql), values)).mappings()]

    async def run(self, sql: str, **values: Any) -> None:
        async with self.services.db.begin() as c:
            await c.execute(text(sql), values)

    async def events(self, kind: str) -> list[dict[str, Any]]:
        found = await self.rows("SELECT data FROM event WHERE type = :kind ORDER BY id", kind=kind)
        return [row["data"] for row in found]


@asynccontextmanager
async def room(
    services: Services, folder: Path, role: Role = Role.AGENT, name: str = "Ana"
) -> AsyncIterator[Room]:
    settings = Settings(data=folder)
    app = protected(create_app(services, settings), settings)
    async with services.db.begin() as c:
        user_id = await users.create(
            c, email=f"{name}@example.org", name=name, role=role, language="es", password_hash=None
        )
        _, key = await api_keys.create(
            c, name="key", scopes=[*SCOPES], created_by=user_id, expires_at=None, now=now()
        )
        agent_id: UUID = await c.scalar(text("SELECT id FROM agent WHERE user_id = :id"), {"id": user_id})
    async with client(app, key) as http:
        yield Room(services, http, str(agent_id))
