"""Where gaps come from: searches in vain, articles that did not solve it, contacts right after, bots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide.unanswered import kept
from trato.kit.ids import new_id
from trato.knowledge import feedback, unanswered
from trato.knowledge.feedback import Unsolved
from trato.knowledge.unanswered import Unanswered

_NEW: Final = text("""
    INSERT INTO contact_after (id, conversation_id, language, article_id, question)
    VALUES (:id, :conversation_id, :language, :article_id, :question)
    ON CONFLICT DO NOTHING
""")
_BY_BOT: Final = text("""
    INSERT INTO contact_after (id, conversation_id, language, question, by_bot)
    SELECT :id, :conversation_id, :language, :question, true
    WHERE NOT EXISTS (SELECT FROM contact_after WHERE conversation_id = :conversation_id AND by_bot
                      AND question = :question)
""")
_AFTER: Final = text("""
    SELECT f.id, f.conversation_id, f.language, f.article_id, f.question, f.at, f.by_bot,
           coalesce(t.title, '') AS title
    FROM contact_after f
    LEFT JOIN LATERAL (
        SELECT v.title FROM article_version v WHERE v.article_id = f.article_id
        ORDER BY v.language = f.language DESC, v.number DESC LIMIT 1) t ON true
    WHERE NOT f.taken ORDER BY f.id LIMIT :limit
""")
_TAKE: Final = text("UPDATE contact_after SET taken = true WHERE id = ANY(CAST(:ids AS uuid[]))")


@dataclass(frozen=True, slots=True)
class Sighting:
    """A question as it was met: the same `origin` is the same question met again."""

    origin: str
    source: str
    language: str
    question: str
    times: int
    first_at: datetime
    last_at: datetime
    article_id: UUID | None = None
    reason: str | None = None
    conversation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was not looked at yet, as the slices keep it."""

    searches: Sequence[Unanswered]
    noes: Sequence[Unsolved]
    contacts: Sequence[tuple[UUID, Sighting]]

    def __bool__(self) -> bool:
        return bool(self.searches or self.noes or self.contacts)

    def sightings(self) -> list[Sighting]:
        """Return all of it as sightings; what has no words at all is none."""
        found = [_searched(one) for one in self.searches]
        found += [_said(one) for one in self.noes]
        found += [sighting for _, sighting in self.contacts]
        return [one for one in found if one.question]


async def contact_after(
    c: AsyncConnection,
    conversation_id: UUID,
    *,
    language: str,
    article_id: UUID | None = None,
    question: str = "",
) -> None:
    """Note that somebody wrote right after reading an article, or after a search that gave no answer.

    Whoever knows what a contact did before (the trail of a session) calls this once per article or question.
    Nothing is kept of the person but the conversation, and with that it goes.
    """
    values = {"conversation_id": conversation_id, "language": language, "article_id": article_id}
    await c.execute(_NEW, values | {"id": new_id(), "question": kept(question)})


async def not_answered_by_bot(
    c: AsyncConnection, conversation_id: UUID, question: str, *, language: str
) -> None:
    """Note a question that a bot could not answer, once in a conversation, where it tells something."""
    values = {"conversation_id": conversation_id, "language": language, "question": kept(question)}
    if values["question"]:
        await c.execute(_BY_BOT, values | {"id": new_id()})


async def waiting(c: AsyncConnection, limit: int) -> Waiting:
    """Return what was not looked at yet, `limit` of each kind."""
    rows = (await c.execute(_AFTER, {"limit": limit})).mappings()
    contacts = [
        (
            row["id"],
            Sighting(
                origin=f"contact:{row['id']}",
                source="bot" if row["by_bot"] else "contact",
                language=row["language"],
                question=row["question"] or kept(row["title"]),
                times=1,
                first_at=row["at"],
                last_at=row["at"],
                article_id=row["article_id"],
                conversation_id=row["conversation_id"],
            ),
        )
        for row in rows
    ]
    return Waiting(await unanswered.asked_since(c, limit), await feedback.unsolved(c, limit), contacts)


async def take(c: AsyncConnection, seen: Waiting) -> None:
    """Say that these were looked at."""
    await unanswered.take(c, seen.searches)
    await feedback.take(c, [one.id for one in seen.noes])
    await c.execute(_TAKE, {"ids": [row_id for row_id, _ in seen.contacts]})


def _searched(one: Unanswered) -> Sighting:
    origin = f"search:{one.language}:{one.question}"
    return Sighting(origin, "search", one.language, one.question, one.times, one.first_at, one.last_at)


def origin_of(one: Unsolved) -> str:
    """Return what names a no: without words, those about one article with one reason are one question."""
    if kept(one.words):
        return f"said:{one.id}"
    return f"said:{one.article_id}:{one.language}:{one.reason or ''}"


def _said(one: Unsolved) -> Sighting:
    question = kept(one.words) or kept(one.title)
    return Sighting(
        origin_of(one), "article", one.language, question, 1, one.at, one.at, one.article_id, one.reason
    )
