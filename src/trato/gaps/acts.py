"""What is done about a gap: given to somebody, written about, answered by what there is, or left."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations import follow_ups
from trato.db.edge import Services
from trato.gaps.tables import gap
from trato.kit.errors import Conflict, NotFound, TooMany, Unavailable
from trato.kit.text import one_line
from trato.knowledge import finder, gate, queries, questions, readers, service, texts

MAX_TITLE: Final = 200
SYSTEM: Final = "system"


async def hold(c: AsyncConnection, gap_id: UUID) -> Mapping[str, Any]:
    """Lock a gap and return its row; raises `NotFound`."""
    row = (await c.execute(select(gap).where(gap.c.id == gap_id).with_for_update())).mappings().first()
    if row is None:
        raise NotFound("There is no such gap.", todo="It may have been put together with another one.")
    return dict(row)


async def unchanged(c: AsyncConnection, gap_id: UUID, *, state: str) -> None:
    """Lock a gap; raises `Conflict` for one that somebody began to write about, or decided, meanwhile."""
    if (await hold(c, gap_id))["state"] != state:
        raise Conflict("Somebody else saw to this gap meanwhile.", todo="Look at it again.")


async def give(
    c: AsyncConnection,
    gap_id: UUID,
    *,
    owner_id: UUID | None,
    due_at: datetime | None,
    actor: str,
    by: UUID | None,
) -> None:
    """Make a gap the task of somebody; raises `NotFound`, `Conflict` when it is one already, `Invalid`."""
    row = await hold(c, gap_id)
    if row["task_id"] is not None and await follow_ups.is_open(c, row["task_id"]):
        raise Conflict("This gap is somebody's task already.", todo="Change that task, or finish it.")
    made = await follow_ups.add_elsewhere(
        c,
        place=f"/articles/gaps/{gap_id}",
        title=str(row["title"])[:MAX_TITLE],
        due_at=due_at,
        owner_id=owner_id,
        actor=actor,
        by=by,
    )
    await _set(c, gap_id, task_id=UUID(made["id"]))


async def answered(
    c: AsyncConnection,
    gap_id: UUID,
    *,
    article_id: UUID,
    language: str,
    wordings: list[str],
    actor: str,
) -> None:
    """Say that an article answers it, and keep the wordings by which the search shall find that.

    Without wordings the question that is asked most is kept, where it is in that language. Raises `NotFound`.
    """
    row = await hold(c, gap_id)
    kept = wordings or ([str(row["title"])] if row["language"] == language else [])
    for wording in kept:
        await questions.add(c, article_id, language, wording, actor=actor)
    await _decide(c, gap_id, "answered", actor=actor, article_id=article_id)


async def published(c: AsyncConnection, gap_id: UUID, article_id: UUID, language: str, wording: str) -> None:
    """Say that what was written about a gap is published now; the search finds it by the gap's question."""
    article = await queries.get_article(c, article_id)
    if language in {one["language"] for one in article["translations"]}:
        with suppress(Conflict):  # it has enough of them
            await questions.add(c, article_id, language, wording, actor=SYSTEM)
    await _decide(c, gap_id, "answered", actor=SYSTEM, article_id=article_id)


async def learn(
    shared: Services,
    c: AsyncConnection,
    gap_id: UUID,
    wordings: list[str],
    *,
    article_id: UUID | None = None,
    language: str = "",
) -> None:
    """Keep for the gate whether the first hit of a gap's questions is the article that answers them.

    Without an article none is. Nothing is kept in a process whose search is not open: nobody waits for it.
    """
    row = await hold(c, gap_id)
    found = shared.extras.get(finder.EXTRA)
    if found is None or not found.is_open:
        return
    spoken = language or str(row["language"])
    for wording in wordings or [str(row["title"])]:
        with suppress(Unavailable, TooMany):
            answer = await found.find(wording, spoken, readers.EVERYBODY, limit=1)
            first = next(iter(answer.results), None)
            right = first is not None and first.article_id == article_id
            await gate.judge(c, spoken, wording, answer.signals, right=right, judge="owner")


async def ignore(c: AsyncConnection, gap_id: UUID, reason: str, *, actor: str) -> None:
    """Leave a gap, and say why; raises `NotFound`."""
    await hold(c, gap_id)
    await _decide(c, gap_id, "ignored", actor=actor, reason=reason)


async def writing(c: AsyncConnection, gap_id: UUID, article_id: UUID, *, actor: str) -> None:
    """Say that an article is being written for it; once that is published, it is answered."""
    await hold(c, gap_id)
    await _decide(c, gap_id, "writing", actor=actor, article_id=article_id)


async def reopen(c: AsyncConnection, gap_id: UUID, *, actor: str) -> None:
    """Take a gap up again; raises `NotFound`."""
    await hold(c, gap_id)
    await _decide(c, gap_id, "open", actor=actor, article_id=None)


async def _decide(c: AsyncConnection, gap_id: UUID, state: str, *, actor: str, **values: Any) -> None:
    decided = {"state": state, "decided_by": actor, "decided_at": func.now(), "reason": ""}
    await _set(c, gap_id, **(decided | values))


async def _set(c: AsyncConnection, gap_id: UUID, **values: Any) -> None:
    await c.execute(update(gap).where(gap.c.id == gap_id).values(**values, version=gap.c.version + 1))


async def begin(
    c: AsyncConnection,
    gap_id: UUID,
    *,
    title: str,
    language: str,
    actor: str,
    owner_id: UUID | None,
    body: str = "",
) -> UUID:
    """Begin an article about a gap, a draft with an owner; nothing of it is seen by readers."""
    row = await hold(c, gap_id)
    article_id = await service.create(c, {"source_language": language, "owner_id": owner_id})
    named = one_line(title or _as_title(str(row["title"])), MAX_TITLE)
    await texts.write(c, article_id, language, texts.Text(named, "", body), actor=actor)
    await writing(c, gap_id, article_id, actor=actor)
    return article_id


def _as_title(question: str) -> str:
    return question[:1].upper() + question[1:]
