"""Cases that are like one: they share several of its rarer words, whoever they are of."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from trato.decide import find_words
from trato.decide.small_words import SMALL
from trato.finding import asking
from trato.finding.marks import Kind, kind_mark
from trato.kit.errors import NotFound

MOST: Final = 5
RAREST: Final = 8  # words of the case that are looked at
NEWEST: Final = 300  # cases that have a word
LEAST: Final = 2  # words in common: one alone says little

_SMALL: Final[frozenset[str]] = frozenset().union(*SMALL.values())
_CASE: Final = text("SELECT title, expectation FROM cases WHERE id = :id")
# The rarer a word that two share, the more it says.
_SIMILAR: Final = text("""
    WITH asked AS MATERIALIZED (
        SELECT id, word, uses FROM finding_word WHERE word = ANY(:words) AND uses > 1
        ORDER BY uses LIMIT :rarest
    ), found AS MATERIALIZED (
        SELECT a.word, a.uses, e.ref FROM asked a CROSS JOIN LATERAL (
            SELECT ref FROM finding_entry WHERE kind = :kind AND marks @> ARRAY[CAST(:mark AS integer), a.id]
            ORDER BY place DESC LIMIT :newest) e
    ), ranked AS MATERIALIZED (
        SELECT ref, array_agg(word ORDER BY uses, word) AS shared, sum(1 / ln(uses + 2)) AS weight
        FROM found WHERE ref <> :id GROUP BY ref HAVING count(*) >= :least
    )
    SELECT k.id, k.number, k.title, k.status, k.resolution, r.shared,
           (SELECT v.id FROM conversation v WHERE v.case_id = k.id
            ORDER BY v.status = 'closed', v.last_message_at DESC LIMIT 1) AS conversation_id
    FROM ranked r JOIN cases k ON k.id = r.ref WHERE k.merged_into IS NULL
    ORDER BY k.resolution <> '' DESC, r.weight DESC, k.number DESC LIMIT :most
""").bindparams(bindparam("words", type_=ARRAY(Text)))


async def similar(c: AsyncConnection, case_id: UUID) -> list[dict[str, Any]]:
    """Return the cases that are most like one, those first of which is known how they were solved.

    Raises `NotFound`.
    """
    case = (await c.execute(_CASE, {"id": case_id})).first()
    if case is None:
        raise NotFound("There is no such case.")
    words = find_words.words_of(f"{case.title} {case.expectation}") - _SMALL
    if len(words) < LEAST:
        return []
    await asking.by_index(c)
    asked = {
        "id": case_id,
        "words": sorted(words),
        "rarest": RAREST,
        "newest": NEWEST,
        "least": LEAST,
        "most": MOST,
        "kind": int(Kind.CASE),
        "mark": kind_mark(Kind.CASE),
    }
    return [dict(row) for row in (await c.execute(_SIMILAR, asked)).mappings()]
