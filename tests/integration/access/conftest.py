"""The access API as a browser meets it: the real routes behind the real guards, over a real database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from tests.support.access import PASSWORD, PUBLIC, Browser, People, World
from tests.support.postgres import ForgettingDatabase

from trato.access import api, passwords, problems, users
from trato.access.ports import EXTRA, Ports
from trato.access.roles import Role
from trato.db.edge import Services
from trato.db.store import Store
from trato.db.wake import Wake
from trato.kit.public_address import PublicAddress
from trato.kit.secret_box import SecretBox


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def shared(db: ForgettingDatabase, world: World, tmp_path: Path) -> Services:
    return Services(
        db=db,
        wake=Wake("postgresql://nowhere"),
        store=Store.open(str(tmp_path / "files")),
        secrets=SecretBox(bytes(range(32))),
        public=PublicAddress(PUBLIC),
        extras={
            EXTRA: Ports(
                mail=world,
                hand_over=world.hand_over,
                announce=world.announce,
                organisation=world.organisation,
            )
        },
    )


@pytest.fixture
def app(shared: Services) -> FastAPI:
    made = FastAPI()
    made.state.services = shared
    made.include_router(api.router, prefix="/api/v1")
    problems.install(made)
    return made


@pytest.fixture
async def browsers(app: FastAPI) -> AsyncIterator[Any]:
    made: list[Browser] = []

    def open_one(**how: str) -> Browser:
        made.append(Browser(app, **how))
        return made[-1]

    yield open_one
    for browser in made:
        await browser.http.aclose()


@pytest.fixture
def browser(browsers: Any) -> Browser:
    opened: Browser = browsers()
    return opened


@pytest.fixture(scope="session")
def password_hash() -> str:
    return asyncio.run(passwords.hash_password(PASSWORD))


@pytest.fixture
async def people(db: ForgettingDatabase, password_hash: str) -> People:
    async with db.begin() as c:
        made = [
            await users.create(
                c,
                name=name,
                email=f"{name.lower()}@example.com",
                password_hash=password_hash,
                role=Role.named(role),
                language="es",
            )
            for name, role in (("Ana", "administrator"), ("Sara", "supervisor"), ("Alba", "agent"))
        ]
    return People(*made)


@pytest.fixture
async def admin(browsers: Any, people: People) -> Browser:
    opened: Browser = browsers()
    assert (await opened.sign_in("ana@example.com")).status_code == 200
    return opened
