"""Articles as files: Markdown with or without a head of `name: value` lines, and HTML pages."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import nh3

from trato.kit.clean_html import is_bearable
from trato.kit.markup import unescape
from trato.knowledge.reading.rows import BadRow, Incoming, Raw, checked, language_of, text_of

_HEAD: Final = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*\r?\n?", re.DOTALL | re.MULTILINE)
_LINE: Final = re.compile(r"([A-Za-z_][\w-]*)\s*:\s*(.*)")
_TITLE: Final = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\r?\n|\Z)")
_UNDERLINED: Final = re.compile(r"\A\s*(\S[^\r\n]*)\r?\n=+[ \t]*(?:\r?\n|\Z)")
_HTML_LANGUAGE: Final = re.compile(r"<html[^>]*\blang=[\"']?([\w-]+)", re.IGNORECASE)
_HTML_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_HTML_HEADING: Final = re.compile(r"<h1[^>]*>(.*?)</h1>", re.IGNORECASE | re.DOTALL)
_HTML_SUMMARY: Final = re.compile(
    r"<meta[^>]*name=[\"']description[\"'][^>]*content=\"([^\"]*)\"", re.IGNORECASE
)
_HTML_MAIN: Final = re.compile(r"<(main|article)\b[^>]*>(.*)</\1>", re.IGNORECASE | re.DOTALL)


def read_markdown(file: Path, root: Path, language: str | None) -> Iterator[Incoming | BadRow]:
    """Yield the article in a Markdown file.

    The title stands in its head, else it is the first heading, else the name of the file.
    """
    source = text_of(file).replace("\r\n", "\n")
    values = _of_place(file, root)
    if head := _HEAD.match(source):
        values |= _head(head.group(1))
        source = source[head.end() :]
    for heading in (_TITLE, _UNDERLINED):
        if found := heading.match(source):
            values.setdefault("title", found.group(1))
            if values["title"] == found.group(1):
                source = source[found.end() :]
            break
    values.setdefault("title", _as_title(file, values))
    yield checked(
        Raw(str(file.relative_to(root)), values | {"body": source}, file.parent, root, html=False), language
    )


def read_html(file: Path, root: Path, language: str | None) -> Iterator[Incoming | BadRow]:
    """Yield the article in a page: what its `main` or `article` holds, else its whole body."""
    source = text_of(file)
    values = _of_place(file, root)
    if not is_bearable(source):
        yield BadRow(str(file.relative_to(root)), "is too large or nested too deep")
        return
    if found := _HTML_LANGUAGE.search(source):
        values.setdefault("language", found.group(1))
    for where in (_HTML_HEADING, _HTML_TITLE):
        if (found := where.search(source)) and (said := _plain(found.group(1))):
            values["title"] = said
            break
    values.setdefault("title", _as_title(file, values))
    if found := _HTML_SUMMARY.search(source):
        values["summary"] = unescape(found.group(1))
    inner = _HTML_MAIN.search(source)
    body = _HTML_HEADING.sub("", inner.group(2) if inner else source, count=1)
    yield checked(
        Raw(str(file.relative_to(root)), values | {"body": body}, file.parent, root, html=True), language
    )


def _of_place(file: Path, root: Path) -> dict[str, Any]:
    """Return what the place of a file says: `es/envios/demoras.md`, `envios/demoras.es.md`."""
    *folders, _ = file.relative_to(root).parts
    values: dict[str, Any] = {}
    kept = []
    for folder in folders:
        if "language" not in values and language_of(folder) and len(folder) <= len("pt-BR"):
            values["language"] = folder
        else:
            kept.append(folder)
    name = file.name[: -len(file.suffix)]
    stem, _, tag = name.rpartition(".")
    if stem and len(tag) <= len("pt-BR") and language_of(tag):
        values["language"], name = tag, stem
    if kept:
        values["section"] = kept[-1].replace("-", " ").replace("_", " ").capitalize()
    values["id"] = "/".join([*kept, name])
    return values


def _head(lines: str) -> dict[str, str]:
    found = {}
    for line in lines.splitlines():
        if match := _LINE.fullmatch(line.strip()):
            value = match.group(2).strip()
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            found[match.group(1).lower()] = value[1:-1] if quoted else value
    return {name: value for name, value in found.items() if value}


def _as_title(file: Path, values: dict[str, Any]) -> str:
    name = str(values.get("id") or file.stem).rpartition("/")[2]
    return name.replace("-", " ").replace("_", " ").capitalize()


def _plain(html: str) -> str:
    return " ".join(unescape(nh3.clean(html, tags=set())).split())
