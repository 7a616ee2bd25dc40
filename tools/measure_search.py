"""Time the desk's searches over many contacts and conversations.

`python tools/measure_search.py 100000 [--bare]`; `--bare` drops the indexes first.
Each figure is the median of seven.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.bench.scratch import scratch_database
from trato.contacts import service as contacts
from trato.conversations import queries
from trato.db.engine import Database

WORDS = "ARRAY['heladera','garantía','pedido','factura','pago','envío','cambio','demora','reclamo','turno']"
NAMES = "ARRAY['Pedro','Lucía','Ana','Bruno','Carla','Diego','Elena','Franco','Gabriela','Hugo']"
FILL = f"""
    INSERT INTO brand (id, name, language) VALUES (gen_random_uuid(), 'Aurora', 'es');
    INSERT INTO account (id, kind, name, brand_id, public_key)
    SELECT gen_random_uuid(), 'email', 'Mail', id, 'mail' FROM brand;
    INSERT INTO contact (id, name)
    SELECT gen_random_uuid(), ({NAMES})[1 + n % 10] || ' ' || substr(md5(n::text), 1, 8)
    FROM generate_series(1, $COUNT) n;
    INSERT INTO address (id, contact_id, kind, value, key)
    SELECT gen_random_uuid(), id, 'email', 'p' || substr(md5(name), 1, 10) || '@example.org', id::text
    FROM contact;
    INSERT INTO cases (id, brand_id, contact_id, title, updated_at)
    SELECT gen_random_uuid(), b.id, c.id,
           ({WORDS})[1 + floor(random() * 10)::int] || ' ' || substr(md5(c.name), 9, 6), now()
    FROM contact c, brand b;
    INSERT INTO conversation (id, account_id, conversation_key, channel, brand_id, contact_id, case_id,
                              subject, preview, status, last_message_at)
    SELECT gen_random_uuid(), a.id, k.id::text, 'email', k.brand_id, k.contact_id, k.id, k.title,
           'El ' || k.title || ' no llegó todavía', CASE WHEN random() < 0.01 THEN 'open' ELSE 'closed' END,
           now() - random() * interval '900 days'
    FROM cases k, account a;
"""
INDEXES = (
    "ix_contact_name_words",
    "ix_address_value_words",
    "ix_cases_title_words",
    "ix_conversation_subject_words",
)


async def _median_ms(c: AsyncConnection, run: Callable[[AsyncConnection], Awaitable[object]]) -> float:
    times = []
    for _ in range(7):
        began_s = time.perf_counter()
        await run(c)
        times.append((time.perf_counter() - began_s) * 1000)
    return statistics.median(times)


async def main(count: int, *, bare: bool) -> None:
    """Fill a database of its own and print the figures."""
    async with scratch_database(None) as dsn:
        db = Database.open(dsn)
        async with db.begin() as c:
            await c.execute(text("SET LOCAL statement_timeout = 0"))
            for statement in FILL.replace("$COUNT", str(count)).split(";\n"):
                if statement.strip():
                    await c.execute(text(statement))
            for index in INDEXES if bare else ():
                await c.execute(text(f"DROP INDEX {index}"))
            name = str(await c.scalar(text("SELECT name FROM contact LIMIT 1")))
        async with db.engine.connect() as c:
            await (await c.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM ANALYZE"))
        async with db.connect() as c:
            for q in (name[-8:], name, "pc4ca42", "1234", "garantía", "zzzzzz"):

                async def inbox(c: AsyncConnection, q: str = q) -> object:
                    return await queries.inbox(c, tab="all", agent_id=None, q=q)

                async def people(c: AsyncConnection, q: str = q) -> object:
                    return await contacts.search(c, q)

                found = len((await queries.inbox(c, tab="all", agent_id=None, q=q))["items"])
                figures = [await _median_ms(c, run) for run in (inbox, people)]
                print(f"{q:20} {found:3} found  inbox {figures[0]:7.1f} ms  contacts {figures[1]:7.1f} ms")
        await db.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), bare="--bare" in sys.argv))
