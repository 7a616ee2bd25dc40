"""Proof by the host site of who its visitor is: HMAC-SHA256 (RFC 2104) over a canonical string."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from trato.kit.errors import NotAllowed

LONGEST = timedelta(hours=24)  # a proof copied from a page is worth little for long
MAX_CHARS = 320  # of each field: the longest mail address (RFC 5321 §4.5.3.1)
VERSION = "trato-identity-v1"


class IdentityRefused(NotAllowed):
    """The proof is forged, expired or malformed; the visitor stays anonymous."""

    kind = "identity-refused"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the host site says its visitor is; `exp` in seconds since 1970."""

    user_id: str
    name: str
    email: str
    exp: int
    signature: str


def canonical(public_key: str, identity: Identity) -> bytes:
    """Return what is signed: version, account, user_id, name, email and exp, one a line, in UTF-8."""
    return "\n".join(
        (VERSION, public_key, identity.user_id, identity.name, identity.email, str(identity.exp))
    ).encode()


def sign(secret: str, public_key: str, identity: Identity) -> str:
    """Return the signature as the host site computes it: lower-case hex."""
    return hmac.new(secret.encode(), canonical(public_key, identity), hashlib.sha256).hexdigest()


def verify(secrets: Sequence[str], public_key: str, identity: Identity, now: datetime) -> None:
    """Accept a proof signed with one of the account's secrets, or raise `IdentityRefused`.

    `secrets` holds the present one and, while it is being changed, the one before.
    """
    if not identity.user_id.strip():
        raise IdentityRefused("The identity has no user_id.", todo="Sign the id that your site knows.")
    for value in (identity.user_id, identity.name, identity.email):
        # a line break inside a field would let one field speak for the next
        if len(value) > MAX_CHARS or any(not sign.isprintable() for sign in value):
            raise IdentityRefused("The identity holds a field that is too long or has control characters.")
    usable = [secret for secret in secrets if secret]
    if not usable:
        raise IdentityRefused(
            "This account has no identity secret.", todo="Set one in the channel's settings."
        )
    given = identity.signature.lower().encode()
    matches = [hmac.compare_digest(sign(secret, public_key, identity).encode(), given) for secret in usable]
    if not any(matches):
        raise IdentityRefused(
            "The identity's signature is not right.", todo="Compare the canonical string and the secret."
        )
    expires_at = _instant(identity.exp)
    if expires_at is None or expires_at > now + LONGEST:
        raise IdentityRefused(
            "The identity is valid for longer than 24 hours.", todo="Sign an exp within the next 24 hours."
        )
    if expires_at <= now:
        raise IdentityRefused("The identity has expired.", todo="Sign it again when the page is made.")


def _instant(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
