"""Measures the router: assignments a second under a full backlog, then how soon who arrives is assigned."""

import asyncio
import json
import statistics
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final
from uuid import UUID

import asyncpg

from trato.bench import crowd, floor_clients
from trato.bench.children import child, line, resident_mb
from trato.bench.floor_clients import Order
from trato.brands import service as brands
from trato.channels import load_connectors
from trato.db.engine import Database, plain_dsn
from trato.kit.errors import Unavailable
from trato.kit.secret_box import SecretBox

CLIENTS: Final = 4
SAMPLE_S: Final = 1.0
LIMIT_S: Final = 60.0
LOOK_S: Final = 0.005

_DOUBLE: Final = """
    SELECT count(*) FROM (SELECT FROM interaction WHERE state = 'accepted' GROUP BY conversation_id
                          HAVING count(*) > 1) x
"""
_OVER: Final = """
    SELECT count(*) FROM presence p WHERE p.load > p.capacity OR p.capacity < (
        SELECT coalesce(sum(units), 0) FROM interaction i
        WHERE i.agent_id = p.agent_id AND i.state IN ('offered', 'accepted', 'wrap_up'))
"""
# Who has had room for a second while somebody whom they can serve has waited for a second.
_STRANDED: Final = """
    SELECT p.agent_id::text || q.id FROM presence p CROSS JOIN queue q
    WHERE p.state = 'available' AND p.load < p.capacity AND p.idle_since < now() - interval '1 second'
      AND NOT EXISTS (SELECT FROM queue_skill s WHERE s.queue_id = q.id AND NOT EXISTS (
          SELECT FROM agent_skill a
          WHERE a.agent_id = p.agent_id AND a.skill_id = s.skill_id AND a.level >= s.level))
      AND EXISTS (SELECT FROM waiting w WHERE w.queue_id = q.id AND w.offer_id IS NULL
                  AND w.since < now() - interval '1 second')
"""


_LATE: Final = """
    SELECT EXISTS (SELECT FROM waiting WHERE offer_id IS NULL AND since < now() - interval '1 second')
"""
_LEADS: Final = "SELECT owner IS NOT NULL AND expires_at > now() FROM routing_lease"
_HEARD: Final = "SELECT NOT EXISTS (SELECT FROM routing_inbox)"
_SET: Final = """
    SELECT count(set_presence(agent_id, $1, NULL, 'bench', NULL))
    FROM (SELECT agent_id FROM presence ORDER BY agent_id) p
"""
_HELD: Final = """
    SELECT conversation_id FROM interaction WHERE state IN ('offered', 'accepted') ORDER BY agent_id, id
"""


@dataclass(frozen=True, slots=True)
class Load:
    """How much: the defaults are the figures that Trato promises."""

    agents: int = 1_000
    waiting: int = 100_000
    ends_per_s: float = 2_100.0  # how much room the agents make while everybody waits
    arrivals_per_s: float = 200.0
    seconds: float = 20.0
    auto_accept: bool = True


@dataclass(slots=True)
class Found:
    """What must never be, counted while the router works."""

    double: int = 0
    over_capacity: int = 0
    stranded: int = 0


async def measure(
    dsn: str, router: Sequence[str], load: Load, say: Callable[[str], None]
) -> dict[str, int | float | None]:
    """Run a router (`router` is its command) beside four processes of agents; `Load` says how much."""
    await crowd.furnish(dsn, load.agents, auto_accept=load.auto_accept)
    await floor_clients.prepare(dsn)
    place = await _place(dsn)
    await crowd.gather(dsn, 1, load.waiting, place, agents=load.agents, say=say)
    found = Found()
    async with _router(dsn, router) as pid:
        start_s = await _leads(dsn)
        say(f"the router assigns {start_s:.2f} s after it leads, with {load.waiting} waiting")
        per_s = await _backlog(dsn, load, found, say)
        rss_mb = resident_mb(pid)
        await _forget(dsn)
        async with _watching(dsn, found):
            took_ms = await _arrivals(dsn, load, place)
        say(f"{len(took_ms)} arrivals beside free agents")
    quantiles = statistics.quantiles(took_ms, n=100)
    return {
        "agents": load.agents,
        "waiting": load.waiting,
        "assignments_per_s": round(per_s, 1),
        "p50_ms": round(quantiles[49], 1),
        "p99_ms": round(quantiles[98], 1),
        "double": found.double,
        "over_capacity": found.over_capacity,
        "stranded": found.stranded,
        "rss_mb": rss_mb,
    }


async def _backlog(dsn: str, load: Load, found: Found, say: Callable[[str], None]) -> float:
    """Let all agents work for so long once they have their hands full; returns the assignments a second."""
    c = await asyncpg.connect(plain_dsn(dsn))
    try:
        orders = [
            Order(dsn, agents, ends_per_s=load.ends_per_s / CLIENTS, offered=not load.auto_accept)
            for agents in _shared(load.agents)
        ]
        await _until(c, f"SELECT NOT EXISTS ({_STRANDED})", "The router leaves agents without work.")
        async with _clients(orders):
            async with _watching(dsn, found):
                first, began = await _assigned(c), monotonic()
                while monotonic() < began + load.seconds:
                    await asyncio.sleep(SAMPLE_S)
                    last, took_s = await _assigned(c), monotonic() - began
                    say(f"{(last - first) / took_s:.0f} assignments/s")
                    if await c.fetchval("SELECT NOT EXISTS (SELECT FROM waiting)"):
                        break
            return (last - first) / took_s
    finally:
        await c.close()


async def _assigned(c: "asyncpg.Connection[asyncpg.Record]") -> int:
    found: int = await c.fetchval("SELECT count(*) FROM interaction WHERE accepted_at IS NOT NULL")
    return found


async def _arrivals(dsn: str, load: Load, place: crowd.Place) -> list[float]:
    """Let contacts come while everybody is free; returns how long each waited, in milliseconds."""
    queues = [str(queue) for queue in await _column(dsn, "SELECT id FROM queue ORDER BY id")]
    share = load.arrivals_per_s / CLIENTS
    each = int(share * load.seconds) + 1
    orders = [
        Order(
            dsn,
            agents,
            account=str(place.account_id),
            queues=queues,
            first=load.waiting + 1 + nth * each,
            per_s=share,
            seconds=load.seconds,
            ends_per_s=load.arrivals_per_s,
            offered=not load.auto_accept,
        )
        for nth, agents in enumerate(_shared(load.agents))
    ]
    async with _clients(orders) as answers:
        await asyncio.sleep(load.seconds)
    return [took for answer in answers for took in answer["took_ms"]]


@asynccontextmanager
async def _clients(orders: Sequence[Order]) -> AsyncIterator[list[dict[str, Any]]]:
    """Run the processes of agents; their answers are in the list once the block has ended."""
    answers: list[dict[str, Any]] = []
    async with AsyncExitStack() as stack:
        processes = [
            await stack.enter_async_context(child([sys.executable, "-m", floor_clients.__name__]))
            for _ in orders
        ]
        for process, order in zip(processes, orders, strict=True):
            if process.stdin:
                process.stdin.write(order.line())
            await line(process)
        yield answers
        for process in processes:
            if process.stdin:
                process.stdin.write(b"done\n")
        for process in processes:
            answer = json.loads(await line(process))
            if answer["failed"]:
                raise Unavailable(f"The agents of the benchmark stopped: {answer['failed']}")
            answers.append(answer)


@asynccontextmanager
async def _router(dsn: str, command: Sequence[str]) -> AsyncIterator[int]:
    told = {"TRATO_DATABASE_URL": dsn, "TRATO_LOG_LEVEL": "warning"}
    async with child(command, told) as process:
        yield process.pid
        if process.returncode is not None:
            raise Unavailable("The router ended early.")


@asynccontextmanager
async def _watching(dsn: str, found: Found) -> AsyncIterator[None]:
    """Look every second for what must never be."""
    c = await asyncpg.connect(plain_dsn(dsn))

    async def watch() -> None:
        before: set[str] = set()
        while True:
            found.double = max(found.double, await c.fetchval(_DOUBLE))
            found.over_capacity = max(found.over_capacity, await c.fetchval(_OVER))
            now = {row[0] for row in await c.fetch(_STRANDED)} if await c.fetchval(_LATE) else set()
            found.stranded = max(found.stranded, len(now & before))
            before = now
            await asyncio.sleep(SAMPLE_S)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.wait([watching])
        await c.close()
    if not watching.cancelled():
        watching.result()


async def _leads(dsn: str) -> float:
    """Wait for the router's first assignment; returns how long it took from its lease on."""
    c = await asyncpg.connect(plain_dsn(dsn))
    try:
        await _until(c, _LEADS, "The router did not start.")
        began = monotonic()
        await _until(c, "SELECT EXISTS (SELECT FROM interaction)", "The router assigns nobody.")
        return monotonic() - began
    finally:
        await c.close()


async def _forget(dsn: str) -> None:
    """Take everybody out of line and off the agents' hands, and have each assignment told from now on."""
    c = await asyncpg.connect(plain_dsn(dsn))
    try:
        await c.execute(_SET, "away")
        await _until(c, _HEARD, "The router does not go on.")
        while ids := [row[0] for row in await c.fetch("SELECT conversation_id FROM waiting LIMIT 5000")]:
            await c.execute("SELECT bench_finish($1)", sorted(ids))
        held = (
            "SELECT conversation_id FROM interaction WHERE state IN ('offered', 'accepted') ORDER BY agent_id"
        )
        await c.execute("SELECT bench_finish($1)", [row[0] for row in await c.fetch(held)])
        await c.execute(floor_clients.TELL)
        await c.execute("VACUUM ANALYZE interaction, waiting, conversation, presence, routing_inbox")
        await c.execute(_SET, "available")
        await _until(c, _HEARD, "The router does not go on.")
    finally:
        await c.close()


async def _until(c: "asyncpg.Connection[asyncpg.Record]", condition: str, otherwise: str) -> None:
    """Ask the database until it says so; after a time raises `Unavailable` with `otherwise`."""
    deadline = monotonic() + LIMIT_S
    while not await c.fetchval(condition):
        if monotonic() > deadline:
            raise Unavailable(otherwise)
        await asyncio.sleep(LOOK_S)


async def _column(dsn: str, sql: str) -> list[Any]:
    c = await asyncpg.connect(plain_dsn(dsn))
    try:
        return [row[0] for row in await c.fetch(sql)]
    finally:
        await c.close()


def _shared(agents: int) -> list[list[str]]:
    ids = [str(_agent(n)) for n in range(1, agents + 1)]
    return [ids[nth::CLIENTS] for nth in range(CLIENTS)]


def _agent(n: int) -> UUID:
    return crowd.bench_id("agent", n)


async def _place(dsn: str) -> crowd.Place:
    """Make the organisation and the account that the crowd writes to."""
    db = Database.open(dsn, pool_size=1)
    try:
        async with db.begin() as c:
            await brands.set_up_organisation(
                c, {"name": "Bench", "language": "es", "time_zone": "America/Bogota", "hours": {}}
            )
            brand_id: UUID = (await brands.list_brands(c))[0]["id"]
            kind = next(kind for kind, known in load_connectors().items() if known.capabilities.visitors)
            account = await brands.create_account(
                c,
                SecretBox(bytes(32)),
                kind=kind,
                name="Bench",
                brand_id=brand_id,
                values={"origins": ["http://localhost"]},
            )
            return crowd.Place(account.id, brand_id, kind)
    finally:
        await db.close()
