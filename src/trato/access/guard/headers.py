"""Security headers on every response; a route that needs others sets its own and these stay away."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trato.access.guard.hosts import is_loopback_name, split_host

YEAR_S = 31_536_000

_DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "media-src 'self' blob:",
    "frame-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
)
DESK_POLICY = "; ".join(_DIRECTIVES)

_ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()"
    ),
}


class SecurityHeaders:
    """Adds what is missing: a response's own policy wins, for mail frames, the widget and the demo page."""

    def __init__(self, app: ASGIApp, *, policy: str = DESK_POLICY) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host = split_host(scope)
        strict_transport = scope["scheme"] == "https" and not is_loopback_name(host)
        api = scope["path"].startswith("/api/")

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableHeaders(scope=message), strict_transport=strict_transport, api=api)
            await send(message)

        await self._app(scope, receive, send_guarded)

    def _complete(self, headers: MutableHeaders, *, strict_transport: bool, api: bool) -> None:
        if "Content-Security-Policy" not in headers:
            headers["Content-Security-Policy"] = self._policy
            headers["X-Frame-Options"] = "DENY"
        for name, value in _ALWAYS.items():
            headers.setdefault(name, value)
        if strict_transport:
            headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_S}")
        if api:
            headers.setdefault("Cache-Control", "no-store")
        if "server" in headers:
            del headers["server"]
