"""What a list shows beside its rows: the cases they name, their contacts, and where to talk about them."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def beside(c: AsyncConnection, items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the cases that these name, their contacts, and where each case is talked about.

    A case's place is its open conversation, else the latest.
    """
    ids = sorted({UUID(one["case_id"]) for one in items if one["case_id"]})
    views = text("SELECT case_view(k) FROM cases k WHERE id = ANY(:ids)")
    people = text("""
        SELECT contact_view(p) FROM contact p
        WHERE id IN (SELECT contact_id FROM cases WHERE id = ANY(:ids))
    """)
    latest = text("""
        SELECT DISTINCT ON (case_id) case_id, id AS conversation_id FROM conversation
        WHERE case_id = ANY(:ids) ORDER BY case_id, status = 'closed', last_message_at DESC NULLS LAST, id
    """)
    return {
        "cases": list((await c.execute(views, {"ids": ids})).scalars()),
        "contacts": list((await c.execute(people, {"ids": ids})).scalars()),
        "places": [dict(row) for row in (await c.execute(latest, {"ids": ids})).mappings()],
    }
