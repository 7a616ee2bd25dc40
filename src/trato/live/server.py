"""An HTTP server that ends its streams before it waits for its connections to close."""

import socket
from collections.abc import Callable

import uvicorn


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
