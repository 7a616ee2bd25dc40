"""An article as a tree of few kinds of elements, so that a page draws it without trusting any HTML."""

from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

MOST: Final = 4_000  # elements and texts: more is read in the help centre
DEEPEST: Final = 12

_KINDS: Final = frozenset(
    {
        "p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "a", "br",
        "table", "thead", "tbody", "tr", "th", "td",
    }
)  # fmt: skip
# Headings of the article stand below one of the page's: their order is kept, not their number.
_SAME: Final = {
    "b": "strong",
    "i": "em",
    "h1": "h3",
    "h2": "h3",
    "h3": "h4",
    "h4": "h5",
    "h5": "h6",
    "h6": "h6",
}
_EMPTY: Final = frozenset({"br", "img", "hr", "input", "source", "track", "wbr", "col"})
_HIDDEN: Final = frozenset({"script", "style", "template", "video", "audio", "iframe", "svg", "math"})

Node = str | dict[str, Any]


class _Reader(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root: list[Node] = []
        self.whole = True
        self._base = base
        self._open: list[tuple[str, list[Node]]] = [("", self.root)]
        self._count = 0
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        if tag == "img":
            self._add(str(dict(attrs).get("alt") or ""))
            return
        kind = _SAME.get(tag, tag)
        held = self._open[-1][1]
        if kind in _KINDS or kind in _SAME.values():
            node: dict[str, Any] = {"t": kind}
            if kind == "a":
                href = _address(str(dict(attrs).get("href") or ""), self._base)
                node = {"t": "a", "href": href} if href else {"t": "em"}
            if len(self._open) <= DEEPEST and self._add(node) and tag not in _EMPTY:
                held = node.setdefault("c", [])
        if tag not in _EMPTY:
            self._open.append((tag, held))

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN and self._hidden:
            self._hidden -= 1
        depth = next((i for i in range(len(self._open) - 1, 0, -1) if self._open[i][0] == tag), None)
        if depth is not None:
            del self._open[depth:]

    def handle_data(self, data: str) -> None:
        self._add(data)

    def _add(self, node: Node) -> bool:
        if self._hidden or not node:
            return False
        if self._count >= MOST:
            self.whole = False
            return False
        self._count += 1
        self._open[-1][1].append(node)
        return True


def tree(html: str, base: str) -> tuple[list[Node], bool]:
    """Return the nodes of safe HTML, and whether they are all of it.

    A node is a text, or `{"t": kind, "c": nodes}`; a link has `href` too, whole and of the web or mail.
    Pictures become the words that describe them. `base` is where the article stands.
    """
    reader = _Reader(base)
    reader.feed(html)
    reader.close()
    return reader.root, reader.whole


def _address(given: str, base: str) -> str:
    try:
        found = urljoin(base, given.strip())
        scheme = urlsplit(found).scheme
    except ValueError:
        return ""
    return found if scheme in ("http", "https", "mailto", "tel") else ""
