"""An application of some routers behind the real guards, and callers with API keys."""

from collections.abc import Sequence
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp

from trato.access import api_keys, problems, users
from trato.access.guard import guarded
from trato.access.roles import Role
from trato.db.edge import Services
from trato.db.engine import Database
from trato.db.store import Store
from trato.db.wake import Wake
from trato.kit.clock import now
from trato.kit.ids import new_id
from trato.kit.public_address import PublicAddress
from trato.kit.secret_box import SecretBox


def make_services(db: Database, wake: Wake, **extras: Any) -> Services:
    return Services(
        db=db,
        wake=wake,
        store=Store.open("memory:///"),
        secrets=SecretBox(bytes(32)),
        public=PublicAddress("http://127.0.0.1"),
        extras=extras,
    )


def make_app(services: Services, routers: Sequence[APIRouter]) -> ASGIApp:
    app = FastAPI()
    app.state.services = services
    for router in routers:
        app.include_router(router, prefix="/api/v1")
    problems.install(app)
    return guarded(app, trusted_proxies=[])


async def make_key(db: Database, *scopes: str, role: Role = Role.ADMINISTRATOR) -> tuple[str, str]:
    """Return the key's id and the key."""
    async with db.begin() as c:
        user_id = await users.create(
            c, email=f"{new_id()}@example.org", name="Ana", role=role, language="es", password_hash=None
        )
        view, token = await api_keys.create(
            c, name="key", scopes=scopes, created_by=user_id, expires_at=None, now=now()
        )
    return str(view["id"]), token


def client(app: ASGIApp, key: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://localhost/api/v1",
        headers={"Authorization": f"Bearer {key}"},
    )
