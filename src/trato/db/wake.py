"""Wake-ups between processes: a hint, sent after the commit, on a connection of its own.

A NOTIFY inside a transaction serialises commits (2,900 → 570 per second measured), so nobody writes one
there. The tables are the truth; whoever waits also looks by itself after a time-out.
"""

import asyncio
import contextlib
from collections.abc import Callable

import asyncpg
import structlog

from trato.db.engine import FAILURES, plain_dsn

log = structlog.get_logger()

CHANNEL = "trato_wake"
GATHER_S = 0.002
PAUSE_S = 0.008  # between two notifications, so that a busy process sends a hundred a second and not more
RECONNECT_S = 0.5
STANDS_S = 20.0  # how often a silent connection is asked whether it stands
ANSWER_S = 5.0
KEPT = 1_000  # texts that wait for a connection

Listener = Callable[[str], None]


class Wake:
    """Rings topics for other processes and waits for theirs. Ringing never blocks and never fails."""

    def __init__(self, dsn: str) -> None:
        self._dsn = plain_dsn(dsn)
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._listeners: dict[str, list[Listener]] = {}
        self._rung: set[str] = set()
        self._payloads: list[tuple[str, str]] = []
        self._dirty = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen and to carry rings; keeps reconnecting until closed."""
        self._task = asyncio.create_task(self._run(), name="wake")

    async def close(self) -> None:
        """Stop listening."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def ring(self, *topics: str) -> None:
        """Wake whoever waits for these topics, here at once and elsewhere within milliseconds."""
        self._rung.update(topics)
        self._dirty.set()
        for topic in topics:
            self._woken(topic)

    def say(self, topic: str, payload: str) -> None:
        """Send a short text (< 8,000 bytes) to listeners in every process; lost if nobody is there."""
        self._payloads.append((topic, payload))
        del self._payloads[:-KEPT]
        self._dirty.set()

    def hear(self, topic: str, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each text said on a topic; returns how to stop."""
        self._listeners.setdefault(topic, []).append(listener)
        return lambda: self._listeners[topic].remove(listener)

    async def wait(self, topic: str, timeout_s: float = 0.25) -> bool:
        """Return True when the topic rings, False at the time-out; look at the table in both cases."""
        rung = asyncio.Event()
        waiting = self._waiting.setdefault(topic, set())
        waiting.add(rung)
        try:
            # Not wait_for: before Python 3.12 it forgets a cancellation that comes together with the ring.
            async with asyncio.timeout(timeout_s):
                await rung.wait()
        except TimeoutError:
            return False
        else:
            return True
        finally:
            waiting.discard(rung)

    def subscribe(self, topic: str) -> tuple[asyncio.Event, Callable[[], None]]:
        """Return an event that is set at each ring (clear it before looking), and how to stop."""
        rung = asyncio.Event()
        waiting = self._waiting.setdefault(topic, set())
        waiting.add(rung)
        return rung, lambda: waiting.discard(rung)

    def _woken(self, topic: str) -> None:
        for event in self._waiting.get(topic, ()):
            event.set()

    def _received(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        topic, _, text = str(payload).partition(" ")
        if text:
            for listener in list(self._listeners.get(topic, ())):
                listener(text)
        else:
            self._woken(topic)

    async def _run(self) -> None:
        while True:
            try:
                await self._serve()
            except FAILURES as error:
                log.warning("wake.reconnecting", error=str(error))
            for topic in list(self._waiting):  # something may have been missed meanwhile
                self._woken(topic)
            await asyncio.sleep(RECONNECT_S)

    async def _serve(self) -> None:
        # A hint needs no disk: without this each notification would wait for a flush like a real commit.
        told = {"application_name": "trato wake", "synchronous_commit": "off"}
        connection = await asyncpg.connect(self._dsn, server_settings=told)
        try:
            # a process that rings nothing would not notice otherwise that it hears nothing any more
            connection.add_termination_listener(lambda _: self._dirty.set())
            async with asyncio.timeout(ANSWER_S):
                await connection.add_listener(CHANNEL, self._received)
            while True:
                await self._something_to_do(connection)
                self._dirty.clear()
                if connection.is_closed():
                    raise ConnectionResetError("the connection was ended")
                await self._notify(connection)
                await asyncio.sleep(PAUSE_S)
        finally:
            connection.terminate()

    async def _something_to_do(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Return when something rings or the connection ends; now and then ask whether it still stands.

        A server or a network that is gone without a goodbye ends nothing: only a question finds out.
        """
        while not self._dirty.is_set():
            try:
                async with asyncio.timeout(STANDS_S):
                    await self._dirty.wait()
            except TimeoutError:
                await connection.execute("SELECT 1", timeout=ANSWER_S)
        await asyncio.sleep(GATHER_S)

    async def _notify(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Send what was rung and said; when that fails it waits for the next connection."""
        topics, self._rung = self._rung, set()
        said, self._payloads = self._payloads, []
        payloads = sorted(topics) + [f"{topic} {text}" for topic, text in said]
        if not payloads:
            return
        try:
            await connection.execute(
                "SELECT pg_notify($1, p) FROM unnest($2::text[]) AS p", CHANNEL, payloads, timeout=ANSWER_S
            )
        except FAILURES:
            self._rung |= topics  # twice is harmless, never is not
            self._payloads[:0] = said
            del self._payloads[:-KEPT]
            self._dirty.set()
            raise
