"""A case that somebody wrote about by mail, and two colleagues at the API."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.support.case_room import Room, room
from tests.support.customer import writes
from tests.support.services import make_account, running_services

from trato.db.edge import Services
from trato.db.engine import Database

PEDRO = "pedro.gomez@example.org"


@pytest.fixture
async def services(committing_db: Database, fresh_dsn: str, tmp_path) -> AsyncIterator[Services]:
    async with running_services(committing_db, fresh_dsn, tmp_path) as found:
        yield found


@pytest.fixture
async def mail(services: Services) -> Any:
    return await make_account(services, "email", address="ayuda@aurora.example", smtp_host="127.0.0.1")


@pytest.fixture
async def matter(services: Services, mail: Any) -> Any:
    """The conversation and the case's number."""
    return await writes(services, mail, PEDRO, "Mi heladera no enfría", subject="Garantía")


@pytest.fixture
async def ana(services: Services, matter: Any, tmp_path) -> AsyncIterator[Room]:
    async with room(services, tmp_path) as found:
        yield found


@pytest.fixture
async def beto(services: Services, matter: Any, tmp_path) -> AsyncIterator[Room]:
    async with room(services, tmp_path, name="Beto") as found:
        yield found


@pytest.fixture
async def case(ana: Room) -> Any:
    (found,) = (await ana.ask("GET", "/cases"))["items"]
    return found
