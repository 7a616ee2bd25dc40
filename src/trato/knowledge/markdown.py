"""Markdown, and the HTML in it, made into HTML that is safe to show, and into plain text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from trato.kit.clean_html import is_bearable, without_tags
from trato.kit.html_text import html_to_text
from trato.kit.markup import VOID, Tag, escape, tokens, unescape
from trato.knowledge.slugs import slug_of

FILES: Final = "/help/files/"
_OWN_FILE: Final = re.compile(r"/help/files/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:/[\w.%-]*)?")
_ELSEWHERE: Final = re.compile(r"https?://", re.IGNORECASE)


def _words(text: str) -> set[str]:
    return set(text.split())


_TAGS: Final = _words(
    "a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr "
    "i img ins kbd li mark ol p pre q s samp small strong sub summary sup table tbody td tfoot th thead tr "
    "u ul"
)
_DROPPED_WITH_CONTENT: Final = _words(
    "script style title template noscript iframe object embed applet svg math head textarea select xmp "
    "noembed noframes plaintext audio video button form"
)
_ATTRIBUTES: Final[Mapping[str, set[str]]] = {
    "*": {"lang", "dir"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "details": {"open"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of an article: where a link to it leads, and what it says."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """An article's text as it is shown, and as it is searched."""

    html: str
    text: str


def render(body: str) -> Rendered:
    """Return safe HTML and plain text of Markdown; never raises.

    Nothing runs, and nothing is loaded from elsewhere: pictures are our own files, others become links. The
    first heading is of the second level, below the article's title, and no level is left out.
    """
    made = _markdown().render(body) if is_bearable(body) else f"<pre>{escape(without_tags(body))}</pre>"
    if not is_bearable(made):
        made = f"<pre>{escape(without_tags(made))}</pre>"
    cleaned = nh3.clean(
        made,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        link_rel="noopener",
        url_schemes={"http", "https", "mailto", "tel"},
    )
    html = "".join(_arranged(cleaned))
    return Rendered(html, html_to_text(html))


def headings(html: str) -> list[Heading]:
    """Return the headings of the second level of HTML that `render` made."""
    found = re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', html, re.DOTALL)
    return [Heading(anchor, unescape(re.sub(r"<[^>]*>", "", inner))) for anchor, inner in found]


@cache
def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    made.add_render_rule("image", _image)
    return made


def _image(_self: object, all_tokens: list[Token], index: int, *_: object) -> str:
    token = all_tokens[index]
    alt, source = token.content, str(token.attrGet("src") or "")
    return f'<img src="{escape(source)}" alt="{escape(alt)}">'


def _arranged(cleaned: str) -> Iterator[str]:
    """Put headings into order, tables into what scrolls, and links where pictures from elsewhere were."""
    order = _Headings(cleaned)
    for token in tokens(cleaned):
        if isinstance(token, str):
            yield token
        elif token.name == "img":
            yield _picture(token)
        elif token.name == "table":
            yield f"{token}</div>" if token.closing else f'<div class="wide" tabindex="0">{token}'
        elif token.name in _HEADINGS:
            yield order.closing() if token.closing else order.opening(token)
        elif token.closing and token.name in VOID:
            continue
        else:
            yield str(token)


def _picture(tag: Tag) -> str:
    source, alt = tag.attributes.get("src", ""), tag.attributes.get("alt", "")
    if _OWN_FILE.fullmatch(source):
        sizes = {key: value for key, value in tag.attributes.items() if key in ("width", "height")}
        return str(Tag("img", attributes={"src": source, "alt": alt, "loading": "lazy", **sizes}))
    if _ELSEWHERE.match(source):
        return f'<a href="{source}" rel="noopener">{alt or source}</a>'
    return alt


class _Headings:
    """Gives each heading its level and an anchor that no other one has."""

    def __init__(self, cleaned: str) -> None:
        self._texts = iter(re.findall(r"<h[1-6][^>]*>(.*?)</h[1-6]>", cleaned, re.DOTALL))
        levels = [int(level) for level in re.findall(r"<h([1-6])[\s>]", cleaned)]
        self._up = min(levels, default=2) - 2
        self._last = 1
        self._open: list[int] = []
        self._taken: set[str] = set()

    def opening(self, tag: Tag) -> str:
        level = max(2, min(_HEADINGS[tag.name] - self._up, self._last + 1, 6))
        self._last = level
        self._open.append(level)
        said = unescape(re.sub(r"<[^>]*>", "", next(self._texts, "")))
        anchor = "s-" + slug_of(said, str(len(self._taken) + 1))
        while anchor in self._taken:
            anchor += "-2"
        self._taken.add(anchor)
        return str(Tag(f"h{level}", attributes={"id": anchor, **tag.attributes}))

    def closing(self) -> str:
        return f"</h{self._open.pop() if self._open else 2}>"
