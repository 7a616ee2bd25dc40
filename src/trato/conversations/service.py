"""What people do with conversations and cases; each change tells the event log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case as sql_case
from sqlalchemy import func, insert, text, update
from sqlalchemy.dialects.postgresql import insert as on_conflict_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations import queries
from trato.conversations.cases import change_case, create_case, get_case, list_cases, set_steps
from trato.conversations.tables import attachment, conversation, participant
from trato.kit.clock import now
from trato.kit.errors import Invalid, NotFound
from trato.kit.ids import new_id

# Of a case, its own module takes care; who works with conversations finds its functions here too.
__all__ = ["change_case", "create_case", "get_case", "list_cases", "set_steps"]


async def tell(c: AsyncConnection, conversation_id: UUID, actor: str) -> dict[str, Any]:
    """Append that a conversation changed, for the desk and for its visitor; return it as the API shows it."""
    query = text("SELECT tell_conversation(v, :actor) FROM conversation v WHERE id = :id")
    await c.execute(query, {"id": conversation_id, "actor": actor})
    return await queries.get_conversation(c, conversation_id)


async def tell_about(c: AsyncConnection, conversation_id: UUID, actor: str) -> None:
    """Append the person and the matter of a conversation that comes to the desk again."""
    query = text("SELECT tell_about(v, :actor) FROM conversation v WHERE id = :id")
    await c.execute(query, {"id": conversation_id, "actor": actor})


async def change(
    c: AsyncConnection, conversation_id: UUID, values: Mapping[str, Any], *, actor: str
) -> dict[str, Any]:
    """Write columns of a conversation and tell; raises `NotFound`."""
    result = await c.execute(
        update(conversation)
        .where(conversation.c.id == conversation_id)
        .values(**values, version=conversation.c.version + 1)
        .returning(conversation.c.id)
    )
    if result.first() is None:
        raise NotFound("There is no such conversation.")
    return await tell(c, conversation_id, actor)


async def set_status(
    c: AsyncConnection, conversation_id: UUID, status: str, *, snoozed_until: datetime | None, actor: str
) -> dict[str, Any]:
    """Open, snooze or close a conversation; raises `Invalid` for a snooze without a time to come."""
    if status == "snoozed" and (snoozed_until is None or snoozed_until <= now()):
        raise Invalid("Until when?", field="snoozed_until", todo="Give a time to come.")
    values: dict[str, Any] = {
        "status": status,
        "snoozed_until": snoozed_until if status == "snoozed" else None,
    }
    values["closed_at"] = func.now() if status == "closed" else None
    if status == "closed":
        values["waiting_since"] = None
    if status == "open":
        await tell_about(c, conversation_id, actor)
    return await change(c, conversation_id, values, actor=actor)


async def mark_read(c: AsyncConnection, conversation_id: UUID, *, by: str, actor: str) -> dict[str, Any]:
    """Note how far an agent or the contact has read; the contact's own messages of ours become `read`."""
    column = "agent_read_at" if by == "agent" else "contact_read_at"
    # Whatever the clock says: what is there now was read, and what comes next was not (`next_moment`).
    read_at = func.greatest(func.now(), conversation.c.last_message_at)
    return await change(c, conversation_id, {column: read_at}, actor=actor)


async def set_spam(
    c: AsyncConnection, conversation_id: UUID, *, spam: bool, actor: str, cause: str = "marked"
) -> dict[str, Any]:
    """Move a conversation to the spam folder, or back; then what has no answer waits for one."""
    values: dict[str, Any] = {"spam": spam, "spam_cause": cause if spam else None}
    if not spam:
        table = conversation.c
        unanswered = (table.status != "closed") & (table.last_inbound_at >= table.last_message_at)
        waiting = func.coalesce(table.waiting_since, sql_case((unanswered, table.last_inbound_at)))
        values["waiting_since"] = waiting
        await tell_about(c, conversation_id, actor)
    return await change(c, conversation_id, values, actor=actor)


async def add_attachment(c: AsyncConnection, **values: Any) -> dict[str, Any]:
    """Note a stored file that will belong to a message; returns it as the API shows it."""
    attachment_id = new_id()
    await c.execute(insert(attachment).values(id=attachment_id, **values))
    view: dict[str, Any] = (
        await c.execute(
            text("SELECT attachment_view(a) FROM attachment a WHERE id = :id"), {"id": attachment_id}
        )
    ).scalar_one()
    return view


async def copy_attachment(
    c: AsyncConnection, attachment_id: UUID, conversation_id: UUID, uploaded_by: str
) -> UUID:
    """Note the same stored file once more, for another message; returns the copy's id."""
    row = await queries.get_attachment(c, attachment_id)
    kept = ("filename", "content_type", "size", "sha256", "store_key")
    view = await add_attachment(
        c, conversation_id=conversation_id, uploaded_by=uploaded_by, **{name: row[name] for name in kept}
    )
    return UUID(view["id"])


async def open_from_desk(c: AsyncConnection, conversation_id: UUID, **values: Any) -> bool:
    """Open a conversation in which we write first; returns False when it is open already.

    Its key is its own id until an answer refers to it.
    """
    result = await c.execute(
        on_conflict_insert(conversation)
        .values(id=conversation_id, conversation_key=f"out:{conversation_id}", **values)
        .on_conflict_do_nothing()
        .returning(conversation.c.id)
    )
    return result.first() is not None


async def attach_case(
    c: AsyncConnection, conversation_id: UUID, case_id: UUID | None, *, title: str = "", actor: str
) -> dict[str, Any]:
    """Hang a conversation on a case of its contact, a new one when none is named; raises `Invalid`."""
    view = await queries.get_conversation(c, conversation_id)
    contact_id = UUID(view["contact_id"])
    if case_id is None:
        opened = await create_case(
            c,
            brand_id=UUID(view["brand_id"]),
            contact_id=contact_id,
            title=title,
            expectation="",
            actor=actor,
        )
        case_id = UUID(opened["id"])
    elif (await get_case(c, case_id))["contact_id"] != view["contact_id"]:
        raise Invalid("This case belongs to another contact.", field="case_id")
    return await change(c, conversation_id, {"case_id": case_id}, actor=actor)


async def add_participant(
    c: AsyncConnection, conversation_id: UUID, role: str, address: str, contact_id: UUID | None = None
) -> None:
    """Note that somebody takes part; does nothing when it is known."""
    values = {"role": role, "address": address, "contact_id": contact_id}
    await c.execute(
        on_conflict_insert(participant)
        .values(id=new_id(), conversation_id=conversation_id, **values)
        .on_conflict_do_nothing()
    )
