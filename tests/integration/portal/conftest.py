"""The visitor API on a real server, asked as a shop's page asks it; the help centre beside it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from tests.support.portal import SECRET, SITE, Page, Portal, serving
from tests.support.services import make_account, running_services

from trato.access import cookies, problems, sessions, users
from trato.access.roles import Role
from trato.brands import service as brands
from trato.brands.service import AccountRecord
from trato.db.edge import Services
from trato.db.engine import Database
from trato.kit.clock import now
from trato.knowledge import service, texts
from trato.portal.centre import CENTRE, lost


@pytest.fixture
async def services(committing_db: Database, fresh_dsn: str, tmp_path) -> AsyncIterator[Services]:
    async with running_services(committing_db, fresh_dsn, tmp_path) as found:
        yield found


@pytest.fixture
async def account(services: Services) -> AccountRecord:
    return await make_account(services, "webchat", origins=[SITE], max_file_mb=1, identity_secret=SECRET)


@pytest.fixture
async def portal(services: Services, account: AccountRecord) -> AsyncIterator[Portal]:
    async with serving(services, account) as found:
        yield found


@pytest.fixture
async def page(portal: Portal) -> AsyncIterator[Page]:
    async with portal.page() as found:
        yield found


BODY = "## Cómo se hace\n\nEscríbanos.\n\n<script>alert(1)</script>"


@dataclass
class Centre:
    services: Services
    http: httpx.AsyncClient
    account: Any

    async def publish(self, words: dict[str, str], **values: Any) -> UUID:
        """Publish an article with a title in each language, the first being its source."""
        async with self.services.db.begin() as c:
            article_id = await service.create(c, {"source_language": next(iter(words)), **values})
            for language, title in words.items():
                written = texts.Text(title, f"Sobre {title}", BODY)
                await texts.write(c, article_id, language, written, actor="import")
                await texts.publish(c, article_id, language, actor="import")
        return article_id

    async def signed_in(self) -> dict[str, str]:
        """Return the headers of an agent who is signed in at the desk."""
        async with self.services.db.begin() as c:
            user_id = await users.create(
                c, email="ana@example.org", name="Ana", role=Role.AGENT, language="es", password_hash="x"
            )
            token, _ = await sessions.start(c, user_id, strong=True, ip=None, user_agent=None, now=now())
        return {"cookie": f"{cookies.SESSION}={token}"}

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        async with self.services.db.connect() as c:
            return [tuple(row) for row in await c.execute(text(query))]


@pytest.fixture
async def centre(committing_db, fresh_dsn, tmp_path) -> AsyncIterator[Centre]:
    async with running_services(committing_db, fresh_dsn, tmp_path) as services:
        account = await make_account(services, "webchat", origins=["https://tienda.example"])
        async with services.db.begin() as c:
            hours = {"mon": [["09:00", "18:00"]]}
            await brands.change_organisation(c, {"hours": hours, "name": "<b>Tienda</b>"})
            brand = (await brands.list_brands(c))[0]
            await brands.change_brand(c, brand["id"], {"name": "<b>Tienda</b>"})
        app = FastAPI()
        app.state.services = services
        problems.install(app, lost.page)
        for part in CENTRE:
            app.include_router(part)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            yield Centre(services, http, account)
