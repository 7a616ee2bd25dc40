"""HTML from strangers made safe for a sandboxed frame: no scripts, forms or remote loads, quotes folded."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import nh3

from trato.kit.markup import VOID, Tag, escape, tokens

REMOTE_SOURCE: Final = "data-remote-src"
"""The attribute that holds a remote image's address until somebody asks to see it."""

MAX_CHARACTERS: Final = 2_000_000
# Deep trees and many entities cost the parser the square of their number: beyond these, only text is shown.
_MAX_TAGS: Final = 60_000
_MAX_ENTITIES: Final = 150_000
_MAX_DEPTH: Final = 1_000
_OPENING: Final = re.compile(
    r"<(/?)(?!(?:br|img|p|li|tr|td|th|hr|meta|link|dd|dt|col|option|input)\b)[a-z]", re.IGNORECASE
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAGS: Final = _words(
    "a abbr b bdi big blockquote br caption center cite code col colgroup dd del dfn div dl dt em "
    "figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike "
    "strong sub sup table tbody td tfoot th thead tr tt u ul var wbr"
)
_DROPPED_WITH_CONTENT: Final = _words(
    "script style title template noscript iframe object embed applet svg math head textarea select xmp "
    "noembed noframes plaintext audio video"
)
_MARKS: Final = frozenset({"class", "id"})  # tell quotes and signatures; taken out afterwards
_CELL: Final = frozenset(
    {"align", "valign", "bgcolor", "width", "height", "colspan", "rowspan", "dir", "lang"}
)
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"style", "title", "dir", "lang", "align", *_MARKS},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "face", "size"},
    "table": {"border", "cellpadding", "cellspacing", "summary", *_CELL},
    "td": set(_CELL),
    "th": {"scope", *_CELL},
    "tr": set(_CELL),
    "col": {"span", "width"},
    "ol": {"start", "type"},
    "li": {"value"},
}
_STYLES: Final = _words(
    "background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width "
    "border-collapse border-color border-left border-radius border-right border-spacing border-style "
    "border-top border-width color direction font font-family font-size font-style font-variant font-weight "
    "height letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right "
    "margin-top max-width min-width padding padding-bottom padding-left padding-right padding-top "
    "text-align text-decoration text-indent text-transform unicode-bidi vertical-align white-space width "
    "word-break word-spacing"
)
_LINK: Final = re.compile(r"\s*(?:https?:|mailto:|tel:|sms:)", re.IGNORECASE)
_EMBEDDED: Final = re.compile(
    r"\s*data:image/(?:png|gif|jpe?g|webp|bmp);base64,[A-Za-z0-9+/=\s]*\Z", re.IGNORECASE
)
_CONTENT_ID: Final = re.compile(r"\s*cid:(.+)", re.IGNORECASE | re.DOTALL)
_REMOTE: Final = re.compile(r"\s*https?:", re.IGNORECASE)
_STYLE_DANGER: Final = re.compile(
    r"url\s*\(|image\s*\(|image-set|expression|@import|\\|-moz-binding", re.IGNORECASE
)

_QUOTE_CLASSES: Final = _words(
    "gmail_quote gmail_quote_container gmail_extra yahoo_quoted moz-cite-prefix protonmail_quote "
    "zmail_extra tutanota_quote front-blockquote outlookmessageheader gmail_default_quote"
)
_SIGNATURE_CLASSES: Final = _words(
    "gmail_signature gmail_signature_prefix moz-signature protonmail_signature_block "
    "protonmail_signature_block-user"
)
# Outlook puts the header of the quoted mail into a marked element, and the quote itself after it, unmarked.
_QUOTE_FOLLOWS: Final = _words(
    "divrplyfwdmsg appendonsend stopspelling mail-editor-reference-message-container ms-outlook-mobile-quote"
)
_SIGNATURE_IDS: Final = frozenset({"signature", "ms-outlook-mobile-signature", "applemailsignature"})


@dataclass(frozen=True, slots=True)
class Labels:
    """What the folds say when closed."""

    quote: str = "•••"
    signature: str = "•••"


def clean_html(
    source: str,
    *,
    content_url: Callable[[str], str | None] = lambda _content_id: None,
    labels: Labels | None = None,
) -> str:
    """Return HTML without anything that runs, submits, loads or escapes its frame; never raises.

    Remote images lose their `src` to `data-remote-src`; `cid:` images get `content_url(content id)`, or
    lose it. Links open in a new window without referrer. Quotes and signatures become `<details>`.
    """
    if not is_bearable(source):
        return f"<pre>{escape(without_tags(source))}</pre>"
    cleaned = nh3.clean(
        source,
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes=_ATTRIBUTES,
        attribute_filter=_Filter(content_url),
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes={"http", "https", "mailto", "tel", "sms", "cid", "data"},
        url_relative="deny",
        filter_style_properties=set(_STYLES),
    )
    return "".join(_Folder(labels or Labels()).fold(cleaned))


def is_bearable(source: str) -> bool:
    """Whether a tree of this source can be built in a second or so."""
    if len(source) > MAX_CHARACTERS or source.count("<") > _MAX_TAGS or source.count("&") > _MAX_ENTITIES:
        return False
    depth = deepest = 0
    for match in _OPENING.finditer(source):
        depth += -1 if match.group(1) else 1
        deepest = max(depth, deepest)
    return deepest <= _MAX_DEPTH


def without_tags(source: str) -> str:
    """Return a rough text of HTML that is too large or too deep to be parsed."""
    return re.sub(r"<[^<>]*>", " ", source[:MAX_CHARACTERS])


class _Filter:
    """Decides about each attribute's value, as nh3 asks."""

    def __init__(self, content_url: Callable[[str], str | None]) -> None:
        self.content_url = content_url

    def __call__(self, _tag: str, attribute: str, value: str) -> str | None:
        if attribute == "href":
            return value if _LINK.match(value) else None
        if attribute == "src":
            return self._source(value)
        if attribute == "style":
            return None if _STYLE_DANGER.search(value) else value
        return value

    def _source(self, value: str) -> str | None:
        content_id = _CONTENT_ID.match(value)
        if content_id:
            # The marker tells the second pass that this address is ours and may load.
            url = self.content_url(content_id.group(1).strip().strip("<>"))
            return None if url is None else _OURS + url
        return value if _REMOTE.match(value) or _EMBEDDED.match(value) else None


_OURS: Final = "cid:"


@dataclass(slots=True)
class _Open:
    """An element that is open in the second pass, and which folds end with it."""

    name: str
    fold_around: bool = False
    fold_inside: bool = False


class _Folder:
    """Folds the outermost quotes and signatures, moves remote sources away, and drops the marks."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.open = [_Open("")]
        self.folds = 0

    def fold(self, cleaned: str) -> Iterator[str]:
        """Yield the pieces of the finished HTML."""
        for token in tokens(cleaned):
            if isinstance(token, str):
                yield token
            elif token.closing:
                if len(self.open) > 1:
                    yield from self._close(token)
            elif token.name in VOID:
                yield from self._fold_that_follows(token)
                yield str(_plain(token))
            else:
                yield from self._start(token)
        while self.open:
            yield from self._close(None)

    def _start(self, tag: Tag) -> Iterator[str]:
        yield from self._fold_that_follows(tag)
        label = "" if self.folds else _fold_label(tag, self.labels)
        if label:
            self.folds += 1
            yield _opening(label)
        self.open.append(_Open(tag.name, fold_around=bool(label)))
        yield str(_plain(tag))

    def _fold_that_follows(self, tag: Tag) -> Iterator[str]:
        identity = tag.attributes.get("id", "").lower().removeprefix("x_")
        if not self.folds and identity in _QUOTE_FOLLOWS:
            self.folds += 1
            self.open[-1].fold_inside = True
            yield _opening(self.labels.quote)

    def _close(self, tag: Tag | None) -> Iterator[str]:
        element = self.open.pop()
        if element.fold_inside:
            self.folds -= 1
            yield "</details>"
        if tag is not None:
            yield str(tag)
        if element.fold_around:
            self.folds -= 1
            yield "</details>"


def _opening(label: str) -> str:
    return f"<details><summary>{escape(label)}</summary>"


def _fold_label(tag: Tag, labels: Labels) -> str:
    """Return the label of the fold that this element becomes, or an empty text."""
    classes = set(tag.attributes.get("class", "").lower().split())
    identity = tag.attributes.get("id", "").lower().removeprefix("x_")
    if tag.name == "blockquote" or classes & _QUOTE_CLASSES:
        return labels.quote
    if identity in _SIGNATURE_IDS or classes & _SIGNATURE_CLASSES:
        return labels.signature
    return ""


def _plain(tag: Tag) -> Tag:
    attributes = {key: value for key, value in tag.attributes.items() if key not in _MARKS}
    source = attributes.pop("src", None)
    if source is not None and source.startswith(_OURS):
        attributes["src"] = source.removeprefix(_OURS)
    elif source is not None and _REMOTE.match(source):
        attributes[REMOTE_SOURCE] = source
    elif source is not None:
        attributes["src"] = source
    return Tag(tag.name, attributes=attributes)
