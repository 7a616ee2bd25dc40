"""Notes that call colleagues by name: who is meant is kept beside the note and told once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.errors import Invalid
from trato.live import service as live

IN_PAYLOAD: Final = "mentions"  # of a note: the ids of those it calls, for who shows it

_KNOWN = text("SELECT count(*) FROM agent WHERE id = ANY(:ids) AND active")
_KEEP = text("""
    INSERT INTO message_mention (message_id, agent_id)
    SELECT :message_id, one FROM unnest(CAST(:ids AS uuid[])) one
    ON CONFLICT DO NOTHING RETURNING agent_id
""")


async def check(c: AsyncConnection, agent_ids: Sequence[UUID], *, note: bool) -> None:
    """Raise `Invalid` for a mention outside a note, or of somebody who is not here."""
    if not agent_ids:
        return
    if not note:
        raise Invalid("Only a note calls colleagues.", field="mentions", todo="Write it as a note.")
    if await c.scalar(_KNOWN, {"ids": list(set(agent_ids))}) != len(set(agent_ids)):
        raise Invalid("One of them is no longer here.", field="mentions", todo="Choose somebody else.")


async def tell(
    c: AsyncConnection, message: Mapping[str, Any], agent_ids: Sequence[UUID], *, actor: str
) -> None:
    """Keep whom a note calls and tell of it; the same note told again tells nothing."""
    if not agent_ids:
        return
    values = {"message_id": UUID(str(message["id"])), "ids": list(dict.fromkeys(agent_ids))}
    new = [str(one) for one in (await c.execute(_KEEP, values)).scalars()]
    if not new:
        return
    await live.append(
        c,
        "note.mentioned",
        audience="staff",
        actor=actor,
        contact_id=UUID(str(message["contact_id"])),
        conversation_id=UUID(str(message["conversation_id"])),
        case_id=None if message["case_id"] is None else UUID(str(message["case_id"])),
        data={"message_id": str(message["id"]), "agent_ids": new, "message": message},
    )
