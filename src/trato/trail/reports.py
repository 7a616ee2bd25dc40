"""Pages that customers report as broken: joined, given to who answers for them, and told of when mended."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as on_conflict_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.conversations import follow_ups
from trato.decide.page_address import bare
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.kit.paging import decode, moment, page, row_id
from trato.kit.text import clean, one_line
from trato.knowledge import help_centres
from trato.live import service as live
from trato.trail.report_schemas import PageReportView
from trato.trail.tables import page_report, page_report_said
from trato.trail.tables import page_report as reported

MAX_EXPECTED: Final = 2_000
MAX_NOTE: Final = 500
SHOWN: Final = 50  # of what people said of one page

_ARTICLE: Final = re.compile(r"/help/(?:[a-z0-9-]{3,}/)?(es|en|pt)/articles/([^/]+)")
_OF_ARTICLE: Final = text("""
    SELECT a.id, a.owner_id, t.title FROM article_translation t JOIN article a ON a.id = t.article_id
    WHERE t.language = :language AND t.slug = :slug AND a.removed_at IS NULL AND t.published IS NOT NULL
""")
_FORGET: Final = text("""
    DELETE FROM page_report_said WHERE report_id IN (SELECT id FROM page_report WHERE ended_at < :before)
""")
_TASKS: Final[Mapping[str, str]] = {
    "es": "Página que no funciona: {title}",
    "en": "A page that does not work: {title}",
    "pt": "Página que não funciona: {title}",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What one person reports; `file` holds the columns of a screenshot that is stored already."""

    page: str
    expected: str
    language: str
    conversation_id: UUID | None = None
    email: str | None = None
    file: Mapping[str, Any] | None = None


def place_of(address: str, own: str) -> str:
    """Return a page as it is kept: one of ours as a path, without query; raises `Invalid` for none."""
    found = bare(address)
    if own and found.startswith(f"{own}/"):
        found = found[len(own) :]
    if not found:
        raise Invalid("Which page is it?", field="page", todo="Give its address.")
    return found


async def report(c: AsyncConnection, said: Said, *, actor: str) -> UUID:
    """Keep a report, with those of the same page that is broken still; its owner gets a task once."""
    expected = clean(said.expected.strip(), MAX_EXPECTED)
    if not expected:
        raise Invalid("What did you expect?", field="expected", todo="Say it in your own words.")
    report_id = await _joined(c, said.page, actor)
    values = {
        "report_id": report_id,
        "expected": expected,
        "language": said.language,
        "conversation_id": said.conversation_id,
        "email": said.email,
        **(said.file or {}),
    }
    await c.execute(insert(page_report_said).values(id=new_id(), **values))
    await _tell(c, report_id, actor)
    return report_id


async def _joined(c: AsyncConnection, place: str, actor: str) -> UUID:
    """Return the open report of a page, one more counted; a new one becomes its owner's task."""
    article = await _article(c, place)
    title = str(article["title"]) if article else place
    query = (
        on_conflict_insert(page_report)
        .values(id=new_id(), page=place, title=title, count=1, article_id=article["id"] if article else None)
        .on_conflict_do_update(
            index_elements=["page"],
            # As the index is written: with a value in it, a plan for all values finds no index.
            index_where=text("state = 'open'"),
            set_={"count": reported.c.count + 1, "version": reported.c.version + 1},
        )
        .returning(reported.c.id, reported.c.task_id)
    )
    row = (await c.execute(query)).one()
    if row.task_id is None:
        face = await help_centres.of_path(c, place)
        owner_id = (article["owner_id"] if article else None) or face["owner_id"]
        organisation = await brands.get_organisation(c)
        language = organisation["language"] if organisation else "es"
        made = await follow_ups.add_elsewhere(
            c,
            place=f"/articles/broken/{row.id}",
            title=_TASKS.get(str(language), _TASKS["es"]).format(title=one_line(title, 120)),
            due_at=None,
            owner_id=owner_id,
            actor=actor,
            by=None,
        )
        await c.execute(
            update(page_report).where(reported.c.id == row.id).values(task_id=UUID(str(made["id"])))
        )
    found: UUID = row.id
    return found


async def _article(c: AsyncConnection, place: str) -> Mapping[str, Any] | None:
    found = _ARTICLE.fullmatch(place)
    if found is None:
        return None
    values = {"language": found[1], "slug": found[2]}
    row = (await c.execute(_OF_ARTICLE, values)).mappings().first()
    return dict(row) if row is not None else None


async def find(c: AsyncConnection, state: str, *, cursor: str | None, limit: int) -> dict[str, Any]:
    """Return a page of reports in a state, the latest first."""
    at, last = decode(cursor, moment, row_id)
    query = select(page_report).where(reported.c.state == state)
    if at is not None:
        query = query.where(text("(created_at, id) < (:at, :last)").bindparams(at=at, last=last))
    query = query.order_by(reported.c.created_at.desc(), reported.c.id.desc()).limit(limit + 1)
    rows = [dict(row) for row in (await c.execute(query)).mappings()]
    return page(rows, limit, lambda row: (row["created_at"], row["id"]))


async def get(c: AsyncConnection, report_id: UUID) -> dict[str, Any]:
    """Return a report; raises `NotFound`."""
    row = (await c.execute(select(page_report).where(reported.c.id == report_id))).mappings().first()
    if row is None:
        raise NotFound("There is no such report.")
    return dict(row)


async def said_of(c: AsyncConnection, report_id: UUID) -> list[dict[str, Any]]:
    """Return what people said of a page, the latest first; raises `NotFound`."""
    await get(c, report_id)
    said = page_report_said.c
    query = select(page_report_said).where(said.report_id == report_id).order_by(said.created_at.desc())
    return [dict(row) for row in (await c.execute(query.limit(SHOWN))).mappings()]


async def screenshot(c: AsyncConnection, report_id: UUID, said_id: UUID) -> dict[str, Any]:
    """Return the file of what somebody said; raises `NotFound`."""
    said = page_report_said.c
    query = select(page_report_said).where(said.id == said_id, said.report_id == report_id)
    row = (await c.execute(query)).mappings().first()
    if row is None or row["store_key"] is None:
        raise NotFound("There is no such file.")
    return dict(row)


async def end(
    c: AsyncConnection, report_id: UUID, state: str, note: str, *, actor: str, by: UUID | None
) -> dict[str, Any]:
    """Say that a page is mended, or was not broken; its task is over. Raises `NotFound`, `Conflict`."""
    query = (
        update(page_report)
        .where(reported.c.id == report_id, reported.c.state == "open")
        .values(
            state=state,
            note=clean(note.strip(), MAX_NOTE),
            ended_at=func.now(),
            ended_by=actor,
            version=reported.c.version + 1,
        )
        .returning(reported.c.task_id)
    )
    row = (await c.execute(query)).first()
    if row is None:
        await get(c, report_id)
        raise Conflict("This report is over.", todo="If it is broken again, it is reported anew.")
    if row.task_id is not None and await follow_ups.is_open(c, row.task_id):
        done = {"state": "done" if state == "mended" else "dropped"}
        await follow_ups.change(c, row.task_id, done, actor=actor, by=by)
    return await _tell(c, report_id, actor)


async def expire(c: AsyncConnection, before: datetime) -> None:
    """Forget what people said of pages that were mended or dropped before then; how many said it stays."""
    await c.execute(_FORGET, {"before": before})


async def _tell(c: AsyncConnection, report_id: UUID, actor: str) -> dict[str, Any]:
    found = await get(c, report_id)
    shown = PageReportView.model_validate(found).model_dump(mode="json")
    await live.append(c, "page_report.changed", audience="staff", actor=actor, data={"page_report": shown})
    return found
