"""A customer of the shop who wrote, and the API as an administrator."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.support.case_room import Room, room
from tests.support.services import make_account
from tests.support.with_key import make_services

from trato.access.roles import Role
from trato.channel_sdk import Inbound, Party
from trato.db.edge import Services
from trato.db.engine import Database
from trato.db.wake import Wake
from trato.flow.inbound import receive
from trato.kit.clock import now

PEDRO = "pedro.gomez@clientes.invalid"


@pytest.fixture
def services(db: Database) -> Services:
    return make_services(db, Wake("postgresql://nowhere"))


@pytest.fixture
async def desk(services: Services, tmp_path: Any) -> AsyncIterator[Room]:
    async with room(services, tmp_path, Role.ADMINISTRATOR) as found:
        yield found


@pytest.fixture
async def conversation(services: Services, desk: Room) -> dict[str, Any]:
    """The conversation of Pedro, whose address is verified."""
    account = await make_account(services, "webchat", origins=["https://shop.example"])
    said = Inbound(
        provider_id="1",
        conversation_key="pedro",
        sender=Party("email", PEDRO, "Pedro Gómez"),
        occurred_at=now(),
        text="¿Ya llegó al taller?",
        verified=True,
    )
    got = await receive(services, account, said)
    whole: dict[str, Any] = await desk.ask("GET", f"/conversations/{got.conversation_id}")
    found: dict[str, Any] = whole["conversation"]
    return found
