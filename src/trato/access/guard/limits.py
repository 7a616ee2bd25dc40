"""No request body grows beyond its limit, whatever its Content-Length says, nor stops half way for long."""

import asyncio
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trato.access.problems import language_of, of_error, shown
from trato.kit.errors import DomainError, TooLarge, TooSlow

USUAL_BYTES = 1_000_000
PART_S = 30.0  # the longest silence within a body: whoever holds a connection open for nothing loses it


class BodyLimit:
    """Answers 413 as soon as a body is known to be too large, 408 when the rest of it does not come."""

    def __init__(
        self, app: ASGIApp, *, larger: Mapping[str, int], usual: int = USUAL_BYTES, part_s: float = PART_S
    ) -> None:
        self._app = app
        self._larger = sorted(larger.items(), key=lambda entry: len(entry[0]), reverse=True)
        self._usual = usual
        self._part_s = part_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        request = Request(scope)
        language = language_of(request)
        said = Headers(scope=scope).get("content-length", "0")
        if not said.isascii() or not said.isdigit() or int(said) > limit:
            await shown(request, of_error(_too_large(), language))(scope, receive, send)
            return
        meter = _Meter(receive, send, limit, self._part_s)
        try:
            await self._app(scope, meter.receive, meter.send)
        except (TooLarge, TooSlow):
            if meter.refused is None or meter.started:
                raise
        if meter.refused is not None and not meter.started:
            await shown(request, of_error(meter.refused, language))(scope, receive, send)

    def _limit(self, path: str) -> int:
        return next((size for prefix, size in self._larger if path.startswith(prefix)), self._usual)


class _Meter:
    """Counts what is read; once it is too much or too slow, no answer but the refusal gets through."""

    def __init__(self, receive: Receive, send: Send, limit: int, part_s: float) -> None:
        self._receive = receive
        self._send = send
        self._left = limit
        self._part_s = part_s
        self._whole = False
        self.refused: DomainError | None = None
        self.started = False

    async def receive(self) -> Message:
        if self._whole:  # what comes now is the end of the connection, which may take as long as a stream
            return await self._receive()
        try:
            async with asyncio.timeout(self._part_s):
                message = await self._receive()
        except TimeoutError:
            self.refused = _too_slow()
            raise self.refused from None
        if message["type"] == "http.request":
            self._whole = not message.get("more_body", False)
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                self.refused = _too_large()
                raise self.refused
        return message

    async def send(self, message: Message) -> None:
        if self.refused is not None and not self.started:
            return
        self.started = True
        await self._send(message)


def _too_large() -> TooLarge:
    return TooLarge("That is larger than what can be taken here.", todo="Send something smaller.")


def _too_slow() -> TooSlow:
    return TooSlow("The rest of the request did not come.", todo="Try again.")
