"""A contact centre with a router by hand, and desks of three roles over the real routes of routing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.support.access import PASSWORD, PUBLIC, Browser
from tests.support.contact_centre import Centre, open_centre
from tests.support.postgres import ForgettingDatabase
from tests.support.router import Steps

from trato.access import api as access_api
from trato.access import passwords, problems, users
from trato.access.ports import EXTRA, Ports
from trato.access.roles import Role
from trato.db.edge import Services
from trato.db.store import Store
from trato.db.wake import Wake
from trato.flow import assign_api, transfer_api
from trato.flow.assign import Assigner
from trato.kit.ids import new_id
from trato.kit.public_address import PublicAddress
from trato.kit.secret_box import SecretBox
from trato.routing import api as routing_api
from trato.routing import checks, lease, notices_api, preview_api, queues_api, setup_api

Desks = dict[str, Browser]
PEOPLE = (("ana", Role.AGENT), ("beto", Role.AGENT), ("sara", Role.SUPERVISOR))


@pytest.fixture(scope="module")
def password_hash() -> str:
    return asyncio.run(passwords.hash_password(PASSWORD))


@pytest.fixture
async def desks(db: ForgettingDatabase, tmp_path: Path, password_hash: str) -> AsyncIterator[Desks]:
    """Ana and Beto are agents, Sara supervises; all are signed in."""
    app = FastAPI()
    app.state.services = Services(
        db=db,
        wake=Wake("postgresql://nowhere"),
        store=Store.open(str(tmp_path / "files")),
        secrets=SecretBox(bytes(range(32))),
        public=PublicAddress(PUBLIC),
        extras={EXTRA: Ports()},
    )
    for module in (
        access_api,
        routing_api,
        notices_api,
        queues_api,
        setup_api,
        preview_api,
        assign_api,
        transfer_api,
    ):
        app.include_router(module.router, prefix="/api/v1")
    problems.install(app)
    opened = {}
    for name, role in PEOPLE:
        async with db.begin() as c:
            await users.create(
                c,
                name=name,
                email=f"{name}@example.com",
                password_hash=password_hash,
                role=role,
                language="es",
            )
        opened[name] = Browser(app)
        assert (await opened[name].sign_in(f"{name}@example.com")).status_code == 200
    yield opened
    for browser in opened.values():
        await browser.http.aclose()


async def agent_id(desk: Browser) -> str:
    return str((await desk("GET", "/session")).json()["agent"]["id"])


@pytest.fixture
async def centre(connection: AsyncConnection) -> Centre:
    return await open_centre(connection)


@pytest.fixture
async def router(db: ForgettingDatabase) -> AsyncIterator[Steps]:
    held = await lease.elect(db, new_id())
    assert held is not None
    yield Steps(db, Assigner(db), held)
    assert await checks.broken(db.connection) == {}
