"""The signed address that answers come back to: proves which conversation an answer belongs to.

`soporte+<token>.<signature>@example.com` in lower-case base32, since relays and address books lower-case
what stands before the `@`. The token says which conversation, the signature that we have written it.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

_SIGNATURE_BYTES: Final = 10  # 80 bits: nobody guesses it, and the local part stays below 64 characters
_PURPOSE: Final = b"trato reply address v1\0"
_MAX_LOCAL_PART: Final = 64  # RFC 5321 §4.5.3.1.1
_TAGGED: Final = re.compile(r"([^@]*)\+([a-z2-7]{26})\.([a-z2-7]{16})@([^@]+)", re.IGNORECASE)


def make_reply_address(address: str, conversation_id: UUID, key: bytes) -> str:
    """Return `address` with a signed tag that names the conversation.

    The address itself is signed too, so that a tag cannot be carried to another account. An address
    whose name leaves no room for the tag comes back as it is: the thread still follows `References`.
    """
    name, _, domain = address.rpartition("@")
    base = name.partition("+")[0]
    token = _encode(conversation_id.bytes)
    signature = _sign(base, domain, token, key)
    local_part = f"{base}+{token}.{signature}"
    if not base or not domain or len(local_part) > _MAX_LOCAL_PART:
        return address
    return f"{local_part}@{domain}"


def read_reply_address(address: str, key: bytes) -> UUID | None:
    """Return the conversation that a signed address names, or None when we have not signed it."""
    match = _TAGGED.fullmatch(address.strip().strip("<>"))
    if match is None:
        return None
    base, token, signature, domain = (part.lower() for part in match.groups())
    if not hmac.compare_digest(_sign(base, domain, token, key).encode(), signature.encode()):
        return None
    return UUID(bytes=base64.b32decode(token.upper() + "======"))


def conversation_of(addresses: Sequence[str], key: bytes) -> UUID | None:
    """Return the conversation named by the first of these addresses that we have signed."""
    found = (read_reply_address(address, key) for address in addresses)
    return next((conversation for conversation in found if conversation is not None), None)


def without_tag(address: str) -> str:
    """Return the address without our tag, as people know it."""
    match = _TAGGED.fullmatch(address)
    return address if match is None else f"{match.group(1)}@{match.group(4)}"


def _sign(name: str, domain: str, token: str, key: bytes) -> str:
    message = _PURPOSE + f"{name}@{domain}\0{token}".lower().encode("utf-8", "surrogatepass")
    return _encode(hmac.digest(key, message, hashlib.sha256)[:_SIGNATURE_BYTES])


def _encode(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()
