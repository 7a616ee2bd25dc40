"""A receiver of webhooks on a real socket: keeps what came, answers as its script says."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def number(self) -> int:
        return int(json.loads(self.body)["data"]["number"])

    def verified(self, secret: str) -> dict[str, Any]:
        """Check the signature with the specification's own library; raises when it is wrong."""
        payload: dict[str, Any] = Webhook(secret).verify(self.body, self.headers)
        return payload


HANG = 0
ENDLESS = -201  # says 201 and then never ends saying
Answer = Callable[[Request], int]


@dataclass
class Receiver:
    answer: Answer = lambda _request: 204
    requests: list[Request] = field(default_factory=list)
    extra_headers: str = ""
    port: int = 0

    @property
    def numbers(self) -> list[int]:
        return [request.number for request in self.requests]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.split("\r\n")[:-2]
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            method, path, _ = first.split(" ")
            request = Request(method, path, headers, body)
            self.requests.append(request)
            status = self.answer(request)
            if status == HANG:
                await reader.read()  # until the other side gives up
            elif status == ENDLESS:
                writer.write(b"HTTP/1.1 201 x\r\n\r\n")
                while True:
                    writer.write(bytes(65_536))
                    await writer.drain()
            else:
                extra = self.extra_headers
                writer.write(f"HTTP/1.1 {status} x\r\ncontent-length: 0\r\n{extra}\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiving(
    answer: Answer | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """Listen on a free port of loopback."""
    receiver = Receiver(answer) if answer else Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
