"""What happened around a contact's conversations in a stretch of time: one reading for each kind, bounded."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.flow import consults, transfers
from trato.trail import service as trail

MOST: Final = 200

# A conversation stands where it began and where it ended; one that only passes through stands elsewhere.
_SEGMENTS: Final = text("""
    SELECT v.id, v.channel, a.name AS account, v.status, v.created_at AS began_at,
           CASE WHEN v.status = 'closed' THEN v.closed_at END AS ended_at,
           w.queue, w.agent_id, w.disposition AS outcome, d.names AS outcome_names
    FROM conversation v
    JOIN account a ON a.id = v.account_id
    LEFT JOIN LATERAL (
        SELECT i.agent_id, i.disposition, (SELECT q.name FROM queue q WHERE q.id = i.queue_id) AS queue
        FROM interaction i WHERE i.conversation_id = v.id AND i.accepted_at IS NOT NULL
        ORDER BY i.offered_at DESC LIMIT 1) w ON true
    LEFT JOIN disposition d ON d.code = w.disposition
    WHERE v.contact_id = :contact AND (
        ((CAST(:since AS timestamptz) IS NULL OR v.created_at >= :since)
         AND (CAST(:until AS timestamptz) IS NULL OR v.created_at <= :until))
        OR v.status = 'closed'
           AND (CAST(:since AS timestamptz) IS NULL OR v.closed_at >= :since)
           AND (CAST(:until AS timestamptz) IS NULL OR v.closed_at <= :until))
    ORDER BY v.created_at DESC, v.id DESC LIMIT :limit
""")


async def within(
    c: AsyncConnection, contact_id: UUID, since: datetime | None, until: datetime | None
) -> dict[str, Any]:
    """Return what happened around a contact's conversations between two instants, the latest of each kind.

    `segments` are the conversations that began or ended there, with the channel, the queue and the outcome;
    `trail` is what the contact tried alone, `transfers` and `consults` what colleagues did.
    """
    values = {"contact": contact_id, "since": since, "until": until, "limit": MOST}
    segments = [dict(row) for row in (await c.execute(_SEGMENTS, values)).mappings()]
    return {
        "segments": segments[::-1],
        "transfers": await transfers.of_contact(c, contact_id, since, until),
        "consults": await consults.of_contact(c, contact_id, since, until),
        "trail": await trail.of_contact(c, contact_id, since, until),
    }
