"""A mailbox that takes no password is read and sent from with access tokens (XOAUTH2)."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from tests.support.mail import PEOPLE, MailProvider, mail
from tests.support.services import make_account
from tests.support.sink import MemorySink, account_of, running_listener
from tests.support.tokens import Tokens
from tests.support.until import until

from trato.brands import service as brands
from trato.channel_sdk import Account, Outbound, Party, SendFailed, Why
from trato.channels.email.connector import Email
from trato.db.edge import Services
from trato.kit.errors import Unavailable

pytestmark = pytest.mark.slow


def xoauth2(provider: MailProvider, tokens: Tokens, address: str) -> dict[str, Any]:
    settings = provider.settings(
        address,
        auth="xoauth2",
        oauth_client_id="trato",
        oauth_token_url=tokens.token_url,
        oauth_client_secret="secreto",
        oauth_refresh_token=address,
    )
    del settings["password"]
    return settings


@pytest.fixture
def mailbox(provider: MailProvider, tokens: Tokens, address: str) -> Account:
    settings = xoauth2(provider, tokens, address)
    return account_of("email", settings, "oauth_client_secret", "oauth_refresh_token")


@pytest.fixture
def rotating(tokens: Tokens) -> Iterator[None]:
    """The provider changes the refresh token each time."""
    tokens.rotates = True
    yield
    tokens.rotates = False


def outbound(to: str) -> Outbound:
    return Outbound(uuid4(), uuid4(), "k", to=[Party("email", to)], text="Hola", subject="Prueba")


async def test_both_ways_with_one_token_that_is_asked_for_again_when_it_ends(
    provider: MailProvider, tokens: Tokens, mailbox: Account, address: str
) -> None:
    connector, sink = Email(), MemorySink()
    asked = tokens.asked
    async with running_listener(connector, mailbox, sink):
        await asyncio.to_thread(provider.deliver, mail("uno", to=address), address)
        await sink.until_kept(1)
        await connector.send(outbound(f"{uuid4().hex[:8]}@{PEOPLE}"), mailbox)
    assert tokens.asked == asked + 1
    tokens.revoke()  # the connector still has the old one in mind
    await asyncio.to_thread(provider.deliver, mail("dos", to=address), address)
    async with running_listener(connector, mailbox, sink):
        await sink.until_kept(2)
    assert tokens.asked == asked + 2
    wrong = [(check.name, check.message) for check in await connector.check(mailbox) if not check.ok]
    assert wrong == []


async def test_a_refresh_token_that_the_provider_changes_is_kept_and_the_listener_goes_on(
    services: Services, provider: MailProvider, tokens: Tokens, address: str, rotating: None
) -> None:
    record = await make_account(services, "email", **xoauth2(provider, tokens, address))
    async with services.db.connect() as c:
        secrets = (await brands.get_account(c, record.id)).secrets
    elsewhere = Email()
    for round_ in range(3):
        async with services.db.connect() as c:
            fresh = await brands.get_account(c, record.id)
        await elsewhere.send(
            outbound(f"{uuid4().hex[:8]}@{PEOPLE}"), fresh.opened(services.secrets, services.db)
        )
        elsewhere = Email()  # another process, which remembers nothing
        assert tokens.used[-1] == (f"{address}#{round_}" if round_ else address)
    async with services.db.connect() as c:
        fresh = await brands.get_account(c, record.id)
    assert fresh.opened(services.secrets).secrets["oauth_refresh_token"] == f"{address}#3"
    assert fresh.secrets == secrets  # what was put in stays, so no listener starts anew
    assert f"{address}#3".encode() not in (fresh.renewed or b"")


async def test_one_process_outlives_the_changes_of_another(
    services: Services, provider: MailProvider, tokens: Tokens, address: str, rotating: None
) -> None:
    record = await make_account(services, "email", **xoauth2(provider, tokens, address))
    snapshot = record.opened(services.secrets, services.db)
    one, other = Email(), Email()
    to = f"{uuid4().hex[:8]}@{PEOPLE}"
    asked = tokens.asked
    await one.send(outbound(to), snapshot)
    await other.send(outbound(to), snapshot)  # began with the first refresh token, which is used up
    await one.send(outbound(to), snapshot)  # its access token is still good
    assert tokens.asked == asked + 2
    tokens.revoke()
    for _ in range(2):
        with contextlib.suppress(SendFailed):
            await one.send(outbound(to), snapshot)
    await one.send(outbound(to), snapshot)
    assert tokens.asked == asked + 3


async def test_what_cannot_be_kept_now_is_kept_later(
    provider: MailProvider, tokens: Tokens, address: str, rotating: None
) -> None:
    class Keeper:
        kept, away = address, True

        async def current(self, name: str) -> str | None:
            assert name == "oauth_refresh_token"
            if self.away:
                raise Unavailable("the database is away")
            return self.kept

        async def replace(self, name: str, old: str, new: str) -> None:
            if await self.current(name) == old:
                self.kept = new

    keeper, connector = Keeper(), Email()
    settings = xoauth2(provider, tokens, address)
    account = replace(
        account_of("email", settings, "oauth_client_secret", "oauth_refresh_token"), keeper=keeper
    )
    to = f"{uuid4().hex[:8]}@{PEOPLE}"
    await connector.send(outbound(to), account)
    assert keeper.kept == address
    keeper.away = False
    await connector.send(outbound(to), account)
    assert keeper.kept == f"{address}#1"


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/token", "http://[fe80::1]/token", "http://192.88.99.1/token"]
)
async def test_secrets_go_neither_in_clear_to_the_world_nor_to_a_clouds_metadata(
    mailbox: Account, url: str
) -> None:
    account = replace(mailbox, settings={**mailbox.settings, "oauth_token_url": url})
    checks = {check.name: check for check in await Email().check(account)}
    assert checks["imap_login"].sentence is not None
    assert checks["imap_login"].sentence.code == "token_url_forbidden"


async def test_a_withdrawn_authorisation_is_said_with_its_mend(
    tokens: Tokens, mailbox: Account, address: str
) -> None:
    connector, sink = Email(), MemorySink()
    tokens.refused.add(address)
    async with running_listener(connector, mailbox, sink):
        await until(lambda: bool(sink.said), "it is said")
    assert sink.said[0] is not None
    assert "authorise the mailbox again" in sink.said[0]
    with pytest.raises(SendFailed, match="authorise the mailbox again") as caught:
        await connector.send(outbound(f"pedro@{PEOPLE}"), mailbox)
    assert caught.value.why is Why.RETRY
