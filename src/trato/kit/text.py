"""Text from outside made safe to keep: no characters that a database or a reader would trip over."""

import hashlib
import re
import unicodedata

MAX_ID = 500  # characters; an index row holds 2,700 bytes

# C0 and C1 controls but tab, line feed and carriage return; NUL cannot be stored at all.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")


def clean(text: str, limit: int | None = None) -> str:
    """Return the text without control characters and lone surrogates, at most `limit` characters."""
    found = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))
    return found if limit is None else found[:limit]


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
    line = _SPACES.sub(" ", clean(text)).strip()
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head) + "…"


def fold(text: str) -> str:
    """Return what two writings of the same address have in common: NFKC, case folded, trimmed."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()
