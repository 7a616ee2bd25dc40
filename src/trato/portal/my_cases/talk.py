"""What a contact does in one of their own cases: answers, closes it, or opens it again."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.brands.service import AccountRecord
from trato.channel_sdk import File, Inbound, Party
from trato.conversations import service as conversations
from trato.db.edge import Services
from trato.flow import arrivals, assign, callbacks, resolution, system_mail
from trato.kit.clock import now
from trato.kit.errors import Conflict, Invalid
from trato.portal.customers import Customer

_OPEN: Final = text("SELECT id FROM conversation WHERE case_id = :case_id AND status <> 'closed' ORDER BY id")


async def answer(
    services: Services,
    customer: Customer,
    case: dict[str, Any],
    said: str,
    files: Sequence[File],
    *,
    once: str,
) -> None:
    """Take in what the contact says in a case, where they last spoke of it; durable when this returns.

    The same `once` again changes nothing. Raises `Conflict` without an account that could take it, `Invalid`
    for what cannot be kept, `Unavailable` when nothing could be.
    """
    record, event = await _event(services, customer, case, said, files, once=once)
    received = await arrivals.take_in(services, record, event)
    if received.message_id is None or received.conversation_id is None:
        raise Invalid("This message could not be kept as it is.", todo="Write it in another way.")
    if received.outcome != "duplicate":
        await _bring_answer_by_mail(services, record, received.conversation_id, customer)


async def solved(services: Services, case_id: UUID) -> None:
    """Take the contact's word that it is solved: nobody need attend to it any more."""
    async with services.db.begin() as c:
        await resolution.confirm(c, case_id)
        for conversation_id in (await c.scalars(_OPEN, {"case_id": case_id})).all():
            await assign.end(c, conversation_id, reason="confirmed", actor=resolution.CONTACT)
            await conversations.set_status(
                c, conversation_id, "closed", snoozed_until=None, actor=resolution.CONTACT
            )
    services.wake.ring("events", "routing")


async def _event(
    services: Services,
    customer: Customer,
    case: dict[str, Any],
    said: str,
    files: Sequence[File],
    *,
    once: str,
) -> tuple[AccountRecord, Inbound]:
    async with services.db.connect() as c:
        last = (await c.execute(resolution.LAST, {"case_id": case["id"]})).mappings().first()
        if last is not None:
            record = await brands.get_account(c, last["account_id"])
            sender = Party(
                record.connector.capabilities.address_kind, last["address"] or last["conversation_key"]
            )
            where = {"conversation_key": last["conversation_key"], "conversation_id": last["id"]}
        else:
            record = await _account(c, case["brand_id"], customer)
            sender = Party(customer.kind, customer.address)
            where = {"conversation_key": f"case:{case['id']}", "subject": case["title"]}
    return record, Inbound(
        provider_id=f"my-cases:{case['id']}:{once}",
        sender=sender,
        occurred_at=now(),
        text=said,
        files=files,
        case_id=case["id"],
        verified=True,
        **where,
    )


async def takes(c: AsyncConnection, case: Mapping[str, Any], customer: Customer) -> bool:
    """Say whether there is an account that takes in what the contact says in this case."""
    if (await c.execute(resolution.LAST, {"case_id": case["id"]})).first() is not None:
        return True
    return await _mailbox(c, case["brand_id"], customer) is not None


async def _mailbox(c: AsyncConnection, brand_id: UUID, customer: Customer) -> AccountRecord | None:
    return await system_mail.mail_account(c, brand_id) if customer.email else None


async def _account(c: AsyncConnection, brand_id: UUID, customer: Customer) -> AccountRecord:
    found = await _mailbox(c, brand_id, customer)
    if found is None:
        raise Conflict("There is no way to take this in yet.", todo="Talk to a person.")
    return found


async def _bring_answer_by_mail(
    services: Services, record: AccountRecord, conversation_id: UUID, customer: Customer
) -> None:
    """See to it that the answer finds the contact: where they would have to keep a page open, by mail too."""
    if not record.connector.capabilities.visitors or customer.email is None:
        return
    async with services.db.begin() as c:
        try:
            await callbacks.agree(
                c,
                conversation_id,
                how="email",
                address=customer.email,
                slot=None,
                actor=customer.actor,
            )
        except Conflict:  # closed meanwhile: there is nothing to answer
            return
    services.wake.ring("events", "routing")
