"""An installation that was just set up, with one agent invited, and callers who bring settings in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.support.postgres import ForgettingDatabase
from tests.support.with_key import client, make_app, make_key, make_services

from trato.access import users
from trato.access.roles import SCOPES, Role
from trato.brands import api as brands_api
from trato.brands import service as brands
from trato.db.edge import Services
from trato.db.wake import Wake
from trato.routing import queues_api, setup_api
from trato.setup import api, service
from trato.setup.kind import SYSTEM
from trato.setup.kinds import KINDS
from trato.setup.plan import Plan
from trato.webhooks import api as webhooks_api

SHOP = (Path(__file__).parents[2] / "data" / "settings" / "shop.yaml").read_text("utf-8")
ANA = "ana@latienda.example"

Bring = Callable[..., Awaitable[Plan]]


async def set_up(c: AsyncConnection) -> None:
    """Do what the first start does."""
    await brands.set_up_organisation(c, {"name": "Trato", "language": "es", "time_zone": "UTC", "hours": {}})


async def empty(db: ForgettingDatabase) -> None:
    """Take away all settings, so that it is as after the first start; people stay."""
    tables = [table for kind in KINDS for table in sorted(kind.tables)]
    async with db.begin() as c:
        await c.execute(text(f"TRUNCATE {', '.join(tables)} CASCADE"))
        await c.execute(text("UPDATE agent SET capacity = 4"))
        await set_up(c)


@pytest.fixture
async def services(db: ForgettingDatabase) -> Services:
    found = make_services(db, Wake("postgresql://nowhere"))
    async with db.begin() as c:
        await set_up(c)
        await users.create(c, email=ANA, name="Ana", role=Role.AGENT, language="es", password_hash=None)
    return found


@pytest.fixture
def bring(services: Services) -> Bring:
    async def run(given: str = SHOP, *, dry_run: bool = False, **wishes: Any) -> Plan:
        plan, _ = await service.bring_in(services, SYSTEM, given, dry_run=dry_run, **wishes)
        return plan

    return run


@pytest.fixture
async def http(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    _, key = await make_key(services.db, *(one for one in SCOPES if one != "events:read"))
    routers = (api.router, brands_api.router, queues_api.router, setup_api.router, webhooks_api.router)
    async with client(make_app(services, routers), key) as found:
        yield found
