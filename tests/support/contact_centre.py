"""A small contact centre in the database: a channel account, agents, and conversations that arrive."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Centre:
    brand_id: UUID
    account_id: UUID
    contact_id: UUID


async def open_centre(c: AsyncConnection) -> Centre:
    centre = Centre(new_id(), new_id(), new_id())
    ids = {"brand": centre.brand_id, "account": centre.account_id, "contact": centre.contact_id}
    await c.execute(text("INSERT INTO brand (id, name, language) VALUES (:brand, 'Aurora', 'es')"), ids)
    await c.execute(
        text(
            "INSERT INTO account (id, kind, name, brand_id, public_key)"
            " VALUES (:account, 'webchat', 'Chat', :brand, 'chat')"
        ),
        ids,
    )
    await c.execute(text("INSERT INTO contact (id, name) VALUES (:contact, 'Pedro')"), ids)
    return centre


async def add_agent(
    c: AsyncConnection, name: str = "Ana", *, capacity: int = 1, state: str = "available"
) -> UUID:
    agent_id = new_id()
    await c.execute(
        text("INSERT INTO agent (id, name, capacity) VALUES (:id, :name, :capacity)"),
        {"id": agent_id, "name": name, "capacity": capacity},
    )
    await c.execute(
        text("SELECT set_presence(:id, :state, NULL, 'system', NULL)"), {"id": agent_id, "state": state}
    )
    return agent_id


async def arrive(
    c: AsyncConnection, centre: Centre, *, ago_s: float = 0, priority: int = 0, case_id: UUID | None = None
) -> UUID:
    """Open a conversation with an unanswered message and put it in line, as ingest does."""
    conversation_id = new_id()
    since = datetime.now(UTC) - timedelta(seconds=ago_s)
    await c.execute(
        text(
            "INSERT INTO conversation (id, account_id, conversation_key, channel, brand_id, contact_id,"
            " case_id, waiting_since, last_message_at)"
            " VALUES (:id, :account, :key, 'webchat', :brand, :contact, :case, :since, :since)"
        ),
        {
            "id": conversation_id,
            "key": str(conversation_id),
            "account": centre.account_id,
            "brand": centre.brand_id,
            "contact": centre.contact_id,
            "case": case_id,
            "since": since,
        },
    )
    await c.execute(
        text("SELECT route_arrival(:id, :since, :priority, '{}')"),
        {"id": conversation_id, "since": since, "priority": priority},
    )
    return conversation_id
