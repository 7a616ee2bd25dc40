"""Server-sent events over HTTP: one response that lasts as long as its subscription."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from trato.kit.errors import Invalid
from trato.live import queries
from trato.live.subscription import Subscription

log = structlog.get_logger()

RECHECK_S: Final = 60.0
BLOCKED_S: Final = 45.0
TURN_S: Final = 5.0

MayListen = Callable[[], Awaitable[bool]]

HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would hold events back
]


class EventStream(Response):
    """Streams a subscription and closes it at the end.

    `may_listen` is asked each minute, and at once when the hub says that a session was revoked: when it
    says no, the stream ends. A client that takes nothing for 45 s is left; it may come back.
    """

    media_type = "text/event-stream"

    def __init__(
        self, subscription: Subscription, may_listen: MayListen, *, recheck_s: float = RECHECK_S
    ) -> None:
        super().__init__()
        self._subscription = subscription
        self._may_listen = may_listen
        self._recheck_s = recheck_s

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the stream (ASGI)."""
        extra = [pair for pair in self.raw_headers if pair[0] not in {b"content-type", b"content-length"}]
        with self._subscription as subscription:
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": HEADERS + extra}
            )
            leaving = asyncio.create_task(_until_gone(receive, subscription))
            try:
                await self._serve(subscription, send)
            finally:
                leaving.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await leaving

    async def _serve(self, subscription: Subscription, send: Send) -> None:
        turned_at = monotonic()
        check_at = turned_at + self._recheck_s
        loop = asyncio.get_running_loop()
        try:
            # The ping turns this loop each 15 s; one that does not turn stands in `send`.
            async with asyncio.timeout(BLOCKED_S) as limit:
                while (chunk := await self._next(subscription)) is not None:
                    now = monotonic()
                    if now - turned_at > TURN_S:
                        limit.reschedule(loop.time() + BLOCKED_S)
                        turned_at = now
                    if subscription.must_recheck or now >= check_at:
                        subscription.must_recheck = False
                        check_at = now + self._recheck_s
                        if not await self._may_listen():
                            break
                    if chunk:
                        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except TimeoutError:
            log.info("live.client_takes_nothing")
            return
        await send({"type": "http.response.body", "body": b""})

    async def _next(self, subscription: Subscription) -> bytes | None:
        try:
            return await subscription.next()
        except Exception as error:  # noqa: BLE001  the database is away: the client comes back by itself
            log.warning("live.stream_broken", error=str(error))
            return None


def cursor_of(request: Request) -> int | None:
    """Return the position that a client comes back with: `Last-Event-ID`, else `?after=`, else None.

    Raises Invalid when it is not a position.
    """
    given = request.headers.get("last-event-id") or request.query_params.get("after")
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) < len(str(queries.END))):
        raise Invalid("The position to go on from is a whole number.", field="after")
    return int(given)


async def _until_gone(receive: Receive, subscription: Subscription) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscription.end()
