"""No request body grows beyond its limit, whatever its Content-Length says."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trato.access.problems import language_of, of_error
from trato.kit.errors import TooLarge

USUAL_BYTES = 1_000_000


class BodyLimit:
    """Answers 413 as soon as a body is known to be too large, without reading the rest."""

    def __init__(self, app: ASGIApp, *, larger: Mapping[str, int], usual: int = USUAL_BYTES) -> None:
        self._app = app
        self._larger = sorted(larger.items(), key=lambda entry: len(entry[0]), reverse=True)
        self._usual = usual

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        refusal = of_error(_too_large(), language_of(Request(scope)))
        said = Headers(scope=scope).get("content-length", "0")
        if not said.isascii() or not said.isdigit() or int(said) > limit:
            await refusal(scope, receive, send)
            return
        meter = _Meter(receive, send, limit)
        try:
            await self._app(scope, meter.receive, meter.send)
        except TooLarge:
            if not meter.exceeded or meter.started:
                raise
        if meter.exceeded and not meter.started:
            await refusal(scope, receive, send)

    def _limit(self, path: str) -> int:
        return next((size for prefix, size in self._larger if path.startswith(prefix)), self._usual)


class _Meter:
    """Counts what is read; once it is too much, no answer but the refusal gets through."""

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive = receive
        self._send = send
        self._left = limit
        self.exceeded = False
        self.started = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                self.exceeded = True
                raise _too_large()
        return message

    async def send(self, message: Message) -> None:
        if self.exceeded and not self.started:
            return
        self.started = True
        await self._send(message)


def _too_large() -> TooLarge:
    return TooLarge("That is larger than what can be taken here.", todo="Send something smaller.")
