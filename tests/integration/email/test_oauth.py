"""A mailbox that takes no password is read and sent from with access tokens (XOAUTH2)."""

import asyncio
from uuid import uuid4

import pytest
from tests.support.mail import PEOPLE, MailProvider, mail
from tests.support.sink import MemorySink, account_of, running_listener
from tests.support.tokens import Tokens
from tests.support.until import until

from trato.channel_sdk import Account, Outbound, Party, SendFailed, Why
from trato.channels.email.connector import Email

pytestmark = pytest.mark.slow


@pytest.fixture
def mailbox(provider: MailProvider, tokens: Tokens, address: str) -> Account:
    settings = provider.settings(
        address,
        auth="xoauth2",
        oauth_client_id="trato",
        oauth_token_url=tokens.token_url,
        oauth_client_secret="secreto",
        oauth_refresh_token=address,
    )
    del settings["password"]
    return account_of("email", settings, "oauth_client_secret", "oauth_refresh_token")


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
    assert [check.name for check in await connector.check(mailbox) if not check.ok] == []


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
