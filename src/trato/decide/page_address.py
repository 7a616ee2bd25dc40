"""What is kept of a page's address: enough to open it, nothing that opens a door or tells of a person."""

import re
from typing import Final
from urllib.parse import unquote, urlsplit

MAX_CHARACTERS: Final = 300
# What looks like a key: a long piece with a digit, a very long one, an id (RFC 9562), letters of both cases
# with digits as base64 has them; and an address of a person.
_SECRET: Final = re.compile(
    r".*@.*"
    r"|.*(?=[^\W_]*\d)[^\W_]{16,}.*"
    r"|.*[^\W_]{32,}.*"
    r"|.*[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}.*"
    r"|(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{20,}"
)
_GAP: Final = "…"


def bare(address: str) -> str:
    """Return scheme, host and path; without credentials, query, fragment and whatever looks like a key.

    A path of our own pages stays a path. Empty for what is no web address.
    """
    shown = "".join(letter for letter in address[: 8 * MAX_CHARACTERS] if letter.isprintable()).strip()
    try:
        parts = urlsplit(shown)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("", "http", "https") or bool(parts.scheme) != bool(host):
        return ""
    if not host and not parts.path.startswith("/"):
        return ""
    path = "/".join(_part(one) for one in parts.path.split("/"))
    named = f"[{host}]" if ":" in host else host
    front = f"{parts.scheme}://{named}{f':{port}' if port else ''}" if host else ""
    return f"{front}{path}"[:MAX_CHARACTERS]


def _part(one: str) -> str:
    return _GAP if _SECRET.fullmatch(unquote(one)) else one
