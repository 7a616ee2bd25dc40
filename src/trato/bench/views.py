"""Measures views over many conversations: the first page of each with its count, and the counts of all."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.engine import Database, plain_dsn
from trato.decide.views import NOBODY, Condition
from trato.kit.clock import now
from trato.search.evaluation import percentiles
from trato.views import lists

ASKED: Final = 15  # times each
LIMIT: Final = 50

Say = Callable[[str], None]

# One shop of twenty labels, ten agents and two teams. Of its conversations the first `$1` live, and a third
# of those is answered; what has ended did so in the last sixty days, of which a view looks at thirty.
_FILL: Final = (
    """
    INSERT INTO brand (id, name, language) VALUES (md5('brand')::uuid, 'Aurora', 'es');
    INSERT INTO account (id, kind, name, brand_id, public_key)
    VALUES (md5('account')::uuid, 'bench', 'Chat', md5('brand')::uuid, 'x');
    INSERT INTO team (id, name) SELECT md5('team' || n)::uuid, 'Team ' || n FROM generate_series(0, 1) n;
    INSERT INTO agent (id, name) SELECT md5('agent' || n)::uuid, 'Agent ' || n FROM generate_series(0, 9) n;
    INSERT INTO agent_profile (agent_id, team_id)
    SELECT md5('agent' || n)::uuid, md5('team' || n / 2 % 2)::uuid FROM generate_series(0, 9) n;
    INSERT INTO tag (id, name) SELECT md5('tag' || n)::uuid, 'Tag ' || n FROM generate_series(0, 19) n;
    """,
    """
    INSERT INTO contact (id, name, language)
    SELECT md5('contact' || n)::uuid, 'Lucía ' || n, 'es' FROM generate_series(0, {last}) n
    """,
    """
    INSERT INTO cases (id, brand_id, contact_id, title, status, promised_at, updated_at)
    SELECT md5('case' || n)::uuid, md5('brand')::uuid, md5('contact' || n)::uuid, 'Heladera ' || n,
           CASE WHEN n < {live} THEN 'open' ELSE 'resolved' END,
           CASE WHEN n % 5 = 0 THEN now() + (n % 100 - 50) * interval '10 minutes' END, now()
    FROM generate_series(0, {last}) n
    """,
    """
    INSERT INTO conversation (id, account_id, conversation_key, channel, brand_id, contact_id, case_id,
                              language, status, closed_at, last_message_at, waiting_since, assignee_id)
    SELECT md5('conversation' || n)::uuid, md5('account')::uuid, n::text, 'bench', md5('brand')::uuid,
           md5('contact' || n)::uuid, md5('case' || n)::uuid, 'es',
           CASE WHEN n < {live} THEN 'open' ELSE 'closed' END,
           CASE WHEN n >= {live} THEN now() - (n % 1440) * interval '1 hour' END,
           now() - (n % 3000) * interval '1 minute',
           CASE WHEN n < {live} AND n % 3 > 0 THEN now() - (n % 3000) * interval '1 minute' END,
           CASE WHEN n % 2 = 0 THEN md5('agent' || n % 10)::uuid END
    FROM generate_series(0, {last}) n
    """,
    """
    INSERT INTO conversation_tag (conversation_id, tag_id, actor)
    SELECT md5('conversation' || n)::uuid, md5('tag' || n % 20)::uuid, 'bench'
    FROM generate_series(0, {last}) n WHERE n % 5 > 0
    """,
)
_VIEWS: Final[Mapping[str, Sequence[Condition]]] = {
    "all": (),
    "nobody's": (Condition("assignee", (NOBODY,)),),
    "promise broken": (Condition("promise", ("broken",)),),
    "waiting for an hour": (Condition("waiting", over_min=60),),
    "label": (Condition("label", ("{tag}",)),),
    "no label": (Condition("label", (NOBODY,)),),
    "team": (Condition("team", ("{team}",)),),
    "mention": (Condition("mention", ("{agent}",)),),
    "label, ended too": (Condition("label", ("{tag}",)), Condition("status", ("open", "snoozed", "closed"))),
}
_NAMED: Final = text("SELECT md5('tag1')::uuid, md5('team1')::uuid, md5('agent1')::uuid")
_FLOOR: Final = text("SELECT count(last_message_at) FROM conversation WHERE status IN ('open', 'snoozed')")


async def measure(dsn: str, live: int, ended: int, say: Say, asked: int = ASKED) -> dict[str, Any]:
    """Fill a database with conversations, and ask for views of all kinds."""
    await _fill(dsn, live, ended)
    say(f"{live} conversations are open, {ended} ended")
    db = Database.open(dsn, pool_size=1)
    try:
        floor, _ = await _timed(db, asked, lambda c: c.scalar(_FLOOR))
        views = await _views(db)
        pages: dict[str, dict[str, Any]] = {}
        for name, view in views.items():
            took, found = await _timed(db, asked, partial(_page, view))
            p50, p95 = percentiles(took)
            pages[name] = {"conversations": found["count"], "p50_ms": p50, "p95_ms": p95}
            say(f"{name}: {found['count']} conversations, p50 {p50} ms, p95 {p95} ms")
        counted, _ = await _timed(db, asked, lambda c: lists.counts(c, views, now()))
    finally:
        await db.close()
    return {
        "live": live,
        "ended": ended,
        "views": pages,
        "p95_ms": max(one["p95_ms"] for one in pages.values()),
        "counts_p50_ms": percentiles(counted)[0],
        "ratio": round(pages["all"]["p50_ms"] / max(percentiles(floor)[0], 0.1), 1),
    }


async def _page(view: Sequence[Condition], c: AsyncConnection) -> dict[str, Any]:
    return await lists.page(c, view, now(), limit=LIMIT)


async def _fill(dsn: str, live: int, ended: int) -> None:
    c = await asyncpg.connect(plain_dsn(dsn))
    try:
        for statement in _FILL:
            await c.execute(statement.format(live=live, last=live + ended - 1))
        await c.execute("VACUUM ANALYZE")
    finally:
        await c.close()


async def _views(db: Database) -> dict[str, list[Condition]]:
    async with db.connect() as c:
        ids = dict(zip(("tag", "team", "agent"), (await c.execute(_NAMED)).one(), strict=True))
    return {
        name: [
            Condition(one.field, tuple(value.format(**ids) for value in one.values), over_min=one.over_min)
            for one in view
        ]
        for name, view in _VIEWS.items()
    }


async def _timed(
    db: Database, times: int, ask: Callable[[AsyncConnection], Awaitable[Any]]
) -> tuple[list[float], Any]:
    """Return how many milliseconds each answer took but the first and cold one, and the last answer."""
    took: list[float] = []
    found = None
    for _ in range(times + 1):
        began = time.perf_counter()
        async with db.connect() as c:
            found = await ask(c)
        took.append(1000 * (time.perf_counter() - began))
    return took[1:], found
