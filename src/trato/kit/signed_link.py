"""The signed name in a link that needs no row: what it is about, and until when it is good."""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from typing import Final
from uuid import UUID

from trato.kit.errors import NotFound

_TIME_BYTES: Final = 5
_ID_BYTES: Final = 16
_MAC_BYTES: Final = 16


def name(key: bytes, named: UUID, until: datetime) -> str:
    """Return the signed name of something, for a URL. Each kind of link has a key of its own."""
    said = int(until.timestamp()).to_bytes(_TIME_BYTES) + named.bytes
    return base64.urlsafe_b64encode(said + _mac(key, said)).decode().rstrip("=")


def named(key: bytes, given: str, now: datetime) -> UUID:
    """Return what a link is about; raises `NotFound` for one that is forged or too old."""
    gone = NotFound("This link is not valid any more.", todo="Write to us, and we send you a new one.")
    try:
        raw = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
    except (binascii.Error, ValueError) as error:
        raise gone from error
    said, mac = raw[: _TIME_BYTES + _ID_BYTES], raw[_TIME_BYTES + _ID_BYTES :]
    whole = len(raw) == _TIME_BYTES + _ID_BYTES + _MAC_BYTES
    if not whole or not hmac.compare_digest(mac, _mac(key, said)):
        raise gone
    if int.from_bytes(said[:_TIME_BYTES]) <= now.timestamp():
        raise gone
    return UUID(bytes=said[_TIME_BYTES:])


def _mac(key: bytes, said: bytes) -> bytes:
    return hmac.new(key, said, hashlib.sha256).digest()[:_MAC_BYTES]
