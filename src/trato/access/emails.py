"""Addresses by which users sign in: their form, and the key by which two spellings are one."""

import re
import unicodedata

from trato.kit.errors import Invalid

MAX_LENGTH = 254  # RFC 5321, section 4.5.3.1, less the angle brackets
_FORM = re.compile(r"[^@\s\x00-\x1f\x7f<>()\",;:\\]{1,64}@[^@\s\x00-\x1f\x7f<>()\",;:\\]+")


def is_one(email: str) -> bool:
    """Say whether this can be an e-mail address."""
    return len(email) <= MAX_LENGTH and _FORM.fullmatch(email) is not None


def checked(email: str) -> str:
    """Return the address without blanks around it; raises `Invalid` when it cannot be one."""
    email = unicodedata.normalize("NFC", email.strip())
    if not is_one(email):
        raise Invalid("That is not an e-mail address.", todo="Write it like name@example.com.", field="email")
    return email


def key(email: str) -> str:
    """Return what is compared: case-folded, canonically composed.

    Letters that merely look alike stay apart (no compatibility folding): a reset link goes to the stored
    address alone, so nobody receives the link of a namesake.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", email.strip()).casefold())
