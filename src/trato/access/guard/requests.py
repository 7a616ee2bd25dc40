"""Every request has an id, one log line without content, and an answer whatever breaks."""

import time

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trato.access.cookies import SESSION, set_cookie_header
from trato.access.problems import route_path, unexpected
from trato.kit import logs
from trato.kit.ids import new_id

QUIET = ("/health/", "/metrics")


class Requests:
    """The outermost layer that knows requests; also carries a rotated session token to the browser."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        request_id = str(new_id())
        started = time.perf_counter()
        status = 0

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                _carry_token(scope, headers)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_noted)
            except Exception as error:
                # Starlette raises again what its handler has answered, for servers that show it.
                if "problem_id" not in scope["state"]:
                    if status:
                        raise  # the answer has begun: the server cuts the connection
                    response = await unexpected(Request(scope), error)
                    await response(scope, receive, send_noted)
            finally:
                if not scope["path"].startswith(QUIET):
                    _note(scope, status, time.perf_counter() - started)


def _note(scope: Scope, status: int, took_s: float) -> None:
    logs.log().info(
        "request",
        method=scope["method"],
        route=route_path(scope),
        status=status,
        took_ms=round(took_s * 1000, 1),
        actor=scope["state"].get("actor"),
        ip=scope["client"][0] if scope.get("client") else None,
    )


def _carry_token(scope: Scope, headers: MutableHeaders) -> None:
    """Set the rotated session cookie, unless the route has set one of its own."""
    token = scope["state"].get("new_session_token")
    own = any(value.startswith(f"{SESSION}=") for value in headers.getlist("set-cookie"))
    if token is not None and not own:
        headers.append("set-cookie", set_cookie_header(SESSION, token))
