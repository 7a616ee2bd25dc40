"""Gaps over HTTP: what is missing, for whoever looks after articles."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from trato.access import audit
from trato.access.edge import Caller
from trato.conversations import queries as conversations
from trato.db.edge import TOPICS, Read, Shared, Tx
from trato.db.jobs import enqueue
from trato.gaps import acts, cases, drafts, evidence, grouping, measures, model_drafts, queries, schemas
from trato.gaps.rights import Reader, ReaderOfCases, Teller, Writer, WriterFromCases, check
from trato.kit.clock import now
from trato.kit.language_model import EXTRA as LANGUAGE_MODEL
from trato.kit.paging import Cursor, Limit, Page
from trato.knowledge.rights import writable
from trato.knowledge.schemas import Language

router = APIRouter(tags=["gaps"])


@router.get("/gaps", response_model=schemas.GapPage)
async def find(
    caller: Reader,
    c: Read,
    state: schemas.State = "open",
    language: Language | None = None,
    days: Annotated[int, Query(ge=1, le=365)] = queries.DAYS,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Any:
    """List what people ask and do not find answered, the most met first."""
    await check(c, caller)
    return await queries.find(
        c, today=now().date(), state=state, language=language, days=days, cursor=cursor, limit=limit
    )


@router.post("/gaps/look", status_code=202)
async def look(caller: Writer, c: Tx) -> None:
    """Have what was asked since the last look put into gaps now, and not within two minutes."""
    await check(c, caller)
    await enqueue(c, grouping.KIND, {}, key=grouping.KIND)


@router.get("/gaps/{gap_id}", response_model=schemas.GapView)
async def get(caller: Reader, c: Read, gap_id: UUID) -> Any:
    """Return a gap."""
    await check(c, caller)
    return await queries.get(c, gap_id, today=now().date())


@router.get("/gaps/{gap_id}/questions", response_model=Page[schemas.GapQuestionView])
async def every_question(
    caller: Reader, c: Read, gap_id: UUID, cursor: Cursor = None, limit: Limit = 50
) -> Any:
    """List the questions of a gap as people put them, the most asked first."""
    await check(c, caller)
    await queries.get(c, gap_id, today=now().date())
    return await queries.questions(c, gap_id, cursor=cursor, limit=limit)


@router.post("/gaps/{gap_id}/task", response_model=schemas.GapView)
async def give(caller: Writer, c: Tx, gap_id: UUID, body: schemas.GapTaskBody) -> Any:
    """Make a gap the task of somebody, who finds it among their tasks."""
    await check(c, caller)
    await acts.give(c, gap_id, **body.model_dump(), actor=caller.actor, by=caller.agent_id)
    return await _told(c, caller, gap_id, "gap.given", {"owner_id": str(body.owner_id or "")})


@router.post("/gaps/{gap_id}/answered", response_model=schemas.GapView)
async def answered(caller: Writer, c: Tx, shared: Shared, gap_id: UUID, body: schemas.GapAnsweredBody) -> Any:
    """Say which article answers it; the search finds that by these wordings within a second."""
    await check(c, caller)
    await writable(c, caller, body.article_id)
    await acts.learn(shared, c, gap_id, body.questions, article_id=body.article_id, language=body.language)
    await acts.answered(
        c,
        gap_id,
        article_id=body.article_id,
        language=body.language,
        wordings=body.questions,
        actor=caller.actor,
    )
    return await _told(c, caller, gap_id, "gap.answered", {"article_id": str(body.article_id)})


@router.post("/gaps/{gap_id}/ignore", response_model=schemas.GapView)
async def ignore(caller: Writer, c: Tx, shared: Shared, gap_id: UUID, body: schemas.GapIgnoreBody) -> Any:
    """Leave a gap, with the reason; what is asked of it later is still counted."""
    await check(c, caller)
    await acts.learn(shared, c, gap_id, [])
    await acts.ignore(c, gap_id, body.reason, actor=caller.actor)
    return await _told(c, caller, gap_id, "gap.ignored", {"reason": body.reason})


@router.post("/gaps/{gap_id}/reopen", response_model=schemas.GapView)
async def reopen(caller: Writer, c: Tx, gap_id: UUID) -> Any:
    """Take a gap up again."""
    await check(c, caller)
    await acts.reopen(c, gap_id, actor=caller.actor)
    return await _told(c, caller, gap_id, "gap.reopened", {})


@router.post("/gaps/{gap_id}/article", response_model=schemas.GapView, status_code=201)
async def write(caller: Writer, c: Tx, gap_id: UUID, body: schemas.GapWriteBody) -> Any:
    """Begin an article about it: a draft that belongs to the caller; published, it answers the gap."""
    await check(c, caller)
    article_id = await acts.begin(
        c, gap_id, title=body.title, language=body.language, actor=caller.actor, owner_id=caller.agent_id
    )
    return await _told(c, caller, gap_id, "gap.written", {"article_id": str(article_id)})


@router.post("/conversations/{conversation_id}/not-answered", status_code=204)
async def not_answered(_: Teller, c: Tx, conversation_id: UUID, body: schemas.NotAnsweredBody) -> None:
    """Say that a bot had no answer to a question in a conversation: it becomes part of a gap.

    The same question is kept once for each conversation.
    """
    await conversations.get_conversation(c, conversation_id)
    await evidence.not_answered_by_bot(c, conversation_id, body.question, language=body.language)


async def _told(c: Any, caller: Caller, gap_id: UUID, action: str, data: dict[str, Any]) -> Any:
    await audit.record(c, caller.actor, action, str(gap_id), data, caller.ip)
    return await queries.get(c, gap_id, today=now().date())


@router.get("/gaps/{gap_id}/cases", response_model=Page[schemas.GapCaseView])
async def every_case(caller: ReaderOfCases, c: Read, gap_id: UUID) -> Any:
    """List resolved cases that answered what a gap asks, the likest first; there are five at most."""
    await check(c, caller)
    await queries.get(c, gap_id, today=now().date())
    return {"items": await cases.answering(c, gap_id)}


@router.post("/gaps/{gap_id}/draft", response_model=schemas.GapView, status_code=201)
async def draft(caller: WriterFromCases, shared: Shared, gap_id: UUID, body: schemas.GapDraftBody) -> Any:
    """Begin an article from a resolved case, without what is personal.

    A language model writes it where one is set; in the case's own words otherwise, and where that fails.
    It is a draft that belongs to the caller; nothing publishes it but a person.
    """
    async with shared.db.connect() as c:
        await check(c, caller)
        before = await queries.get(c, gap_id, today=now().date())
        made = await drafts.of_case(c, body.case_id, body.language)
    model = shared.extras.get(LANGUAGE_MODEL) if body.by_model else None
    told = await model_drafts.ask(model, made, body.language)
    async with shared.db.begin() as c:
        await acts.unchanged(c, gap_id, state=before["state"])
        article_id = await drafts.begin(
            c,
            gap_id,
            body.case_id,
            made,
            told,
            language=body.language,
            actor=caller.actor,
            owner_id=caller.agent_id,
        )
        data = {"article_id": str(article_id), "case_id": str(body.case_id), "model": told.model or ""}
        found = await _told(c, caller, gap_id, "gap.drafted", data)
    shared.wake.ring(*TOPICS)
    return found


@router.get("/articles/{article_id}/measures", response_model=schemas.MeasuresView)
async def measure(
    _: Reader, c: Read, article_id: UUID, days: Annotated[int, Query(ge=1, le=365)] = measures.DAYS
) -> Any:
    """Return what an article did: read, matters solved with it, and what readers missed."""
    return await measures.of_article(c, article_id, today=now().date(), days=days)


@router.get("/articles/{article_id}/source", response_model=schemas.MaybeSourceView)
async def source(_: ReaderOfCases, c: Read, article_id: UUID) -> Any:
    """Return the case that an article was drafted from, who wrote the draft, and what to check in it.

    `draft` is null once readers saw the text. What is unsupported is found by its form in the saved text; a
    statement without figure, date, link or price is not seen.
    """
    return await drafts.source(c, article_id)
