"""The texts of articles over HTTP: drafts, publication, history."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import audit
from trato.access.edge import Caller
from trato.db.edge import Read, Tx
from trato.kit import paging
from trato.kit.paging import Cursor, Limit, Page, decode
from trato.knowledge import queries, schemas, texts
from trato.knowledge.rights import Reader, Writer, may_write, writable
from trato.live.versions import Expected

router = APIRouter(tags=["articles"])

_TEXT = "/articles/{article_id}/texts/{language}"


@router.get(_TEXT, response_model=schemas.TextView)
async def get(caller: Reader, c: Read, article_id: UUID, language: schemas.Language) -> Any:
    """Return the text of an article in one language as it is being written."""
    editable = may_write(caller, await queries.get_article(c, article_id))
    return await queries.get_text(c, article_id, language) | {"editable": editable}


@router.put(_TEXT, response_model=schemas.TextView)
async def write(
    caller: Writer,
    c: Tx,
    article_id: UUID,
    language: schemas.Language,
    body: schemas.TextBody,
    expected: Expected,
) -> Any:
    """Save a draft, in a new language too; readers see nothing of it. `If-Match` names its `revision`."""
    await writable(c, caller, article_id)
    written = texts.Text(**body.model_dump())
    found = await texts.write(c, article_id, language, written, actor=caller.actor, expected=expected)
    return found | {"editable": True}


@router.post(_TEXT + "/publish", response_model=schemas.TextView)
async def publish(
    caller: Writer,
    c: Tx,
    article_id: UUID,
    language: schemas.Language,
    body: schemas.Publication,
    expected: Expected,
) -> Any:
    """Show the draft to readers as a new version; `minor` when translations of the one before still hold."""
    await writable(c, caller, article_id)
    found = await texts.publish(
        c,
        article_id,
        language,
        actor=caller.actor,
        note=body.note,
        minor=body.minor,
        expected=expected,
    )
    said = {"language": language, "number": found["published"]}
    await _note(c, caller, "article.published", article_id, said)
    return found | {"editable": True}


@router.post(_TEXT + "/withdraw", response_model=schemas.TextView)
async def withdraw(
    caller: Writer, c: Tx, article_id: UUID, language: schemas.Language, expected: Expected
) -> Any:
    """Take a text away from readers; it stays as a draft."""
    await writable(c, caller, article_id)
    found = await texts.withdraw(c, article_id, language, actor=caller.actor, expected=expected)
    await _note(c, caller, "article.withdrawn", article_id, {"language": language})
    return found | {"editable": True}


@router.post(_TEXT + "/still-right", response_model=schemas.TextView)
async def still_right(caller: Writer, c: Tx, article_id: UUID, language: schemas.Language) -> Any:
    """Say that a translation holds although its source changed."""
    await writable(c, caller, article_id)
    return await texts.still_right(c, article_id, language, actor=caller.actor) | {"editable": True}


@router.post(_TEXT + "/discard", response_model=schemas.TextView)
async def discard(caller: Writer, c: Tx, article_id: UUID, language: schemas.Language) -> Any:
    """Put the draft back to what readers see."""
    await writable(c, caller, article_id)
    return await texts.discard(c, article_id, language, actor=caller.actor) | {"editable": True}


@router.get(_TEXT + "/versions", response_model=Page[schemas.VersionView])
async def history(
    _: Reader,
    c: Read,
    article_id: UUID,
    language: schemas.Language,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Any:
    """List what was published: who, when, and what changed; the latest first."""
    await queries.get_article(c, article_id)
    (before,) = decode(cursor, paging.number)
    return await queries.versions(c, article_id, language, before=before, limit=limit)


@router.get(_TEXT + "/versions/{number}", response_model=schemas.VersionText)
async def version(_: Reader, c: Read, article_id: UUID, language: schemas.Language, number: int) -> Any:
    """Return a version with its text."""
    await queries.get_article(c, article_id)
    return await queries.get_version(c, article_id, language, number)


@router.post(_TEXT + "/versions/{number}/restore", response_model=schemas.TextView)
async def restore(caller: Writer, c: Tx, article_id: UUID, language: schemas.Language, number: int) -> Any:
    """Make an earlier version the draft."""
    await writable(c, caller, article_id)
    return await texts.restore(c, article_id, language, number, actor=caller.actor) | {"editable": True}


async def _note(
    c: AsyncConnection, caller: Caller, action: str, article_id: UUID, said: dict[str, Any]
) -> None:
    await audit.record(c, caller.actor, action, str(article_id), said, caller.ip)
