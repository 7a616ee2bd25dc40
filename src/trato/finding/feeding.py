"""Puts things where they are found, and takes them away."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.finding import marks
from trato.finding.marks import Kind
from trato.finding.reading import Thing

COLUMNS: Final = ("kind", "place", "ref", "marks")
AT_ONCE: Final = 2_000  # words counted by one statement, which ends in time on a busy machine too
_LOCK: Final = text("SELECT pg_advisory_xact_lock(7461001)")  # as in functions.sql
_COUNT: Final = text("""
    INSERT INTO finding_word AS w (word, uses, named)
    SELECT * FROM unnest(CAST(:words AS text[]), CAST(:uses AS bigint[]), CAST(:named AS boolean[]))
    ON CONFLICT (word) DO UPDATE SET uses = w.uses + excluded.uses, named = w.named OR excluded.named
    RETURNING id, word
""")
_KNOWN: Final = text("SELECT ref FROM finding_entry WHERE ref = ANY(:refs)")
_FORGET: Final = text("DELETE FROM finding_entry WHERE ref = ANY(:refs)")
_ABOVE: Final = text("""
    INSERT INTO finding_state AS s (kind, top) VALUES (:kind, :count)
    ON CONFLICT (kind) DO UPDATE SET top = s.top + excluded.top RETURNING top
""")
_BELOW: Final = text("""
    UPDATE finding_state SET bottom = bottom - :count WHERE kind = :kind RETURNING bottom
""")
_UNUSED: Final = text("DELETE FROM finding_word WHERE uses = 0")


async def lock(c: AsyncConnection) -> None:
    """Be the only one who changes what is found, until the transaction ends.

    Take it before the things are read: who erases them takes it too, so that nothing erased comes back.
    """
    await c.execute(_LOCK)


async def put(c: AsyncConnection, kind: Kind, refs: Sequence[UUID], things: Sequence[Thing]) -> None:
    """Make these things found as they are now, as the newest; those of `refs` that are gone, no more.

    The caller has the lock, as for all that follows.
    """
    await c.execute(_FORGET, {"refs": list(refs)})
    if things:
        top = int((await c.execute(_ABOVE, {"kind": kind, "count": len(things)})).scalar_one())
        await _write(c, kind, top - len(things) + 1, things)


async def put_earlier(c: AsyncConnection, kind: Kind, things: Sequence[Thing]) -> None:
    """Make things of earlier times found, the latest first; one that is found already stays as it is."""
    known = set((await c.scalars(_KNOWN, {"refs": [one.ref for one in things]})).all())
    new = [one for one in reversed(things) if one.ref not in known]
    if new:
        bottom = (await c.execute(_BELOW, {"kind": kind, "count": len(new)})).scalar_one()
        await _write(c, kind, bottom, new)


async def _write(c: AsyncConnection, kind: Kind, first: int, things: Sequence[Thing]) -> None:
    numbers = await _count(c, things)
    records = [
        (
            int(kind),
            first + at,
            one.ref,
            marks.of_entry(kind, first + at, [numbers[word] for word in one.words], internal=one.internal),
        )
        for at, one in enumerate(things)
    ]
    raw: Any = await c.get_raw_connection()
    await raw.driver_connection.copy_records_to_table("finding_entry", records=records, columns=COLUMNS)


async def _count(c: AsyncConnection, things: Sequence[Thing]) -> Mapping[str, int]:
    """Count one use more of each word; return their numbers."""
    uses = Counter(word for one in things for word in one.words)
    named = {word for one in things for word in one.named}
    numbers: dict[str, int] = {}
    every = sorted(uses)
    for start in range(0, len(every), AT_ONCE):
        words = every[start : start + AT_ONCE]
        asked = {
            "words": words,
            "uses": [uses[word] for word in words],
            "named": [word in named for word in words],
        }
        numbers |= {row.word: row.id for row in await c.execute(_COUNT, asked)}
    return numbers


async def drop_unused(c: AsyncConnection) -> int:
    """Forget words that nothing has any more, such as the name of who was erased; return how many."""
    return int((await c.execute(_UNUSED)).rowcount)
