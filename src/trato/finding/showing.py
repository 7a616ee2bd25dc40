"""Shows what was found: each thing as it is now, with the words where they stand."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide.snippets import Part, snippet
from trato.finding.asking import Understood
from trato.finding.marks import Kind

TITLE: Final = 120  # letters
_LATEST: Final = """
    (SELECT v.id FROM conversation v WHERE v.{column} = k.id ORDER BY v.last_message_at DESC LIMIT 1)
"""
_SQL: Final[Mapping[Kind, str]] = {
    Kind.CONTACT: f"""
        SELECT k.id, k.name AS title, k.created_at AS at, k.id AS contact_id, k.name AS contact_name,
               concat_ws(' · ', (SELECT string_agg(value, ' · ' ORDER BY created_at) FROM address a
                WHERE a.contact_id = k.id AND a.kind IN ('email', 'phone')),
                fields_said(k.id, NULL)) AS said,
               {_LATEST.format(column="contact_id")} AS conversation_id
        FROM contact k WHERE k.id = ANY(:ids) AND k.merged_into IS NULL
    """,
    Kind.CASE: f"""
        SELECT k.id, k.title, k.updated_at AS at, k.contact_id, p.name AS contact_name, k.number, k.status,
               concat_ws(' · ', nullif(k.expectation, ''), nullif(k.promise, ''),
                         nullif(k.resolution, ''), fields_said(NULL, k.id)) AS said,
               {_LATEST.format(column="case_id")} AS conversation_id
        FROM cases k JOIN contact p ON p.id = k.contact_id WHERE k.id = ANY(:ids) AND k.merged_into IS NULL
    """,
    Kind.ARTICLE: """
        SELECT DISTINCT ON (k.id) k.id, v.title, v.published_at AS at,
               concat_ws(' ', v.summary, v.text) AS said
        FROM article k JOIN article_translation t ON t.article_id = k.id
        JOIN article_version v
          ON v.article_id = t.article_id AND v.language = t.language AND v.number = t.published
        WHERE k.id = ANY(:ids) AND k.removed_at IS NULL
        ORDER BY k.id, t.language = :language DESC, t.language = k.source_language DESC, t.language
    """,
    Kind.MESSAGE: """
        SELECT k.id, coalesce(nullif(k.author_name, ''), p.name) AS title, k.created_at AS at, k.direction,
               concat_ws(' · ', nullif(k.subject, ''), k.text) AS said, v.channel, v.status,
               k.contact_id, p.name AS contact_name, k.conversation_id, c.number
        FROM message k JOIN conversation v ON v.id = k.conversation_id JOIN contact p ON p.id = v.contact_id
        LEFT JOIN cases c ON c.id = k.case_id
        WHERE k.id = ANY(:ids)
    """,
}
_NUMBERED: Final = text("SELECT id FROM cases WHERE number = :number AND merged_into IS NULL")


async def show(
    c: AsyncConnection, kind: Kind, ids: Sequence[UUID], understood: Understood, language: str
) -> list[dict[str, Any]]:
    """Return things as the API shows them, in the order of the ids; what is gone meanwhile is left out."""
    if not ids:
        return []
    values = {"ids": list(ids)} | ({"language": language} if kind is Kind.ARTICLE else {})
    rows = [dict(row) for row in (await c.execute(text(_SQL[kind]), values)).mappings()]
    views = {row["id"]: _view(kind, row, _marker(understood)) for row in rows}
    return [views[one] for one in ids if one in views]


async def numbered(c: AsyncConnection, number: int) -> UUID | None:
    """Return the case of a number, as people say it."""
    found: UUID | None = await c.scalar(_NUMBERED, {"number": number})
    return found


def _marker(understood: Understood) -> Callable[[str, int | None], list[Part]]:
    words, begins = understood.words, understood.begins

    def mark(said: str, width: int | None = None) -> list[Part]:
        return snippet(said, words, begins, *([] if width is None else [width]))

    return mark


def _view(
    kind: Kind, row: Mapping[str, Any], mark: Callable[[str, int | None], list[Part]]
) -> dict[str, Any]:
    own = {name: value for name, value in row.items() if name not in {"title", "said"}}
    return {
        "kind": kind.label,
        "title": mark(row["title"] or "", TITLE),
        "snippet": mark(row["said"] or "", None),
        **own,
        "contact_name": row.get("contact_name") or "",
    }
