"""HTML of other help centres turned into the Markdown that is kept and edited."""

import re
from typing import Final

import nh3
from markdownify import markdownify

from trato.kit.clean_html import is_bearable, without_tags


def _words(text: str) -> set[str]:
    return set(text.split())


_TAGS: Final = _words(
    "a abbr b blockquote br caption code dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img "
    "kbd li mark ol p pre s strong sub sup table tbody td tfoot th thead tr u ul"
)
_DROPPED: Final = _words("script style title template head svg math iframe object noscript")
# Depth costs the converter one level of Python's stack each.
_MAX_DEPTH: Final = 100
_TAG: Final = re.compile(r"<(/?)(?!(?:br|img|hr)\b)[a-z]")


def to_markdown(source: str) -> str:
    """Return Markdown that says what the HTML says; never raises."""
    if not is_bearable(source):
        return without_tags(source)
    cleaned = nh3.clean(
        source,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes={"a": {"href", "title"}, "img": {"src", "alt"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    if _depth(cleaned) > _MAX_DEPTH:
        return without_tags(cleaned)
    made = markdownify(cleaned, heading_style="ATX", bullets="-")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in made.splitlines())).strip()


def _depth(cleaned: str) -> int:
    depth = deepest = 0
    for match in _TAG.finditer(cleaned):
        depth += -1 if match.group(1) else 1
        deepest = max(depth, deepest)
    return deepest
