"""Header fields written so that no value can become another field (RFC 5322, RFC 2047, RFC 6532)."""

import re
from collections.abc import Iterable
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from typing import Final

from trato.channels.email.addresses import Mailbox
from trato.kit.clean_text import clean_line
from trato.kit.errors import Invalid

MAX_REFERENCES: Final = 30
_MAX_NAME: Final = 200
_LINE: Final = 76
_LOCAL_PART: Final = re.compile(
    r'[^\s<>()\[\]\\,;:"@\x00-\x20\x7f-\xa0\u2000-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufeff]{1,64}'
    r'|"[\x20\x21\x23-\x5b\x5d-\x7e]{1,62}"'
)
_LABEL: Final = r"[a-z0-9_][a-z0-9_-]{0,62}"
_DOMAIN: Final = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*", re.IGNORECASE)
_ID: Final = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{1,900}")


def wire_address(address: str) -> str:
    """Return an address as it goes over the wire, its domain in ASCII (RFC 5891).

    Raises `Invalid` for what is no address, a line end in it above all.
    """
    local_part, at, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
    except UnicodeError:
        ascii_domain = ""
    if not at or not _LOCAL_PART.fullmatch(local_part) or not _DOMAIN.fullmatch(ascii_domain):
        shown = clean_line(address, 100)
        raise Invalid(f"“{shown}” is not an email address.", todo="Correct the address.", field="address")
    return f"{local_part}@{ascii_domain}"


def text_line(name: str, value: str) -> str:
    """Return a field with free text, encoded where it is not ASCII."""
    value = clean_line(value, 2_000)
    if value.isascii() and len(name) + len(value) < _LINE and "=?" not in value:
        return f"{name}: {value}\r\n"
    encoded = Header(value, "utf-8", header_name=name, maxlinelen=_LINE).encode(linesep="\r\n")
    return f"{name}: {encoded}\r\n"


def address_line(name: str, mailboxes: Iterable[Mailbox]) -> str:
    """Return a field with addresses, one on each line."""
    shown = ",\r\n ".join(_mailbox(mailbox) for mailbox in mailboxes)
    return f"{name}: {shown}\r\n"


def _mailbox(mailbox: Mailbox) -> str:
    address = wire_address(mailbox.address)
    name = clean_line(mailbox.name, _MAX_NAME)
    if not name:
        return address
    if name.isascii() and "=?" not in name:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{address}>'
    encoded = Header(name, "utf-8", maxlinelen=_LINE).encode(linesep="\r\n")
    return f"{encoded} <{address}>"


def id_line(name: str, ids: Iterable[str]) -> str:
    """Return a field with message ids, each on its own line; they must have passed `is_message_id`."""
    shown = "\r\n ".join(f"<{text}>" for text in ids)
    return f"{name}: {shown}\r\n"


def is_message_id(text: str) -> bool:
    """Whether a text can stand between the brackets of a message id."""
    return _ID.fullmatch(text) is not None


def date_line(date: datetime) -> str:
    """Return the Date field."""
    return f"Date: {format_datetime(date)}\r\n"


def thread_references(references: Iterable[str], answered: str | None) -> tuple[str, ...]:
    """Return the References of an answer (RFC 5322 §3.6.4): the root and the newest ids."""
    ids = [*references, *([answered] if answered else [])]
    sound = [text for text in ids if is_message_id(text)]
    unique = tuple(dict.fromkeys(reversed(sound)))[::-1]  # a repeated id keeps its last place
    if len(unique) <= MAX_REFERENCES:
        return unique
    return unique[:1] + unique[-(MAX_REFERENCES - 1) :]
