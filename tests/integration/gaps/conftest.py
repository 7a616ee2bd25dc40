"""What readers asked in vain, whoever looks after articles, and the job that groups."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from tests.support.postgres import ForgettingDatabase
from tests.support.toy_encoder import ToyEncoder
from tests.support.with_key import client, make_app, make_key, make_services

from trato.access.roles import Role
from trato.conversations import case_api
from trato.db.edge import Services
from trato.db.engine import Database
from trato.db.wake import Wake
from trato.gaps import api as gaps_api
from trato.gaps import grouping
from trato.knowledge import api, feedback, service, text_api, texts, tuning_api, unanswered
from trato.search.apart import Meaning, read_with

SCOPES = (
    "articles:read",
    "articles:write",
    "cases:read",
    "cases:write",
    "contacts:read",
    "conversations:read",
)


async def toy_read(asked: Sequence[tuple[str, str]]) -> list[Meaning]:
    return read_with(ToyEncoder(), asked)


@dataclass
class Shelf:
    services: Services
    app: Any

    @property
    def db(self) -> Any:
        return self.services.db

    async def ask(self, question: str, times: int = 1, language: str = "es") -> None:
        """Ask in vain."""
        async with self.db.begin() as c:
            for _ in range(times):
                await unanswered.count(c, language, question)

    async def say_no(
        self, article_id: UUID, reason: Any = None, words: str = "", language: str = "es"
    ) -> None:
        """Say that an article did not solve it."""
        async with self.db.begin() as c:
            said = await feedback.say(c, article_id, language, 1, solved=False)
            await feedback.explain(c, said, reason, words)

    async def group(self) -> None:
        """Let the job look at what is new."""
        await grouping.grouping(self.db, toy_read).work()

    async def publish(self, title: str, body: str, language: str = "es", **values: Any) -> UUID:
        async with self.db.begin() as c:
            article_id = await service.create(c, {"source_language": language, **values})
            await texts.write(c, article_id, language, texts.Text(title, "", body), actor="import")
            await texts.publish(c, article_id, language, actor="import")
        return article_id

    async def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        async with self.db.connect() as c:
            return [tuple(row) for row in await c.execute(text(query), values)]

    async def caller(self, role: Role) -> httpx.AsyncClient:
        _, key = await make_key(self.db, *SCOPES, role=role)
        return client(self.app, key)


def make_shelf(db: Database) -> Shelf:
    services = make_services(db, Wake("postgresql://nowhere"))
    routers = [gaps_api.router, api.router, text_api.router, case_api.router, tuning_api.router]
    return Shelf(services, make_app(services, routers))


@pytest.fixture
async def shelf(db: ForgettingDatabase) -> Shelf:
    return make_shelf(db)


@pytest.fixture
async def http(shelf: Shelf) -> AsyncIterator[httpx.AsyncClient]:
    async with await shelf.caller(Role.SUPERVISOR) as found:
        yield found
