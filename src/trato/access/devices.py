"""Known devices: a browser that has signed in before is not slowed down by strangers' attempts.

The cookie says "somebody signed in here as this address", signed by us; it opens nothing. Strangers share
one budget of attempts per account, each known device has its own (OWASP, "Blocking Brute Force Attacks",
device cookies).
"""

import hashlib
import hmac

from trato.access import emails
from trato.kit.ids import new_token
from trato.kit.secret_box import SecretBox


def issue(secrets: SecretBox, email: str) -> str:
    """Return the cookie's value for a browser that has just signed in as `email`."""
    device = new_token(12)
    return f"{device}.{_sign(secrets, email, device)}"


def recognise(secrets: SecretBox, email: str, value: str | None) -> str | None:
    """Return the device's id when the cookie was issued for `email`, otherwise None."""
    device, _, signature = (value or "").partition(".")
    if not device or not hmac.compare_digest(_sign(secrets, email, device).encode(), signature.encode()):
        return None
    return device


def _sign(secrets: SecretBox, email: str, device: str) -> str:
    key = secrets.derive("access/device")
    return hmac.new(key, f"{emails.key(email)}\0{device}".encode(), hashlib.sha256).hexdigest()
