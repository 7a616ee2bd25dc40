"""Reading gaps: the list by volume, one with its questions."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import queries as access
from trato.kit.errors import NotFound
from trato.kit.paging import decode, moment, number, page, row_id

DAYS: Final = 28
WEEKS: Final = 8
EXAMPLES: Final = 3

_GAPS = f"""
    SELECT g.id, g.state, g.title, g.language, g.languages, g.reason, g.decided_by, g.decided_at, g.first_at,
           g.last_at, g.version, g.size AS questions, n.volume, n.before, n.since, n.weeks, s.sources,
           s.examples, a.article, k.task
    FROM gap g
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(times) FILTER (
                   WHERE day > CAST(:today AS date) - CAST(:days AS int)), 0)::int AS volume,
               coalesce(sum(times) FILTER (WHERE day <= CAST(:today AS date) - CAST(:days AS int)
                   AND day > CAST(:today AS date) - 2 * CAST(:days AS int)), 0)::int AS before,
               coalesce(sum(times) FILTER (WHERE day > g.decided_at::date), 0)::int AS since,
               ARRAY(SELECT coalesce((SELECT sum(w.times) FROM gap_day w WHERE w.gap_id = g.id
                         AND w.day > CAST(:today AS date) - 7 * back
                         AND w.day <= CAST(:today AS date) - 7 * (back - 1)), 0)::int
                     FROM generate_series({WEEKS}, 1, -1) back) AS weeks
        FROM gap_day WHERE gap_id = g.id) n
    CROSS JOIN LATERAL (
        SELECT jsonb_build_object(
                   'search', coalesce(sum(times) FILTER (WHERE source = 'search'), 0),
                   'article', coalesce(sum(times) FILTER (WHERE source = 'article'), 0),
                   'contact', coalesce(sum(times) FILTER (WHERE source = 'contact'), 0),
                   'bot', coalesce(sum(times) FILTER (WHERE source = 'bot'), 0)) AS sources,
               coalesce((array_agg(question ORDER BY times DESC, last_at DESC, id)
                   FILTER (WHERE question <> g.title))[1:{EXAMPLES}], '{{}}') AS examples
        FROM gap_question WHERE gap_id = g.id) s
    LEFT JOIN LATERAL (
        SELECT jsonb_build_object('id', t.article_id, 'title', t.title, 'language', t.language,
                                  'published', t.published IS NOT NULL, 'written_by',
                                  CASE WHEN o.article_id IS NULL OR t.first_published_at IS NOT NULL THEN NULL
                                       WHEN o.model IS NULL THEN 'case'
                                       WHEN (t.title, t.body) = (o.title, o.body) THEN 'case'
                                       ELSE 'model' END) AS article
        FROM article_translation t JOIN article r ON r.id = t.article_id AND r.removed_at IS NULL
        LEFT JOIN article_source o ON o.article_id = t.article_id AND o.language = t.language
        WHERE t.article_id = g.article_id
        ORDER BY t.language = g.language DESC, t.language LIMIT 1) a ON true
    LEFT JOIN LATERAL (
        SELECT jsonb_build_object('id', k.id, 'state', k.state, 'owner_id', k.owner_id, 'owner_name', o.name,
                                  'due_at', k.due_at) AS task
        FROM task k LEFT JOIN agent o ON o.id = k.owner_id WHERE k.id = g.task_id) k ON true
"""
_LIST = text(f"""
    SELECT * FROM ({_GAPS} WHERE g.state = :state
                   AND (CAST(:language AS text) IS NULL OR g.languages ? :language)) listed
    WHERE CAST(:volume AS int) IS NULL
        OR (volume, last_at, id) < (CAST(:volume AS int), CAST(:at AS timestamptz), CAST(:last AS uuid))
    ORDER BY volume DESC, last_at DESC, id DESC LIMIT :limit
""")
_ONE = text(_GAPS + " WHERE g.id = :id")
_QUESTIONS = text("""
    SELECT q.id, q.source, q.language, q.question, q.times, q.article_id, q.reason, q.conversation_id,
           q.last_at,
           (SELECT t.title FROM article_translation t WHERE t.article_id = q.article_id
            ORDER BY t.language = q.language DESC, t.language LIMIT 1) AS article_title
    FROM gap_question q
    WHERE q.gap_id = :gap AND (CAST(:times AS int) IS NULL
        OR (q.times, q.id) < (CAST(:times AS int), CAST(:last AS uuid)))
    ORDER BY q.times DESC, q.id DESC LIMIT :limit
""")


async def find(
    c: AsyncConnection,
    *,
    today: date,
    state: str = "open",
    language: str | None = None,
    days: int = DAYS,
    cursor: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Return a page of gaps, the most met first; raises `Invalid` for a cursor that is not ours."""
    volume, at, last = decode(cursor, number, moment, row_id)
    values = {"today": today, "days": days, "state": state, "language": language}
    values |= {"volume": volume, "at": at, "last": last, "limit": limit + 1}
    rows = [await _view(c, dict(row)) for row in (await c.execute(_LIST, values)).mappings().all()]
    found = page(rows, limit, lambda row: (row["volume"], row["last_at"], row["id"]))
    return {**found, "days": days}


async def get(c: AsyncConnection, gap_id: UUID, *, today: date, days: int = DAYS) -> dict[str, Any]:
    """Return a gap; raises `NotFound`."""
    row = (await c.execute(_ONE, {"id": gap_id, "today": today, "days": days})).mappings().first()
    if row is None:
        raise NotFound("There is no such gap.", todo="It may have been put together with another one.")
    return await _view(c, dict(row))


async def questions(c: AsyncConnection, gap_id: UUID, *, cursor: str | None, limit: int) -> dict[str, Any]:
    """Return a page of the questions of a gap, the most asked first."""
    times, last = decode(cursor, number, row_id)
    values = {"gap": gap_id, "times": times, "last": last, "limit": limit + 1}
    rows = [dict(row) for row in (await c.execute(_QUESTIONS, values)).mappings()]
    return page(rows, limit, lambda row: (row["times"], row["id"]))


async def _view(c: AsyncConnection, row: Mapping[str, Any]) -> dict[str, Any]:
    decided = row["decided_by"]
    return {**row, "decided_by": await access.actor_name(c, decided) if decided else None}
