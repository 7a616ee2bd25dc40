"""What must never reach a log: secrets and the words of customers, found by name and by form."""

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "[hidden]"

_SECRET_NAME = re.compile(
    r"password|passwd|secret|token|authorization|cookie|csrf|credential|recovery|otp|api_?key|private_?key"
    r"|session_?key|signature|challenge|dsn",
    re.IGNORECASE,
)
# The words of a message are nobody's business in a log.
_CONTENT_NAMES = frozenset({"body", "text", "html", "raw", "subject", "content", "preview", "code"})
_SECRET_FORM = re.compile(
    r"(?P<key>\btrato_[A-Za-z0-9]{4,}_)[A-Za-z0-9_-]{16,}"
    r"|(?P<scheme>\b(?:Bearer|Basic)\s+)[A-Za-z0-9._~+/=-]{8,}"
    r"|(?P<login>://[^/\s:@]+:)[^@\s/]+(?=@)"
    r"|(?P<link>/links?[/#])[A-Za-z0-9_-]{16,}",
    re.IGNORECASE,
)


def redacted(value: Any, *, name: str = "") -> Any:
    """Return a copy in which secrets and message content are hidden, at any depth."""
    if name and value not in (None, "", 0, False) and is_private(name):
        return HIDDEN
    if isinstance(value, Mapping):
        return {key: redacted(inner, name=str(key)) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [redacted(inner, name=name) for inner in value]
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"[{len(value)} bytes]"
    return value


def is_private(name: str) -> bool:
    """Say whether a field of this name holds a secret or the content of a message."""
    return name.lower() in _CONTENT_NAMES or _SECRET_NAME.search(name) is not None


def without_secrets(text: str) -> str:
    """Hide what has the form of an API key, a bearer, a password in a URL or a one-time link."""
    return _SECRET_FORM.sub(lambda found: next(filter(None, found.groups()), "") + HIDDEN, text)
