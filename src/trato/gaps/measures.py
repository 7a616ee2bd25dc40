"""What an article did: matters solved with it, reads, what was missing; never contacts that did not come."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.knowledge import queries

DAYS: Final = 90

_MEASURES = text("""
    SELECT (SELECT coalesce(sum(reads), 0) FROM article_read
            WHERE article_id = :id AND day > CAST(:today AS date) - CAST(:days AS int))::int AS reads,
           f.solved, f.unsolved,
           (SELECT count(*) FROM contact_after WHERE article_id = :id
            AND at > CAST(:today AS date) - CAST(:days AS int) + 1)::int AS contacts_after,
           (SELECT count(*) FROM article_case s JOIN cases k ON k.id = s.case_id
            WHERE s.article_id = :id AND k.status IN ('resolved', 'closed')
            AND s.resolved_at > CAST(:today AS date) - CAST(:days AS int) + 1)::int AS cases_solved
    FROM (SELECT count(*) FILTER (WHERE solved)::int AS solved,
                 count(*) FILTER (WHERE NOT solved)::int AS unsolved
          FROM article_feedback
          WHERE article_id = :id AND created_at > CAST(:today AS date) - CAST(:days AS int) + 1) f
""")
_REASONS = text("""
    SELECT reason, count(*)::int AS times FROM article_feedback
    WHERE article_id = :id AND NOT solved AND reason IS NOT NULL
        AND created_at > CAST(:today AS date) - CAST(:days AS int) + 1
    GROUP BY reason ORDER BY times DESC, reason
""")


async def of_article(c: AsyncConnection, article_id: UUID, *, today: date, days: int) -> dict[str, Any]:
    """Return what an article did in the last days, today among them; raises `NotFound`."""
    await queries.get_article(c, article_id)
    values = {"id": article_id, "today": today, "days": days}
    row = (await c.execute(_MEASURES, values)).mappings().one()
    reasons = {one.reason: one.times for one in await c.execute(_REASONS, values)}
    solved = row["solved"] + row["cases_solved"]
    return {**row, "days": days, "matters_solved": solved, "reasons": reasons}
