"""What stands in a view: its page by what hurts first, how many there are, and which of some belong."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations import queries
from trato.decide.views import Condition, belongs, statuses
from trato.kit import paging
from trato.live import service as live
from trato.views.matching import bounds, known_of, known_within, matching

# The order that the desk gives its lists, for `f` at `:now`: the rank of the reason, and within it the oldest
# first; what needs nothing comes by its end or its latest message, the newest first.
_PLACED: Final = """
    SELECT f.id, r.rank, CAST(CASE r.rank
               WHEN 0 THEN extract(epoch FROM f.last_message_at)
               WHEN 1 THEN extract(epoch FROM r.at)
               WHEN 2 THEN extract(epoch FROM r.at)
               WHEN 3 THEN extract(epoch FROM f.waiting_since)
               WHEN 5 THEN extract(epoch FROM f.snoozed_until)
               ELSE 1e10 - extract(epoch FROM coalesce(f.closed_at, f.last_message_at))
           END * 1e6 AS bigint) AS age
    FROM ({known}) f,
         LATERAL (SELECT CASE WHEN f.matter IN ('open', 'waiting') THEN f.promised_at END AS promised) p,
         LATERAL (SELECT CASE
                WHEN f.trouble IN ('failed', 'uncertain') THEN 0
                WHEN f.status = 'snoozed' AND f.snoozed_until IS NOT NULL THEN 5
                WHEN f.due_at < :now OR p.promised < :now THEN 1
                WHEN f.due_at IS NOT NULL AND coalesce(f.near_at, f.due_at) <= :now THEN 2
                WHEN p.promised < :soon THEN 2
                WHEN f.waiting_since IS NOT NULL AND f.status = 'open' THEN 3
                ELSE 4 END AS rank,
            CASE WHEN f.due_at < :now THEN f.due_at
                 WHEN p.promised < :now THEN p.promised
                 WHEN coalesce(f.near_at, f.due_at) <= :now AND f.due_at IS NOT NULL THEN f.due_at
                 ELSE p.promised END AS at) r
    WHERE {where}
"""


async def page(
    c: AsyncConnection,
    conditions: Sequence[Condition],
    now: datetime,
    *,
    cursor: str | None = None,
    limit: int = paging.PAGE,
) -> dict[str, Any]:
    """Return a page of a view, what hurts first, with the people, cases and interactions, and the count.

    All pages are ordered as of the moment of the first: the clock alone moves nothing between them. The
    conditions are those of `seen_by`; `c` must see one moment (REPEATABLE READ).
    """
    at, rank, age, row_id = paging.decode(cursor, paging.moment, paging.number, paging.number, paging.row_id)
    at = at or now
    found = matching(conditions, at)
    placed = _PLACED.format(known=known_within(sorted(statuses(conditions))), where=found.sql)
    query = f"""
        WITH placed AS MATERIALIZED ({placed}), shown AS (
            SELECT * FROM placed
            WHERE CAST(:rank AS integer) IS NULL
               OR (rank, age, id) > (:rank, CAST(:age AS bigint), CAST(:id AS uuid))
            ORDER BY rank, age, id LIMIT :limit)
        SELECT o.rank, o.age, o.id, conversation_view(v) AS view, (SELECT count(*) FROM placed) AS count
        FROM shown o JOIN conversation v ON v.id = o.id ORDER BY o.rank, o.age, o.id
    """
    values = {**bounds(at), **found.values, "rank": rank, "age": age, "id": row_id, "limit": limit + 1}
    rows = (await c.execute(text(query), values)).all()
    views = [row.view for row in rows[:limit]]
    return {
        "items": views,
        "next_cursor": paging.page(rows, limit, lambda row: (at, row.rank, row.age, row.id))["next_cursor"],
        "count": rows[0].count if rows else (await counts(c, {"one": conditions}, at))["one"],
        "position": await live.position(c),
        **await queries.beside(c, views),
    }


async def counts(
    c: AsyncConnection, views: Mapping[str, Sequence[Condition]], now: datetime
) -> dict[str, int]:
    """Return how many conversations stand in each of some views; what is open is looked at once for all."""
    over = {name: conditions for name, conditions in views.items() if "closed" in statuses(conditions)}
    found = await _counted(c, {name: one for name, one in views.items() if name not in over}, now)
    for name, conditions in over.items():  # alone, so that its conditions narrow down the many that ended
        found |= await _counted(c, {name: conditions}, now)
    return {name: found[name] for name in views}


async def _counted(
    c: AsyncConnection, views: Mapping[str, Sequence[Condition]], now: datetime
) -> dict[str, int]:
    if not views:
        return {}
    states = sorted(set().union(*(statuses(conditions) for conditions in views.values())))
    found = [matching(conditions, now, f"v{n}c") for n, conditions in enumerate(views.values())]
    values = bounds(now)
    for one in found:
        values |= one.values
    alone = f"WHERE {found[0].sql}" if len(found) == 1 else ""
    parts = ", ".join("count(*)" if alone else f"count(*) FILTER (WHERE {one.sql})" for one in found)
    row = (await c.execute(text(f"SELECT {parts} FROM ({known_within(states)}) f {alone}"), values)).one()
    return dict(zip(views, row, strict=True))


async def members(
    c: AsyncConnection, conditions: Sequence[Condition], now: datetime, conversation_ids: Sequence[UUID]
) -> list[UUID]:
    """Return which of some conversations stand in a view."""
    known = await known_of(c, conversation_ids)
    return [one for one in conversation_ids if one in known and belongs(conditions, known[one], now)]
