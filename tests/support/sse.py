"""A client of server-sent events over a plain socket: keeps the raw bytes, comes back when cut off."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Received:
    id: int | None
    kind: str
    data: dict[str, Any]


@dataclass
class SseClient:
    """Follows one stream; `ports` are tried in turn, as behind a load balancer."""

    ports: list[int]
    path: str
    last_id: int | None = None
    authorization: str = ""
    raw: bytearray = field(default_factory=bytearray)
    events: list[Received] = field(default_factory=list)
    connected: int = 0
    _writer: asyncio.StreamWriter | None = None

    async def follow(self, on_event: Callable[[Received], None] | None = None) -> None:
        """Receive until cancelled, reconnecting with Last-Event-ID."""
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                async for event in self.once():
                    self.events.append(event)
                    if on_event:
                        on_event(event)
            await asyncio.sleep(0.01)

    def cut(self) -> None:
        """Lose the network, in the middle of whatever is on the wire."""
        if self._writer:
            self._writer.transport.abort()

    async def once(self) -> AsyncIterator[Received]:
        """Connect and give events until the stream ends."""
        port = self.ports[self.connected % len(self.ports)]
        self.connected += 1
        reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            again = f"Last-Event-ID: {self.last_id}\r\n" if self.last_id is not None else ""
            if self.authorization:
                again += f"Authorization: {self.authorization}\r\n"
            self._writer.write(f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\n{again}\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            assert b" 200 " in head.split(b"\r\n")[0], head
            pending = b""
            while chunk := await self._chunk(reader):
                self.raw += chunk
                *blocks, pending = (pending + chunk).split(b"\n\n")
                for block in blocks:
                    if event := self._parse(block.decode()):
                        yield event
        finally:
            self._writer.close()

    async def _chunk(self, reader: asyncio.StreamReader) -> bytes:
        size = int(await reader.readuntil(b"\r\n"), 16)
        return (await reader.readexactly(size + 2))[:-2]

    def _parse(self, block: str) -> Received | None:
        """Read one block as a browser does: an id without data only moves the last id."""
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if "id" in fields:
            self.last_id = int(fields["id"])
        if "data" not in fields:
            return None
        identifier = int(fields["id"]) if "id" in fields else None
        return Received(identifier, fields.get("event", "message"), json.loads(fields["data"]))
