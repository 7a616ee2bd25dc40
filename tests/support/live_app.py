"""A small application that serves the streams of the log, for tests in this process or in another."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import uvicorn
from fastapi import FastAPI, Request
from tests.support.until import until

from trato.db.engine import Database
from trato.db.wake import Wake
from trato.live.audience import Staff, Visitor
from trato.live.hub import Hub
from trato.live.server import StreamingServer
from trato.live.stream import EventStream, cursor_of
from trato.portal import views


async def anybody() -> bool:
    return True


def make_app(hub: Hub) -> FastAPI:
    app = FastAPI()

    @app.get("/staff")
    async def staff(request: Request) -> EventStream:
        return EventStream(hub.subscribe(Staff(), cursor_of(request)), anybody)

    @app.get("/visitor/{conversation_id}")
    async def visitor(conversation_id: UUID, request: Request) -> EventStream:
        return EventStream(
            hub.subscribe(Visitor(conversation_id, views.project), cursor_of(request)), anybody
        )

    return app


@asynccontextmanager
async def hub_of_process(dsn: str, ping_s: float = 15) -> AsyncIterator[Hub]:
    """Give a running hub with a pool and a wake of its own."""
    db = Database.open(dsn, pool_size=4)
    wake = Wake(dsn)
    hub = Hub(db, wake, ping_s=ping_s)
    try:
        await wake.start()
        await hub.start()
        yield hub
    finally:
        await hub.close()
        await wake.close()
        await db.close()


def make_server(hub: Hub) -> StreamingServer:
    config = uvicorn.Config(make_app(hub), port=0, log_config=None, lifespan="off", ws="none")
    return StreamingServer(config, hub.end_streams)


async def port_of(server: uvicorn.Server) -> int:
    await until(lambda: server.started, "the server listens")
    return int(server.servers[0].sockets[0].getsockname()[1])


@asynccontextmanager
async def web(dsn: str, *, ping_s: float = 15) -> AsyncIterator[tuple[Hub, int]]:
    """Serve on a free port as a web process would; give the hub and the port."""
    async with hub_of_process(dsn, ping_s) as hub:
        server = make_server(hub)
        serving = asyncio.create_task(server._serve())  # without its signal handlers
        try:
            yield hub, await port_of(server)
        finally:
            server.should_exit = True
            await serving


async def serve_until_signal(dsn: str) -> None:
    """Be a whole web process: print the port, serve until SIGTERM."""
    async with hub_of_process(dsn) as hub:
        server = make_server(hub)
        serving = asyncio.create_task(server.serve())
        print(await port_of(server), flush=True)
        await serving


if __name__ == "__main__":
    asyncio.run(serve_until_signal(os.environ["TEST_DSN"]))
