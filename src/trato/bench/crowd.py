"""A floor for measuring: agents with skills in teams, queues that need some, and a crowd that waits."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from trato.db.engine import plain_dsn

QUEUES: Final = 20
SKILLS: Final = 40
TEAMS: Final = 10
CAPACITY: Final = 4
STEP: Final = 20_000  # conversations written in one transaction

# Ids that are the same in every run; `n` counts what they name.
_FUNCTIONS: Final = """
    CREATE OR REPLACE FUNCTION bench_id(p_kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
        SELECT (lpad(to_hex(1700000000000 + n), 12, '0') || '7' || substr(md5(p_kind || n), 1, 3)
                || '8' || substr(md5(p_kind || n), 4, 15))::uuid
    $$;
    CREATE OR REPLACE FUNCTION bench_dice(p_of text, n bigint, p_sides integer) RETURNS integer
    LANGUAGE sql IMMUTABLE AS $$
        SELECT (('x' || substr(md5(p_of || n), 1, 7))::bit(28)::integer % p_sides)
    $$;
"""

# Each agent knows six of the skills at some level and speaks one or two languages. Each queue needs one skill
# and is served by every team; half of them need a second one.
_FLOOR: Final = (
    f"""INSERT INTO team (id, name)
        SELECT bench_id('team', n), 'Team ' || n FROM generate_series(1, {TEAMS}) n""",
    f"""INSERT INTO skill (id, name)
        SELECT bench_id('skill', n), 'Skill ' || n FROM generate_series(0, {SKILLS - 1}) n""",
    f"""INSERT INTO queue (id, name, target_s, priority, patience_s, auto_accept)
        SELECT bench_id('queue', n), 'Queue ' || n, 30 + 30 * (n % 4), n % 3, 5, $1
        FROM generate_series(0, {QUEUES - 1}) n""",
    f"""INSERT INTO queue_skill (queue_id, skill_id, level)
        SELECT bench_id('queue', n), bench_id('skill', 2 * n + i), 1 + i
        FROM generate_series(0, {QUEUES - 1}) n, generate_series(0, 1) i WHERE i = 0 OR n % 2 = 0""",
    """INSERT INTO agent (id, name, capacity)
       SELECT bench_id('agent', n), 'Agent ' || n, $2 FROM generate_series(1, $1::integer) n""",
    f"""INSERT INTO agent_profile (agent_id, team_id, languages)
        SELECT bench_id('agent', n), bench_id('team', 1 + n % {TEAMS}),
               CASE n % 3 WHEN 0 THEN '{{es,en}}'::text[] WHEN 1 THEN '{{es}}' ELSE '{{pt,es}}' END
        FROM generate_series(1, $1::integer) n""",
    f"""INSERT INTO agent_skill (agent_id, skill_id, level)
        SELECT DISTINCT ON (n, skill) bench_id('agent', n), bench_id('skill', skill), 2 + (n + i) % 4
        FROM generate_series(1, $1::integer) n, generate_series(0, 2) i, generate_series(0, 1) j,
             LATERAL (SELECT 2 * bench_dice('skill' || i, n % 97, {SKILLS // 2}) + j AS skill) one
        ORDER BY n, skill""",
    "UPDATE presence SET state = 'available', since = now(), idle_since = now(), last_seen_at = now()",
)

_CROWD: Final = (
    """INSERT INTO contact (id, name, language)
       SELECT bench_id('contact', n), 'Lucía Fernández', 'es'
       FROM generate_series($1::bigint, $2::bigint) n""",
    """INSERT INTO cases (id, brand_id, contact_id, title, updated_at)
       SELECT bench_id('case', n), $3, bench_id('contact', n), 'Heladera que no llegó', now()
       FROM generate_series($1::bigint, $2::bigint) n""",
    """INSERT INTO conversation (id, account_id, conversation_key, channel, brand_id, contact_id, case_id,
                                 language, preview, last_message_at, last_inbound_at, waiting_since)
       SELECT bench_id('conversation', n), $3, md5('key' || n), a.kind, a.brand_id, bench_id('contact', n),
              bench_id('case', n), 'es', 'Compré una heladera el martes.', now(), now(), now()
       FROM generate_series($1::bigint, $2::bigint) n JOIN account a ON a.id = $3""",
    f"""INSERT INTO waiting (conversation_id, since, channel, queue_id, needs)
        SELECT bench_id('conversation', n), now() - make_interval(secs => ($2 - n) / 1000.0), $3,
               bench_id('queue', bench_dice('queue', n, {QUEUES})),
               CASE WHEN n % 10 = 0 THEN jsonb_build_object(
                   'language', 'es', 'spoke_last', bench_id('agent', 1 + bench_dice('agent', n, $4)))
                    ELSE '{{"language": "es"}}' END
        FROM generate_series($1::bigint, $2::bigint) n""",
)


def bench_id(kind: str, n: int) -> UUID:
    """Return what `bench_id` in the database returns."""
    digest = hashlib.md5(f"{kind}{n}".encode(), usedforsecurity=False).hexdigest()
    return UUID(f"{1700000000000 + n:012x}7{digest[:3]}8{digest[3:18]}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the crowd writes to."""

    account_id: UUID
    brand_id: UUID
    channel: str


async def furnish(dsn: str, agents: int, *, auto_accept: bool) -> None:
    """Make teams, skills, queues and so many agents, all of them available and with nothing in hand."""
    c = await asyncpg.connect(plain_dsn(dsn))
    try:
        await c.execute(_FUNCTIONS)
        async with c.transaction():
            for statement in _FLOOR:
                values: list[object] = []
                if "$1::integer" in statement:
                    values.append(agents)
                if "INSERT INTO agent (" in statement:
                    values.append(CAPACITY)
                if "INSERT INTO queue (" in statement:
                    values.append(auto_accept)
                await c.execute(statement, *values)
            await c.execute("DELETE FROM routing_inbox")
    finally:
        await c.close()


async def gather(
    dsn: str, first: int, last: int, place: Place, *, agents: int, say: Callable[[str], None]
) -> None:
    """Have contacts number `first` to `last` wait, as if they had come in that order."""
    c = await asyncpg.connect(plain_dsn(dsn))
    try:
        for begin in range(first, last + 1, STEP):
            end = min(begin + STEP - 1, last)
            async with c.transaction():
                for statement in _CROWD:
                    also: tuple[object, ...] = ()
                    if "INTO cases" in statement:
                        also = (place.brand_id,)
                    elif "INTO conversation" in statement:
                        also = (place.account_id,)
                    elif "INTO waiting" in statement:
                        also = (place.channel, agents)
                    await c.execute(statement, begin, end, *also)
            say(f"{end} wait")
        await c.execute("VACUUM ANALYZE")
    finally:
        await c.close()
