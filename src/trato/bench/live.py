"""Measures live events end to end: from before the insert to many subscribers of a web process."""

import asyncio
import json
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic, monotonic_ns
from typing import Any, Final

import httpx

from trato.access import api_keys, users
from trato.access.roles import Role
from trato.bench.children import child, line, resident_mb
from trato.bench.listeners import Order
from trato.db.engine import Database
from trato.db.wake import Wake
from trato.kit.clock import now
from trato.kit.errors import Unavailable
from trato.live.service import WAKE_TOPIC

START_LIMIT_S: Final = 60.0
WRITERS: Final = 8
# About what a message event weighs.
FILLER: Final = "Buenas tardes, el paquete 3322 llegó abierto y le falta el cable. " * 8

APPEND: Final = "SELECT append_event('message.created', 'staff', 'system', NULL, NULL, NULL, $1::jsonb)"

Send = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Load:
    """How much: the defaults are the figures that Trato promises."""

    subscribers: int = 500
    events_per_s: int = 100
    seconds: float = 20.0

    @property
    def events(self) -> int:
        """Return how many events are sent in all."""
        return int(self.events_per_s * self.seconds)


async def measure(
    dsn: str, web: Sequence[str], load: Load, say: Callable[[str], None]
) -> dict[str, int | float | None]:
    """Run bare sockets, then a web process (`web` is its command), under the same load.

    `ratio` says how many times longer than bare sockets the slowest hundredth took.
    """
    say(f"bare sockets: {load.subscribers} subscribers, {load.events_per_s} events/s, {load.seconds:g} s")
    raw = await _bare_sockets(load)
    say(f"bare sockets: p50 {raw['p50_ms']} ms, p99 {raw['p99_ms']} ms")
    async with _writing(dsn) as (send, key), _web_process(dsn, web) as (port, pid):
        say("web process: the same load through the database, the log and SSE")
        request = (
            f"GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
            "Accept: text/event-stream\r\n\r\n"
        )
        found, took_s = await _listened(Order(port, load.subscribers, request, load.events), load, send)
        rss_mb = resident_mb(pid)
    p99, raw_p99 = found["p99_ms"], raw["p99_ms"]
    return {
        "subscribers": load.subscribers,
        "events_per_s": round(load.events / took_s, 1),
        "p50_ms": found["p50_ms"],
        "p99_ms": p99,
        "lost": found["lost"],
        "rss_mb": rss_mb,
        "ratio": round(p99 / raw_p99, 2) if p99 and raw_p99 else None,
    }


async def _bare_sockets(load: Load) -> dict[str, Any]:
    async with child([sys.executable, "-m", "trato.bench.fan_out"]) as server:
        port = int(await line(server))

        async def send(data: str) -> None:
            if server.stdin:
                server.stdin.write(data.encode() + b"\n")
                await server.stdin.drain()

        found, _ = await _listened(Order(port, load.subscribers, "", load.events), load, send)
        return found


async def _listened(order: Order, load: Load, send: Send) -> tuple[dict[str, Any], float]:
    """Return what the subscribers got of the load, and how long it took to send."""
    async with child([sys.executable, "-m", "trato.bench.listeners"]) as listeners:
        if not listeners.stdin:
            raise Unavailable("The subscribers did not start.")
        listeners.stdin.write(order.line())
        await line(listeners)
        began = monotonic()
        await _send_all(load, send)
        took_s = monotonic() - began
        listeners.stdin.write(b"done\n")
        found: dict[str, Any] = json.loads(await line(listeners))
        return found, took_s


async def _send_all(load: Load, send: Send) -> None:
    """Send at a steady pace; an event that is late counts its own delay."""
    began = monotonic()
    numbers = iter(range(load.events))

    async def writer() -> None:
        for number in numbers:
            await asyncio.sleep(max(0.0, began + number / load.events_per_s - monotonic()))
            mark = {"n": number, "sent_ns": monotonic_ns()}
            await send(json.dumps({"bench": mark, "message": {"text": FILLER}}, ensure_ascii=False))

    await asyncio.gather(*(writer() for _ in range(WRITERS)))


@asynccontextmanager
async def _writing(dsn: str) -> AsyncIterator[tuple[Send, str]]:
    """Give a way to append events as any process of Trato does, and an API key to listen with."""
    db, wake = Database.open(dsn, pool_size=WRITERS), Wake(dsn)
    await wake.start()

    async def send(data: str) -> None:
        await db.call(APPEND, data)
        wake.ring(WAKE_TOPIC)

    try:
        yield send, await _key(db)
    finally:
        await wake.close()
        await db.close()


async def _key(db: Database) -> str:
    async with db.begin() as c:
        user_id = await users.create(
            c,
            email="bench@example.org",
            name="Bench",
            role=Role.AGENT,
            language="en",
            password_hash=None,
        )
        _, token = await api_keys.create(
            c,
            name="bench",
            scopes=["events:read", "conversations:read"],
            created_by=user_id,
            expires_at=None,
            now=now(),
        )
        return token


@asynccontextmanager
async def _web_process(dsn: str, command: Sequence[str]) -> AsyncIterator[tuple[int, int]]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="trato-bench-") as data:
        told = {
            "TRATO_DATABASE_URL": dsn,
            "TRATO_PORT": str(port),
            "TRATO_DATA": data,
            "TRATO_LOG_LEVEL": "warning",  # a line for each stream would bury the figures
        }
        async with child([*command, "--port", str(port)], told) as process:
            await until_ready(process, port)
            yield port, process.pid


async def until_ready(process: Process, port: int) -> None:
    """Return once a web process answers that it is ready; raises `Unavailable` when it never does."""
    deadline = monotonic() + START_LIMIT_S
    async with httpx.AsyncClient(trust_env=False) as client:
        while monotonic() < deadline and process.returncode is None:
            try:
                if (await client.get(f"http://127.0.0.1:{port}/health/ready")).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    raise Unavailable("The web process did not start.")


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
