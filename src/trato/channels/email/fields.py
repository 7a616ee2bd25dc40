"""Header fields with a form of their own: message ids, dates, addresses that a mail was delivered to."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from trato.channels.email.headers import Headers, unfold
from trato.kit.clean_text import clean_line

MAX_REFERENCES: Final = 200
_MAX_ID: Final = 998
_MAX_DATE: Final = 200
_ID: Final = re.compile(rb"<([^<>]{1,4000})>")
_BARE_ID: Final = re.compile(rb"[^\s<>@,;]+@[^\s<>@,;]+")
_DELIVERED: Final = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")
_ADDRESS: Final = re.compile(r"[^\s<>,;]+@[^\s<>,;]+")


def parse_ids(value: bytes | None) -> tuple[str, ...]:
    """Return message ids without brackets, in order, each once (RFC 5322 §3.6.4)."""
    if not value:
        return ()
    found = _ID.findall(value) or _BARE_ID.findall(value)
    if not found:
        found = unfold(value).strip(b"<> ").split()[:1]
    texts = (clean_line(_joined(raw), _MAX_ID) for raw in found)
    return tuple(dict.fromkeys(text for text in texts if text))


def parse_id(value: bytes | None) -> str | None:
    """Return the first message id, or None."""
    return next(iter(parse_ids(value)), None)


def parse_references(value: bytes | None) -> tuple[str, ...]:
    """Return the thread's ids: the root and the newest, so that a long thread still finds its place."""
    found = parse_ids(value)
    if len(found) <= MAX_REFERENCES:
        return found
    return found[:1] + found[-(MAX_REFERENCES - 1) :]


def _joined(raw: bytes) -> str:
    return b"".join(raw.split()).decode("utf-8", "replace")


def parse_date(value: bytes | None) -> datetime | None:
    """Return the instant in UTC, or None when the field is absent or means nothing (RFC 5322 §3.3)."""
    if not value:
        return None
    text = unfold(value)[:_MAX_DATE].decode("ascii", "replace")
    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def delivered_to(headers: Headers) -> tuple[str, ...]:
    """Return the addresses that mail servers say they delivered to, newest first, each once."""
    values: Iterable[bytes] = (value for name in _DELIVERED for value in headers.all(name)[:20])
    found = (_ADDRESS.findall(unfold(value).decode("utf-8", "replace")) for value in values)
    return tuple(dict.fromkeys(clean_line(address, 320) for addresses in found for address in addresses))


def return_path(headers: Headers) -> str | None:
    """Return the envelope's sender as the receiving server wrote it, empty for the null sender."""
    value = headers.last("return-path")
    if value is None:
        return None
    found = _ADDRESS.search(unfold(value).decode("utf-8", "replace"))
    return clean_line(found.group(), 320) if found else ""
