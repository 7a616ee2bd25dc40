"""A connection that sends half a request is closed; one that waits for an answer is not."""

import asyncio
from collections.abc import AsyncIterator
from typing import ClassVar

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from tests.support.live_app import port_of

from trato.live.server import Prompt, StreamingServer

HEAD = b"GET /slow HTTP/1.1\r\nHost: localhost\r\n"


class Hasty(Prompt):
    head_s: ClassVar[float] = 1.0


@pytest.fixture
async def port() -> AsyncIterator[int]:
    app = FastAPI()

    @app.get("/slow")
    async def slow() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            for _ in range(4):
                await asyncio.sleep(Hasty.head_s / 2)  # longer in all than a head may take
                yield b"part\n"

        return StreamingResponse(parts())

    config = uvicorn.Config(app, port=0, log_config=None, lifespan="off", http=Hasty)
    server = StreamingServer(config, lambda: None)
    serving = asyncio.create_task(server._serve())
    yield await port_of(server)
    server.should_exit = True
    await serving


@pytest.mark.parametrize("sent", [b"", b"GET", HEAD, HEAD + b"X: y\r\n"])
async def test_half_a_head_is_not_waited_for(port: int, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with asyncio.timeout(60):
        assert await reader.read() == b""
    writer.close()


async def test_an_answer_may_take_its_time_and_the_connection_is_kept(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async with asyncio.timeout(60):
        for _ in range(2):
            writer.write(HEAD + b"\r\n")
            got = await reader.readuntil(b"0\r\n\r\n")
            assert got.startswith(b"HTTP/1.1 200")
            assert got.count(b"part") == 4
        writer.write(HEAD)  # and then half of a third one
        assert await reader.read() == b""
    writer.close()
