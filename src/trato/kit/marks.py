"""Text with a few marks, as an agent writes it, made right for each channel: HTML, WhatsApp's marks, plain.

The marks are those of CommonMark that an answer needs: bold, italic, code, links, lists, quotes. The desk and
the widget read the same ones (`web/marks`); both are held to `tests/data/marks/cases.json`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, Literal

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

Marks = Literal["plain", "html", "whatsapp", "source"]

IN_PAYLOAD: Final = "marks"  # of a message whose text is marked

_RULES: Final = ("emphasis", "backticks", "link", "list", "blockquote", "fence", "escape", "newline")
TAGS: Final = {"p", "br", "strong", "em", "code", "pre", "a", "ul", "ol", "li", "blockquote"}
_SCHEMES: Final = {"http", "https", "mailto"}
_LINK: Final = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_PLAIN: Final = {"strong": "", "em": "", "code": "", "fence": ""}
_WHATSAPP: Final = {"strong": "*", "em": "_", "code": "`", "fence": "```"}
_DEEPEST: Final = 10  # lists and quotes in one another; deeper ones stay as they were typed


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero", {"breaks": True, "html": False, "maxNesting": _DEEPEST * 2})
    reader.validateLink = lambda url: bool(_LINK.match(url))  # type: ignore[method-assign]  # the library's own hook
    return reader.enable(list(_RULES))


def has_marks(source: str) -> bool:
    """Say whether a text has any mark, so that it differs from what was typed."""
    return any(
        token.type not in {"paragraph_open", "paragraph_close", "inline"} for token in _tokens(source)
    ) or any(
        child.type not in {"text", "softbreak", "hardbreak", "text_special"}
        for token in _tokens(source)
        for child in token.children or ()
    )


def to_html(source: str) -> str:
    """Return safe HTML of a marked text: nothing in it runs or loads, and it leads to web pages and mail."""
    return nh3.clean(
        _reader().render(source),
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    ).strip()


def to_plain(source: str) -> str:
    """Return a marked text without its marks; where a link leads stands behind its words."""
    return _written(source, _PLAIN)


def to_whatsapp(source: str) -> str:
    """Return a marked text with WhatsApp's own marks: *bold*, _italic_, `code`, lists and quotes."""
    return _written(source, _WHATSAPP)


def rendered(source: str, marks: Marks) -> tuple[str, str | None]:
    """Return (text, HTML or None) of a marked text as a channel with these marks sends it."""
    if marks == "html":
        return to_plain(source), to_html(source)
    writers: dict[Marks, Callable[[str], str]] = {"whatsapp": to_whatsapp, "source": str}
    return writers.get(marks, to_plain)(source), None


def _tokens(source: str) -> Sequence[Token]:
    return _reader().parse(source)


def _written(source: str, signs: Mapping[str, str]) -> str:
    return "\n".join(_lines(SyntaxTreeNode(_tokens(source)).children, signs, apart=True))


def _lines(blocks: Sequence[SyntaxTreeNode], signs: Mapping[str, str], *, apart: bool) -> list[str]:
    """Return the lines of blocks one below the other, an empty one between them when they stand apart."""
    found: list[str] = []
    for block in blocks:
        if found and apart:
            found.append("")
        found += _of_block(block, signs)
    return found


def _of_block(block: SyntaxTreeNode, signs: Mapping[str, str]) -> list[str]:
    match block.type:
        case "blockquote":
            return [f"> {line}".rstrip() for line in _lines(block.children, signs, apart=True)]
        case "bullet_list" | "ordered_list":
            first = int(block.attrs.get("start", 1)) if block.type == "ordered_list" else None
            return [
                line
                for number, item in enumerate(block.children)
                for line in _item(item, "- " if first is None else f"{first + number}. ", signs)
            ]
        case "fence":
            fence = [signs["fence"]] if signs["fence"] else []
            return [*fence, *block.content.removesuffix("\n").split("\n"), *fence]
        case _:
            return "".join(_inline(block.children, signs)).split("\n")


def _item(item: SyntaxTreeNode, sign: str, signs: Mapping[str, str]) -> Iterator[str]:
    for number, line in enumerate(_lines(item.children, signs, apart=False)):
        yield (" " * len(sign) if number else sign) + line


def _inline(pieces: Sequence[SyntaxTreeNode], signs: Mapping[str, str]) -> Iterator[str]:
    for piece in pieces:
        inside = "".join(_inline(piece.children, signs))
        match piece.type:
            case "strong" | "em":
                yield f"{signs[piece.type]}{inside}{signs[piece.type]}"
            case "code_inline":
                yield f"{signs['code']}{piece.content}{signs['code']}"
            case "link":
                yield _link(inside, str(piece.attrs.get("href", "")))
            case "softbreak" | "hardbreak":
                yield "\n"
            case _:
                yield inside or piece.content


def _link(words: str, href: str) -> str:
    shown = href.removeprefix("mailto:")
    return shown if words in {href, shown, ""} else f"{words} ({shown})"
