"""What may stand in a field of an installation's own, and how it is said. Pure."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from trato.kit.text import clean, one_line

Kind = Literal["text", "number", "date", "choice", "yes_no", "link"]
Value = str | int | float | bool

MAX_TEXT: Final = 500
MAX_LINK: Final = 2_000
MAX_NUMBER: Final = 1e15  # up to here every reader's double tells cents apart
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
YES, NO = "yes", "no"


class WrongValue(Exception):
    """A value that a field does not take; `code` is the field's kind, which says what it would take."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def normal(kind: str, given: Any, choices: Collection[str] = ()) -> Value | None:
    """Return a value as it is kept; None for an empty one. Raises `WrongValue`.

    `choices` are the keys that may be chosen now.
    """
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    kept = _kept(kind, given, choices)
    if kept is None:
        raise WrongValue(kind)
    return kept


def _kept(kind: str, given: Any, choices: Collection[str]) -> Value | None:
    match kind:
        case "text" if isinstance(given, str):
            kept: Value | None = one_line(clean(given, MAX_TEXT), MAX_TEXT).strip() or None
        case "number" if isinstance(given, (int, float)) and not isinstance(given, bool):
            kept = given if math.isfinite(given) and abs(given) <= MAX_NUMBER else None
        case "date" if isinstance(given, str) and DAY.fullmatch(given):
            kept = _day(given)
        case "choice" if isinstance(given, str) and given in choices:
            kept = given
        case "yes_no" if isinstance(given, bool):
            kept = given
        case "link" if isinstance(given, str) and is_link(given.strip()):
            kept = given.strip()
        case _:
            kept = None
    return kept


def _day(given: str) -> str | None:
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        return None


def is_link(given: str) -> bool:
    """Say whether a text is a link that may be shown: to the web, naming nobody and no password."""
    try:
        parts = urlsplit(given)
        host = parts.hostname
    except ValueError:
        return False
    plain = given.isprintable() and " " not in given and len(given) <= MAX_LINK
    return plain and parts.scheme in {"http", "https"} and bool(host) and parts.username is None


def in_language(labels: Mapping[str, str], language: str) -> str:
    """Return what something is called in a language, else in the first that it has a name in."""
    tag = language.partition("-")[0].lower()
    return labels.get(tag) or next((said for said in labels.values() if said), "")


def said(kind: str, value: Any, choices: Sequence[Mapping[str, Any]], language: str) -> str:
    """Return a value as a sentence to a reader carries it; a yes or no is none."""
    if value is None or kind == "yes_no":
        return ""
    if kind == "choice":
        labels: Mapping[str, str] = next((one["labels"] for one in choices if one["key"] == value), {})
        return in_language(labels, language) or str(value)
    return format(Decimal(str(value)).normalize(), "f") if kind == "number" else str(value)


def as_tested(value: Any) -> str | None:
    """Return a value as the condition of a rule tests it: text, the key of a choice, `yes` or `no`."""
    if value is None:
        return None
    if isinstance(value, bool):
        return YES if value else NO
    return format(Decimal(str(value)).normalize(), "f") if isinstance(value, (int, float)) else str(value)
