"""A mail comes in through a real provider; its answer arrives in the sender's mailbox, threaded."""

import asyncio
import email
import email.policy
import time
from email.message import EmailMessage

import pytest
from tests.integration.email.conftest import Desk, listening
from tests.support.contact_centre import add_agent
from tests.support.mail import PEOPLE, MailProvider, mail
from tests.support.services import make_account

from trato.brands.service import AccountRecord
from trato.db.edge import Services
from trato.flow import outbound
from trato.flow.replies import Author, Writing, forward, write

pytestmark = pytest.mark.slow


def parsed(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


async def answer(services: Services, conversation_id, text: str, **more: object) -> dict[str, object]:
    """Write an answer and send it, as the desk and the worker do."""
    async with services.db.begin() as c:
        ana = Author("user:ana", "Ana", await add_agent(c))
        writing = Writing(text, f"c-{time.monotonic_ns()}", **more)  # type: ignore[arg-type]
        view = await write(services, c, conversation_id, ana, writing)
    await outbound.send(services, {"message_id": str(view["id"])}, 1)
    return view


@pytest.mark.alone  # its limit is of seconds
async def test_a_mail_is_at_the_desk_within_two_seconds_and_its_answer_is_threaded(
    services: Services, provider: MailProvider, account: AccountRecord, address: str, desk: Desk
) -> None:
    customer = f"pedro.{address.split('@', maxsplit=1)[0]}@{PEOPLE}"
    async with listening(services):
        await asyncio.to_thread(provider.send, mail("primero", to=address, sender=customer), address)
        await desk.until(lambda found: len(found) == 1)
        # The mailbox is in IDLE now: this one is pushed.
        raw = mail("¿Y mi pedido?", to=address, sender=customer)
        sent_at = time.monotonic()
        await asyncio.to_thread(provider.send, raw, address)
        _, second = await desk.until(lambda found: len(found) == 2)
        took_s = time.monotonic() - sent_at
        print(f"SMTP to the desk: {took_s:.2f} s")
        assert took_s < 2
        assert second["text"].strip() == "¿Y mi pedido?"

        await answer(services, second["conversation_id"], "Sale hoy.\n\nSaludos")
        reply = parsed((await asyncio.to_thread(provider.until_mails, customer))[0])
        original_id = parsed(raw)["Message-ID"]
        assert reply["In-Reply-To"] == original_id
        assert original_id in reply["References"]
        assert reply["Subject"] == "Re: Mi pedido"
        assert reply["To"].addresses[0].addr_spec == customer
        assert reply["From"].addresses[0].addr_spec == address
        assert "Auto-Submitted" not in reply
        body = reply.get_body(("plain",))
        assert body is not None
        assert body.get_content().startswith("Sale hoy.")
        html = reply.get_body(("html",))
        assert html is not None
        assert "Sale hoy.<br>" in html.get_content()

        # The answer to our answer goes to the signed address and names nothing else.
        signed = reply["Reply-To"].addresses[0].addr_spec
        assert signed != address
        await asyncio.to_thread(
            provider.send,
            mail("Gracias", to=signed, sender=customer, headers={"Subject": "Otra cosa"}),
            signed,
        )
        third = (await desk.until(lambda found: len(found) == 3))[-1]
        assert third["conversation_id"] == second["conversation_id"]
    assert await asyncio.to_thread(provider.unseen, address) == 0
    assert (await desk.account())["state"] == "ok"


async def test_an_answer_to_all_and_a_forward_reach_others_and_their_answers_stay_in_the_conversation(
    services: Services, provider: MailProvider, address: str, desk: Desk
) -> None:
    alias = f"ayuda.{address}"
    await make_account(services, "email", **provider.settings(address, aliases=[alias]))
    customer, ana, workshop, hidden = (
        f"{name}.{address.partition('@')[0]}@{PEOPLE}" for name in ("pedro", "ana", "taller", "oculta")
    )
    async with listening(services):
        raw = mail("¿Y la garantía?", to=f"{address}, {alias}, {ana}", sender=customer)
        await asyncio.to_thread(provider.deliver, raw, address)
        (first,) = await desk.until(lambda found: len(found) == 1)
        view = await answer(services, first["conversation_id"], "A todos", reply_all=True, bcc=[hidden])
        assert view["payload"]["cc"] == [{"address": ana, "name": ""}]  # type: ignore[index]
        for reader in (customer, ana, hidden):
            (copy,) = await asyncio.to_thread(provider.until_mails, reader)
            assert hidden.encode() not in copy.partition(b"From: ")[2]

        async with services.db.begin() as c:
            author = Author("user:ana", "Ana", await add_agent(c))
            writing = Writing("¿Lo tienen?", "f", to=[workshop])
            sent = await forward(services, c, first["conversation_id"], author, writing, first["id"])
        await outbound.send(services, {"message_id": str(sent["id"])}, 1)
        (asked,) = await asyncio.to_thread(provider.until_mails, workshop)
        question = parsed(asked)
        assert question["Subject"] == "Fwd: Mi pedido"
        signed = question["Reply-To"].addresses[0].addr_spec
        await asyncio.to_thread(provider.send, mail("Sí, ayer llegó", to=signed, sender=workshop), signed)
        _, third = await desk.until(lambda found: len(found) == 2)
    assert third["conversation_id"] == first["conversation_id"]
    assert third["author_kind"] == "third_party"
