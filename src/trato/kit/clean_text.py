"""Text from outside made safe to store and show: no control signs, no reordering, bounded length."""

import re
from typing import Final

# Overrides and embeddings reorder what stands around them (CVE-2021-42574); isolates and marks do not
# leave their own run, and right-to-left writers need them.
_BIDI: Final = "\u202a-\u202e"
_ISOLATES: Final = "\u2066-\u2069\u200e\u200f\u061c"
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_TEXT_CONTROLS: Final = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}\ufeff\ufff9-\ufffb]")
_LINE_CONTROLS: Final = re.compile(
    f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f{_BIDI}{_ISOLATES}\ufeff\ufff9-\ufffb]"
)
_LINE_SPACE: Final = re.compile("[\t\n\x0b\x0c\r\x85\u2028\u2029]+")
_NEWLINES: Final = re.compile("\r\n?|\u2028|\u2029|\x0c")


def clean_text(text: str) -> str:
    """Return text of several lines with LF as its only line end and without control signs."""
    text = _NEWLINES.sub("\n", text)
    return _SURROGATES.sub("\ufffd", _TEXT_CONTROLS.sub("", text))


def clean_line(text: str, limit: int) -> str:
    """Return one line of at most `limit` characters: a subject, a name, the name of a file.

    Line ends become spaces, and every sign that could reorder the rest of the line is taken out.
    """
    text = _LINE_SPACE.sub(" ", text[: limit * 4])
    return _SURROGATES.sub("\ufffd", _LINE_CONTROLS.sub("", text)).strip()[:limit]
