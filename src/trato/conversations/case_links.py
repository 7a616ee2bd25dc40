"""The link by which a contact sees one matter and answers about it, without an account of ours.

Signed, so that it needs no row: it says which case, and until when. Whoever holds it may see that case as its
contact does and answer for them, and nothing else; to open it changes nothing.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from trato.db.edge import Services
from trato.kit.errors import NotFound

GOOD_FOR = timedelta(days=90)
_TIME_BYTES, _ID_BYTES, _MAC_BYTES = 5, 16, 16


def url(services: Services, case_id: UUID, now: datetime) -> str:
    """Return where a contact finds their matter."""
    until = int((now + GOOD_FOR).timestamp()).to_bytes(_TIME_BYTES)
    named = until + case_id.bytes
    token = base64.urlsafe_b64encode(named + _mac(services, named)).decode().rstrip("=")
    return f"{services.public.url.rstrip('/')}/matter/{token}"


def case_of(services: Services, given: str, now: datetime) -> UUID:
    """Return whose link this is; raises `NotFound` for one that is forged or too old."""
    gone = NotFound("This link is not valid any more.", todo="Write to us, and we send you a new one.")
    try:
        raw = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
    except (binascii.Error, ValueError) as error:
        raise gone from error
    named, mac = raw[: _TIME_BYTES + _ID_BYTES], raw[_TIME_BYTES + _ID_BYTES :]
    whole = len(raw) == _TIME_BYTES + _ID_BYTES + _MAC_BYTES
    if not whole or not hmac.compare_digest(mac, _mac(services, named)):
        raise gone
    if int.from_bytes(named[:_TIME_BYTES]) <= now.timestamp():
        raise gone
    return UUID(bytes=named[_TIME_BYTES:])


def _mac(services: Services, named: bytes) -> bytes:
    key = services.secrets.derive("case link")
    return hmac.new(key, named, hashlib.sha256).digest()[:_MAC_BYTES]
