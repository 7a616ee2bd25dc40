"""A loopback channel that is in no folder of ours, for tests of the straight line alone."""

from collections.abc import AsyncIterator
from typing import ClassVar

import pytest
from tests.support.services import make_account, running_services

from trato import channels
from trato.brands.service import AccountRecord
from trato.channel_sdk import Account, Capabilities, Connector, Outbound, Sent
from trato.db.edge import Services
from trato.db.engine import Database


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
