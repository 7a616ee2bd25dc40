"""What the team reads beside a conversation: policies that hold for it, articles that may answer."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.edge import Caller, require
from trato.db.edge import Shared
from trato.decide import asked
from trato.kit.errors import NotFound, Unavailable
from trato.knowledge import readers, schemas
from trato.knowledge.finder import Result, finder_of

Reader = Annotated[Caller, require("agent", "articles:read", "conversations:read")]

router = APIRouter(tags=["articles"])

CANDIDATES: Final = 20
MOST: Final = {"policy": 2, "article": 3}
# Below these scores an article matches by small words alone: measured on greetings beside real questions.
WORTH: Final = {"policy": 6.0, "article": 7.0}
BEHIND: Final = {
    "policy": 6.0,
    "article": 4.0,
}  # the best, at most: a policy holds also beside a better answer

_SAID: Final = text("""
    SELECT v.language, coalesce(k.title, '') AS title, coalesce((
        SELECT array_agg(left(m.text, 2000) ORDER BY m.created_at DESC, m.id DESC) FROM (
            SELECT text, created_at, id FROM message
            WHERE conversation_id = v.id AND direction = 'in' AND text <> ''
            ORDER BY created_at DESC, id DESC LIMIT 6) m), '{}') AS said
    FROM conversation v LEFT JOIN cases k ON k.id = v.case_id
    WHERE v.id = :id
""")


class InContext(schemas.FoundView):
    """An article that may help in a conversation."""

    kind: Literal["article", "policy"]


class InContextList(BaseModel):
    """Policies first, then articles; `answers`: the first passage of all surely answers what was asked.

    `question` is what was looked for, in the person's words; empty when they have said nothing of matter yet.
    `ready` is false while the search is still being opened: ask again in a few seconds.
    """

    items: list[InContext]
    next_cursor: None = None
    answers: UUID | None
    question: str
    ready: bool = True


@router.get("/conversations/{conversation_id}/articles", response_model=InContextList)
async def in_context(_: Reader, shared: Shared, conversation_id: UUID) -> Any:
    """Return the policies and articles that may help with what the person asked, whoever may read them."""
    async with shared.db.connect() as c:
        language, question = await _asked(c, conversation_id)
    if not question:
        return {"items": [], "answers": None, "question": ""}
    try:
        found = await finder_of(shared).find(question, language, readers.STAFF, limit=CANDIDATES)
    except Unavailable:
        return {"items": [], "answers": None, "question": question, "ready": False}
    items = [_item(result) for kind in MOST for result in _worth(found.results, kind)]
    answers = found.results[0].article_id if found.answers else None
    return {"items": items, "answers": answers, "question": question}


async def _asked(c: AsyncConnection, conversation_id: UUID) -> tuple[str, str]:
    row = (await c.execute(_SAID, {"id": conversation_id})).one_or_none()
    if row is None:
        raise NotFound("There is no such conversation.")
    return row.language or "es", asked.question(row.title, row.said)


def _worth(results: Sequence[Result], kind: str) -> list[Result]:
    best = max((one.score for one in results), default=0.0)
    least = max(WORTH[kind], best - BEHIND[kind])
    return [one for one in results if one.link.kind == kind and one.score >= least][: MOST[kind]]


def _item(result: Result) -> dict[str, Any]:
    link = result.link
    return {
        "article_id": result.article_id,
        "kind": link.kind,
        "language": link.language,
        "title": link.title,
        "slug": link.slug,
        "visibility": link.visibility,
        "passage": result.passage,
    }
