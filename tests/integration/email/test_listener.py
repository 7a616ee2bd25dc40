"""Mail taken by our own SMTP server: 250 means durable, and nothing is relayed."""

import asyncio
import smtplib
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.integration.email.conftest import Desk, listening
from tests.support.mail import PEOPLE, SHOP, free_ports, mail, write_certificate
from tests.support.services import make_account
from tests.support.sink import MemorySink, account_of, running_listener
from tests.support.until import until

from trato.channel_sdk import Account
from trato.channels.email import smtp_listener
from trato.channels.email.connector import connector
from trato.channels.email.reply_address import make_reply_address
from trato.db.edge import Services
from trato.kit.errors import Unavailable

pytestmark = pytest.mark.slow

US = f"hola@{SHOP}"


@pytest.fixture
def account() -> Account:
    (port,) = free_ports(1)
    return account_of(
        "email",
        {"address": US, "listener_host": "127.0.0.1", "listener_port": port, "aliases": [f"ayuda@{SHOP}"]},
    )


def client(account: Account) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", account.settings["listener_port"], timeout=20)


async def send(
    account: Account, raw: bytes, *to: str, sender: str = f"pedro@{PEOPLE}"
) -> Mapping[str, object]:
    def run() -> Mapping[str, object]:
        with client(account) as smtp:
            return smtp.sendmail(sender, list(to), raw)

    return await asyncio.to_thread(run)


async def test_mail_for_us_is_taken_also_at_an_alias_and_a_signed_address(account: Account) -> None:
    sink = MemorySink()
    async with running_listener(connector, account, sink):
        await until(lambda: sink.said == [None], "it listens")
        signed = make_reply_address(US, account.id, account.signing_key)
        for to in (US, f"ayuda@{SHOP}", signed):
            await send(account, mail(to, to=to), to)
    assert [message.text.strip() for message in sink.messages] == [US, f"ayuda@{SHOP}", signed]
    assert sink.messages[2].conversation_id == account.id
    assert not any(message.verified for message in sink.messages)


async def test_nothing_is_relayed(account: Account) -> None:
    sink = MemorySink()
    async with running_listener(connector, account, sink):
        await until(lambda: sink.said == [None], "it listens")
        with pytest.raises(smtplib.SMTPRecipientsRefused, match=r"5\.7\.1"):
            await send(account, mail(to=f"ana@{PEOPLE}"), f"ana@{PEOPLE}")
        refused = await send(account, mail(to=US), f"ana@{PEOPLE}", US)
    assert list(refused) == [f"ana@{PEOPLE}"]
    assert len(sink.messages) == 1


async def test_whatever_hinders_keeping_is_answered_with_451_and_taken_later_once(account: Account) -> None:
    full = True

    def refuse(_: object) -> None:
        if full:
            raise Unavailable("the file could not be stored")

    sink = MemorySink(refuse=refuse)
    raw = mail("Hola", to=US)
    async with running_listener(connector, account, sink):
        await until(lambda: sink.said == [None], "it listens")
        with pytest.raises(smtplib.SMTPDataError, match=r"4\.3\.0") as caught:
            await send(account, raw, US)
        assert caught.value.smtp_code == 451
        full = False
        await send(account, raw, US)
        await send(account, raw, US)  # the sender did not hear our 250
    assert len(sink.handed_in) == 2
    assert len(sink.messages) == 1


async def test_a_full_disk_loses_nothing(services: Services, tmp_path: Path, desk: Desk) -> None:
    (port,) = free_ports(1)
    settings = {"address": US, "listener_host": "127.0.0.1", "listener_port": port}
    account = account_of("email", settings)
    await make_account(services, "email", **settings)
    files, aside = tmp_path / "files", tmp_path / "aside"
    raw = mail("Hola", to=US)
    async with listening(services):
        await desk.until_rows("SELECT 1 FROM account WHERE state = 'ok'")
        files.rename(aside)
        files.write_text("no room")  # to the store the same as a full disk: nothing can be written
        with pytest.raises(smtplib.SMTPDataError, match=r"4\.3\.0"):
            await send(account, raw, US)
        assert await desk.messages() == []
        files.unlink()
        aside.rename(files)
        await send(account, raw, US)
        assert len(await desk.messages()) == 1


async def test_limits_are_said_with_their_codes(account: Account, monkeypatch) -> None:
    monkeypatch.setattr(smtp_listener, "MAX_BYTES", 100_000)
    monkeypatch.setattr(smtp_listener, "MAX_RECIPIENTS", 2)
    monkeypatch.setattr(smtp_listener, "MAX_SESSIONS", 1)
    sink = MemorySink()

    def use() -> None:
        with client(account) as smtp:
            with pytest.raises(smtplib.SMTPConnectError, match=r"4\.3\.2"):
                client(account)
            with pytest.raises(smtplib.SMTPSenderRefused, match="552"):
                smtp.sendmail("a@b.test", [US], b"x\r\n" * 50_000)
            smtp.rset()
            smtp.mail("a@b.test")
            assert [smtp.rcpt(f"ayuda@{SHOP}")[0] for _ in range(3)] == [250, 250, 452]
            smtp.rset()
            smtp.sendmail("a@b.test", [US], b"Subject: larga\r\n\r\n" + b"x" * 50_000)

    async with running_listener(connector, account, sink):
        await until(lambda: sink.said == [None], "it listens")
        await asyncio.to_thread(use)
    assert [message.subject for message in sink.messages] == ["larga"]


async def test_a_forged_result_of_a_check_is_not_believed(account: Account) -> None:
    settings = {**account.settings, "trusted_servers": ["mx.tienda.test"]}
    trusting = Account(account.id, "email", "x", "k", settings, {}, account.signing_key)
    sink = MemorySink()
    forged = {"Authentication-Results": f"mx.tienda.test; dmarc=pass header.from={PEOPLE}"}
    async with running_listener(connector, trusting, sink):
        await until(lambda: sink.said == [None], "it listens")
        await send(trusting, mail("Soy Pedro", to=US, headers=forged), US)
    assert sink.messages[0].verified is False


async def test_a_port_that_is_taken_is_said(account: Account) -> None:
    first, second = MemorySink(), MemorySink()
    async with running_listener(connector, account, first):
        await until(lambda: first.said == [None], "it listens")
        async with running_listener(connector, account, second):
            await until(lambda: bool(second.said), "it is said")
    assert second.said[0] is not None
    assert "choose another port" in second.said[0]


async def test_starttls_is_offered_with_a_certificate(account: Account, tmp_path: Path) -> None:
    write_certificate(tmp_path)
    settings = {
        **account.settings,
        "listener_certificate": str(tmp_path / "cert.pem"),
        "listener_key": str(tmp_path / "key.pem"),
    }
    encrypted = Account(account.id, "email", "x", "k", settings, {}, account.signing_key)
    sink = MemorySink()

    def use() -> None:
        with client(encrypted) as smtp:
            smtp.starttls()
            smtp.sendmail(f"pedro@{PEOPLE}", [US], mail("cifrado", to=US))

    async with running_listener(connector, encrypted, sink):
        await until(lambda: sink.said == [None], "it listens")
        await asyncio.to_thread(use)
    assert sink.messages[0].text.strip() == "cifrado"
