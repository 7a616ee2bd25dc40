"""Reports that mail servers send: what could not be delivered and why (RFC 3464), and older, free forms."""

import re
from collections.abc import Iterator
from typing import Final

from trato.channels.email.fields import parse_id
from trato.channels.email.headers import Headers, read_headers, unfold
from trato.channels.email.model import Bounce
from trato.channels.email.structure import Kind, Part, Structure
from trato.kit.clean_text import clean_line

DELIVERY_STATUS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_HEADERS_ONLY: Final = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})
_MAX_GROUPS: Final = 500
_MAX_TEXT: Final = 20_000
_MAX_DIAGNOSTIC: Final = 500

_ADDRESS: Final = re.compile(r"[^\s<>()\[\]:;,\"']{1,64}@[a-z0-9.-]{1,253}[a-z0-9]", re.IGNORECASE)
_STATUS: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE: Final = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")
_FAILURE: Final = re.compile(
    r"(?<![\d.])[45]\d\d[ -]|[45]\.\d{1,3}\.\d{1,3}|unknown user|user unknown|no such user|does not exist|"
    r"mailbox (?:full|unavailable)|quota|unrouteable|no existe|buzón|não existe|rejected|rechazad|rejeitad",
    re.IGNORECASE,
)
_ORIGINAL_ID: Final = re.compile(r"^\s*message-id:\s*<([^<>\s]{1,900})>", re.IGNORECASE | re.MULTILINE)


def read_bounce(structure: Structure, text: str) -> Bounce:
    """Return the first failed recipient of a report, from its fields or, without them, from its words."""
    original = _original_message_id(structure, text)
    for part in structure.parts:
        if content_type(part) in DELIVERY_STATUS:
            found = _from_fields(part.content, original)
            if found:
                return found
    return _from_words(structure, text[:_MAX_TEXT], original)


def content_type(part: Part) -> str:
    """Return the part's type and subtype, or an empty text."""
    return part.content_type.value if part.content_type else ""


def _from_fields(data: bytes, original: str | None) -> Bounce | None:
    groups = [group for group in _groups(data) if "final-recipient" in group or "original-recipient" in group]
    failed = [group for group in groups if _value(group, "action").lower() == "failed"]
    for group in failed or groups:
        diagnostic = _without_type(_value(group, "diagnostic-code"))
        status = _STATUS.search(_value(group, "status")) or _STATUS.search(diagnostic)
        recipient = _without_type(_value(group, "final-recipient")) or _without_type(
            _value(group, "original-recipient")
        )
        return Bounce(
            recipient=clean_line(recipient.strip("<>"), 320) or None,
            status=status.group(1) if status else None,
            diagnostic=clean_line(diagnostic, _MAX_DIAGNOSTIC) or None,
            original_message_id=original,
            action=_value(group, "action").lower() or None,
        )
    return None


def _groups(data: bytes) -> Iterator[Headers]:
    position = 0
    for _ in range(_MAX_GROUPS):
        block = read_headers(data, position)
        if block.headers.fields:
            yield block.headers
        if block.body_start >= len(data):
            return
        position = block.body_start


def _value(group: Headers, name: str) -> str:
    value = group.last(name)
    return "" if value is None else unfold(value).decode("utf-8", "replace")


def _without_type(value: str) -> str:
    """Drop the type before the semicolon: `rfc822; ana@example.com`, `smtp; 550 …`."""
    kind, separator, rest = value.partition(";")
    return rest.strip() if separator and " " not in kind.strip() else value.strip()


def _original_message_id(structure: Structure, text: str) -> str | None:
    for part in structure.parts:
        if part.kind is Kind.MESSAGE or content_type(part) in _HEADERS_ONLY:
            found = parse_id(read_headers(part.content, 0).headers.last("message-id"))
            if found:
                return found
    quoted = _ORIGINAL_ID.search(text)
    return quoted.group(1) if quoted else None


def _from_words(structure: Structure, text: str, original: str | None) -> Bounce:
    listed = _ADDRESS.search(structure.headers.text("x-failed-recipients"))
    own = {address.lower() for address in _ADDRESS.findall(structure.headers.text("from"))}
    named = (match for match in _ADDRESS.finditer(text) if match.group().lower() not in own)
    recipient = listed or next(named, None)
    lines = [line.strip() for line in text.split("\n")]
    telling = next((line for line in lines if _FAILURE.search(line)), "")
    status = _STATUS.search(text)
    code = _REPLY_CODE.search(telling)
    return Bounce(
        recipient=clean_line(recipient.group().strip("."), 320) if recipient else None,
        status=status.group(1) if status else f"{code.group(1)}.0.0" if code else None,
        diagnostic=clean_line(telling, _MAX_DIAGNOSTIC) or None,
        original_message_id=original,
    )
