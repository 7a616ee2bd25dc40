"""The tokens of HTML that nh3 has cleaned: balanced, lower case, every attribute in double quotes."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_TOKEN: Final = re.compile(
    r'<(?P<close>/?)(?P<tag>[a-z][a-z0-9]*)(?P<attributes>(?:\s+[^\s="<>/]+="[^"]*")*+)\s*/?>|(?P<text>[^<]+|<)'
)
_ATTRIBUTE: Final = re.compile(r'\s+([^\s="<>/]+)="([^"]*)"')
VOID: Final = frozenset({"area", "br", "col", "hr", "img", "wbr"})


@dataclass(frozen=True, slots=True)
class Tag:
    """An opening or closing tag; attribute values are still escaped, as they stand in the source."""

    name: str
    closing: bool = False
    attributes: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        if self.closing:
            return f"</{self.name}>"
        attributes = "".join(f' {key}="{value}"' for key, value in self.attributes.items())
        return f"<{self.name}{attributes}>"


def tokens(cleaned: str) -> Iterator[Tag | str]:
    """Yield tags, and the text between them still escaped; `cleaned` must come from nh3."""
    for match in _TOKEN.finditer(cleaned):
        if match.group("text") is not None:
            yield match.group("text")
        else:
            attributes = dict(_ATTRIBUTE.findall(match.group("attributes")))
            yield Tag(match.group("tag"), bool(match.group("close")), attributes)


def escape(text: str) -> str:
    """Escape text for an element or an attribute in double quotes."""
    return html.escape(text, quote=True)


def unescape(text: str) -> str:
    """Return what escaped text says."""
    return html.unescape(text)
