"""Second factor by time-based codes (RFC 6238), each accepted once, and recovery codes for a lost device."""

import hmac
import io
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp
import segno

from trato.kit.ids import token_hash

STEP_S = 30
DIGITS = 6
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without signs that look alike


def new_secret() -> str:
    """Return a random secret of 160 bits in base32, as RFC 4226 recommends."""
    return pyotp.random_base32(32)


def uri(secret: str, *, email: str, issuer: str) -> str:
    """Return the address that authenticator applications read from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def qr_svg(address: str) -> str:
    """Return the QR code as one SVG element without inline style, dark on light in both themes."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", scale=5, border=4, xmldecl=False, dark="#000", light="#fff", omitsize=True
    )
    return out.getvalue().decode()


def matching_step(secret: str, code: str, *, now: datetime, last_step: int | None) -> int | None:
    """Return the time step whose code this is, or None.

    One step before and after is allowed for clocks that differ (RFC 6238, section 5.2). A step that is
    not after `last_step` is refused: a code works once. Compare in constant time.
    """
    code = "".join(code.split())
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    generator = pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP_S
    found = None
    for step in (present - 1, present, present + 1):
        right = hmac.compare_digest(generator.generate_otp(step), code)
        if right and (last_step is None or step > last_step):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Return the codes to print and keep: about 49 bits each, so their plain hash may be stored."""
    return ["-".join(_group() for _ in range(2)) for _ in range(RECOVERY_CODES)]


def recovery_hash(code: str) -> bytes:
    """Return what is stored of a recovery code, however it was typed."""
    return token_hash("".join(sign for sign in code.lower() if sign.isalnum()))


def without_recovery_code(hashes: Sequence[bytes], code: str) -> list[bytes] | None:
    """Return the hashes that remain when the code is one of them, otherwise None."""
    given = recovery_hash(code)
    left = [known for known in hashes if not hmac.compare_digest(known, given)]
    return left if len(left) < len(hashes) else None


def _group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(5))
