"""Articles over HTTP: read by everybody who answers, written by supervisors and by their owners."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Query, UploadFile
from starlette.concurrency import run_in_threadpool

from trato.access import audit
from trato.access.roles import Role
from trato.conversations.uploads import MAX_BYTES
from trato.db.edge import Read, Shared, Tx
from trato.kit.clock import now
from trato.kit.errors import NotAllowed
from trato.kit.paging import Cursor, Limit, Page
from trato.knowledge import feedback, files, queries, questions, readers, schemas, service, texts
from trato.knowledge.finder import finder_of
from trato.knowledge.markdown import render
from trato.knowledge.rights import Editor, Reader, Writer, writable
from trato.live.versions import Expected

router = APIRouter(tags=["articles"])


@router.get("/articles", response_model=Page[schemas.ArticleView])
async def find(
    _: Reader,
    c: Read,
    section_id: UUID | None = None,
    owner_id: UUID | None = None,
    state: schemas.State | None = None,
    language: schemas.Language | None = None,
    words: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Any:
    """List articles, the latest changed first; `state` says what is to do, `words` stand in a title."""
    return await queries.find(
        c,
        today=now().date(),
        section_id=section_id,
        owner_id=owner_id,
        state=state,
        language=language,
        words=words[:200] if words else None,
        cursor=cursor,
        limit=limit,
    )


@router.post("/articles", response_model=schemas.ArticleView, status_code=201)
async def create(caller: Editor, c: Tx, body: schemas.ArticleBody) -> Any:
    """Begin an article with the draft of its first language."""
    values = body.model_dump(exclude={"text", "language"}) | {"source_language": body.language}
    article_id = await service.create(c, values)
    written = texts.Text(**body.text.model_dump())
    await texts.write(c, article_id, body.language, written, actor=caller.actor)
    await audit.record(
        c, caller.actor, "article.created", str(article_id), {"title": body.text.title}, caller.ip
    )
    return await queries.get_article(c, article_id)


@router.post("/articles/preview", response_model=schemas.Preview)
async def preview(_: Reader, body: schemas.PreviewBody) -> Any:
    """Show Markdown as readers would see it; nothing is kept."""
    return {"html": (await run_in_threadpool(render, body.body)).html}


@router.get("/articles/search", response_model=schemas.FoundPage)
async def search(
    _: Reader,
    shared: Shared,
    q: Annotated[str, Query(min_length=1, max_length=600)],
    language: schemas.Language = "es",
) -> Any:
    """Find what is published for a question in any words, all visibilities, in `language` where it can be."""
    found = await finder_of(shared).find(q, language, readers.STAFF)
    items = [
        {
            "article_id": result.article_id,
            "language": result.link.language,
            "title": result.link.title,
            "slug": result.link.slug,
            "visibility": result.link.visibility,
            "passage": result.passage,
        }
        for result in found.results
    ]
    return {"items": items, "answers": found.answers, "understood": found.understood}


@router.get("/articles/{article_id}", response_model=schemas.ArticleView)
async def get(_: Reader, c: Read, article_id: UUID) -> Any:
    """Return an article and where it stands in each language."""
    return await queries.get_article(c, article_id)


@router.patch("/articles/{article_id}", response_model=schemas.ArticleView)
async def change(
    caller: Writer, c: Tx, article_id: UUID, body: schemas.ArticleChange, expected: Expected
) -> Any:
    """Change an article beside its texts; what is left out stays. Who owns it, supervisors say."""
    values = body.model_dump(exclude_unset=True)
    before = await writable(c, caller, article_id)
    if values.get("owner_id", before["owner_id"]) != before["owner_id"] and caller.role < Role.SUPERVISOR:
        raise NotAllowed("Your role does not allow this.", todo="Ask a supervisor.")
    found = await service.change(c, article_id, values, actor=caller.actor, expected=expected)
    fields = {"fields": sorted(values)}
    await audit.record(c, caller.actor, "article.changed", str(article_id), fields, caller.ip)
    return found


@router.delete("/articles/{article_id}", status_code=204)
async def remove(caller: Editor, c: Tx, article_id: UUID) -> None:
    """Take an article away, in all languages."""
    await service.remove(c, article_id, actor=caller.actor)
    await audit.record(c, caller.actor, "article.removed", str(article_id), ip=caller.ip)


@router.get("/articles/{article_id}/feedback", response_model=schemas.FeedbackPage)
async def said(_: Reader, c: Read, article_id: UUID, cursor: Cursor = None, limit: Limit = 50) -> Any:
    """List what readers said of an article, the latest first."""
    return await feedback.of_article(c, article_id, cursor=cursor, limit=limit)


@router.get("/articles/{article_id}/files", response_model=Page[schemas.ArticleFileView])
async def every_file(_: Reader, c: Read, article_id: UUID) -> Any:
    """List the files of an article."""
    await queries.get_article(c, article_id)
    return {"items": await files.every(c, article_id)}


@router.post("/articles/{article_id}/files", response_model=schemas.ArticleFileView, status_code=201)
async def add_file(
    caller: Writer, shared: Shared, article_id: UUID, file: Annotated[UploadFile, File()]
) -> Any:
    """Keep a picture or a download for an article; its text refers to `url`."""
    async with shared.db.connect() as c:
        await writable(c, caller, article_id)
    data = await file.read(MAX_BYTES + 1)
    return await files.keep(shared, article_id, data, file.filename, actor=caller.actor)


@router.delete("/articles/{article_id}/files/{file_id}", status_code=204)
async def remove_file(caller: Writer, c: Tx, article_id: UUID, file_id: UUID) -> None:
    """Take a file away from its article."""
    await writable(c, caller, article_id)
    await files.remove(c, article_id, file_id)


@router.get("/articles/{article_id}/questions", response_model=Page[schemas.WordingView])
async def every_wording(_: Reader, c: Read, article_id: UUID) -> Any:
    """List the wordings by which the search finds an article, beside its own words."""
    return {"items": await questions.every(c, article_id)}


@router.post("/articles/{article_id}/questions", response_model=schemas.WordingView, status_code=201)
async def add_wording(caller: Writer, c: Tx, article_id: UUID, body: schemas.WordingBody) -> Any:
    """Have the search find an article by a question as people put it, within a second."""
    await writable(c, caller, article_id)
    return await questions.add(c, article_id, body.language, body.question, actor=caller.actor)


@router.delete("/articles/{article_id}/questions/{question_id}", status_code=204)
async def remove_wording(caller: Writer, c: Tx, article_id: UUID, question_id: UUID) -> None:
    """Take a wording away."""
    await writable(c, caller, article_id)
    await questions.remove(c, article_id, question_id)
