"""Content-Type and Content-Disposition as senders really write them (RFC 2045 §5.1, RFC 2231, RFC 2047)."""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes

from trato.channels.email.headers import decode_phrase
from trato.kit.charsets import decode

_MAX_BYTES: Final = 16 * 1024
_MAX_PARAMETERS: Final = 200
# A fold ends a value just as ";" does: mailers forget the semicolon before a new line.
_TOKEN: Final = re.compile(
    rb'"(?P<quoted>(?:[^"\\]|\\.)*+)(?:"|\Z)'
    rb"|(?P<fold>\r?\n[ \t]+)|(?P<sign>[;=()/])|(?P<space>[ \t\r\n]+)|(?P<text>[^\";=()/ \t\r\n]+|.)",
    re.DOTALL,
)
_FOLD: Final = re.compile(rb"\r?\n")
_ESCAPE: Final = re.compile(rb"\\(.)", re.DOTALL)
_SECTION: Final = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")


@dataclass(frozen=True, slots=True)
class Parameterised:
    """A value such as `text/plain; charset=utf-8`: both in lower case, parameters decoded."""

    value: str = ""
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def main(self) -> str:
        """The type before the slash."""
        return self.value.partition("/")[0]

    @property
    def sub(self) -> str:
        """The subtype after the slash, empty when there is none."""
        return self.value.partition("/")[2]


def parse_parameterised(raw: bytes | None) -> Parameterised | None:
    """Return value and parameters, or None when the field is absent or has no value; never raises."""
    if raw is None:
        return None
    segments = _split(raw[:_MAX_BYTES])
    value = re.sub(r"\s+", "", segments[0].content.decode("utf-8", "replace")).lower()
    if not value or value == "/":
        return None
    sections: dict[str, list[_Section]] = {}
    for segment in segments[1 : _MAX_PARAMETERS + 1]:
        match = _SECTION.fullmatch((segment.name or b"").decode("ascii", "replace").strip().lower())
        if match:
            number = int(match.group(2)) if match.group(2) else None
            section = _Section(number, match.group(3) is not None, segment.content)
            sections.setdefault(match.group(1), []).append(section)
    return Parameterised(value, {name: _join(parts) for name, parts in sections.items()})


@dataclass(slots=True)
class _Segment:
    """What stands between two semicolons: `content`, and the `name` before its equals sign."""

    name: bytes | None = None
    content: bytes = b""
    space: bool = False

    def add(self, text: bytes) -> None:
        """Append text, with the space that stood before it unless it is the first."""
        self.content += b" " + text if self.space and self.content else text
        self.space = False

    @property
    def awaits_value(self) -> bool:
        """Whether the equals sign was the last that was read."""
        return self.name is not None and not self.content


def _split(raw: bytes) -> list[_Segment]:
    """Split at semicolons and folds outside quotes and comments; the first segment is the value."""
    segments = [_Segment()]
    depth = 0
    for token in _TOKEN.finditer(raw.strip()):
        segment, kind, text = segments[-1], token.lastgroup, token.group()
        if depth:
            depth += {b"(": 1, b")": -1}.get(text, 0)
        elif text == b"(" and (segment.space or not segment.content):
            depth = 1
        elif text == b";" or (kind == "fold" and not segment.awaits_value):
            segments.append(_Segment())
        elif kind in {"space", "fold"}:
            segment.space = True
        elif text == b"=" and segment.name is None and len(segments) > 1:
            segment.name, segment.content, segment.space = segment.content, b"", False
        elif kind == "quoted":
            segment.add(_ESCAPE.sub(rb"\1", _FOLD.sub(b"", token.group("quoted"))))
        else:
            segment.add(text)
    return segments


@dataclass(frozen=True, slots=True)
class _Section:
    """One piece of a parameter (RFC 2231 §3): its number, and whether it is percent-encoded."""

    number: int | None
    encoded: bool
    content: bytes


def _join(sections: list[_Section]) -> str:
    """Put sections in order and decode them; a plain value may hold encoded words, which RFC 2047 forbids.

    Where both `filename` and `filename*` stand, the second wins (RFC 6266 §4.3).
    """
    extended = [section for section in sections if section.encoded or section.number is not None]
    if not extended:
        return decode_phrase(sections[0].content)
    extended.sort(key=lambda section: section.number or 0)
    charset, data = "", b""
    for index, section in enumerate(extended):
        piece = section.content
        if section.encoded:
            if index == 0 and piece.count(b"'") >= 2:  # noqa: PLR2004 - charset'language'text
                declared, _, piece = piece.split(b"'", 2)
                charset = declared.decode("ascii", "replace")
            piece = unquote_to_bytes(piece)
        data += piece
    if not any(section.encoded for section in extended):
        return decode_phrase(data)
    return decode(data, charset or None)[0]
