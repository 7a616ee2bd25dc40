"""What a contact reads of their own: cases, and in each what was said with them on whatever channel."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.portal import views

ON_PAGE: Final = 30
TALK: Final = 50

# Of who attends the first name is enough, and all that the contact is told.
_CASE: Final = """
    SELECT k.id, k.brand_id, k.number, k.title, k.status, k.promised_at, k.updated_at,
           k.resolution, k.version,
           split_part(a.name, ' ', 1) AS owner,
           (SELECT s.title FROM case_step s WHERE s.case_id = k.id AND s.state = 'now'
            ORDER BY s.position LIMIT 1) AS step
    FROM cases k LEFT JOIN agent a ON a.id = k.owner_id
"""
_LIST: Final = text(f"""
    {_CASE} WHERE k.contact_id = :contact_id AND k.merged_into IS NULL
    ORDER BY k.status IN ('resolved', 'closed'), k.updated_at DESC, k.id LIMIT :limit OFFSET :offset
""")
# A case that became part of another one is found there.
_ONE: Final = text(f"""
    {_CASE} WHERE k.contact_id = :contact_id AND k.merged_into IS NULL AND k.id = (
        WITH RECURSIVE chain AS (
            SELECT id, merged_into FROM cases WHERE number = :number AND contact_id = :contact_id
            UNION SELECT o.id, o.merged_into FROM cases o JOIN chain ON o.id = chain.merged_into)
        SELECT id FROM chain WHERE merged_into IS NULL)
""")
_STEPS: Final = text("SELECT title, state FROM case_step WHERE case_id = :id ORDER BY position")
# Never a note, never what was said with somebody else in a conversation: those are the desk's alone.
_OWN: Final = """
    m.contact_id = :contact_id AND m.direction IN ('in', 'out') AND m.kind IN ('text', 'media')
    AND with_contact(m) AND NOT v.spam
    AND (m.direction = 'in' OR m.status IN ('sent', 'delivered', 'read'))
"""
_OF_CASE: Final = "(m.case_id = :case_id OR m.case_id IS NULL AND v.case_id = :case_id)"
_TALK: Final = text(f"""
    SELECT message_view(m) AS view, v.channel FROM message m JOIN conversation v ON v.id = m.conversation_id
    WHERE {_OWN} AND {_OF_CASE} AND (CAST(:before AS uuid) IS NULL OR (m.created_at, m.id) < (
        SELECT created_at, id FROM message WHERE id = :before))
    ORDER BY m.created_at DESC, m.id DESC LIMIT :limit
""")
_FILE: Final = text(f"""
    SELECT a.* FROM attachment a JOIN message m ON m.id = a.message_id
    JOIN conversation v ON v.id = m.conversation_id WHERE a.id = :id AND {_OWN}
""")


async def cases(c: AsyncConnection, contact_id: UUID, *, page: int) -> tuple[list[dict[str, Any]], bool]:
    """Return a page of a contact's cases, the open ones first, and whether there are more."""
    values = {"contact_id": contact_id, "limit": ON_PAGE + 1, "offset": (page - 1) * ON_PAGE}
    rows = [dict(row) for row in (await c.execute(_LIST, values)).mappings()]
    return rows[:ON_PAGE], len(rows) > ON_PAGE


async def case(c: AsyncConnection, contact_id: UUID, number: int) -> dict[str, Any] | None:
    """Return one of a contact's own cases with its steps; None for any other."""
    found = (await c.execute(_ONE, {"contact_id": contact_id, "number": number})).mappings().first()
    if found is None:
        return None
    steps = [dict(row) for row in (await c.execute(_STEPS, {"id": found["id"]})).mappings()]
    return {**found, "steps": steps}


async def talk(
    c: AsyncConnection, contact_id: UUID, case_id: UUID, before: UUID | None
) -> tuple[list[Mapping[str, Any]], bool]:
    """Return what was said in a case as the contact sees it, oldest first, and whether more came before."""
    values = {"contact_id": contact_id, "case_id": case_id, "before": before, "limit": TALK + 1}
    rows = list((await c.execute(_TALK, values)).mappings())
    shown = [(views.message(row["view"]), row["channel"]) for row in rows[:TALK]]
    found = [{**message, "channel": channel} for message, channel in shown if message is not None]
    return list(reversed(found)), len(rows) > TALK


async def file(c: AsyncConnection, contact_id: UUID, attachment_id: UUID) -> dict[str, Any] | None:
    """Return the row of a file that was said with a contact; None for all others."""
    row = (await c.execute(_FILE, {"contact_id": contact_id, "id": attachment_id})).mappings().first()
    return dict(row) if row else None
