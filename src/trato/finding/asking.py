"""Asks what is found: turns a question into marks that an entry must have, and takes the newest that do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Integer

from trato.decide import find_words
from trato.decide.find_words import Group, Question
from trato.finding.marks import FAR, NEAR, Kind, Sight, stretch
from trato.finding.mending import FAR_COMMONER, Mender

MOST_BEGUN: Final = 60  # words that begin as one does, the most used
LEAST_BEGUN: Final = 3  # letters, before words of texts are taken by their beginning; names sooner
FEW: Final = 3_000  # things that have the rarest word: then they are looked at all at once
RARE: Final = 3  # uses of a word that may be a slip which somebody made before
_WORDS: Final = text("SELECT id, word, uses FROM finding_word WHERE word = ANY(:words) AND uses > 0")
_BEGUN: Final = """
    SELECT id, word, uses FROM finding_word WHERE word >= :begin AND word < :end AND uses > 0 {named}
    ORDER BY uses DESC LIMIT :most
"""
# The index is asked, never the table row by row: what is estimated of marks together says nothing.
_PREPARE: Final = text("""
    SELECT set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true),
           set_config('work_mem', '32MB', true)
""")
_TOP: Final = text("SELECT kind, top, bottom FROM finding_state")
_LAST_SIGN: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A group of a question as the index knows it; at most `uses` things have one of its marks."""

    group: Group
    marks: tuple[int, ...]
    uses: int


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is asked: which words were `replaced` by mended ones, what may have been `meant`."""

    wanted: tuple[Wanted, ...]
    replaced: tuple[tuple[str, str], ...] = ()
    meant: tuple[tuple[str, str], ...] = ()
    number: int | None = None

    @property
    def is_possible(self) -> bool:
        """Say whether anything can be found: somebody uses each of the words."""
        return bool(self.wanted) and all(one.marks for one in self.wanted)

    @property
    def words(self) -> frozenset[str]:
        """Return the words to be shown where they stand."""
        return frozenset().union(*(one.group.words for one in self.wanted))

    @property
    def begins(self) -> tuple[str, ...]:
        """Return how words begin that are to be shown too."""
        return tuple(begin for one in self.wanted for begin in one.group.begins)


async def understand(c: AsyncConnection, asked: Question, mender: Mender) -> Understood:
    """Look the words of a question up; one that nobody uses is mended by those that are used."""
    found = []
    replaced, meant = [], []
    for group in asked.groups:
        wanted = await _look_up(c, group)
        if wanted.uses <= RARE and group.typed.isalpha():
            least = FAR_COMMONER * wanted.uses if wanted.uses else 1
            mended = await mender.mend(group.typed, least_uses=least)
            if mended and wanted.uses:
                meant.append((group.typed, mended))
            elif mended:
                replaced.append((group.typed, mended))
                wanted = await _look_up(c, _as_mended(group, mended))
        found.append(wanted)
    return Understood(tuple(found), tuple(replaced), tuple(meant), asked.number)


def _as_mended(group: Group, mended: str) -> Group:
    return replace(group, words=frozenset(find_words.forms(mended)), begins=())


async def _look_up(c: AsyncConnection, group: Group) -> Wanted:
    rows = {row.id: row for row in await c.execute(_WORDS, {"words": sorted(group.words)})}
    for begin in group.begins:
        named = "" if len(begin) >= LEAST_BEGUN else "AND named"
        asked = {"begin": begin, "end": begin + _LAST_SIGN, "most": MOST_BEGUN}
        rows |= {row.id: row for row in await c.execute(text(_BEGUN.format(named=named)), asked)}
    return Wanted(group, tuple(sorted(rows)), sum(row.uses for row in rows.values()))


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found, and where it stands in the order."""

    ref: UUID
    place: int


async def prepare(c: AsyncConnection) -> dict[Kind, tuple[int, int]]:
    """Make the transaction ready for `hits`; return the first and last places of each kind."""
    await by_index(c)
    return {Kind(row.kind): (row.bottom, row.top) for row in await c.execute(_TOP)}


async def hits(
    c: AsyncConnection,
    understood: Understood,
    kind: Kind,
    sight: Sight,
    *,
    places: tuple[int, int],
    before: int | None,
    limit: int,
) -> list[Hit]:
    """Return the newest things of a kind that somebody may see and that have all words; at most `limit`.

    First among the newest, then among more, then among all: a word that half of all have is answered as
    quickly as a rare one.
    """
    if kind not in sight.kinds or not understood.is_possible:
        return []
    first, last = places
    newest = last if before is None else min(before - 1, last)
    for within in _stretches(understood, kind, first, newest):
        found = await _ask(c, understood, kind, sight, within=within, before=before, limit=limit)
        if len(found) == limit:
            return found
    return found


def _stretches(understood: Understood, kind: Kind, first: int, newest: int) -> list[list[int] | None]:
    """Return which stretches to look through, one after the other; None for all there is."""
    if min(one.uses for one in understood.wanted) <= FEW:
        return [None]
    return [
        *(
            [stretch(kind, newest, size), stretch(kind, newest - size, size)]
            for size in (NEAR, FAR)
            if newest - 2 * size > first
        ),
        None,
    ]


async def _ask(
    c: AsyncConnection,
    understood: Understood,
    kind: Kind,
    sight: Sight,
    *,
    within: Sequence[int] | None,
    before: int | None,
    limit: int,
) -> list[Hit]:
    groups = [list(one.marks) for one in understood.wanted if len(one.marks) > 1]
    if within is not None:
        groups.append(list(within))
    must = [one.marks[0] for one in understood.wanted if len(one.marks) == 1] + sight.marks(kind)
    values: dict[str, Any] = {f"any_{at}": marks for at, marks in enumerate(groups)}
    conditions = ["marks @> :must", *(f"marks && :{name}" for name in values)]
    if before is not None:
        conditions.append("place < :before")
        values["before"] = before
    query = text(f"""
        SELECT ref, place FROM finding_entry WHERE {" AND ".join(conditions)} ORDER BY place DESC LIMIT :limit
    """)
    lists = [bindparam(name, type_=ARRAY(Integer)) for name in ("must", *values) if name != "before"]
    rows = await c.execute(query.bindparams(*lists), {**values, "must": must, "limit": limit})
    return [Hit(row.ref, row.place) for row in rows]


async def by_index(c: AsyncConnection) -> None:
    """Have what is asked until the transaction ends answered by the index."""
    await c.execute(_PREPARE)
