"""What machines send comes in and is answered by nobody; a returned mail says so at the desk."""

import asyncio

import pytest
from tests.integration.email.conftest import Desk, listening
from tests.integration.email.test_both_ways import answer
from tests.support.mail import PEOPLE, SHOP, MailProvider, mail
from tests.support.services import make_account
from tests.support.shared_data import shared_data

from trato.brands.service import AccountRecord
from trato.db.edge import Services

pytestmark = pytest.mark.slow


async def test_two_mailboxes_of_ours_give_one_message_and_a_forger_suppresses_nothing(
    services: Services, provider: MailProvider, account: AccountRecord, address: str, desk: Desk
) -> None:
    del account
    other = f"ventas.{address}"
    await make_account(services, "email", **provider.settings(other))
    raw = mail("Para los dos", to=f"{address}, {other}", headers={"Message-ID": f"<uno@{PEOPLE}>"})
    forged = mail("Otras palabras", to=address, headers={"Message-ID": f"<uno@{PEOPLE}>"})
    async with listening(services):
        await asyncio.to_thread(provider.deliver, forged, address)
        await desk.until(lambda found: len(found) == 1)
        for mailbox in (address, other):
            await asyncio.to_thread(provider.deliver, raw, mailbox)
        await desk.until_rows("SELECT 1 FROM receipt", 3)
    texts = [message["text"].strip() for message in await desk.messages()]
    assert texts == ["Otras palabras", "Para los dos"]
    people = await desk.all("SELECT address FROM participant WHERE role = 'copy'")
    assert {row["address"] for row in people} <= {other, address}


async def test_machines_are_let_in_and_wait_for_nobody(
    services: Services, provider: MailProvider, account: AccountRecord, address: str, desk: Desk
) -> None:
    del account
    machines = {
        "Auto-Submitted": "auto-replied",
        "List-Id": f"<noticias.{PEOPLE}>",
        "X-Autoreply": "yes",
    }
    async with listening(services):
        for name, value in machines.items():
            raw = mail(name, to=address, headers={name: value, "Subject": name})
            await asyncio.to_thread(provider.deliver, raw, address)
        await desk.until(lambda found: len(found) == len(machines))
    assert await desk.all("SELECT 1 FROM conversation WHERE waiting_since IS NOT NULL") == []
    assert await desk.all("SELECT 1 FROM cases") == []
    assert await desk.all("SELECT 1 FROM message WHERE direction = 'out'") == []


async def test_our_own_mail_that_comes_back_is_ignored(
    services: Services, provider: MailProvider, account: AccountRecord, address: str, desk: Desk
) -> None:
    del account
    customer = f"pedro.{address}".replace(SHOP, PEOPLE)
    async with listening(services):
        await asyncio.to_thread(provider.deliver, mail("Hola", to=address, sender=customer), address)
        (first,) = await desk.until(lambda found: len(found) == 1)
        await answer(services, first["conversation_id"], "Buen día")
        (ours,) = await asyncio.to_thread(provider.until_mails, customer)
        await asyncio.to_thread(provider.deliver, ours, address)
        await desk.until_rows("SELECT 1 FROM receipt WHERE state = 'ignored'")
    assert len(await desk.messages()) == 1


async def test_a_report_marks_the_mail_it_returns_as_failed_and_stands_beside_it(
    services: Services, provider: MailProvider, account: AccountRecord, address: str, desk: Desk
) -> None:
    del account
    customer = f"late.{address}".replace(SHOP, PEOPLE)
    async with listening(services):
        await asyncio.to_thread(provider.deliver, mail("Hola", to=address, sender=customer), address)
        (first,) = await desk.until(lambda found: len(found) == 1)
        await answer(services, first["conversation_id"], "Buen día")
        _, report = await desk.until(lambda found: len(found) == 2)
        assert report["conversation_id"] == first["conversation_id"]
        (sent,) = await desk.all("SELECT status, error FROM message WHERE direction = 'out'")
        assert sent["status"] == "failed"
        assert "there is nobody of this name" in sent["error"]
        assert (await desk.all("SELECT trouble FROM conversation"))[0]["trouble"] == "failed"


async def test_somebody_who_does_not_exist_is_refused_at_once(
    services: Services, provider: MailProvider, account: AccountRecord, address: str, desk: Desk
) -> None:
    del account
    customer = f"nobody.{address}".replace(SHOP, PEOPLE)
    async with listening(services):
        await asyncio.to_thread(provider.deliver, mail("Hola", to=address, sender=customer), address)
        (first,) = await desk.until(lambda found: len(found) == 1)
        await answer(services, first["conversation_id"], "Buen día")
    (sent,) = await desk.all("SELECT status, error FROM message WHERE direction = 'out'")
    assert sent["status"] == "failed"
    assert "550" in sent["error"]


async def test_every_mail_of_the_shared_data_comes_through_and_none_is_lost(
    services: Services, provider: MailProvider, account: AccountRecord, address: str, desk: Desk
) -> None:
    del account
    files = sorted(path for path in shared_data("mail").rglob("*") if path.suffix in {".eml", ".txt", ".msg"})
    assert files
    async with listening(services):
        for path in files:
            await asyncio.to_thread(provider.deliver, path.read_bytes(), address)
        await asyncio.to_thread(provider.deliver, b"", address)
        kept = await desk.until_rows(KEPT, len(files) + 1, within_s=120)
        await desk.until_rows(
            "SELECT 1 FROM account WHERE state = 'ok'"
        )  # told once a batch is marked as seen
    print(f"{len(files)} files: {sum(row['state'] == 'broken' for row in kept)} broken")
    assert len(kept) == len(files) + 1


KEPT = "SELECT state FROM receipt WHERE state <> 'pending' AND provider_id NOT LIKE '%failed'"
