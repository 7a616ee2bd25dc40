"""Who is told that an incident is over, or is back, and what came of it."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit import paging

_ORDER: Final = "array_position(ARRAY['unreachable', 'waiting', 'told', 'same'], t.state)"
_OF_INCIDENT: Final = text(f"""
    SELECT t.person_id AS contact_id, k.name AS contact_name, t.asked, t.state, t.problem, t.told_at,
           coalesce(v.channel, t.channel) AS channel,
           coalesce(m.conversation_id, t.conversation_id) AS conversation_id,
           {_ORDER} AS place
    FROM incident_telling t JOIN contact k ON k.id = t.person_id
    LEFT JOIN message m ON m.id = t.message_id LEFT JOIN conversation v ON v.id = m.conversation_id
    WHERE t.incident_id = :incident_id AND t.round = (SELECT round FROM incident WHERE id = :incident_id)
      AND (CAST(:place AS integer) IS NULL OR ({_ORDER}, t.person_id) > (:place, CAST(:after AS uuid)))
    ORDER BY place, t.person_id LIMIT :limit
""")


async def of_incident(
    c: AsyncConnection, incident_id: UUID, *, cursor: str | None, limit: int
) -> dict[str, Any]:
    """Return a page of who is told, who cannot be reached first."""
    place, after = paging.decode(cursor, paging.number, paging.row_id)
    asked = {"incident_id": incident_id, "place": place, "after": after, "limit": limit + 1}
    rows = (await c.execute(_OF_INCIDENT, asked)).mappings().all()
    return paging.page(rows, limit, lambda row: (row["place"], row["contact_id"]))
