"""Identifiers: time-ordered UUIDs for rows, random tokens for secrets."""

import hashlib
import secrets
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562): unique, and ordered by time so that indexes stay compact."""
    return uuid7()


def new_token(nbytes: int = 32) -> str:
    """Return a URL-safe random secret with `nbytes` bytes of entropy."""
    return secrets.token_urlsafe(nbytes)


def token_hash(token: str) -> bytes:
    """Return what is stored of a random token: SHA-256 suffices, since the token itself is random."""
    return hashlib.sha256(token.encode()).digest()
