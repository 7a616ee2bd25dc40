"""Questions that found no answer are counted: what the next articles should be about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.engine import Database
from trato.db.periodic import Periodic
from trato.decide.unanswered import kept
from trato.kit.ids import new_id

KIND: Final = "knowledge.unanswered"
EVERY: Final = timedelta(hours=6)
KEEP: Final = timedelta(days=180)  # since it was asked last
MOST: Final = 10_000  # different ones: enough to see what is missing, and no flood fills the disk

_AGAIN: Final = text("""
    UPDATE unanswered_question SET asked = asked + 1, last_at = now()
    WHERE language = :language AND question = :question
""")
_FIRST: Final = text("""
    INSERT INTO unanswered_question (id, language, question)
    SELECT :id, :language, :question WHERE (SELECT count(*) FROM unanswered_question) < :most
    ON CONFLICT (language, question) DO UPDATE SET asked = unanswered_question.asked + 1, last_at = now()
""")
_SINCE: Final = text("""
    SELECT language, question, asked - taken AS times, created_at AS first_at, last_at
    FROM unanswered_question WHERE asked > taken ORDER BY last_at, id LIMIT :limit
""")
_TAKE: Final = text("""
    UPDATE unanswered_question SET taken = least(asked, taken + :times)
    WHERE language = :language AND question = :question
""")
_SWEEP: Final = text("DELETE FROM unanswered_question WHERE last_at < now() - CAST(:keep AS interval)")


async def count(c: AsyncConnection, language: str, question: str, *, most: int = MOST) -> None:
    """Count a question; one that tells nothing, and a new one above `most`, is not kept."""
    values = {"language": language, "question": kept(question)}
    if not values["question"]:
        return
    if not (await c.execute(_AGAIN, values)).rowcount:
        await c.execute(_FIRST, values | {"id": new_id(), "most": most})


def retention(db: Database, keep: timedelta = KEEP) -> Periodic:
    """Return the job that forgets what nobody has asked for so long."""

    async def run() -> None:
        async with db.begin() as c:
            await c.execute(_SWEEP, {"keep": keep})

    return Periodic(KIND, EVERY, db, run)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question, and how often it was asked since it was looked at last."""

    language: str
    question: str
    times: int
    first_at: datetime
    last_at: datetime


async def asked_since(c: AsyncConnection, limit: int) -> list[Unanswered]:
    """Return questions that were asked again since they were taken, those that wait longest first."""
    return [Unanswered(**row) for row in (await c.execute(_SINCE, {"limit": limit})).mappings()]


async def take(c: AsyncConnection, questions: Sequence[Unanswered]) -> None:
    """Say that these, as often as they tell, are counted among what is missing."""
    if questions:
        await c.execute(
            _TAKE, [{"language": q.language, "question": q.question, "times": q.times} for q in questions]
        )
