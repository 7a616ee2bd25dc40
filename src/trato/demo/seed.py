"""Fills an empty installation with the fictitious shop, through the same doors that real matters use."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import service as access
from trato.brands import service as brands
from trato.channel_sdk import Capabilities, File, Inbound, Party
from trato.channels import load_connectors
from trato.contacts import service as contacts
from trato.conversations import service as conversations
from trato.db.edge import TOPICS, Services
from trato.demo import library, orders, shop
from trato.flow import replies
from trato.flow.inbound import receive
from trato.kit.clock import now
from trato.kit.ids import new_id, new_token


async def seed(services: Services) -> bool:
    """Make the shop, its people and its stories, all or nothing; returns False in a used installation."""
    async with services.db.as_one() as one:
        made = await _make(replace(services, db=one))
    services.wake.ring(*TOPICS)
    return made


async def _make(services: Services) -> bool:
    async with services.db.begin() as c:
        if await brands.get_organisation(c) is not None:
            return False
        organisation = {"name": shop.NAME, "language": "es", "time_zone": shop.TIME_ZONE, "hours": shop.HOURS}
        await brands.set_up_organisation(c, organisation)
        brand = (await brands.list_brands(c))[0]
        await brands.change_brand(c, brand["id"], {"signature": shop.SIGNATURE})
        for staff in shop.STAFF:
            await access.create_user(
                c, name=staff.name, email=staff.email, password=shop.PASSWORD, role=staff.role, language="es"
            )
    chat = await _account(
        services, brand["id"], "Chat de la tienda", lambda can: can.visitors, _chat_settings(services)
    )
    mail = await _account(
        services, brand["id"], "Correo", lambda can: can.subject and can.copies, _mail_settings()
    )
    for number, story in enumerate(shop.STORIES):
        record = mail if mail is not None and number % 2 == 0 else chat
        if record is not None:
            await _tell(services, record, story)
    await library.fill(services)
    async with services.db.begin() as c:
        await orders.register(c, services)
    if mail is not None:  # nobody reads or sends there: it only shows what mail looks like
        async with services.db.begin() as c:
            await brands.change_account(c, services.secrets, mail.id, enabled=False)
    return True


async def is_demo(c: AsyncConnection) -> bool:
    """Say whether this installation is the fictitious shop: its administrator is the invented one."""
    sql = text("SELECT EXISTS (SELECT FROM users WHERE email = :email)")
    return bool(await c.scalar(sql, {"email": shop.STAFF[0].email}))


async def demo_account(c: AsyncConnection) -> brands.AccountRecord | None:
    """Return the account that the demo page's widget speaks for."""
    for record in await brands.list_accounts(c):
        if record.enabled and record.connector.capabilities.visitors:
            return record
    return None


def _chat_settings(services: Services) -> dict[str, Any]:
    return {"origins": [services.public.url], "identity_secret": new_token()}


def _mail_settings() -> dict[str, Any]:
    return {"address": "hola@demo.invalid", "smtp_host": "127.0.0.1", "smtp_port": 25}


async def _account(
    services: Services,
    brand_id: UUID,
    name: str,
    fits: Callable[[Capabilities], bool],
    settings: Mapping[str, Any],
) -> brands.AccountRecord | None:
    for connector in load_connectors().values():
        if fits(connector.capabilities):
            async with services.db.begin() as c:
                return await brands.create_account(
                    c, services.secrets, kind=connector.kind, name=name, brand_id=brand_id, values=settings
                )
    return None


async def _tell(services: Services, record: brands.AccountRecord, story: shop.Story) -> None:
    kind = record.connector.capabilities.address_kind
    mail = record.connector.capabilities.subject
    key = story.email if mail else str(new_id())
    first: Inbound | None = None
    conversation_id = contact_id = None
    for number, turn in enumerate(story.turns):
        last_in = number == max(i for i, t in enumerate(story.turns) if t.who == "in")
        if turn.who != "in" and conversation_id is not None:
            await _ours(services, conversation_id, turn)
            continue
        event = Inbound(
            provider_id=f"demo:{key}:{number}",
            conversation_key=f"demo:{key}",
            sender=Party(kind, key, story.name),
            occurred_at=now() - turn.ago,
            text=turn.text,
            subject=story.title if mail else None,
            external_id=f"demo-{key}-{number}",
            verified=story.verified,
            files=[File(name, "text/plain", data) for name, data in story.files] if last_in else (),
        )
        first = first or event
        got = await receive(services, record, replace(event, conversation_id=conversation_id))
        conversation_id = got.conversation_id
        await _at(services, got.message_id, turn.ago)
    if conversation_id is None:
        return
    async with services.db.begin() as c:
        contact_id = await contacts.owner_of(c, kind, key)
        if contact_id is not None:
            await _know(c, contact_id, conversation_id, story)


async def _ours(services: Services, conversation_id: UUID, turn: shop.Turn) -> None:
    """Write a turn of ours as sent already: nothing leaves for people who do not exist."""
    async with services.db.begin() as c:
        name = shop.STAFF[0].name
        agent_id = await c.scalar(text("SELECT id FROM agent WHERE name = :name"), {"name": name})
        author = replies.Author(actor="system", name=name, agent_id=agent_id)
        writing = replies.Writing(text=turn.text, client_id=f"demo:{new_id()}", note=turn.who == "note")
        message = await replies.write(services, c, conversation_id, author, writing)
        await c.execute(text("DELETE FROM job WHERE data->>'message_id' = :id"), {"id": message["id"]})
        await c.execute(
            text(
                "UPDATE message SET status = 'delivered', sent_at = now(), delivered_at = now()"
                " WHERE id = :id AND status = 'queued'"
            ),
            {"id": message["id"]},
        )
    await _at(services, UUID(str(message["id"])), turn.ago)


async def _at(services: Services, message_id: UUID | None, ago: timedelta) -> None:
    """Move a message, and what it says of its conversation, to its time in the story."""
    async with services.db.begin() as c:
        values = {"id": message_id, "at": now() - ago}
        await c.execute(
            text(
                "UPDATE message SET created_at = :at, occurred_at = :at,"
                " sent_at = CASE WHEN sent_at IS NULL THEN NULL ELSE CAST(:at AS timestamptz) END"
                " WHERE id = :id"
            ),
            values,
        )
        await c.execute(
            text("""
                UPDATE conversation v SET last_message_at = :at, created_at = least(v.created_at, :at),
                    last_inbound_at = CASE WHEN m.direction = 'in' THEN :at ELSE v.last_inbound_at END,
                    waiting_since = CASE WHEN v.waiting_since IS NULL THEN NULL
                                         WHEN m.direction = 'in' THEN CAST(:at AS timestamptz)
                                         ELSE v.waiting_since END
                FROM message m WHERE m.id = :id AND v.id = m.conversation_id AND m.direction <> 'internal'
            """),
            values,
        )
        # whoever has waited longest in the story is served first
        await c.execute(
            text(
                "UPDATE waiting w SET since = v.waiting_since FROM conversation v JOIN message m"
                " ON m.conversation_id = v.id WHERE m.id = :id AND w.conversation_id = v.id"
                " AND v.waiting_since IS NOT NULL"
            ),
            values,
        )


async def _know(c: AsyncConnection, contact_id: UUID, conversation_id: UUID, story: shop.Story) -> None:
    changes = {"prefers": story.prefers, "tone": story.tone}
    await contacts.change_contact(c, contact_id, changes, actor="system", source="contact")
    case_id = await c.scalar(text("SELECT case_id FROM conversation WHERE id = :id"), {"id": conversation_id})
    if case_id is None:
        return
    promised = {"promised_at": now() + story.promised_in} if story.promised_in else {}
    await conversations.change_case(c, case_id, {"title": story.title, **promised}, actor="system")
    if story.steps:
        steps = [{"title": step.title, "state": step.state} for step in story.steps]
        await conversations.set_steps(c, case_id, steps, actor="system")
    for step in story.steps:
        if step.done is not None:
            await c.execute(
                text("UPDATE case_step SET done_at = :at WHERE case_id = :id AND title = :title"),
                {"at": now() - step.done, "id": case_id, "title": step.title},
            )
