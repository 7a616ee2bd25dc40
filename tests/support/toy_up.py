"""`trato up` around toy roles: the command, the database and the migrations are the real ones.

Run as a script with the options of `trato up`.
"""

import asyncio
import os
import socket
import sys
from collections.abc import Callable, Sequence
from typing import Any

import uvicorn

import trato.cli
import trato.cli.composition
from trato.db.engine import Database
from trato.db.migrate import current
from trato.kit.process_tree import Role
from trato.kit.service_loop import run_until_stopped
from trato.settings import Settings


class Toys:
    """Web answers its process id and what the database says; work only waits."""

    def prepare(self, _settings: Settings, dsn: str) -> Sequence[str]:
        return [f"Schema        {asyncio.run(current(dsn))}"]

    def roles(
        self, _settings: Settings, dsn: str, listener: socket.socket, *, traffic: bool
    ) -> Sequence[Role]:
        del traffic

        def web(ready: Callable[[], None]) -> None:
            database = Database.open(dsn)

            async def answer(scope: Any, _receive: Any, send: Any) -> None:
                if scope["type"] == "http":
                    said = await database.call("SELECT 40 + 2")
                    await send({"type": "http.response.start", "status": 200})
                    await send({"type": "http.response.body", "body": f"{os.getpid()} {said}".encode()})

            async def serve(stop: asyncio.Event) -> None:
                config = uvicorn.Config(answer, log_config=None, lifespan="off", timeout_graceful_shutdown=2)
                server = uvicorn.Server(config)
                serving = asyncio.create_task(server.serve(sockets=[listener]))
                ready()
                await stop.wait()
                server.should_exit = True
                await serving

            run_until_stopped(serve)

        def work(ready: Callable[[], None]) -> None:
            async def wait(stop: asyncio.Event) -> None:
                ready()
                await stop.wait()

            run_until_stopped(wait)

        return [Role("web", web), Role("work", work), Role("route", work)]


if __name__ == "__main__":
    toys: trato.cli.composition.Composition = Toys()
    trato.cli.composition.composition = lambda: toys
    sys.argv = ["trato", "up", *sys.argv[1:]]
    trato.cli.main()
