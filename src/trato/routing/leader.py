"""The router: one of any number leads, holds the floor in memory and turns news into offers."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Final, Protocol

import structlog

from trato.db.engine import FAILURES, Database
from trato.db.wake import Wake
from trato.decide.floor import Floor
from trato.decide.routing import Offer
from trato.kit import clock
from trato.kit.ids import new_id
from trato.routing import lease as leases
from trato.routing import loading
from trato.routing.alarms import Checker, Lacking
from trato.routing.lease import Lease
from trato.routing.watch import Watch

log = structlog.get_logger()

SWEEP_S: Final = 0.25
TIMERS_S: Final = 1.0
RETRY_S: Final = 0.05  # after an offer that could not be made because its conversation was locked
BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Step:
    """What a step found: whether the lease still holds, what was refused, and the inbox's next rows.

    Rows are as SQL gives them: `conversation_id` with `waiting` (or null), `agent_id` with `agent` (or
    null), `queue_id` with `queue` (or null): how things stand now, not what changed. `kind` is `profile`
    when there is what an agent can do as well, `anew` when all of it is to be read anew.
    """

    leads: bool
    refused: Sequence[Mapping[str, Any]] = ()
    inbox: Sequence[Mapping[str, Any]] = ()

    @property
    def anew(self) -> bool:
        """Say whether something has changed for everybody."""
        return any(news["kind"] == "anew" for news in self.inbox)


class Performer(Protocol):
    """Carries decisions out (flow does), each call one statement fenced by the lease."""

    async def step(self, lease: Lease, seen: Sequence[int], offers: Sequence[Offer]) -> Step:
        """Make offers, forget the inbox rows that were taken in, and read the next ones."""

    async def clock(self) -> datetime:
        """Return the database's clock, by which all deadlines go."""

    async def clock_was_set(self, lease: Lease, *, seen: bool) -> None:
        """Mend what was written by a clock that was set back since: deadlines and places in line.

        `seen`: the clock jumped just now, so that also what stands has its time anew. Otherwise it may have
        jumped while nobody led.
        """

    async def sweep(self, lease: Lease, *, watched_s: float) -> bool:
        """Do what time demands: expired offers, lost connections. Returns whether something changed.

        `watched_s` is for how long this leader has watched an undisturbed clock: connections are only judged
        after long enough, since after an outage or a jump of the clock everybody looks lost for a moment.
        """


class Router:
    """Runs until cancelled: leads when nobody else does, stands by otherwise.

    The lease ends at most 2 s after its leader stopped, so another leads in less than 3 s. Everything the
    leader knows is in the database; what it holds in memory is read anew at each election.
    """

    def __init__(self, db: Database, wake: Wake, performer: Performer) -> None:
        self._db = db
        self._wake = wake
        self._performer = performer
        self._owner = new_id()
        self.leading: Lease | None = None
        self._floor = Floor()

    async def run(self) -> None:
        """Lead or stand by until cancelled, then give the lease up so that the next one leads at once."""
        while True:
            try:
                lease = await leases.elect(self._db, self._owner)
                if lease:
                    await self._lead(lease)
            except FAILURES as error:
                log.warning("routing.interrupted", error=str(error))
                await asyncio.sleep(SWEEP_S)
            await self._wake.wait("router", SWEEP_S)

    async def _lead(self, lease: Lease) -> None:
        """Lead until the lease is lost; whatever ends it first ends all of it."""
        log.info("routing.leads", epoch=lease.epoch)
        self.leading = lease
        parts = [
            asyncio.create_task(part, name=name)
            for name, part in (
                ("routing lease", self._renew(lease)),
                ("routing timers", self._sweep(lease)),
                ("routing offers", self._offer(lease)),
                ("routing checks", Checker(self._db).run(lease)),
            )
        ]
        try:
            done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            for part in done:
                part.result()
        finally:
            self.leading = None
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)
            with contextlib.suppress(*FAILURES):
                await leases.resign(self._db, lease)
                self._wake.ring("router")
            log.info("routing.leads_no_more", epoch=lease.epoch)

    async def _renew(self, lease: Lease) -> None:
        while await leases.renew(self._db, lease):
            await self._wake.wait("router", leases.RENEW_S)

    async def _sweep(self, lease: Lease) -> None:
        watch = Watch()
        lacking = Lacking(self._db)
        watch.was_set(await self._performer.clock(), monotonic())
        await self._performer.clock_was_set(lease, seen=False)
        while True:
            at = await self._performer.clock()
            if watch.was_set(at, monotonic()):
                log.warning("routing.clock_was_set", to=at.isoformat())
                await self._performer.clock_was_set(lease, seen=True)
            if await self._performer.sweep(lease, watched_s=watch.undisturbed_s(monotonic())):
                self._wake.ring("events", "routing")
            await lacking.tell(lease, self._floor)
            await asyncio.sleep(TIMERS_S)

    async def _offer(self, lease: Lease) -> None:
        rung, stop = self._wake.subscribe("routing")
        try:
            self._floor, seen = await loading.load_floor(self._db, BATCH)
            while True:
                rung.clear()
                offers = self._floor.offers(clock.now(), BATCH)
                step = await self._performer.step(lease, seen, offers)
                if not step.leads:
                    return
                if step.anew:
                    self._floor, seen = await loading.load_floor(self._db, BATCH)
                else:
                    seen = take_in(self._floor, step)
                if len(step.refused) < len(offers):
                    self._wake.ring("events")
                elif not seen:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(RETRY_S if offers else SWEEP_S):
                            await rung.wait()
        finally:
            stop()


def take_in(floor: Floor, step: Step) -> list[int]:
    """Bring the floor up to date with a step and return the inbox rows that it now holds."""
    for news in (*step.refused, *step.inbox):
        loading.take_in(floor, news)
    return [news["id"] for news in step.inbox]
