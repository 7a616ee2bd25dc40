"""Measures the search over everything among many messages: time of a whole answer, feeding, memory, disk."""

import asyncio
import os
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final
from uuid import UUID

import asyncpg

from trato.bench.children import resident_mb
from trato.bench.shop_talk import Talk, shared_texts
from trato.db.engine import Database, plain_dsn
from trato.finding import following, service
from trato.finding.marks import Kind, Sight
from trato.finding.mending import Mender
from trato.search.evaluation import percentiles

QUESTIONS: Final = 420
WARM: Final = 42
EACH_CONVERSATION: Final = 8  # messages
EACH_CONTACT: Final = 24
CHUNK: Final = 24_000  # messages written at once
BEGAN: Final = datetime(2020, 1, 1, tzinfo=UTC)
PACE: Final = timedelta(seconds=40)  # between two messages
LIMIT: Final = 5

Say = Callable[[str], None]


async def measure(dsn: str, messages: int, say: Say, questions: int = QUESTIONS) -> dict[str, Any]:
    """Fill a database with messages, have them read as an installation does, and ask."""
    talk = Talk(shared_texts())
    await store(dsn, messages, talk, say)
    db = Database.open(dsn, pool_size=4)
    try:
        fed = await feed(db, messages, say)
        mender = Mender(db)
        asked = [ask for _, ask in zip(range(questions + WARM), questions_of(talk), strict=False)]
        by_kind: dict[str, list[float]] = {}
        for at, (kind, typed) in enumerate(asked):
            took = await timed(db, mender, typed)
            if at >= WARM:
                by_kind.setdefault(kind, []).append(took)
        for kind, times in by_kind.items():
            p50, p95 = percentiles(times)
            say(f"{kind}: p50 {p50} ms, p95 {p95} ms, longest {max(times):.0f} ms")
        p50, p95 = percentiles([one for times in by_kind.values() for one in times])
        return {
            "articles": 0,
            "messages": messages,
            "p50_ms": p50,
            "p95_ms": p95,
            "rss_mb": resident_mb(os.getpid()),
            **fed,
        }
    finally:
        await db.close()


async def timed(db: Database, mender: Mender, typed: str) -> float:
    """Return how many milliseconds a whole answer took: all kinds, with snippets."""
    sight = Sight(frozenset(Kind))
    began = time.perf_counter()
    async with db.connect() as c:
        await service.find(c, typed, mender=mender, sight=sight, limit=LIMIT, language="es")
    return 1000 * (time.perf_counter() - began)


def questions_of(talk: Talk) -> Any:
    """Yield what agents type: one word, two, the beginning of one, a slip, no accents, a name, a number."""
    number = 0
    while True:
        number += 1
        yield "common word", talk.common() + " "
        yield "two words", f"{talk.common()} {talk.word()} "
        yield "beginning", talk.word()[: 2 + number % 4]
        yield "slip", talk.slip()
        yield "no accents", "garantia " + talk.word()
        yield "name", talk.name()
        yield "number", str(1_001 + 37 * number) if number % 2 else f"11 5555-{1000 + number % 9000}"


async def feed(db: Database, messages: int, say: Say) -> dict[str, Any]:
    """Read all that was written as the worker of an installation does; say how fast and how large."""
    async with db.begin() as c:
        raw: Any = await c.get_raw_connection()
        await raw.driver_connection.execute(
            "INSERT INTO consumer (name, position, updated_at) VALUES ('finding', 0, now())"
        )
    builder = following.Builder(db, rest_s=0)
    began, told = time.monotonic(), time.monotonic()
    while await builder.step():
        if time.monotonic() - told > 30:  # noqa: PLR2004  seconds
            told = time.monotonic()
            say(f"read for {told - began:.0f} s")
    took_s = time.monotonic() - began
    async with db.connect() as c:
        raw = await c.get_raw_connection()
        bytes_ = await raw.driver_connection.fetchval(
            "SELECT pg_total_relation_size('finding_entry') + pg_total_relation_size('finding_word')"
        )
    say(f"read at {messages / took_s:.0f} messages/s; {bytes_ / 1e6:.0f} MB")
    await _vacuum(db)
    return {"fed_per_s": round(messages / took_s), "disk_mb": round(bytes_ / 1e6)}


async def _vacuum(db: Database) -> None:
    async with db.engine.connect() as c:
        free = await c.execution_options(isolation_level="AUTOCOMMIT")
        raw: Any = await free.get_raw_connection()
        await raw.driver_connection.execute("SET statement_timeout = 0")
        await raw.driver_connection.execute("VACUUM ANALYZE finding_entry, finding_word, message")


async def store(dsn: str, messages: int, talk: Talk, say: Say) -> None:
    """Write messages with their conversations, cases and people, as if of six years."""
    c = await asyncpg.connect(plain_dsn(dsn))
    try:
        brand_id, account_id = uuid.uuid4(), uuid.uuid4()
        await c.execute("INSERT INTO brand (id, name, language) VALUES ($1, 'Aurora', 'es')", brand_id)
        await c.execute(
            "INSERT INTO account (id, kind, name, brand_id, public_key)"
            " VALUES ($1, 'bench', 'Chat', $2, 'x')",
            account_id,
            brand_id,
        )
        for drop in await c.fetch(_DROPS):  # what the search does not ask would only cost time
            await c.execute(drop[0])
        for first in range(0, messages, CHUNK):
            await _chunk(c, talk, range(first, min(first + CHUNK, messages)), account_id, brand_id)
            if first % (20 * CHUNK) == 0:
                say(f"{first + CHUNK} messages written")
            await asyncio.sleep(0)
    finally:
        await c.close()


_DROPS: Final = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint
    WHERE conrelid IN ('message'::regclass, 'conversation'::regclass, 'cases'::regclass) AND contype = 'f'
    UNION ALL SELECT format('DROP INDEX %s', i.indexrelid::regclass) FROM pg_index i
    JOIN pg_class k ON k.oid = i.indexrelid
    WHERE indrelid IN ('message'::regclass, 'contact'::regclass, 'address'::regclass, 'cases'::regclass,
                       'conversation'::regclass)
      AND NOT indisprimary AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid)
      AND k.relname NOT IN ('ix_conversation_contact_id', 'ix_conversation_case_id', 'ix_address_contact_id')
"""


async def _chunk(
    c: "asyncpg.Connection[Any]", talk: Talk, numbers: range, account_id: UUID, brand_id: UUID
) -> None:
    conversations = list(islice(numbers, 0, None, EACH_CONVERSATION))
    said = talk.messages(len(numbers))
    people = list(islice(numbers, 0, None, EACH_CONTACT))
    await _copy(c, "contact", "id name", [(_id(1, n), talk.name()) for n in people])
    await _copy(
        c,
        "address",
        "id contact_id kind value key",
        [
            (_id(2, n), _id(1, n), "phone", f"+54911{n + 40_000_000}", f"+54911{n + 40_000_000}")
            for n in people
        ],
    )
    await _copy(
        c,
        "cases",
        "id brand_id contact_id title status updated_at",
        [
            (
                _id(3, n),
                brand_id,
                _of(1, n, EACH_CONTACT),
                said[n - numbers.start][:60],
                "closed",
                BEGAN + n * PACE,
            )
            for n in conversations
        ],
    )
    await _copy(
        c,
        "conversation",
        "id account_id conversation_key channel brand_id contact_id case_id status last_message_at closed_at",
        [
            (_id(4, n), account_id, str(n), "bench", brand_id, _of(1, n, EACH_CONTACT), _id(3, n), "closed")
            + (BEGAN + n * PACE,) * 2
            for n in conversations
        ],
    )
    await _copy(
        c,
        "message",
        "id conversation_id case_id contact_id direction author_kind text status created_at occurred_at",
        [
            (
                _id(5, n),
                _of(4, n, EACH_CONVERSATION),
                _of(3, n, EACH_CONVERSATION),
                _of(1, n, EACH_CONTACT),
                *(("in", "contact") if n % 2 else ("out", "agent")),
                said[n - numbers.start],
                *("received", BEGAN + n * PACE, BEGAN + n * PACE),
            )
            for n in numbers
        ],
    )


async def _copy(
    c: "asyncpg.Connection[Any]", table: str, columns: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    await c.copy_records_to_table(table, records=rows, columns=columns.split())


def _id(kind: int, number: int) -> UUID:
    """Return an id in the order of numbers, as those of an installation are in the order of time."""
    return UUID(f"{number:012x}7000800{kind}000000000000")


def _of(kind: int, number: int, each: int) -> UUID:
    """Return the id of what a message belongs to."""
    return _id(kind, number - number % each)
