"""Articles as Zendesk's help centre API gives them: `articles`, with sections, translations, segments beside.

https://developer.zendesk.com/api-reference/help_center/help-center-api/articles/
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from trato.knowledge.reading.rows import BadRow, Incoming, Raw, checked, text_of
from trato.knowledge.reading.structured import texts_of


def read(file: Path, root: Path, language: str | None) -> Iterator[Incoming | BadRow]:
    """Yield the texts of a JSON file: what Zendesk exports, or a list of rows such as JSON lines have."""
    shown = str(file.relative_to(root))
    try:
        found = json.loads(text_of(file))
    except (ValueError, RecursionError) as error:
        yield BadRow(shown, f"is no JSON: {error}")
        return
    if isinstance(found, dict) and "article" in found:
        found = {**found, "articles": [found["article"]]}
    if isinstance(found, dict) and isinstance(found.get("articles"), list):
        yield from _exported(found, shown, language)
    elif isinstance(found, list):
        for number, row in enumerate(found):
            where = f"{shown}[{number}]"
            if not isinstance(row, dict):
                yield BadRow(where, "is no object")
                continue
            for one in texts_of(row, where):
                yield checked(one, language)
    else:
        yield BadRow(shown, "has no list of articles")


def _visibility(row: Mapping[str, Any], segments: Mapping[Any, Any]) -> str:
    """Return who may read: a segment that the file does not say to be of customers is the team's."""
    segment = row.get("user_segment_id")
    if segment is None:
        return "public"
    return "signed_in" if segments.get(segment) == "signed_in_users" else "agents"


def _exported(found: Mapping[str, Any], shown: str, language: str | None) -> Iterator[Incoming | BadRow]:
    segments = {one.get("id"): one.get("user_type") for one in _objects(found.get("user_segments"))}
    names = {one.get("id"): one for one in _objects(found.get("sections"))}
    translations: dict[Any, list[Mapping[str, Any]]] = {}
    for one in _objects(found.get("translations")):
        translations.setdefault(one.get("source_id"), []).append(one)
    for number, row in enumerate(found["articles"]):
        where = f"{shown} articles[{number}]"
        if not isinstance(row, dict):
            yield BadRow(where, "is no object")
            continue
        beside = [*translations.get(row.get("id"), ()), *_objects(row.get("translations"))]
        section = names.get(row.get("section_id"), {})
        shared = {
            "id": f"zendesk:{row['id']}" if row.get("id") else "",
            "section": section.get("name"),
            "section_id": f"zendesk:{row['section_id']}" if row.get("section_id") else "",
            "source_language": row.get("source_locale"),
            "visibility": _visibility(row, segments),
        }
        own = {
            "title": row.get("title") or row.get("name"),
            "body": row.get("body"),
            "locale": row.get("locale"),
        }
        texts = {str(one.get("locale")): one for one in [{**own, "draft": row.get("draft")}, *beside]}
        for one in texts.values():
            picked = {name: one.get(name) for name in ("title", "body", "locale", "draft")}
            yield checked(
                Raw(f"{where} {one.get('locale') or ''}".strip(), shared | picked, html=True), language
            )


def _objects(found: Any) -> list[Mapping[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
