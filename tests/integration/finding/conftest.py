"""A shop whose people, cases, messages and articles can be found."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support.services import make_account, running_services
from tests.support.with_key import client, make_app, make_key

from trato.brands.service import AccountRecord
from trato.db.edge import Services
from trato.db.engine import Database
from trato.finding import api, following
from trato.finding.mending import EXTRA
from trato.knowledge import service, texts

SCOPES = ("contacts:read", "cases:read", "conversations:read", "articles:read")


@dataclass
class Found:
    """The search, as an agent asks it."""

    services: Services
    mail: AccountRecord
    http: httpx.AsyncClient

    async def follow(self) -> None:
        """Bring what is found to what is there now."""
        consumer = following.consumer(self.services)
        await consumer.register()
        while await consumer.step():
            pass
        builder = following.Builder(self.services.db, batch=2)
        while await builder.step():
            pass
        self.services.extras.pop(EXTRA, None)  # the words are known anew after minutes

    async def ask(self, q: str, **more: Any) -> dict[str, Any]:
        answer = await self.http.get("/search", params={"q": q, **more})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def of(self, kind: str, q: str, **more: Any) -> list[dict[str, Any]]:
        """Return what is found of one kind."""
        (group,) = (await self.ask(q, kind=kind, **more))["groups"]
        items: list[dict[str, Any]] = group["items"]
        return items

    async def write(self, title: str, body: str, language: str = "es") -> Any:
        async with self.services.db.begin() as c:
            article_id = await service.create(c, {"source_language": language})
            await texts.write(c, article_id, language, texts.Text(title, "", body), actor="import")
            await texts.publish(c, article_id, language, actor="import")
        return article_id


def said(parts: list[dict[str, Any]]) -> str:
    """Return a text with what is marked in brackets."""
    return "".join(f"[{part['text']}]" if part["marked"] else part["text"] for part in parts)


@pytest.fixture
async def services(committing_db: Database, fresh_dsn: str, tmp_path: Path) -> AsyncIterator[Services]:
    async with running_services(committing_db, fresh_dsn, tmp_path) as found:
        yield found


@pytest.fixture
async def search(services: Services) -> AsyncIterator[Found]:
    record = await make_account(services, "email", address="a@aurora.example", smtp_host="127.0.0.1")
    _, key = await make_key(services.db, *SCOPES)
    async with client(make_app(services, [api.router]), key) as http:
        yield Found(services, record, http)
