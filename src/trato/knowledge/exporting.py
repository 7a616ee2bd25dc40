"""Writes all articles into a folder of Markdown files, which `trato import articles` reads again."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from trato.db.edge import Services
from trato.kit.errors import Conflict
from trato.knowledge.markdown import FILES

_OWN: Final = re.compile(re.escape(FILES) + r"([0-9a-f-]{36})(?:/[\w.%-]*)?")

_TEXTS = text("""
    SELECT a.id, a.kind, a.visibility, a.source_language, a.external_id, a.review_at,
           s.slug AS section_slug, coalesce(s.names ->> t.language, (
               SELECT value FROM jsonb_each_text(s.names) LIMIT 1)) AS section,
           t.language, t.slug, t.published, v.note,
           coalesce(v.title, t.title) AS title, coalesce(v.summary, t.summary) AS summary,
           coalesce(v.body, t.body) AS body
    FROM article a JOIN article_translation t ON t.article_id = a.id
    LEFT JOIN article_version v ON v.article_id = a.id AND v.language = t.language AND v.number = t.published
    LEFT JOIN section s ON s.id = a.section_id
    WHERE a.removed_at IS NULL ORDER BY a.id, t.language
""")
_FILES = text("""
    SELECT f.id, f.filename, f.store_key FROM article_file f JOIN article a ON a.id = f.article_id
    WHERE a.removed_at IS NULL
""")


async def write(services: Services, folder: Path, say: Callable[[str], None]) -> dict[str, int]:
    """Write what is published, and drafts of what never was; return how many texts and files that are.

    Raises `Conflict` for a folder that has something in it.
    """
    _check_empty(folder)
    async with services.db.snapshot() as c:
        texts = [dict(row) for row in (await c.execute(_TEXTS)).mappings()]
        kept = {str(row.id): row for row in await c.execute(_FILES)}
    used: set[str] = set()
    for number, row in enumerate(texts, start=1):
        place = folder / row["language"] / (row["section_slug"] or "") / f"{row['slug']}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        up = "../" * (len(place.relative_to(folder).parts) - 1)

        def linked(match: re.Match[str], up: str = up) -> str:
            file = kept.get(match[1])
            if file is None:
                return match[0]
            used.add(match[1])
            return f"{up}files/{_name(file)}"

        place.write_text(_head(row) + _OWN.sub(linked, row["body"]).rstrip() + "\n", "utf-8")
        if number % 200 == 0 or number == len(texts):
            say(f"Writing texts: {number} of {len(texts)}")
    for file_id in sorted(used):
        target = folder / "files" / _name(kept[file_id])
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(await services.store.get(kept[file_id].store_key))
    return {"texts": len(texts), "files": len(used)}


def _check_empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(
            "The folder {folder} is not empty.",
            todo="Name one that is, or that is not there yet.",
            values={"folder": folder},
        )


def _name(file: Any) -> str:
    return f"{file.id}-{re.sub(r'[^A-Za-z0-9._-]+', '-', file.filename)}"


def _head(row: dict[str, Any]) -> str:
    values = {
        "id": row["external_id"] or str(row["id"]),
        "language": row["language"],
        "title": row["title"],
        "summary": row["summary"],
        "section": row["section"],
        "slug": row["slug"],
        "kind": row["kind"],
        "visibility": row["visibility"],
        "source_language": row["source_language"],
        "review_at": row["review_at"],
        "state": "published" if row["published"] is not None else "draft",
    }
    lines = (f"{name}: {_quoted(str(value))}\n" for name, value in values.items() if value)
    return "---\n" + "".join(lines) + "---\n\n"


def _quoted(value: str) -> str:
    return f'"{value}"' if value[0] in "\"'" else value
