"""Cross-origin answers (Fetch, CORS protocol) for the visitor API: exactly the sites that accounts list."""

from time import monotonic
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trato.access.edge import origin_of
from trato.brands import service as brands
from trato.db.edge import Services

PREFIX = "/api/v1/visitor/"
KEPT_S: Final = 5.0

_METHODS = "GET, POST, PUT, PATCH, DELETE"
_HEADERS = "Authorization, Content-Type, Last-Event-ID"
_SHOWN = "Retry-After"
_PREFLIGHT_S = 600


class VisitorCors:
    """Lets the pages of listed sites read what the visitor API answers, errors too.

    A preflight names no account, so it is answered for the sites of all of them; the request itself is
    then checked against its own account (`portal.edge`). There are no cookies: the token is the key.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._origins: frozenset[str] = frozenset()
        self._until_s = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        origin = Headers(scope=scope).get("origin") if scope["type"] == "http" else None
        if origin is None or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        allowed = await self._is_allowed(request, origin)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in request.headers:
            await _preflight(origin if allowed else None)(scope, receive, send)
            return

        async def send_shared(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                if allowed:
                    headers["Access-Control-Allow-Origin"] = origin
                    headers["Access-Control-Expose-Headers"] = _SHOWN
            await send(message)

        await self._app(scope, receive, send_shared)

    async def _is_allowed(self, request: Request, origin: str) -> bool:
        moment_s = monotonic()
        if moment_s >= self._until_s:
            shared: Services = request.app.state.services
            async with shared.db.connect() as c:
                records = await brands.list_accounts(c)
            self._origins = frozenset(
                origin_of(str(listed))
                for record in records
                if record.enabled and record.connector.capabilities.visitors
                for listed in record.settings.get("origins") or ()
            )
            self._until_s = moment_s + KEPT_S
        return origin.lower() in self._origins


def _preflight(origin: str | None) -> Response:
    headers = {"Vary": "Origin"}
    if origin is not None:
        headers |= {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": _HEADERS,
            "Access-Control-Max-Age": str(_PREFLIGHT_S),
        }
    return Response(status_code=204, headers=headers)
