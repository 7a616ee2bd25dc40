"""Resolved cases: which were resolved with an article, and which answered what a gap asks."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.engine import Database
from trato.decide.unanswered import kept

if TYPE_CHECKING:  # numpy is loaded when there is something to compare
    from trato.search.apart import Meaning

Read = Callable[[Sequence[tuple[str, str]]], Awaitable["list[Meaning]"]]

AT_ONCE: Final = 100
COMPARED: Final = 3_000  # cases, the latest resolved
LIKE: Final = 0.45  # of a gap's centre: less than of two questions, who asks a person tells more
SHOWN: Final = 5

# A case stays resolved for a week before it is closed: each is seen in that time.
_NEW = text("""
    SELECT k.id, k.resolved_at, coalesce(m.language, 'es') AS language, m.said
    FROM cases k
    LEFT JOIN LATERAL (
        SELECT left(m.text, 300) AS said, v.language FROM message m
        JOIN conversation v ON v.id = m.conversation_id
        WHERE m.case_id = k.id AND m.direction = 'in' AND m.kind = 'text' AND m.text <> ''
        ORDER BY m.created_at, m.id LIMIT 1) m ON true
    WHERE k.status = 'resolved' AND NOT EXISTS (SELECT FROM gap_case s WHERE s.case_id = k.id)
    ORDER BY k.resolved_at, k.id LIMIT :limit
""")
_KEEP = text("""
    INSERT INTO gap_case (case_id, language, meaning, resolved_at)
    SELECT id, :language, :meaning, coalesce(resolved_at, now()) FROM cases WHERE id = :case_id
    ON CONFLICT (case_id) DO NOTHING
""")
# An answer that leads to an article holds its address; old addresses lead there too.
_CITED = text("""
    INSERT INTO article_case (article_id, case_id, resolved_at)
    SELECT DISTINCT t.article_id, k.id, coalesce(k.resolved_at, now())
    FROM cases k
    JOIN message m ON m.case_id = k.id AND m.direction = 'out' AND m.text LIKE '%/help/%/articles/%'
    CROSS JOIN LATERAL regexp_matches(
        m.text, '/help/(?:[a-z0-9-]{3,}/)?([a-z]{2})/articles/([a-z0-9-]+)', 'g') AS led (parts)
    JOIN (SELECT article_id, language, slug FROM article_translation
          UNION SELECT article_id, language, slug FROM article_old_slug) t
        ON t.language = led.parts[1] AND t.slug = led.parts[2]
    WHERE k.id = ANY(CAST(:ids AS uuid[]))
    ON CONFLICT DO NOTHING
""")
_GAP = text("SELECT meaning FROM gap WHERE id = :gap")
_COMPARED = text("""
    SELECT s.case_id, s.meaning FROM gap_case s JOIN cases k ON k.id = s.case_id
    WHERE s.meaning IS NOT NULL AND k.status IN ('resolved', 'closed') AND k.merged_into IS NULL
    ORDER BY s.resolved_at DESC, s.case_id DESC LIMIT :limit
""")
_OWN = text("""
    SELECT DISTINCT v.case_id FROM gap_question q JOIN conversation v ON v.id = q.conversation_id
    JOIN cases k ON k.id = v.case_id
    WHERE q.gap_id = :gap AND k.status IN ('resolved', 'closed') AND k.merged_into IS NULL LIMIT 20
""")
_VIEWS = text("""
    SELECT k.id, k.number, k.title, k.resolution, k.resolved_at, k.resolved_by,
           (SELECT left(m.text, 200) FROM message m
            WHERE m.case_id = k.id AND m.direction = 'in' AND m.kind = 'text' AND m.text <> ''
            ORDER BY m.created_at, m.id LIMIT 1) AS question
    FROM cases k WHERE k.id = ANY(CAST(:ids AS uuid[]))
""")


async def remember(db: Database, read: Read) -> int:
    """Look at cases that were resolved since: what each was about, and which article it was resolved with."""
    async with db.connect() as c:
        rows = (await c.execute(_NEW, {"limit": AT_ONCE})).all()
    if not rows:
        return 0
    asked = {row.id: (row.language, kept(row.said or "")) for row in rows}
    wanted = sorted({one for one in asked.values() if one[1]})
    meanings = dict(zip(wanted, await read(wanted), strict=True))
    async with db.begin() as c:
        for row in rows:
            meaning = meanings.get(asked[row.id])
            values = {"case_id": row.id, "language": row.language}
            await c.execute(_KEEP, values | {"meaning": meaning.vector.tobytes() if meaning else None})
        await c.execute(_CITED, {"ids": [row.id for row in rows]})
    return len(rows)


async def answering(c: AsyncConnection, gap_id: UUID) -> list[dict[str, Any]]:
    """Return resolved cases that answered what a gap asks, the likest first; `likeness` is 1 for its own."""
    import numpy as np

    own = {row.case_id: 1.0 for row in await c.execute(_OWN, {"gap": gap_id})}
    centre = np.frombuffer(await c.scalar(_GAP, {"gap": gap_id}) or b"", np.float32)
    rows = (await c.execute(_COMPARED, {"limit": COMPARED})).all()
    if rows and centre.size:
        vectors = np.array([np.frombuffer(row.meaning, np.float32) for row in rows])
        likeness = vectors @ (centre / max(float(np.linalg.norm(centre)), 1e-6))
        for number in np.argsort(-likeness, kind="stable")[:SHOWN].tolist():
            if likeness[number] >= LIKE:
                own.setdefault(rows[number].case_id, round(float(likeness[number]), 3))
    best = sorted(own.items(), key=lambda one: (-one[1], one[0]))[:SHOWN]
    rows_of = (await c.execute(_VIEWS, {"ids": [case_id for case_id, _ in best]})).mappings()
    views = {row["id"]: dict(row) for row in rows_of}
    return [{**views[case_id], "likeness": likeness} for case_id, likeness in best if case_id in views]
