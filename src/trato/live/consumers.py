"""Named, durable readers of the event log whose work takes effect exactly once."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.engine import Database
from trato.db.wake import Wake
from trato.live import queries, service
from trato.live.queries import Event

log = structlog.get_logger()

SWEEP_S: Final = 0.5
BATCH: Final = 100
BACK_OFF_MAX_S: Final = 60.0

Handle = Callable[[AsyncConnection, Sequence[Event]], Awaitable[None]]

_REGISTER = text("""
    INSERT INTO consumer (name, position, updated_at)
    SELECT :name, CASE WHEN :from_start THEN 0 ELSE last END, now() FROM event_position
    ON CONFLICT (name) DO NOTHING
""")
_LOCK = text("SELECT position FROM consumer WHERE name = :name FOR UPDATE SKIP LOCKED")
_MOVE = text("UPDATE consumer SET position = :position, updated_at = now() WHERE name = :name")


class Consumer:
    """Runs `handle(c, events)` over the log, in order, in the transaction that moves the cursor.

    What `handle` does in that transaction happens exactly once; it must not commit, nor talk to a network.
    Any number of processes may run the same consumer: the lock on its cursor lets one at a time work, and
    frees itself when that one dies. When `handle` fails, nothing moves, and it is tried again later.
    """

    def __init__(
        self,
        name: str,
        db: Database,
        wake: Wake,
        handle: Handle,
        *,
        types: Sequence[str] = (),
        from_start: bool = False,
    ) -> None:
        self.name = name
        self._db = db
        self._wake = wake
        self._handle = handle
        self._types = types
        self._from_start = from_start

    async def register(self) -> None:
        """Make the cursor, at the end of the log or at its start, unless there is one."""
        async with self._db.begin() as c:
            await c.execute(_REGISTER, {"name": self.name, "from_start": self._from_start})

    async def run(self) -> None:
        """Work until cancelled."""
        rung, stop = self._wake.subscribe(service.WAKE_TOPIC)
        failures = 0
        registered = False
        try:
            while True:
                rung.clear()
                try:
                    if not registered:
                        await self.register()
                        registered = True
                    while await self.step():
                        failures = 0
                    failures = 0
                except Exception:
                    failures += 1
                    log.exception("consumer.failed", consumer=self.name, failures=failures)
                    await asyncio.sleep(min(0.5 * 2**failures, BACK_OFF_MAX_S))
                    continue
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(SWEEP_S):
                        await rung.wait()
        finally:
            stop()

    async def step(self) -> bool:
        """Handle the next events; say whether the cursor moved. False also while another process works."""
        # Sequenced in a transaction of its own: inside ours it would lock out all other readers.
        last = await service.sequence(self._db)
        async with self._db.begin() as c:
            position = (await c.execute(_LOCK, {"name": self.name})).scalar()
            if position is None or position >= last:
                return False
            events = await queries.everything(c, position, until=last, types=self._types, limit=BATCH)
            if events:
                await self._handle(c, events)
            moved = events[-1].position if len(events) == BATCH else last
            await c.execute(_MOVE, {"name": self.name, "position": moved})
        return True
