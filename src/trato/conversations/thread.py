"""The thread of a contact: any stretch of it over all channels, words in it, and who has read how far."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit import paging
from trato.kit.errors import Invalid, NotFound
from trato.kit.text import without_accents

NIL: Final = UUID(int=0)  # before every message of the same instant
WORDS: Final = 8  # of a search; more narrow nothing that these do not

Place = tuple[datetime, UUID]
"""Where a message stands: when it was kept, and its id."""


@dataclass(frozen=True, slots=True)
class Where:
    """Which stretch of a thread is asked for: behind a cursor, beside or around a message, at an instant."""

    cursor: str | None = None
    before: UUID | None = None
    after: UUID | None = None
    around: UUID | None = None
    at: datetime | None = None

    @property
    def given(self) -> int:
        """Say how many ways were named."""
        return sum(way is not None for way in (self.cursor, self.before, self.after, self.around, self.at))


@dataclass(frozen=True, slots=True)
class _Stretch:
    rows: Sequence[Any]  # oldest first
    earlier: bool  # there is more before
    later: bool  # there is more behind
    target: UUID | None = None
    since: datetime | None = None  # it has all from here on, None: from the beginning
    until: datetime | None = None  # and all up to here, None: up to now


async def timeline(c: AsyncConnection, contact_id: UUID, where: Where, *, limit: int) -> dict[str, Any]:
    """Return a stretch of a contact's messages over all channels, oldest first, with what belongs to it.

    Without a place it is the newest. `target` is the message that it was asked around, or the first one from
    an instant on. `next_cursor` leads to earlier messages; `later` says that there are later ones. `since`
    and `until` are between which instants nothing is left out; pages that follow one another leave no gap.
    The stretches of work on its conversations that fall into it come with it.

    Raises `Invalid` for two places at once, `NotFound` for a message that is not in this thread.
    """
    if where.given > 1:
        raise Invalid(
            "A page lies in one place.", field="around", todo="Give one of cursor, before, after, around, at."
        )
    found = await _stretch(c, contact_id, where, limit)
    rows, views = found.rows, [row.view for row in found.rows]
    values = {
        "ids": sorted({UUID(str(view["conversation_id"])) for view in views}),
        "since": found.since,
        "until": found.until,
    }
    return {
        "items": views,
        "next_cursor": paging.encode(rows[0].created_at, rows[0].id) if found.earlier and rows else None,
        "later": found.later,
        "target": found.target,
        "since": found.since,
        "until": found.until,
        "conversations": list((await c.execute(_CONVERSATIONS, values)).scalars()),
        "interactions": list((await c.execute(_WORKED, values)).scalars()),
    }


async def _stretch(c: AsyncConnection, contact_id: UUID, where: Where, limit: int) -> _Stretch:
    named = where.around or where.before or where.after
    place = await _place(c, contact_id, named) if named else _decoded(where)
    if where.around or where.at:
        half = limit // 2
        older = await _rows(c, _EARLIER, contact_id, place, half)
        newer = await _rows(c, _FROM, contact_id, place, limit - half)
        rows = [*reversed(older[:half]), *newer[: limit - half]]
        nearest = newer[0].id if newer else older[0].id if older else None
        return _bounded(_Stretch(rows, len(older) > half, len(newer) > limit - half, nearest))
    if where.after:
        behind = (await _rows(c, _FROM, contact_id, place, limit + 1))[1:]  # the message itself is known
        return _bounded(_Stretch(behind[:limit], earlier=True, later=len(behind) > limit), after=place)
    older = await _rows(c, _EARLIER, contact_id, place, limit)
    found = _Stretch([*reversed(older[:limit])], len(older) > limit, later=place is not None)
    return _bounded(found, before=place)


def _bounded(found: _Stretch, *, after: Place | None = None, before: Place | None = None) -> _Stretch:
    """Return a stretch with its bounds: what lies between it and the place it was asked from is its own."""
    first, last = (found.rows[0].created_at, found.rows[-1].created_at) if found.rows else (None, None)
    since = after[0] if after else first if found.earlier else None
    until = before[0] if before else last if found.later else None
    return replace(found, since=since, until=until)


_CONVERSATIONS = text("SELECT conversation_view(v) FROM conversation v WHERE id = ANY(:ids)")
_WORKED = text("""
    SELECT interaction_view(i) FROM interaction i
    WHERE conversation_id = ANY(:ids) AND (accepted_at IS NOT NULL OR state = 'declined')
      AND (CAST(:since AS timestamptz) IS NULL OR coalesce(ended_at, now()) >= :since)
      AND (CAST(:until AS timestamptz) IS NULL OR offered_at <= :until)
    ORDER BY offered_at, id
""")
_PLACE = text("SELECT created_at FROM message WHERE id = :id AND contact_id = :contact")
_EARLIER = text("""
    SELECT m.id, m.created_at, message_view(m) AS view FROM message m
    WHERE contact_id = :contact AND (CAST(:at AS timestamptz) IS NULL OR (created_at, id) < (:at, :id))
    ORDER BY created_at DESC, id DESC LIMIT :limit
""")
_FROM = text("""
    SELECT m.id, m.created_at, message_view(m) AS view FROM message m
    WHERE contact_id = :contact AND (created_at, id) >= (:at, :id)
    ORDER BY created_at, id LIMIT :limit
""")


async def _place(c: AsyncConnection, contact_id: UUID, message_id: UUID) -> Place:
    at: datetime | None = await c.scalar(_PLACE, {"id": message_id, "contact": contact_id})
    if at is None:
        raise NotFound("There is no such message in this thread.", todo="It may have been erased.")
    return at, message_id


def _decoded(where: Where) -> Place | None:
    if where.at:
        return where.at, NIL
    at, row_id = paging.decode(where.cursor, paging.moment, paging.row_id)
    return (at, row_id) if where.cursor else None


async def _rows(
    c: AsyncConnection, asked: TextClause, contact_id: UUID, place: Place | None, limit: int
) -> Sequence[Any]:
    """Return the messages before or from a place, the nearest first, one too many when there are more."""
    at, row_id = place or (None, None)
    values = {"contact": contact_id, "at": at, "id": row_id, "limit": limit + 1}
    return (await c.execute(asked, values)).all()


# The contact's own index leads to their messages, and their text is looked through: a thread is small beside
# all that was ever said, and an index over the words would cost every message that comes.
_SEARCH = """
    WITH found AS MATERIALIZED (
        SELECT m.id, m.created_at, m.conversation_id FROM message m WHERE contact_id = :contact AND {words}
    )
    SELECT id, created_at, conversation_id, (SELECT count(*) FROM found) AS total FROM found
    WHERE CAST(:at AS timestamptz) IS NULL OR (created_at, id) < (:at, CAST(:id AS uuid))
    ORDER BY created_at DESC, id DESC LIMIT :limit
"""
_WORD = "(m.text ~* :{name} OR m.subject ~* :{name})"


@cache
def _written() -> Mapping[str, str]:
    """Return the letters of Latin alphabets by the bare letter that they are when the marks are left out."""
    found: dict[str, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letter = chr(code).lower()
        bare = without_accents(letter)
        if len(bare) == len(letter) == 1 and bare != letter and letter not in found.get(bare, ""):
            found[bare] = found.get(bare, "") + letter
    return found


def pattern(word: str) -> str:
    """Return the regular expression (PostgreSQL's) that finds a word however its marks are written.

    To take the marks off every text with `translate` took 27 µs each, this expression 1 µs.
    """
    letters = without_accents(word.lower())
    return "".join(
        f"[{letter}{_written()[letter]}]" if letter in _written() else re.escape(letter) for letter in letters
    )


async def search(
    c: AsyncConnection, contact_id: UUID, q: str, *, cursor: str | None, limit: int
) -> dict[str, Any]:
    """Return where all of some words stand in a contact's messages, newest first, and how many do.

    Accents and capitals are forgiven; a word matches anywhere within another.
    """
    words = q.split()[:WORDS]
    at, row_id = paging.decode(cursor, paging.moment, paging.row_id)
    if not words:
        return {"items": [], "next_cursor": None, "total": 0}
    patterns = {f"word_{n}": pattern(word) for n, word in enumerate(words)}
    sql = _SEARCH.format(words=" AND ".join(_WORD.format(name=name) for name in patterns))
    values = {"contact": contact_id, "at": at, "id": row_id, "limit": limit + 1, **patterns}
    rows = (await c.execute(text(sql), values)).all()
    found = paging.page(rows, limit, lambda row: (row.created_at, row.id))
    items = [
        {"id": row.id, "created_at": row.created_at, "conversation_id": row.conversation_id}
        for row in found["items"]
    ]
    return {**found, "items": items, "total": rows[0].total if rows else 0}


async def read_until(c: AsyncConnection, contact_id: UUID, agent_id: UUID | None) -> datetime | None:
    """Return up to when an agent has read a contact's thread, on whatever device; None for never."""
    found: datetime | None = await c.scalar(
        text("""
            SELECT max(r.read_until) FROM conversation v JOIN reading r ON r.conversation_id = v.id
            WHERE v.contact_id = :contact AND r.agent_id = CAST(:agent AS uuid)
        """),
        {"contact": contact_id, "agent": agent_id},
    )
    return found


async def note_reading(c: AsyncConnection, conversation_id: UUID, agent_id: UUID, until: datetime) -> None:
    """Note up to when an agent has read; it never goes back, nor beyond what was said. Raises `NotFound`."""
    done = await c.execute(
        text("""
            INSERT INTO reading (conversation_id, agent_id, read_until)
            SELECT v.id, :agent, least(CAST(:until AS timestamptz), greatest(now(), v.last_message_at))
            FROM conversation v WHERE v.id = :id
            ON CONFLICT (conversation_id, agent_id)
            DO UPDATE SET read_until = greatest(reading.read_until, excluded.read_until)
        """),
        {"id": conversation_id, "agent": agent_id, "until": until},
    )
    if not done.rowcount:
        raise NotFound("There is no such conversation.")
