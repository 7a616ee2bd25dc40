"""Files of articles: pictures and downloads, stored before they are noted."""

import asyncio
import hashlib
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations.uploads import MAX_BYTES, file_name, type_of
from trato.db.edge import Services
from trato.kit.errors import Invalid, NotFound, TooLarge
from trato.kit.ids import new_id
from trato.knowledge import queries
from trato.knowledge.markdown import FILES
from trato.knowledge.tables import article_file

FOLDER = "articles"  # in the store

_SEEN = text("""
    SELECT f.id, f.filename, f.content_type, f.size, f.sha256, f.store_key, a.visibility,
           EXISTS (SELECT FROM article_translation t WHERE t.article_id = a.id
                   AND t.published IS NOT NULL) AS published
    FROM article_file f JOIN article a ON a.id = f.article_id WHERE f.id = :id AND a.removed_at IS NULL
""")


async def keep(
    shared: Services, article_id: UUID, data: bytes, filename: str | None, *, actor: str
) -> dict[str, Any]:
    """Store a file of an article; raises `NotFound`, `TooLarge`, `Invalid`, `Unavailable`."""
    if len(data) > MAX_BYTES:
        raise TooLarge("The file is too large.", todo="Send a smaller one.")
    if not data:
        raise Invalid("The file is empty.", field="file")
    digest = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
    async with shared.db.connect() as c:
        await queries.get_article(c, article_id)
        if known := await _same(c, article_id, digest):
            return known
    key = f"{FOLDER}/{digest[:2]}/{new_id()}"
    await shared.store.put(key, data)
    values = {
        "id": new_id(),
        "article_id": article_id,
        "filename": file_name(filename),
        "content_type": type_of(data),
        "size": len(data),
        "sha256": digest,
        "store_key": key,
        "uploaded_by": actor,
    }
    async with shared.db.begin() as c:
        row = (await c.execute(insert(article_file).values(values).returning(article_file))).mappings().one()
    return view(row)


async def _same(c: AsyncConnection, article_id: UUID, digest: str) -> dict[str, Any] | None:
    query = select(article_file).where(
        article_file.c.article_id == article_id, article_file.c.sha256 == digest
    )
    row = (await c.execute(query)).mappings().first()
    return view(row) if row is not None else None


async def every(c: AsyncConnection, article_id: UUID) -> list[dict[str, Any]]:
    """Return the files of an article, the oldest first."""
    query = select(article_file).where(article_file.c.article_id == article_id).order_by(article_file.c.id)
    return [view(row) for row in (await c.execute(query)).mappings()]


async def remove(c: AsyncConnection, article_id: UUID, file_id: UUID) -> None:
    """Take a file away from its article; its bytes are deleted a day later. Raises `NotFound`."""
    gone = await c.execute(
        delete(article_file).where(article_file.c.id == file_id, article_file.c.article_id == article_id)
    )
    if not gone.rowcount:
        raise NotFound("The article has no such file.")


async def for_reader(c: AsyncConnection, file_id: UUID, allowed: tuple[str, ...] | None) -> dict[str, Any]:
    """Return a file of an article that a reader may see; raises `NotFound`.

    `allowed` are the visibilities that count, None for staff.
    """
    row = (await c.execute(_SEEN, {"id": file_id})).mappings().first()
    if row is None or (allowed is not None and not (row["published"] and row["visibility"] in allowed)):
        raise NotFound("There is no such file.")
    return dict(row)


def view(row: Any) -> dict[str, Any]:
    """Return a file as the API shows it."""
    return {
        **{
            name: row[name] for name in ("id", "article_id", "filename", "content_type", "size", "created_at")
        },
        "url": f"{FILES}{row['id']}",
    }
