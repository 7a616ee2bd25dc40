"""One text of one article as it comes in, checked; and what is wrong with one that cannot."""

import codecs
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from trato.kit.charsets import decode
from trato.kit.clean_html import is_bearable
from trato.kit.language import detect_language
from trato.kit.text import clean, one_line
from trato.knowledge.reading.html_markdown import to_markdown
from trato.knowledge.schemas import LANGUAGES, MAX_BODY
from trato.knowledge.slugs import MAX_SLUG, slug_of

MAX_TITLE: Final = 200
MAX_SUMMARY: Final = 400
MAX_ID: Final = 300
_ALIASES: Final = {"c": "en", "spanish": "es", "english": "en", "portuguese": "pt"}
_MARKUP: Final = re.compile(
    r"<(?:p|div|br|h[1-6]|[uo]l|li|table|strong|em|span|img|a|blockquote)\b[^<>]*>", re.IGNORECASE
)
# A sign that would be taken for a tag: not in code, no address in brackets, not escaped already.
_NO_TAG: Final = re.compile(
    r"(?P<kept>^(?P<fence>```+|~~~+)[\s\S]*?(?:^(?P=fence)|\Z)|(?<!`)(?P<ticks>`+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`)"
    r"|\\.|<(?:https?://|mailto:|[\w.+-]+@)[^\s<>]*>)|<(?=[A-Za-z/!?])",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class BadRow:
    """What cannot be imported: where it stands, and why."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One text of an article; those with the same `external_id` are one article."""

    where: str
    external_id: str
    language: str
    title: str
    body: str
    summary: str = ""
    section: str | None = None
    section_id: str | None = None  # its name where it comes from
    slug: str | None = None
    kind: str = "article"
    visibility: str = "public"
    source_language: str | None = None
    review_at: date | None = None
    draft: bool = False  # is one where it comes from, too
    folder: Path | None = None  # from where the text names its pictures
    root: Path | None = None  # outside of which none is taken


@dataclass(slots=True)
class Raw:
    """A text as a reader found it, before it is checked."""

    where: str
    values: dict[str, Any] = field(default_factory=dict)
    folder: Path | None = None
    root: Path | None = None
    html: bool | None = None  # None: as it looks


def language_of(tag: object) -> str | None:
    """Return the one of our languages that a tag such as `pt_BR` or `C` names."""
    said = str(tag or "").strip().lower().replace("_", "-")
    primary = _ALIASES.get(said, said.split("-")[0].split(".")[0])
    return primary if primary in LANGUAGES else None


def text_of(file: Path) -> str:
    """Return the text of a file in whatever charset it is."""
    raw = file.read_bytes()
    marks = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    charset = next((name for mark, name in marks.items() if raw.startswith(mark)), None)
    if charset is not None:
        return raw.decode(charset, "replace").removeprefix("\ufeff")
    return decode(raw, None)[0].removeprefix("\ufeff")


def checked(raw: Raw, language: str | None) -> Incoming | BadRow:
    """Return a text that can be kept, or why it cannot."""
    values = raw.values
    title, body = one_line(_text(values, "title", "name"), MAX_TITLE), _body(raw)
    external_id = one_line(_text(values, "id", "external_id"), MAX_ID)
    said = values.get("language") or values.get("locale") or values.get("lang")
    found = language_of(said) or (None if said else language or detect_language(f"{title}. {body}"))
    visibility = _text(values, "visibility") or "public"
    kind = _text(values, "kind") or "article"
    why = (
        "has no title"
        if not title
        else "has no id"
        if not external_id
        else "has no text"
        if not body.strip()
        else f"is longer than {MAX_BODY:,} characters"
        if len(body) > MAX_BODY
        else f"is in the language {said}, and only es, en and pt are known"
        if said and found not in LANGUAGES
        else "does not say in which language it is; give --language"
        if found not in LANGUAGES
        else f"has the visibility {visibility}, and only public, signed_in and agents are known"
        if visibility not in ("public", "signed_in", "agents")
        else f"is of the kind {kind}, and only article and policy are known"
        if kind not in ("article", "policy")
        else None
    )
    if why is not None or found is None:
        return BadRow(raw.where, f"{why}{f' ({title})' if title else ''}")
    slug = _text(values, "slug")
    return Incoming(
        where=raw.where,
        external_id=external_id,
        language=found,
        title=title,
        body=body,
        summary=one_line(_text(values, "summary", "desc", "description"), MAX_SUMMARY),
        section=one_line(_text(values, "section"), 80) or None,
        section_id=_text(values, "section_id") or None,
        slug=slug_of(slug, "")[:MAX_SLUG] or None,
        kind=kind,
        visibility=visibility,
        source_language=language_of(values.get("source_language") or values.get("source_locale")),
        review_at=_day(_text(values, "review_at")),
        draft=_text(values, "state").lower() == "draft" or values.get("draft") in (True, "true", "True"),
        folder=raw.folder,
        root=raw.root,
    )


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _text(values: dict[str, Any], *names: str) -> str:
    for name in names:
        value = values.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return clean(str(value)).strip()
    return ""


def _body(raw: Raw) -> str:
    body = _text(raw.values, "body", "text", "content", "html")
    html = raw.html if raw.html is not None else bool(_MARKUP.search(body))
    if html:
        return to_markdown(body)
    if len(body) > MAX_BODY or _MARKUP.search(body) or not is_bearable(body):
        return body
    # a sign such as <Ctrl> is text: as an unknown tag it would be taken out
    return _NO_TAG.sub(_escaped, body)


def _escaped(found: re.Match[str]) -> str:
    return found["kept"] or "\\<"
