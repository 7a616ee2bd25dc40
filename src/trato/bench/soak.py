"""Lets a shop run for long: whether the desk stays quick, memory flat, and no event is lost."""

import asyncio
import contextlib
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

from trato.access import service as access
from trato.bench.children import child, resident_mb
from trato.bench.live import free_port, until_ready
from trato.bench.soak_desk import Hand, Timed, desk
from trato.bench.soak_load import Shop, open_shop, previews, told_between, written
from trato.bench.trend import Trend, trend
from trato.db.edge import Services
from trato.db.engine import Database
from trato.db.store import Store
from trato.db.wake import Wake
from trato.kit.errors import Unavailable
from trato.kit.public_address import PublicAddress
from trato.kit.secret_box import SecretBox

ROLES: Final = ("web", "work", "route")
FLAT: Final = 0.10  # of its mean is what a figure may grow in an hour
PAUSE_S: Final = 0.5  # between two rounds of acts
HOUR_MIN: Final = 30.0  # a shorter run says little of an hour
READINGS: Final = 120  # at most
EVERY_S: Final = 5.0  # at least between two readings
WARM_UP: Final = 0.25  # of the time, in which caches fill and code is made quick
SETTLE_S: Final = 20.0
STAFF: Final = (
    ("Ana Soak", "ana@soak.invalid", "supervisor"),  # at the desk: more stands on it than on an agent's
    ("Bruno Soak", "bruno@soak.invalid", "administrator"),  # answers from elsewhere
)
PASSWORD: Final = "lluvia sobre tejados 7"  # noqa: S105  of people who live as long as the measurement
_KEY: Final = "5a" * 32
# Who looks at the desk does so on a machine of their own: on this one the server gives way to the browser.
GIVES_WAY: Final = ("nice", "-n", "10")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Load:
    """How much: the defaults are the figures that Trato promises."""

    minutes: float = 60.0
    live: int = 500
    events_per_s: int = 50


@dataclass(slots=True)
class Found:
    """What was read and timed."""

    load: Load
    seconds: float = 0.0
    events: int = 0
    lost: int = 0
    stale: int = 0  # rows that show something else than the server says, once all is quiet
    rounds: list[list[Timed]] = field(default_factory=list)
    readings: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def trends(self) -> dict[str, Trend]:
        """Return how each figure went on after the first quarter."""
        begin = self.seconds * WARM_UP
        return {
            name: trend([(at, value) for at, value in all_of_it if at >= begin])
            for name, all_of_it in self.readings.items()
        }

    @property
    def flat(self) -> bool:
        """Say whether nothing surely grows by more than a tenth of itself in an hour."""
        return all(one.is_flat(FLAT) for one in self.trends().values())

    def figures(self) -> dict[str, Any]:
        """Return everything as `trato bench soak --json` tells it."""
        timed = [one for some in self.rounds for one in some]
        keys = dict.fromkeys(one.key for one in timed)
        return {
            "minutes": round(self.seconds / 60, 1),
            "live": self.load.live,
            "events_per_s": round(self.events / self.seconds, 1) if self.seconds else 0.0,
            "events": self.events,
            "lost": self.lost,
            "stale": self.stale,
            "acts": len(timed),
            **_acts(timed),
            "keys": {key: _acts([one for one in timed if one.key == key]) for key in keys},
            "memory": {
                name: {
                    "first": self.readings[name][0][1],
                    "last": self.readings[name][-1][1],
                    "mean": round(one.mean, 1),
                    "per_h": round(one.per_h, 2),
                    "error_per_h": round(one.error_per_h, 2),
                    "share_per_h": round(one.share_per_h, 4),
                    "flat": one.is_flat(FLAT),
                }
                for name, one in self.trends().items()
            },
            "bound_per_h": FLAT,
            "flat": self.flat,
        }


def _acts(timed: Sequence[Timed]) -> dict[str, float]:
    """Return how long acts took, and how many were not answered in time, which have no time to be told."""
    return {
        **_spread("paint", [one.paint_ms for one in timed]),
        **_spread("shown", [one.shown_ms for one in timed if one.shown_ms is not None]),
        "never_shown": sum(one.shown_ms is None for one in timed),
    }


def _spread(name: str, values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    ordered = sorted(values)
    at = {"p50": 0.5, "p95": 0.95}
    found = {f"{name}_{k}_ms": ordered[min(len(ordered) - 1, int(len(ordered) * v))] for k, v in at.items()}
    return {key: round(value, 1) for key, value in found.items()} | {f"{name}_max_ms": round(ordered[-1], 1)}


async def measure(dsn: str, trato: Sequence[str], load: Load, say: Say) -> Found:
    """Run web, worker and router (`trato` is how they are called) with a desk open, under the load.

    Raises `Unavailable` where there is no browser, before anything is started.
    """
    port, found = free_port(), Found(load)
    url = f"http://127.0.0.1:{port}"
    async with _services(dsn, url) as services:
        for name, email, role in STAFF:
            async with services.db.begin() as c:
                await access.create_user(
                    c, name=name, email=email, password=PASSWORD, role=role, language="en"
                )
        shop = await open_shop(services, colleague=STAFF[1][1])
        await shop.fill(load.live)
        say(f"{load.live} conversations are open")
        async with (
            _server(dsn, trato, port) as processes,
            desk(url, STAFF[0][1], PASSWORD, live=load.live) as hand,
        ):
            hand.at_work = shop.spared.add
            await hand.round()  # what is fetched once is fetched
            hand.timed.clear()
            say(f"a desk is open on {url}; {load.events_per_s} events/s for {load.minutes:g} minutes")
            await _live(found, shop, hand, processes, say)
    return found


async def _live(found: Found, shop: Shop, hand: Hand, processes: dict[str, int], say: Say) -> None:
    """Let it all happen; read the memory in between."""
    stop, began = asyncio.Event(), monotonic()
    wanted_s = found.load.minutes * 60
    every_s = max(EVERY_S, wanted_s / READINGS)
    heard, after, _ = await hand.heard()
    running = asyncio.create_task(shop.run(found.load.events_per_s, stop))
    due = 0.0
    try:
        while (at := monotonic() - began) < wanted_s and not running.done():
            if at >= due:
                due += every_s
                weight = await _read(found, hand, processes, at)
                say(f"{at:.0f} s: page {weight}; {_told(hand.timed)}")
            await hand.round()
            for one in hand.timed:
                if one.shown_ms is None:
                    say(f"{monotonic() - began:.0f} s: {one.key} not shown within five seconds: {one.stood}")
            found.rounds.append(list(hand.timed))
            hand.timed.clear()
            await asyncio.sleep(PAUSE_S)
    finally:
        stop.set()
        await running
    found.seconds = monotonic() - began
    await _read(found, hand, processes, found.seconds)
    await _compare(found, shop, hand, heard, after)


async def _read(found: Found, hand: Hand, processes: dict[str, int], at: float) -> str:
    weight = await hand.weigh()
    for name, value in (
        ("page_heap_mb", weight.heap_mb),
        ("page_nodes", weight.nodes),
        ("page_listeners", weight.listeners),
    ):
        found.readings[name].append((at, value))
    for name, pid in processes.items():
        if (mb := resident_mb(pid)) is not None:
            found.readings[f"{name}_mb"].append((at, mb))
    return f"{weight.heap_mb} MB, {weight.nodes:.0f} nodes, {weight.listeners:.0f} listeners"


def _told(timed: Sequence[Timed]) -> str:
    return " ".join(f"{one.key} {one.paint_ms:.0f}" for one in timed) if timed else "…"


async def _compare(found: Found, shop: Shop, hand: Hand, heard: int, after: int) -> None:
    """Wait until the desk has come to the end of the log, then count what it did not hear or shows wrong."""
    deadline = monotonic() + SETTLE_S
    while monotonic() < deadline:
        until = await written(shop.services)
        heard_now, last, _ = await hand.heard()
        if last >= until:
            break
        await asyncio.sleep(0.2)
    found.events = await told_between(shop.services, after, until)
    found.lost = found.events - (heard_now - heard)
    expected = await previews(shop.services)
    while (wrong := _wrong(expected, await hand.rows())) and monotonic() < deadline:
        await asyncio.sleep(0.2)
        expected = await previews(shop.services)
    found.stale = wrong


def _wrong(expected: dict[str, str], shown: dict[str, str]) -> int:
    """Count the rows that say something else; one that should not be there, or none at all, are wrong too."""
    wrong = sum(said.split() != expected.get(key, "").split() for key, said in shown.items())
    return wrong if shown else len(expected)


@asynccontextmanager
async def _services(dsn: str, url: str) -> AsyncIterator[Services]:
    db, wake = Database.open(dsn, pool_size=8), Wake(dsn)
    await wake.start()
    try:
        with tempfile.TemporaryDirectory(prefix="trato-soak-") as folder:
            yield Services(
                db=db,
                wake=wake,
                store=Store.open(str(Path(folder) / "files")),
                secrets=SecretBox(bytes.fromhex(_KEY)),
                public=PublicAddress(url),
            )
    finally:
        await wake.close()
        await db.close()


@asynccontextmanager
async def _server(dsn: str, trato: Sequence[str], port: int) -> AsyncIterator[dict[str, int]]:
    """Run a process of each role; give their pids by role."""
    async with AsyncExitStack() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory(prefix="trato-soak-"))
        told = {
            "TRATO_DATABASE_URL": dsn,
            "TRATO_PORT": str(port),
            "TRATO_DATA": data,
            "TRATO_SECRET_KEY": _KEY,
            "TRATO_LOG_LEVEL": "warning",  # lines of requests would bury the figures
        }
        processes = {}
        for role in ROLES:
            process = await stack.enter_async_context(child([*GIVES_WAY, *trato, role], told))
            processes[role] = process
            if role == "web":
                await until_ready(process, port)
        yield {role: process.pid for role, process in processes.items()}
        with contextlib.suppress(ProcessLookupError):
            ended = [role for role, process in processes.items() if process.returncode is not None]
            if ended:
                raise Unavailable(f"A process of the soak ended early: {', '.join(ended)}.")
