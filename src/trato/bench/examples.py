"""Reads articles and questions from files of JSON lines."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trato.kit.errors import Invalid
from trato.search.evaluation import Asked
from trato.search.values import Article


def read_articles(path: Path, language: str | None = None) -> list[Article]:
    """Read `{id, title, text[, language]}` a line; `language` is of those that do not tell theirs."""
    found = []
    for number, row in _rows(path):
        try:
            text, title = str(row["text"]), str(row.get("title") or "")
            found.append(Article(str(row["id"]), title, text, str(row.get("language") or language or "")))
        except KeyError as missing:
            raise Invalid(f"{path}, line {number}: {missing} is missing.", field="articles") from None
    return found


def read_questions(path: Path) -> list[Asked]:
    """Read `{query, article}` a line."""
    found = []
    for number, row in _rows(path):
        try:
            article = row["article"]
            found.append(Asked(str(row["query"]), None if article is None else str(article)))
        except KeyError as missing:
            raise Invalid(f"{path}, line {number}: {missing} is missing.", field="queries") from None
    return found


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(_text(path).split("\n"), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if not isinstance(row, dict):
                raise Invalid(f"{path}, line {number}: this is no JSON object.")
            yield number, row


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(f"{path} is no UTF-8 text.") from None
