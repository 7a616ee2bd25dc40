"""An HTTP server that ends its streams before it waits for its connections, and waits for no dawdler."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any, ClassVar

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class StreamingServer(uvicorn.Server):
    """uvicorn, but a stop signal calls `before_exit` first.

    uvicorn's graceful shutdown waits for open responses, and a stream of events never ends by itself:
    without this it would hang until its time-out.
    """

    def __init__(self, config: uvicorn.Config, before_exit: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_exit = before_exit

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then stop as uvicorn does."""
        self._before_exit()
        await super().shutdown(sockets)


class Prompt(HttpToolsProtocol):
    """uvicorn's connection, but one that does not send a whole request head in time is closed.

    uvicorn lets such a connection stand for ever, and each takes one of the places that it has.
    """

    head_s: ClassVar[float] = 20.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock for the first head."""
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        """Start the clock for the head of a request on a connection that is kept."""
        super().on_message_begin()
        self._wait()

    def on_headers_complete(self) -> None:
        """Stop it: the rest has limits of its own."""
        self._stop()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop it."""
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._stop()
        self._deadline = self.loop.call_later(self.head_s, self.transport.close)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
