"""Puts what was not answered into gaps: what is new alone, in rounds of bounded size, by a job."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import bindparam

from trato.db.engine import Database
from trato.db.periodic import Periodic
from trato.gaps import acts, cases, evidence
from trato.gaps.evidence import Sighting, Waiting
from trato.kit.ids import new_id

if TYPE_CHECKING:  # numpy and the libraries of the search are loaded when there is something to group
    from trato.decide.gap_clusters import Cluster
    from trato.search.apart import Meaning

KIND: Final = "gaps.grouping"
EVERY: Final = timedelta(minutes=2)
AT_ONCE: Final = 300  # of each kind in a round
ROUNDS: Final = 10  # the rest two minutes later
LOCK: Final = 7_310_052  # one groups at a time

log = structlog.get_logger(__name__)

Read = Callable[[Sequence[tuple[str, str]]], Awaitable["list[Meaning]"]]

_KNOWN = text("SELECT origin, gap_id FROM gap_question WHERE origin = ANY(CAST(:origins AS text[]))")
_AGAIN = text("""
    UPDATE gap_question SET times = times + :times, last_at = greatest(last_at, :last_at)
    WHERE origin = :origin
""")
_QUESTION = text("""
    INSERT INTO gap_question (id, gap_id, origin, source, language, question, times, article_id, reason,
                              conversation_id, first_at, last_at)
    VALUES (:id, :gap_id, :origin, :source, :language, :question, :times, :article_id, :reason,
            :conversation_id, :first_at, :last_at)
""")
_CLUSTERS = text("""
    SELECT id, size, words, languages, meaning, state = 'open' AND task_id IS NULL AS loose
    FROM gap ORDER BY first_at, id FOR UPDATE
""")
_GAP = text("""
    INSERT INTO gap (id, title, language, languages, size, words, meaning, first_at, last_at)
    VALUES (:id, '', '', :languages, :size, :words, :meaning, :first_at, :last_at)
""").bindparams(bindparam("languages", type_=JSONB), bindparam("words", type_=JSONB))
_GREW = text("""
    UPDATE gap SET languages = :languages, size = :size, words = :words, meaning = :meaning WHERE id = :id
""").bindparams(bindparam("languages", type_=JSONB), bindparam("words", type_=JSONB))
_DAY = text("""
    INSERT INTO gap_day (gap_id, day, times) VALUES (:gap_id, :day, :times)
    ON CONFLICT (gap_id, day) DO UPDATE SET times = gap_day.times + excluded.times
""")
_TITLED = text("""
    UPDATE gap g SET title = q.question, language = q.language, last_at = greatest(g.last_at, q.newest)
    FROM (SELECT DISTINCT ON (gap_id) gap_id, question, language,
                 max(last_at) OVER (PARTITION BY gap_id) AS newest
          FROM gap_question WHERE gap_id = ANY(CAST(:ids AS uuid[]))
          ORDER BY gap_id, source = 'article', times DESC, length(question) DESC, question) q
    WHERE g.id = q.gap_id
""")
_MERGED = (
    text("UPDATE gap_question SET gap_id = :kept WHERE gap_id = :gone"),
    text("""
        INSERT INTO gap_day (gap_id, day, times) SELECT :kept, day, times FROM gap_day WHERE gap_id = :gone
        ON CONFLICT (gap_id, day) DO UPDATE SET times = gap_day.times + excluded.times
    """),
    text("""
        UPDATE gap SET first_at = least(first_at, (SELECT first_at FROM gap WHERE id = :gone))
        WHERE id = :kept
    """),
    text("DELETE FROM gap WHERE id = :gone"),
)


_PUBLISHED = text("""
    SELECT g.id, g.title, g.language, g.article_id FROM gap g
    WHERE g.state = 'writing' AND EXISTS (
        SELECT FROM article_translation t JOIN article a ON a.id = t.article_id AND a.removed_at IS NULL
        WHERE t.article_id = g.article_id AND t.published IS NOT NULL)
    ORDER BY g.id LIMIT 100 FOR UPDATE OF g SKIP LOCKED
""")


def grouping(db: Database, read: Read | None = None) -> Periodic:
    """Return the job that puts what is new into gaps."""

    async def run() -> None:
        for _ in range(ROUNDS):
            if not await one_round(db, read):
                break
        async with db.begin() as c:
            await settle(c)
        await cases.remember(db, read or _apart)

    return Periodic(KIND, EVERY, db, run)


async def one_round(db: Database, read: Read | None = None) -> int:
    """Group what waits, as much as a round takes; return how many questions that were.

    What has to be read is read outside of any transaction.
    """
    async with db.connect() as c:
        first = await evidence.waiting(c, AT_ONCE)
        met = {one.origin: one for one in first.sightings()}
        known = await _known(c, list(met))
    if not first:
        return 0
    unread = sorted({(one.language, one.question) for origin, one in met.items() if origin not in known})
    meanings = dict(zip(unread, await (read or _apart)(unread), strict=True)) if unread else {}
    async with db.begin() as c:
        await c.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        return await _group(c, await evidence.waiting(c, AT_ONCE), meanings)


async def _apart(texts: Sequence[tuple[str, str]]) -> "list[Meaning]":
    from trato.search.apart import read_apart

    return await read_apart(texts)


async def settle(c: AsyncConnection) -> None:
    """Call answered what an article was written for, once that is published."""
    for row in (await c.execute(_PUBLISHED)).all():
        await acts.published(c, row.id, row.article_id, row.language, row.title)


async def _known(c: AsyncConnection, origins: Sequence[str]) -> dict[str, UUID]:
    rows = await c.execute(_KNOWN, {"origins": list(origins)})
    return {row.origin: row.gap_id for row in rows}


async def _group(c: AsyncConnection, seen: Waiting, meanings: Mapping[tuple[str, str], "Meaning"]) -> int:
    met = _once(seen.sightings())
    known = await _known(c, [one.origin for one in met])
    new = [one for one in met if one.origin not in known]
    if any((one.language, one.question) not in meanings for one in new):
        # what came meanwhile has not been read: it waits for the next round with all of this one's kind
        seen = _without(seen, {one.origin for one in new if (one.language, one.question) not in meanings})
        met = _once(seen.sightings())
        new = [one for one in met if one.origin not in known]
    where = dict(known)
    if new:
        where |= await _place(c, new, meanings)
    for one in met:
        if one.origin in known:
            await c.execute(_AGAIN, {"times": one.times, "last_at": one.last_at, "origin": one.origin})
    await _count(c, [(where[one.origin], one) for one in met if one.origin in where])
    await evidence.take(c, seen)
    if new:
        await _merge(c)
    return len(met)


def _once(sightings: Sequence[Sighting]) -> list[Sighting]:
    """Return each origin once, with all its times."""
    found: dict[str, Sighting] = {}
    for one in sightings:
        before = found.get(one.origin)
        found[one.origin] = one if before is None else _both(before, one)
    return list(found.values())


def _both(one: Sighting, other: Sighting) -> Sighting:
    return replace(
        one,
        times=one.times + other.times,
        first_at=min(one.first_at, other.first_at),
        last_at=max(one.last_at, other.last_at),
    )


def _without(seen: Waiting, origins: set[str]) -> Waiting:
    return Waiting(
        [one for one in seen.searches if f"search:{one.language}:{one.question}" not in origins],
        [one for one in seen.noes if evidence.origin_of(one) not in origins],
        [(row_id, one) for row_id, one in seen.contacts if one.origin not in origins],
    )


async def _place(
    c: AsyncConnection, new: Sequence[Sighting], meanings: Mapping[tuple[str, str], "Meaning"]
) -> dict[str, UUID]:
    """Put new questions into the gaps that they belong to, or into new ones; return where each is."""
    from trato.decide import gap_clusters as decide

    ids, clusters, _ = await _clusters(c)
    questions = []
    for one in new:
        meaning = meanings[one.language, one.question]
        questions.append(
            decide.Question(one.question, one.language, meaning.words, meaning.vector, one.times)
        )
    places = decide.assign(clusters, questions)
    first, touched = len(ids), set()
    for place, question in zip(places, questions, strict=True):
        if place is None:
            continue
        while place >= len(clusters):
            ids.append(new_id())
            clusters.append(decide.NONE)
        clusters[place] = clusters[place].joined_by(question)
        touched.add(place)
    if None in places:
        log.warning("gaps.full", gaps=len(ids), left=places.count(None))
    for place in sorted(touched):
        values = _values(ids[place], clusters[place])
        if place >= first:
            members = [one for at, one in zip(places, new, strict=True) if at == place]
            values["first_at"] = min(one.first_at for one in members)
            values["last_at"] = max(one.last_at for one in members)
        await c.execute(_GAP if place >= first else _GREW, values)
    where = {one.origin: ids[place] for place, one in zip(places, new, strict=True) if place is not None}
    for one in new:
        if one.origin in where:
            await c.execute(_QUESTION, _row(one) | {"id": new_id(), "gap_id": where[one.origin]})
    return where


async def _count(c: AsyncConnection, met: Sequence[tuple[UUID, Sighting]]) -> None:
    """Count each gap on the day when it was met last, and call it by what is asked most."""
    days: dict[tuple[UUID, Any], int] = defaultdict(int)
    for gap_id, one in met:
        days[gap_id, one.last_at.date()] += one.times
    for (gap_id, day), times in sorted(days.items()):
        await c.execute(_DAY, {"gap_id": gap_id, "day": day, "times": times})
    await c.execute(_TITLED, {"ids": sorted({gap_id for gap_id, _ in met})})


async def _merge(c: AsyncConnection) -> None:
    """Make one of gaps that turned out to be one matter, as long as nobody did anything about either."""
    from trato.decide import gap_clusters as decide

    ids, clusters, loose = await _clusters(c)
    free = [place for place in range(len(ids)) if loose[place]]
    kept = []
    for larger, smaller in decide.one_matter([clusters[place] for place in free]):
        one, other = free[larger], free[smaller]
        for statement in _MERGED:
            await c.execute(statement, {"kept": ids[one], "gone": ids[other]})
        await c.execute(_GREW, _values(ids[one], clusters[one].merged_with(clusters[other])))
        kept.append(ids[one])
    if kept:
        await c.execute(_TITLED, {"ids": kept})


async def _clusters(c: AsyncConnection) -> tuple[list[UUID], "list[Cluster]", list[bool]]:
    import numpy as np

    from trato.decide.gap_clusters import Cluster

    rows = (await c.execute(_CLUSTERS)).all()
    clusters = [
        Cluster(row.size, row.words, frozenset(row.languages), np.frombuffer(row.meaning, np.float32))
        for row in rows
    ]
    return [row.id for row in rows], clusters, [row.loose for row in rows]


def _values(gap_id: UUID, cluster: "Cluster") -> dict[str, Any]:
    return {
        "id": gap_id,
        "languages": sorted(cluster.languages),
        "size": cluster.size,
        "words": dict(cluster.words),
        "meaning": cluster.meaning.tobytes(),
    }


def _row(one: Sighting) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Sighting.__slots__}
