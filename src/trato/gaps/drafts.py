"""Begins an article from the case that answered a gap: its own words, without what is personal.

A language model may write it anew; the case's own words then stand beside it.
"""

from dataclasses import asdict
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide import article_draft, personal_data
from trato.decide.article_draft import Draft, Said
from trato.decide.unsupported import unsupported
from trato.gaps import acts
from trato.gaps.model_drafts import Told
from trato.gaps.tables import article_source
from trato.kit.errors import Conflict, NotFound
from trato.kit.text import one_line

MOST_MESSAGES: Final = 200

_CASE = text("SELECT id, number, status, resolution, contact_id FROM cases WHERE id = :id")
_SAID = text("""
    SELECT direction = 'in' AS by_contact, text FROM message m
    WHERE case_id = :id AND direction IN ('in', 'out') AND kind = 'text' AND text <> ''
        AND author_kind IN ('contact', 'agent') AND with_contact(m)
    ORDER BY created_at, id LIMIT :limit
""")
_NAMES = text("""
    SELECT name FROM contact WHERE id = :contact
    UNION SELECT author_name FROM message WHERE case_id = :id
    UNION SELECT p.name FROM participant p JOIN conversation v ON v.id = p.conversation_id
        WHERE v.case_id = :id
""")
_VALUES = text("""
    SELECT value FROM address WHERE contact_id = :contact
    UNION SELECT value #>> '{}' FROM fact WHERE contact_id = :contact
        AND (value #>> '{}' ~ '[0-9@]' OR name ~* 'name|nombre|nome|address|direcci|endere|street|calle')
    UNION SELECT number::text FROM cases WHERE contact_id = :contact
""")


async def of_case(c: AsyncConnection, case_id: UUID, language: str) -> Draft:
    """Return the draft that a case gives; raises `NotFound`, `Conflict` for one that is not resolved."""
    case = (await c.execute(_CASE, {"id": case_id})).first()
    if case is None:
        raise NotFound("There is no such case.")
    if case.status not in {"resolved", "closed"}:
        raise Conflict("This case is not resolved yet.", todo="Choose one whose answer is known.")
    values = {"id": case_id, "contact": case.contact_id}
    rows = (await c.execute(_SAID, {"id": case_id, "limit": MOST_MESSAGES})).all()
    said = [Said(row.by_contact, row.text) for row in rows]
    if case.resolution:
        said.append(Said(by_contact=False, text=case.resolution))
    names = [str(name) for name in (await c.execute(_NAMES, values)).scalars() if name]
    known = [str(value) for value in (await c.execute(_VALUES, values)).scalars() if value]
    clean = partial(personal_data.without, language=language, names=names, values=known)
    return article_draft.draft(said, language, clean)


async def begin(
    c: AsyncConnection,
    gap_id: UUID,
    case_id: UUID,
    made: Draft,
    told: Told,
    *,
    language: str,
    actor: str,
    owner_id: UUID | None,
) -> UUID:
    """Begin an article about a gap: a draft as it was told, and what the case says kept beside it.

    What was written from a case that says something else by now is left. Raises as `of_case` does.
    """
    now = await of_case(c, case_id, language)
    if now != made and told.written is not None:
        told = Told(problem="changed")
    title, body = (told.written.title, told.written.body) if told.written else (now.title, now.body)
    article_id = await acts.begin(
        c, gap_id, title=title, language=language, actor=actor, owner_id=owner_id, body=body
    )
    kept = {"article_id": article_id, "case_id": case_id, "language": language}
    own_title = one_line(now.title, acts.MAX_TITLE)
    said = {"title": own_title, "body": now.body, "model": told.model, "problem": told.problem}
    await c.execute(insert(article_source).values(**kept, **said))
    return article_id


async def source(c: AsyncConnection, article_id: UUID) -> dict[str, Any]:
    """Return the case that an article was drafted from, and the draft; None where it was from none."""
    query = select(article_source).where(article_source.c.article_id == article_id)
    kept = (await c.execute(query)).first()
    row = (await c.execute(_SOURCE, {"id": kept.case_id})).mappings().first() if kept is not None else None
    if kept is None or row is None:
        return {"case": None, "draft": None}
    return {"case": dict(row), "draft": await _draft(c, kept)}


async def _draft(c: AsyncConnection, kept: Any) -> dict[str, Any] | None:
    """Return who wrote the text and what in it the case does not say, until readers saw it once."""
    now = (await c.execute(_TEXT, {"id": kept.article_id, "language": kept.language})).first()
    if now is None or now.first_published_at is not None or not kept.body:
        return None
    own = (now.title, now.body) == (kept.title, kept.body)
    by_model = kept.model is not None and not own
    said = f"{kept.title}\n\n{kept.body}"
    return {
        "language": kept.language,
        "written_by": "model" if by_model else "case",
        "model": kept.model,
        "problem": kept.problem,
        "title": kept.title,
        "body": kept.body,
        "unsupported": [
            {**asdict(one), "field": field}
            for field in ("title", "summary", "body")
            for one in unsupported(getattr(now, field), said, kept.language)
            if by_model
        ],
    }


_TEXT = text("""
    SELECT title, summary, body, first_published_at FROM article_translation
    WHERE article_id = :id AND language = :language
""")
_SOURCE = text("""
    SELECT k.id, k.number, k.title, (
        SELECT v.id FROM conversation v WHERE v.case_id = k.id
        ORDER BY v.status = 'closed', v.last_message_at DESC NULLS LAST, v.id LIMIT 1) AS conversation_id
    FROM cases k WHERE k.id = :id
""")
