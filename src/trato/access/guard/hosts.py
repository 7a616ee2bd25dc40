"""No sign-in in clear over a network: plain HTTP is served on loopback only, elsewhere the mend is told."""

import re
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from trato.access.problems import TITLES, language_of, problem
from trato.kit.words import translated

# A name or an address, and perhaps a port (RFC 9110, section 7.2); anything else is no host of ours.
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?", re.IGNORECASE)
# Asked by machines inside the installation's own network; they carry no session.
OPEN_PATHS = ("/health/", "/metrics", "/hooks/")

REFUSED = "Trato does not take passwords over a connection that others can read."
MEND = (
    "Open it by HTTPS: start it with --tls-cert and --tls-key, or behind a proxy that speaks HTTPS, with "
    "--public-url and TRATO_TRUSTED_PROXIES set. On the same machine, open it as localhost."
)


class SafeHost:
    """Refuses plain HTTP to any host but loopback names: `__Host-` cookies would not work there either."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif not _HOST.fullmatch(Headers(scope=scope).get("host", "").strip()):
            await _malformed(Request(scope))(scope, receive, send)
        elif self._may_pass(scope):
            await self._app(scope, receive, send)
        else:
            await refusal(Request(scope))(scope, receive, send)

    @staticmethod
    def _may_pass(scope: Scope) -> bool:
        if scope["scheme"] == "https" or scope["path"].startswith(OPEN_PATHS):
            return True
        return is_loopback_name(split_host(scope))


def refusal(request: Request) -> Response:
    """Return the page, or the problem for a program, that says how to mend it."""
    language = language_of(request)
    if "text/html" not in request.headers.get("accept", ""):
        return problem(403, kind="insecure-connection", detail=REFUSED, todo=MEND, language=language)
    said, mend = translated(REFUSED, language), translated(MEND, language)
    return HTMLResponse(
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>Trato</title>'
        f"<h1>{said}</h1><p>{mend}</p></html>",
        403,
    )


def _malformed(request: Request) -> Response:
    """Refuse a request whose Host is missing or none (RFC 9112, section 3.2)."""
    return problem(400, kind="bad-request", detail=TITLES[400] + ".", language=language_of(request))


def split_host(scope: Scope) -> str:
    """Return the name in the Host header, without port, in lower case."""
    host = Headers(scope=scope).get("host", "").strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def is_loopback_name(host: str) -> bool:
    """Say whether browsers take this host for the same machine (W3C Secure Contexts, section 3.1)."""
    name = host.rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
