"""A shop with a mailbox at a real provider, and its listeners as the worker runs them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from tests.support.mail import SHOP, MailProvider, running_provider
from tests.support.services import make_account, running_services
from tests.support.tokens import Tokens, running_tokens

from trato.brands.service import AccountRecord
from trato.db.edge import Services
from trato.db.engine import Database
from trato.flow.listening import Listeners


@pytest.fixture(scope="session")
def tokens() -> Iterator[Tokens]:
    """The OAuth server that the provider believes."""
    with running_tokens() as running:
        yield running


@pytest.fixture(scope="session")
def provider(tokens: Tokens) -> Iterator[MailProvider]:
    """One provider for all tests of a worker; each test has mailboxes of its own."""
    with running_provider(introspection=tokens.introspection_url) as running:
        yield running


@pytest.fixture
def address() -> str:
    return f"hola.{uuid4().hex[:8]}@{SHOP}"


@pytest.fixture
async def services(committing_db: Database, fresh_dsn: str, tmp_path) -> AsyncIterator[Services]:
    async with running_services(committing_db, fresh_dsn, tmp_path) as found:
        yield found


@pytest.fixture
async def account(services: Services, provider: MailProvider, address: str) -> AccountRecord:
    return await make_account(services, "email", **provider.settings(address))


@contextlib.asynccontextmanager
async def listening(services: Services) -> AsyncIterator[None]:
    """Run the listeners of all accounts, as a worker does."""
    task = asyncio.create_task(Listeners(services).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Desk:
    """What a test asks of the database."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def all(self, query: str, **values: object) -> list[dict[str, Any]]:
        async with self._services.db.connect() as c:
            return [dict(row) for row in (await c.execute(text(query), values)).mappings()]

    async def messages(self) -> list[dict[str, Any]]:
        """Return the inbound messages, in the order in which they came."""
        return await self.all("SELECT * FROM message WHERE direction = 'in' ORDER BY created_at, id")

    async def until(self, condition: Callable[[list[dict[str, Any]]], bool], *, within_s: float = 60) -> Any:
        """Return the inbound messages once they are as they should be."""
        deadline = asyncio.get_running_loop().time() + within_s
        while not condition(found := await self.messages()):
            if asyncio.get_running_loop().time() > deadline:
                pytest.fail(f"{len(found)} messages after {within_s} s: {await self.account()}")
            await asyncio.sleep(0.02)
        return found

    async def until_rows(self, query: str, count: int = 1, *, within_s: float = 60) -> list[dict[str, Any]]:
        """Return what a query finds once it finds so many rows."""
        deadline = asyncio.get_running_loop().time() + within_s
        while len(found := await self.all(query)) < count:
            if asyncio.get_running_loop().time() > deadline:
                pytest.fail(f"{len(found)} of {count} rows after {within_s} s: {await self.account()}")
            await asyncio.sleep(0.02)
        return found

    async def account(self) -> dict[str, Any]:
        return (await self.all("SELECT * FROM account"))[0]


@pytest.fixture
def desk(services: Services) -> Desk:
    return Desk(services)
