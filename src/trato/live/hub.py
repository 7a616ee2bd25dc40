"""The hub of a web process: one reader of the event log that feeds every open stream."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog

from trato.db.edge import Services
from trato.db.engine import Database
from trato.db.wake import Wake
from trato.live import queries, service
from trato.live.audience import Audience, Staff
from trato.live.queries import Event
from trato.live.subscription import Subscription

log = structlog.get_logger()

EXTRA: Final = "hub"  # its place in `Services.extras`

SWEEP_S: Final = 0.25
PAGE: Final = 500
PING_S: Final = 15.0
RETRY_S: Final = 0.5
USER_CHANGED: Final = "user.changed"
# With many streams open, events are gathered a little, so that waking all of them costs at most half of
# the process: about 40 µs a stream, and never more than 25 ms.
GATHER_PER_STREAM_S: Final = 40e-6
GATHER_MAX_S: Final = 0.025


class Hub:
    """Follows the event log once for a whole process and hands events to its subscriptions.

    Start it with the process; call `end_streams` before the HTTP server waits for its connections.
    """

    def __init__(self, db: Database, wake: Wake, *, ping_s: float = PING_S) -> None:
        self.db = db
        self.position = 0
        self._wake = wake
        self._ping_s = ping_s
        self._streams: dict[object, set[Subscription]] = {}
        self._count = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._stop_hearing: Callable[[], None] = _nothing
        self._ended = False

    async def start(self) -> None:
        """Take the present end of the log and follow it from there."""
        self.position = await service.sequence(self.db)
        self._stop_hearing = self._wake.hear(service.EPHEMERAL_TOPIC, self._heard)
        self._tasks = [
            asyncio.create_task(self._tail(), name="live tail"),
            asyncio.create_task(self._ping(), name="live ping"),
        ]

    async def close(self) -> None:
        """End all streams and stop following."""
        self.end_streams()
        self._stop_hearing()
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks = []

    def subscribe(self, audience: Audience, cursor: int | None = None) -> Subscription:
        """Open a subscription that begins behind `cursor`, or with what happens from now on.

        Close it when done (`with` does). It hands out every event of its audience behind the cursor at
        least once and in order, or says `reset` when the log no longer reaches back that far.
        """
        subscription = Subscription(self, audience, cursor)
        if self._ended:
            subscription.end()
            return subscription
        self._streams.setdefault(audience.key, set()).add(subscription)
        self._count += 1
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Drop a subscription that was closed; harmless when it is not known."""
        key = subscription.audience.key
        streams = self._streams.get(key, set())
        if subscription in streams:
            streams.discard(subscription)
            self._count -= 1
            if not streams:
                del self._streams[key]

    def __len__(self) -> int:
        """Return how many streams are open."""
        return self._count

    def agents(self) -> set[UUID]:
        """Return the agents who have a desk open here."""
        audiences = (subscription.audience for subscription in self._streams.get("staff", ()))
        return {one.agent_id for one in audiences if isinstance(one, Staff) and one.agent_id is not None}

    def visitors(self) -> set[UUID]:
        """Return the conversations whose visitors look at them here."""
        return {key for key in self._streams if isinstance(key, UUID)}

    def tell_visitor(self, conversation_id: UUID, kind: str, data: Mapping[str, Any]) -> None:
        """Tell those who look at a conversation here something that is not kept."""
        body = json.dumps({"type": kind, "data": data}, ensure_ascii=False, default=_plain)
        event = Event(0, kind, "all", conversation_id, body)
        for subscription in self._streams.get(conversation_id, ()):
            subscription.offer(event)

    def end_streams(self) -> None:
        """End every stream now and refuse new ones: the process is about to stop."""
        self._ended = True
        for subscription in self._all():
            subscription.end()

    def recheck_streams(self) -> None:
        """Have every stream ask at once whether its caller may still listen: a session was revoked."""
        for subscription in self._all():
            subscription.recheck()

    async def advance(self) -> bool:
        """Read what is new and hand it out; say whether there was anything."""
        last = await service.sequence(self.db)
        if last <= self.position:
            return False
        while self.position < last:
            async with self.db.connect() as c:
                events = await queries.everything(c, self.position, until=last, limit=PAGE)
            if not events or events[0].position != self.position + 1:
                # The process slept longer than events are kept: what lies between is gone.
                self._skip_to(events[0].position - 1 if events else last)
            for event in events:
                self._hand_out(event)
        return True

    def _hand_out(self, event: Event) -> None:
        # Without an await in here: a subscription made before or after sees the event exactly once.
        self.position = max(self.position, event.position)
        if event.type == USER_CHANGED:  # perhaps deactivated: whoever may not listen any more leaves now
            self.recheck_streams()
        for subscription in self._concerned(event):
            subscription.offer(event)

    def _concerned(self, event: Event) -> Iterable[Subscription]:
        if event.audience in ("staff", "all"):
            yield from self._streams.get("staff", ())
        if event.audience == "all" and event.conversation_id is not None:
            yield from self._streams.get(event.conversation_id, ())

    def _skip_to(self, position: int) -> None:
        log.warning("live.events_missed", after=self.position, until=position)
        self.position = position
        for subscription in self._all():
            subscription.miss(position)

    def _all(self) -> list[Subscription]:
        return [subscription for streams in self._streams.values() for subscription in streams]

    def _heard(self, said: str) -> None:
        try:
            told: dict[str, Any] = json.loads(said)
            body = json.dumps({"type": told["type"], "data": told["data"]}, ensure_ascii=False)
            event = Event(0, told["type"], told["audience"], UUID(told["conversation_id"]), body)
        except (ValueError, KeyError, TypeError):
            log.warning("live.ephemeral_unreadable")
            return
        self._hand_out(event)

    async def _tail(self) -> None:
        rung, stop = self._wake.subscribe(service.WAKE_TOPIC)
        try:
            while True:
                rung.clear()
                if await self._advance_or_wait():
                    await asyncio.sleep(min(self._count * GATHER_PER_STREAM_S, GATHER_MAX_S))
                else:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(SWEEP_S):
                            await rung.wait()
        finally:
            stop()

    async def _advance_or_wait(self) -> bool:
        try:
            return await self.advance()
        except Exception as error:  # noqa: BLE001  the database is away: streams stay open and go on later
            log.warning("live.database_away", error=str(error))
            await asyncio.sleep(RETRY_S)
            return False

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(self._ping_s)
            for subscription in self._all():
                subscription.ping()


def hub_of(shared: Services) -> Hub:
    """Return the hub of this process."""
    hub: Hub = shared.extras[EXTRA]
    return hub


def _plain(value: object) -> str:
    """Return an instant as JSON says it (RFC 3339)."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _nothing() -> None:
    """Stand for what is not started yet."""
