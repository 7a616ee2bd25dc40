"""Text from outside made safe to keep: no characters that a database or a reader would trip over."""

import hashlib
import re
import unicodedata

MAX_ID = 500  # characters; an index row holds 2,700 bytes

# C0 and C1 controls but tab, line feed and carriage return; NUL cannot be stored at all. Bidirectional
# embeddings and overrides show a text in another order than it has (CVE-2021-42574).
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\u202a-\u202e]")
# What right-to-left writers need within a text could reorder the line in which a name is shown.
_OF_LINES = re.compile("[\u2066-\u2069\u200e\u200f\u061c]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str, limit: int | None = None) -> str:
    """Return the text without control characters and lone surrogates, at most `limit` characters.

    What is left cannot show in another order than it has; a whole isolate stays, as writers meant it.
    """
    # What is printable holds none of them, and to know it costs a tenth of seeking them.
    found = text if text.isprintable() else _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))
    return found if limit is None else found[:limit]


def typed(text: str) -> str:
    """Return what somebody wrote in a form with a line break as one character: browsers send two.

    Their `maxlength` counts one, as its reader does (HTML, 4.10.21.7 and 4.10.19.3).
    """
    return text.replace("\r\n", "\n").replace("\r", "\n")


def bounded_id(value: str) -> str:
    """Return an outside id as we keep it: one too long for an index becomes its hash."""
    cleaned = clean(value)
    return cleaned if len(cleaned) <= MAX_ID else "sha256:" + hashlib.sha256(cleaned.encode()).hexdigest()


def clean_tree(value: object) -> object:
    """Return a JSON-like value with every text in it cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): clean_tree(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean_tree(item) for item in value]
    return value


def one_line(text: str, limit: int) -> str:
    """Return the text as one line of at most `limit` characters, cut at a word with an ellipsis."""
    line = " ".join(clean(text).split())
    return shorten(line if line.isprintable() else " ".join(_OF_LINES.sub("", line).split()), limit)


def shorten(line: str, limit: int) -> str:
    """Return one line, cut at a word with an ellipsis when it has more than `limit` characters."""
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head) + "…"


def without_accents(text: str) -> str:
    """Return the text with its letters bare of marks (NFKD): people write them or leave them out."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char))


def fold(text: str) -> str:
    """Return what two writings of the same address have in common: NFKC, case folded, trimmed."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()
