"""The limit below the live events: the same bytes to the same number of sockets, with nothing in between.

Run as a module by `trato bench live`: prints its port, sends on each line from its parent, ends at the last.
"""

import asyncio
import sys
from typing import cast

import uvloop


class Socket(asyncio.Protocol):
    """One subscriber: greeted, then written to."""

    def __init__(self, everyone: set[asyncio.Transport]) -> None:
        self._everyone = everyone

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take it among those that are written to."""
        writable = cast("asyncio.Transport", transport)  # uvloop's are not of that class
        writable.write(b"raw\n")
        self._everyone.add(writable)


async def serve() -> None:
    """Write what comes from stdin to everyone."""
    loop = asyncio.get_running_loop()
    everyone: set[asyncio.Transport] = set()
    server = await loop.create_server(lambda: Socket(everyone), "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while lines := await reader.read(2**20):  # what came while the last was written goes out together
        for transport in everyone:
            transport.write(lines)


if __name__ == "__main__":
    uvloop.run(serve())
