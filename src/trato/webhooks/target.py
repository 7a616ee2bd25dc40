"""Where webhooks may go: never into the installation's own network unless its administrator allows it."""

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

import httpx

from trato.kit.errors import Invalid
from trato.kit.guarded_http import may_reach

MAX_URL: Final = 2_000
MAX_HOST: Final = 253

_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)


def check_url(url: str, *, allow_private: bool) -> None:
    """Raise Invalid unless this is an `https` URL that may lead outside.

    Plain `http` is for private targets, where an administrator allows them. The host is looked up, and
    checked again, at each delivery.
    """
    schemes = {"https", "http"} if allow_private else {"https"}
    try:
        parts = urlsplit(url)
        port_is_valid = parts.port != 0
    except ValueError:
        raise Invalid("That is not a valid URL.", field="url") from None
    if len(url) > MAX_URL or not parts.hostname or not port_is_valid:
        raise Invalid("That is not a valid URL.", field="url")
    if parts.scheme not in schemes:
        raise Invalid("The URL of a webhook begins with https://.", field="url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Invalid("The URL of a webhook has no user, password or fragment in it.", field="url")
    try:
        address = ipaddress.ip_address(parts.hostname)
    except ValueError:
        _check_name(url)
        return
    if not may_reach(address, allow_private=allow_private):
        raise Invalid(
            "Webhooks do not go into this network.",
            todo="Use a public address, or have TRATO_WEBHOOKS_ALLOW_PRIVATE set.",
            field="url",
        )


def _check_name(url: str) -> None:
    """Refuse a name that no resolver can look up (RFC 1035, section 2.3.4; RFC 5891 for other scripts)."""
    try:
        host = httpx.URL(url).raw_host.decode("ascii").removesuffix(".")
    except (httpx.InvalidURL, UnicodeError):
        raise Invalid("That is not a valid URL.", field="url") from None
    if len(host) > MAX_HOST or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise Invalid("That is not a valid URL.", field="url")
