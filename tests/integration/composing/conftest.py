"""A channel with copies and subjects that is in no folder of ours, on the database that forgets."""

from typing import ClassVar

import pytest
from tests.support.services import make_account
from tests.support.with_key import make_services

from trato import channels
from trato.channel_sdk import Account, Capabilities, Connector, Outbound, Sent
from trato.db.wake import Wake


class LetterConnector(Connector):
    kind: ClassVar[str] = "letter"
    capabilities: ClassVar[Capabilities] = Capabilities(
        address_kind="email", starts=True, copies=True, subject=True, undo_s=10
    )

    async def send(self, message: Outbound, account: Account) -> Sent:
        del message, account
        return Sent()


@pytest.fixture
def services(db, worker_dsn):
    return make_services(db, Wake(worker_dsn))


@pytest.fixture
async def letters(services, monkeypatch):
    """An account of that channel."""
    known = {**channels.load_connectors(), "letter": LetterConnector()}
    for module in ("trato.channels", "trato.brands.service"):
        monkeypatch.setattr(f"{module}.load_connectors", lambda: known)
    return await make_account(services, "letter")
