"""HTML turned into the plain text a person would have written: paragraphs, lists, links, quotes with `>`."""

import re
from typing import Final

import nh3

from trato.kit.clean_html import is_bearable, without_tags
from trato.kit.markup import Tag, tokens, unescape

_TAG_NAMES: Final = (
    "a address article blockquote br caption center dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr img li "
    "main ol p pre section table tbody td tfoot th thead tr ul"
)
_DROPPED_WITH_CONTENT: Final = frozenset({"script", "style", "title", "template", "head", "noscript", "svg"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PARAGRAPHS: Final = frozenset({"blockquote", "dl", "ol", "p", "pre", "table", "ul"}) | _HEADINGS
_INLINE: Final = frozenset({"a", "img", "td", "th"})
_SPACES: Final = re.compile(r"[ \t\n\r\f]+")
_MAX_QUOTE: Final = 20


def html_to_text(source: str) -> str:
    """Return readable text; never raises. Quoted parts get `> ` before each line, once per level."""
    if not is_bearable(source):
        lines = (" ".join(line.split()) for line in unescape(without_tags(source)).split("\n"))
        return "\n".join(line for line in lines if line)
    cleaned = nh3.clean(
        source,
        tags=set(_TAG_NAMES.split()),
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes={"a": {"href"}, "img": {"alt"}},
        link_rel=None,
    )
    writer = _Writer()
    for token in tokens(cleaned):
        if isinstance(token, str):
            writer.write(unescape(token))
        elif token.closing:
            writer.close(token)
        else:
            writer.start(token)
    return writer.text()


class _Writer:
    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self.line: list[str] = []
        self.quote = 0
        self.preformatted = 0
        self.links: list[tuple[str, int]] = []

    def write(self, text: str) -> None:
        if self.preformatted:
            first, *rest = text.split("\n")
            self.line.append(first)
            for line in rest:
                self.end_line(keep_empty=True)
                self.line.append(line)
            return
        text = _SPACES.sub(" ", text)
        if not self.line or self.line[-1].endswith(" "):
            text = text.lstrip(" ")
        if text:
            self.line.append(text)

    def end_line(self, *, keep_empty: bool = False) -> None:
        text = "".join(self.line).rstrip()
        self.line = []
        if text or keep_empty:
            self.lines.append((self.quote, text))

    def paragraph(self) -> None:
        self.end_line()
        if self.lines and (self.lines[-1][1] or self.lines[-1][0] != self.quote):
            self.lines.append((self.quote, ""))

    def start(self, tag: Tag) -> None:
        if tag.name == "br":
            self.end_line(keep_empty=True)
        elif tag.name == "img":
            self.write(unescape(tag.attributes.get("alt", "")))
        elif tag.name == "a":
            self.links.append((unescape(tag.attributes.get("href", "")), len(self.line)))
        elif tag.name in {"td", "th"}:
            self.write(" ")
        else:
            self._start_block(tag.name)

    def _start_block(self, name: str) -> None:
        if name in _PARAGRAPHS:
            self.paragraph()
        else:
            self.end_line()
        if name == "blockquote":
            self.quote = min(self.quote + 1, _MAX_QUOTE)
        elif name == "pre":
            self.preformatted += 1
        elif name == "li":
            self.line.append("- ")
        elif name == "hr":
            self.line.append("---")
            self.end_line()

    def close(self, tag: Tag) -> None:
        if tag.name == "a" and self.links:
            address, start = self.links.pop()
            shown = "".join(self.line[start:]).strip()
            if address.startswith(("http:", "https:")) and shown and shown not in address:
                self.line.append(f" <{address}>")
        if tag.name in _INLINE:
            return
        self.end_line()
        if tag.name == "blockquote":
            self.quote = max(self.quote - 1, 0)
        elif tag.name == "pre":
            self.preformatted = max(self.preformatted - 1, 0)
        if tag.name in _PARAGRAPHS:
            self.paragraph()

    def text(self) -> str:
        self.end_line()
        shown = "\n".join(f"{'> ' * quote}{line}".rstrip() if quote else line for quote, line in self.lines)
        return re.sub(r"\n{3,}", "\n\n", shown.replace("\xa0", " ")).strip()
