"""Both servers go away and come back in the middle of many mails: nothing is lost, nothing comes twice."""

import asyncio
import smtplib
from uuid import UUID

import pytest
from tests.integration.email.conftest import Desk, listening
from tests.support.contact_centre import add_agent
from tests.support.mail import PEOPLE, SHOP, MailProvider, mail

from trato.brands.service import AccountRecord
from trato.db.edge import Services
from trato.db.jobs import Worker
from trato.flow import outbound
from trato.flow.replies import Author, Writing, write

pytestmark = [pytest.mark.slow, pytest.mark.alone]

COUNT = 200


async def test_two_hundred_mails_survive_the_restarts_of_both_servers(
    services: Services, provider: MailProvider, account: AccountRecord, address: str, desk: Desk
) -> None:
    del account
    halfway = asyncio.Event()

    def send_all(loop: asyncio.AbstractEventLoop) -> None:
        """Send as a mail program does: what was not acknowledged is sent again."""
        for number in range(COUNT):
            raw = mail(f"mail {number}", to=address, headers={"Message-ID": f"<{number}.{address}>"})
            while True:
                try:
                    provider.send(raw, address)
                    break
                except (OSError, smtplib.SMTPException):
                    continue
            if number == COUNT // 3:
                loop.call_soon_threadsafe(halfway.set)

    def restart() -> None:
        provider.stop_dovecot()
        provider.stop_postfix()
        provider.start_postfix()
        provider.start_dovecot()
        provider.stop_dovecot()
        provider.start_dovecot()

    async with listening(services):
        sending = asyncio.create_task(asyncio.to_thread(send_all, asyncio.get_running_loop()))
        await halfway.wait()
        await asyncio.to_thread(restart)
        await sending
        found = await desk.until(lambda messages: len(messages) >= COUNT, within_s=120)
    assert sorted(message["text"].strip() for message in found) == sorted(
        f"mail {number}" for number in range(COUNT)
    )


async def test_answers_wait_for_the_server_and_arrive_once(
    services: Services, provider: MailProvider, account: AccountRecord, address: str, desk: Desk
) -> None:
    del account
    customer = f"pedro.{address}".replace(SHOP, PEOPLE)
    async with listening(services):
        await asyncio.to_thread(provider.deliver, mail("Hola", to=address, sender=customer), address)
        (first,) = await desk.until(lambda found: len(found) == 1)
    await asyncio.to_thread(provider.stop_postfix)
    async with services.db.begin() as c:
        ana = Author("user:ana", "Ana", await add_agent(c))
        for number in range(5):
            await write(
                services, c, UUID(str(first["conversation_id"])), ana, Writing(f"n {number}", f"{number}")
            )
    handlers = {"send": lambda data, attempt: outbound.send(services, data, attempt)}
    worker = asyncio.create_task(Worker(services.db, services.wake, handlers).run())
    try:
        await desk.until_rows("SELECT 1 FROM message WHERE direction = 'out' AND error LIKE '%refuses%'")
        await asyncio.to_thread(provider.start_postfix)
        await desk.until_rows(
            "SELECT 1 FROM message WHERE direction = 'out' AND status = 'sent'", 5, within_s=90
        )
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    assert len(await asyncio.to_thread(provider.until_mails, customer, 5)) == 5
