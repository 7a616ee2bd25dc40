"""A loopback channel that is in no folder of ours, for tests of the straight line alone."""

from collections.abc import AsyncIterator
from typing import Any, ClassVar

import pytest
from tests.support.case_room import Room, room
from tests.support.loop import mail
from tests.support.services import make_account, running_services

from trato import channels
from trato.brands.service import AccountRecord
from trato.channel_sdk import Account, Capabilities, Connector, Outbound, Sent
from trato.db.edge import Services
from trato.db.engine import Database
from trato.flow.inbound import receive


class LoopConnector(Connector):
    kind: ClassVar[str] = "loop"
    capabilities: ClassVar[Capabilities] = Capabilities(address_kind="loop", starts=True)

    def __init__(self) -> None:
        self.sent: list[Outbound] = []
        self.answers: list[Exception | Sent] = []

    async def send(self, message: Outbound, account: Account) -> Sent:
        del account
        self.sent.append(message)
        answer = self.answers.pop(0) if self.answers else Sent()
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def loop_connector(monkeypatch: pytest.MonkeyPatch) -> LoopConnector:
    connector = LoopConnector()
    known = dict(channels.load_connectors())
    known["loop"] = connector
    for module in ("trato.channels", "trato.brands.service"):
        monkeypatch.setattr(f"{module}.load_connectors", lambda: known)
    return connector


@pytest.fixture
async def services(committing_db: Database, fresh_dsn: str, tmp_path) -> AsyncIterator[Services]:
    async with running_services(committing_db, fresh_dsn, tmp_path) as found:
        yield found


@pytest.fixture
async def account(services: Services, loop_connector: LoopConnector) -> AccountRecord:
    del loop_connector
    return await make_account(services, "loop")


@pytest.fixture
async def desk(services: Services, account: AccountRecord, tmp_path) -> AsyncIterator[Room]:
    """The API as an agent who has one mail's case before them."""
    await receive(services, account, mail())
    async with room(services, tmp_path) as found:
        yield found


@pytest.fixture
async def case(desk: Room) -> Any:
    (found,) = (await desk.ask("GET", "/cases"))["items"]
    return found
