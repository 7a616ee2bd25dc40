"""Articles as rows: CSV with a head, and JSON lines with one text a line or all languages in one."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from trato.knowledge.reading.rows import BadRow, Incoming, Raw, checked, text_of

MAX_FIELD: Final = 1_000_000


def read_lines(file: Path, root: Path, language: str | None) -> Iterator[Incoming | BadRow]:
    """Yield the texts of a file of JSON lines."""
    shown = file.relative_to(root)
    for number, line in enumerate(text_of(file).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{shown}:{number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield BadRow(where, f"is no JSON: {error}")
            continue
        if not isinstance(row, dict):
            yield BadRow(where, "is no object")
            continue
        for found in texts_of(row, where):
            yield checked(found, language)


def texts_of(row: Mapping[str, Any], where: str) -> Iterator[Raw]:
    """Yield the text of a row, or each of them where it has an object per language."""
    languages = {key: value for key, value in row.items() if isinstance(value, dict) and "title" in value}
    if not languages:
        yield Raw(where, dict(row))
        return
    shared = {key: value for key, value in row.items() if key not in languages}
    for tag, value in languages.items():
        yield Raw(f"{where} {tag}", {**shared, **value, "language": tag})


def read_csv(file: Path, root: Path, language: str | None) -> Iterator[Incoming | BadRow]:
    """Yield the texts of a CSV file whose first row names its columns; commas, semicolons or tabs."""
    shown = str(file.relative_to(root))
    source = text_of(file)
    head = source.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(MAX_FIELD)
    rows = csv.DictReader(io.StringIO(source, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().lower() for name in rows.fieldnames or ()]
        if not {"title", "name"} & set(names) or not {"text", "body", "content", "html"} & set(names):
            yield BadRow(f"{shown}:1", "needs columns title and text (or body) in its first row")
            return
        rows.fieldnames = names
        for row in rows:
            where = f"{shown}:{rows.line_num}"
            if None in row:
                yield BadRow(where, "has more columns than the first row")
                continue
            yield checked(Raw(where, {name: value for name, value in row.items() if value}), language)
    except csv.Error as error:
        yield BadRow(f"{shown}:{rows.line_num}", f"is no CSV: {error}")
