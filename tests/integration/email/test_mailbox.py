"""A mailbox at a real server is read whole, each mail once, whatever the mails and the server do."""

import asyncio
import time
from collections.abc import Iterator

import pytest
from tests.integration.email.conftest import Desk, listening
from tests.support.mail import PEOPLE, MailProvider, mail, running_provider
from tests.support.services import make_account
from tests.support.sink import MemorySink, account_of, running_listener
from tests.support.until import until

from trato.brands.service import change_account, get_account, view
from trato.channel_sdk import Account, Broken, InboundEvent
from trato.channels.email import mailbox_listener
from trato.channels.email.connector import connector
from trato.channels.email.imap import MAX_BYTES
from trato.db.edge import Services
from trato.kit.errors import Unavailable

pytestmark = pytest.mark.slow


@pytest.fixture
def mailbox(provider: MailProvider, address: str) -> Account:
    return account_of("email", provider.settings(address), "password")


async def put(provider: MailProvider, address: str, *texts: str) -> None:
    for text in texts:
        await asyncio.to_thread(provider.deliver, mail(text, to=address), address)


async def test_unread_mail_is_read_once_and_marked_only_when_it_is_durable(
    provider: MailProvider, mailbox: Account, address: str
) -> None:
    await put(provider, address, "uno", "dos")
    unseen: list[int] = []
    sink = MemorySink(refuse=lambda _: unseen.append(provider.unseen(address)))
    async with running_listener(connector, mailbox, sink):
        await sink.until_kept(2)
        assert unseen == [2, 2]
        await put(provider, address, "tres")
        await sink.until_kept(3)
        await until(lambda: provider.unseen(address) == 0, "all are marked as seen")
    async with running_listener(connector, mailbox, sink):
        await put(provider, address, "cuatro")
        await sink.until_kept(4)
    assert [message.text.strip() for message in sink.messages] == ["uno", "dos", "tres", "cuatro"]
    assert len(sink.handed_in) == 4


async def test_what_cannot_be_stored_now_is_read_again_and_nothing_passes_it(
    provider: MailProvider, mailbox: Account, address: str, monkeypatch
) -> None:
    monkeypatch.setattr(mailbox_listener, "_BACK_OFF_S", (0.01, 0.02, 0.05))
    failures = iter(range(7))

    def refuse(_: InboundEvent) -> None:
        if next(failures, None) is not None:
            raise Unavailable("the file could not be stored")

    sink = MemorySink(refuse=refuse)
    async with running_listener(connector, mailbox, sink):
        await put(provider, address, "uno", "dos")
        await sink.until_kept(2)
        await until(lambda: sink.said[-1] is None, "the account works again")
    assert [message.text.strip() for message in sink.messages] == ["uno", "dos"]
    assert any(said and "stays in the mailbox" in said for said in sink.said)


async def test_a_mail_that_the_line_cannot_take_is_kept_as_broken_and_the_next_goes_on(
    provider: MailProvider, mailbox: Account, address: str
) -> None:
    def refuse(event: InboundEvent) -> None:
        if not isinstance(event, Broken) and b"veneno" in (getattr(event, "raw", None) or b""):
            raise ValueError("poisoned")

    sink = MemorySink(refuse=refuse)
    async with running_listener(connector, mailbox, sink):
        await put(provider, address, "uno", "veneno", "dos")
        await sink.until_kept(3)
    broken = [event for event in sink.kept.values() if isinstance(event, Broken)]
    assert [b"veneno" in event.raw for event in broken] == [True]
    assert [message.text.strip() for message in sink.messages] == ["uno", "dos"]


async def test_new_uids_bring_no_duplicates_and_lose_nothing(
    provider: MailProvider, mailbox: Account, address: str
) -> None:
    sink = MemorySink()
    async with running_listener(connector, mailbox, sink):
        await put(provider, address, "uno", "dos", "tres")
        await sink.until_kept(3)
        await until(lambda: bool(sink.cursor.get("uid")), "the place is saved")
        before = sink.cursor["uid_validity"]
        await asyncio.to_thread(provider.stop_dovecot)
        await asyncio.to_thread(provider.start_dovecot)
        await asyncio.to_thread(provider.change_uid_validity, address)
        await put(provider, address, "cuatro")
        await sink.until_kept(4)
        await until(lambda: sink.cursor["uid_validity"] != before, "the new UIDs count")
    assert sorted(m.text.strip() for m in sink.messages) == ["cuatro", "dos", "tres", "uno"]


async def test_a_mail_of_fifty_megabytes_comes_in_and_a_larger_one_is_shown_as_broken(
    provider: MailProvider, mailbox: Account, address: str
) -> None:
    line = b"x" * 998 + b"\r\n"
    header = b"From: pedro@gente.test\r\nSubject: %d\r\nMessage-ID: <%d@gente.test>\r\n\r\n"
    sink = MemorySink()
    async with running_listener(connector, mailbox, sink):
        for number, size in enumerate((49_900_000, MAX_BYTES + 10_000)):
            raw = header % (number, number) + line * (size // len(line))
            await asyncio.to_thread(provider.deliver, raw, address)
        await put(provider, address, "después")
        await sink.until_kept(3, within_s=120)
    large, last = sink.messages
    assert large.subject == "0"
    assert len(large.raw or b"") > 49_000_000
    (broken,) = (event for event in sink.kept.values() if isinstance(event, Broken))
    assert "more than the 52 MB" in broken.error
    assert b"Subject: 1" in broken.raw
    assert last.text.strip() == "después"


async def test_ten_thousand_recipients_are_bounded(
    provider: MailProvider, mailbox: Account, address: str
) -> None:
    everybody = ", ".join(f"Persona {n} <p{n}@{PEOPLE}>" for n in range(10_000))
    sink = MemorySink()
    async with running_listener(connector, mailbox, sink):
        raw = (
            f"From: pedro@{PEOPLE}\r\nTo: {address}\r\nCc: {everybody}\r\nSubject: Todos\r\n\r\nHola".encode()
        )
        await asyncio.to_thread(provider.deliver, raw, address)
        await sink.until_kept(1)
    (message,) = sink.messages
    assert len(message.others) == 100
    assert len(message.payload["cc"]) == 200
    assert any("addresses of Cc" in error for error in message.payload["errors"])


async def test_an_account_is_told_to_work_while_much_still_waits(
    provider: MailProvider, mailbox: Account, address: str, monkeypatch
) -> None:
    monkeypatch.setattr(mailbox_listener, "_BATCH", 1)
    await put(provider, address, "uno", "dos")

    class Slow(MemorySink):
        async def deliver(self, event: InboundEvent) -> None:
            await super().deliver(event)
            if len(self.kept) > 1:
                await asyncio.Event().wait()

    sink = Slow()
    async with running_listener(connector, mailbox, sink):
        await sink.until_kept(2)
        assert sink.said == [None]


@pytest.mark.alone  # its limit is of seconds
async def test_it_ends_at_once_while_it_waits(provider: MailProvider, mailbox: Account, address: str) -> None:
    sink = MemorySink()
    async with running_listener(connector, mailbox, sink):
        await put(provider, address, "uno")
        await sink.until_kept(1)
        started = time.monotonic()
    assert time.monotonic() - started < 1


async def test_a_wrong_password_is_said_with_its_mend_and_without_the_secret(
    provider: MailProvider, address: str
) -> None:
    wrong = account_of("email", provider.settings(address, password="falsa-y-secreta"), "password")
    sink = MemorySink()
    async with running_listener(connector, wrong, sink):
        await until(lambda: bool(sink.said), "it is said")
    assert sink.said[0] is not None
    assert "check the user name and the password" in sink.said[0]
    assert "falsa-y-secreta" not in sink.said[0]


async def test_what_is_wrong_stands_at_the_account_in_words_of_every_language(
    services: Services, provider: MailProvider, address: str, desk: Desk
) -> None:
    record = await make_account(services, "email", **provider.settings(address, password="falsa"))
    async with listening(services):
        await desk.until_rows("SELECT 1 FROM account WHERE state = 'failing'")
    async with services.db.connect() as c:
        shown = view(await get_account(c, record.id))
    (sentence,) = shown["last_sentences"]
    assert (sentence["code"], sentence["values"]["user"]) == ("imap_login_refused", address)
    assert address in shown["last_error"]
    async with services.db.begin() as c:
        await change_account(c, services.secrets, record.id, values=dict(record.settings))
        assert view(await get_account(c, record.id))["last_sentences"] == []


@pytest.fixture(scope="module")
def simple_provider() -> Iterator[MailProvider]:
    """A server that cannot push."""
    with running_provider(postfix=False, idle=False) as running:
        yield running


async def test_a_server_without_idle_is_asked_now_and_then(
    simple_provider: MailProvider, address: str, monkeypatch
) -> None:
    monkeypatch.setattr(mailbox_listener, "_POLL_S", 0.1)
    account = account_of("email", simple_provider.settings(address), "password")
    sink = MemorySink()
    async with running_listener(connector, account, sink):
        await until(lambda: sink.said == [None], "it is connected")
        await put(simple_provider, address, "uno")
        await sink.until_kept(1)
    checks = {check.name: check for check in await connector.check(account)}
    assert "no IDLE" in checks["imap_folder"].message


@pytest.mark.parametrize(("port", "security"), [("imaps", "tls"), ("imap", "starttls")])
async def test_encrypted_mailboxes_are_read_and_a_foreign_certificate_is_refused(
    provider: MailProvider, address: str, port: str, security: str
) -> None:
    settings = provider.settings(
        address, imap_host="localhost", imap_port=provider.ports[port], imap_security=security
    )
    sink = MemorySink()
    await put(provider, address, "cifrado")
    known = account_of("email", settings | {"certificate_authority": provider.authority}, "password")
    async with running_listener(connector, known, sink):
        await sink.until_kept(1)
    (line, *_) = await connector.check(account_of("email", settings, "password"))
    assert not line.ok
    assert "certificate" in line.message
