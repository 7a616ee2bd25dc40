"""The text and the HTML of a mail, put together from its body parts."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from trato.channels.email.parameters import Parameterised
from trato.channels.email.structure import Kind, Part, Structure
from trato.kit.charsets import decode
from trato.kit.clean_html import MAX_CHARACTERS, clean_html
from trato.kit.clean_text import clean_text
from trato.kit.html_text import html_to_text
from trato.kit.markup import escape

MAX_TEXT_BYTES: Final = 2 * 1024 * 1024
_META_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Body:
    """What a mail says, as text and, where it has any, as HTML."""

    text: str
    html: str | None
    errors: tuple[str, ...]


def read_body(structure: Structure) -> Body:
    """Return the body; where the body lists are empty, what can be saved from damaged parts."""
    reader = _Reader()
    text_parts = [structure.parts[index] for index in structure.text_body]
    html_parts = [structure.parts[index] for index in structure.html_body]
    if not any(part.kind in {Kind.PLAIN, Kind.HTML} for part in text_parts + html_parts):
        text_parts = html_parts = [part for part in structure.parts if _is_lost_text(part)][:1]
    text = "\n\n".join(filter(None, (reader.text(part).strip("\n") for part in text_parts)))
    html = None
    if any(_claims_html(part) for part in html_parts):
        html = "\n".join(filter(None, (reader.html(part) for part in html_parts)))
        if len(html) > MAX_CHARACTERS:
            reader.error("the HTML was cut at its limit")
            html = html[:MAX_CHARACTERS]
        text = text if text.strip() else html_to_text(html)
    return Body(clean_text(text), html, tuple(reader.errors))


def render_html(source: str, content_url: Callable[[str], str | None] = lambda _content_id: None) -> str:
    """Return a mail's HTML made safe for its frame, inline images at the address that `content_url` gives."""
    return clean_html(source, content_url=content_url)


class _Reader:
    """Decodes parts and remembers what was wrong with them."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def error(self, text: str) -> None:
        if text not in self.errors:
            self.errors.append(text)

    def decoded(self, part: Part) -> str:
        data = part.content
        if len(data) > MAX_TEXT_BYTES:
            self.error(f"a text of {len(data)} bytes was cut at {MAX_TEXT_BYTES}")
            data = data[:MAX_TEXT_BYTES]
        charset = (part.content_type or Parameterised()).parameters.get("charset")
        if not charset and _claims_html(part):
            declared = _META_CHARSET.search(data[:4096])
            charset = declared.group(1).decode("ascii") if declared else None
        text, problem = decode(data, charset)
        if problem:
            self.error(problem)
        return clean_text(text)

    def text(self, part: Part) -> str:
        if part.kind is Kind.MEDIA:
            return ""
        text = self.decoded(part)
        if _claims_html(part):
            return html_to_text(text)
        return _unflowed(text, part.content_type)

    def html(self, part: Part) -> str:
        if part.kind is Kind.MEDIA:
            content_id = part.headers.text("content-id").strip("<> ")
            return f'<p><img src="cid:{escape(content_id)}"></p>' if content_id else ""
        text = self.decoded(part)
        if _claims_html(part):
            return text
        return f"<pre>{escape(text)}</pre>" if text.strip() else ""


def _claims_html(part: Part) -> bool:
    return part.content_type is not None and part.content_type.value == "text/html"


def _is_lost_text(part: Part) -> bool:
    """A text that its own damage put among the attachments, or a multipart that cannot be taken apart."""
    if part.content_type is None:
        return True
    if part.disposition and part.disposition.value == "attachment":
        return False
    return part.content_type.main in {"text", "multipart"}


def _unflowed(text: str, content_type: Parameterised | None) -> str:
    """Join the soft line breaks of `format=flowed` (RFC 3676), quotes apart."""
    if content_type is None or content_type.parameters.get("format", "").lower() != "flowed":
        return text
    delete_space = content_type.parameters.get("delsp", "").lower() == "yes"
    return "\n".join(_joined_lines(text.split("\n"), delete_space=delete_space))


def _joined_lines(lines: Iterable[str], *, delete_space: bool) -> Iterable[str]:
    pending: list[str] = []
    for line in lines:
        is_quote = line.startswith(">")
        flows = line.endswith(" ") and not is_quote and line != "-- "
        if pending and (is_quote or line == "-- "):
            yield "".join(pending)
            pending = []
        content = line.removeprefix(" ")
        pending.append(content[:-1] if flows and delete_space else content)
        if not flows:
            yield "".join(pending)
            pending = []
    if pending:
        yield "".join(pending)
