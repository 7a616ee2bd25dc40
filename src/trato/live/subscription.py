"""One open stream: first what it missed, from the log, then what happens, from the hub; no gap between."""

import asyncio
from collections import deque
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from trato.live import queries
from trato.live.audience import Audience
from trato.live.queries import Event

if TYPE_CHECKING:
    from trato.live.hub import Hub

QUEUE: Final = 1_000  # events held for a client that reads slowly; beyond, it reads the log again
PAGE: Final = 200
CATCH_UP_LIMIT: Final = 10_000  # further behind, a new snapshot is cheaper for everybody

RESET: Final = "reset"


class Subscription:
    """Hands out chunks of server-sent events, in order. Never holds up the hub: its queue is bounded.

    Two sources, one rule: up to `target` the log is read, beyond it the queue holds everything. `target`
    is taken, and the queue emptied, without an await between, so no event falls between the two.
    """

    def __init__(self, hub: "Hub", audience: Audience, cursor: int | None) -> None:
        self.audience = audience
        self.ended = False
        self.must_recheck = False
        self._hub = hub
        self._cursor = hub.position if cursor is None else cursor
        self._target = max(hub.position, self._cursor)
        self._checked = cursor is None
        self._queue: deque[Event] = deque()
        self._woken = asyncio.Event()
        # The first chunk names the position, so that a client that breaks off before the first event
        # comes back with it; an id without data is no event (WHATWG HTML, 9.2.6).
        self._ping_due = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def offer(self, event: Event) -> None:
        """Take an event from the hub. A full queue is dropped: the log has all of it."""
        if len(self._queue) >= QUEUE:
            self._queue.clear()
            self._target = self._hub.position
        elif event.position or len(self._queue) < QUEUE // 2:  # ephemeral ones go overboard first
            self._queue.append(event)
        self._woken.set()

    def miss(self, position: int) -> None:
        """Take note that the hub itself has lost what lies up to `position`."""
        self._queue.clear()
        self._target = position
        self._checked = False
        self._woken.set()

    def ping(self) -> None:
        """Show the client, and all between, that the stream lives."""
        self._ping_due = True
        self._woken.set()

    def recheck(self) -> None:
        """Have whoever serves the stream look again whether it may go on."""
        self.must_recheck = True
        self._woken.set()

    def end(self) -> None:
        """End the stream: `next` returns None from now on."""
        self.ended = True
        self._woken.set()

    def close(self) -> None:
        """End the stream and leave the hub."""
        self.end()
        self._hub.forget(self)

    async def next(self) -> bytes | None:
        """Return what comes next, waiting for it; empty when only a recheck is due, None at the end."""
        while not self.ended:
            if self._behind():
                chunk = await self._from_log()
            elif self._woken.is_set() or self._ping_due:
                chunk = self._from_queue()
            else:
                await self._woken.wait()
                continue
            if chunk or self.must_recheck:
                return chunk
        return None

    def _behind(self) -> bool:
        return self._cursor < self._target or not self._checked

    async def _from_log(self) -> bytes:
        after, until = self._cursor, self._target
        if until - after > CATCH_UP_LIMIT:
            return self._reset()
        async with self._hub.db.connect() as c:
            events = await self.audience.page(c, after, until, PAGE)
            # Asked after the page was read: had anything been deleted before it, this would say so.
            reachable = await queries.reachable(c, after)
        if not reachable:
            return self._reset()
        self._checked = True
        self._cursor = events[-1].position if len(events) == PAGE else until
        return self._render(events)

    def _from_queue(self) -> bytes:
        self._woken.clear()
        chunk = b""
        if self._queue:
            events = [event for event in self._queue if not 0 < event.position <= self._cursor]
            self._cursor = max(self._cursor, *(event.position for event in self._queue))
            self._queue.clear()
            chunk = self._render(events)
        if self._ping_due:
            self._ping_due = False
            # Everything up to the hub's position was offered, so the client may come back from there.
            self._cursor = max(self._cursor, self._hub.position)
            chunk += f": ping\nid: {self._cursor}\n\n".encode()
        return chunk

    def _render(self, events: list[Event]) -> bytes:
        return b"".join(frame for event in events if (frame := self.audience.render(event)))

    def _reset(self) -> bytes:
        # With an id, so that a client that reconnects by itself does not ask for the lost past again.
        self.end()
        return queries.frame(RESET, f'{{"position": {self._hub.position}}}', self._hub.position)
