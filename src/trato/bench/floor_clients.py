"""Agents and customers in a process of their own; run as a module by `trato bench routing`.

Speaks to its parent by lines: the order as JSON on stdin, `ready`, then, after the parent's `done`, one line
of JSON with what was done.
"""

import asyncio
import contextlib
import json
import sys
from dataclasses import asdict, dataclass, field
from time import monotonic
from typing import Any, Final
from uuid import UUID

import asyncpg
import uvloop

from trato.db.engine import plain_dsn
from trato.db.wake import Wake

TOGETHER: Final = 25  # conversations that the agents of one process end in one transaction
ASSIGNED: Final = "bench_assigned"
PATIENCE_S: Final = 10.0  # for assignments that are still on their way when the arrivals end

# Agents in the order in which everybody locks them.
_OFFERED: Final = """
    SELECT id, agent_id FROM interaction WHERE agent_id = ANY ($1) AND state = 'offered'
    ORDER BY agent_id, id LIMIT $2
"""
_OLDEST: Final = """
    SELECT conversation_id FROM (
        SELECT conversation_id, agent_id FROM interaction WHERE agent_id = ANY ($1) AND state = 'accepted'
        ORDER BY accepted_at LIMIT $2) oldest
    ORDER BY agent_id
"""
# Nobody does so much in one transaction but these clients: they lock every conversation before the first
# agent, as the router does when it ends what is due.
_FUNCTIONS: Final = """
    CREATE OR REPLACE FUNCTION bench_lock(p_conversations uuid[]) RETURNS void LANGUAGE sql AS $$
        SELECT FROM conversation WHERE id = ANY (p_conversations) ORDER BY id FOR NO KEY UPDATE
    $$;
    CREATE OR REPLACE FUNCTION bench_accept(p_offers uuid[], p_agents uuid[]) RETURNS bigint
    LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM bench_lock(ARRAY(SELECT conversation_id FROM interaction WHERE id = ANY (p_offers)));
        RETURN (SELECT count(accept_offer(o.id, o.agent, 'bench'))
                FROM unnest(p_offers, p_agents) AS o (id, agent));
    END
    $$;
    CREATE OR REPLACE FUNCTION bench_finish(p_conversations uuid[]) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
        v uuid;
    BEGIN
        PERFORM bench_lock(p_conversations);
        FOREACH v IN ARRAY p_conversations LOOP
            PERFORM end_interaction(v, 'closed', NULL, 'bench');
            UPDATE conversation
            SET status = 'closed', closed_at = now(), waiting_since = NULL, version = version + 1
            WHERE id = v;
        END LOOP;
        RETURN cardinality(p_conversations);
    END
    $$;
    CREATE OR REPLACE FUNCTION bench_arrive(n bigint, p_account uuid, p_queue uuid) RETURNS uuid
    LANGUAGE plpgsql AS $$
    DECLARE
        v uuid := bench_id('conversation', n);
    BEGIN
        INSERT INTO contact (id, name, language) VALUES (bench_id('contact', n), 'Lucía Fernández', 'es');
        INSERT INTO conversation (id, account_id, conversation_key, channel, brand_id, contact_id, language,
                                  last_message_at, last_inbound_at, waiting_since)
        SELECT v, a.id, md5('key' || n), a.kind, a.brand_id, bench_id('contact', n), 'es', now(), now(), now()
        FROM account a WHERE a.id = p_account;
        PERFORM route_opened(v, now(), 0, '{"language": "es"}');
        UPDATE waiting SET queue_id = p_queue WHERE conversation_id = v;
        RETURN v;
    END
    $$;
    CREATE OR REPLACE FUNCTION bench_tell() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('bench_assigned', NEW.conversation_id::text);
        RETURN NULL;
    END
    $$;
"""
_ARRIVE: Final = "SELECT bench_arrive($1, $2, $3)"
TELL: Final = """
    CREATE TRIGGER bench_tell AFTER INSERT ON interaction FOR EACH ROW EXECUTE FUNCTION bench_tell()
"""


@dataclass(frozen=True, slots=True)
class Order:
    """Whose agents these are; with `per_s`, how many contacts arrive a second, from number `first` on."""

    dsn: str
    agents: list[str]
    account: str = ""
    queues: list[str] = field(default_factory=list)
    first: int = 0
    per_s: float = 0.0
    seconds: float = 0.0
    ends_per_s: float = 0.0  # conversations that its agents end in a second, as far as they have some
    offered: bool = True  # whether they are asked first

    def line(self) -> bytes:
        """Return the order as it goes to the process."""
        return json.dumps(asdict(self)).encode() + b"\n"


async def prepare(dsn: str) -> None:
    """Add the functions that clients call to a database of a measurement's own."""
    c = await asyncpg.connect(plain_dsn(dsn))
    try:
        await c.execute(_FUNCTIONS)
    finally:
        await c.close()


@dataclass(slots=True)
class Client:
    """Some of the agents: they take what is offered at once and end what they have at a steady pace."""

    order: Order
    wake: Wake
    finished: int = 0
    took_ms: list[float] = field(default_factory=list)
    _committed: dict[str, float] = field(default_factory=dict)
    _assigned: dict[str, float] = field(default_factory=dict)
    _last: bool = False  # all have arrived
    _all: asyncio.Event = field(default_factory=asyncio.Event)  # and are assigned

    async def work(self, c: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Take and end, until cancelled."""
        agents, began = [UUID(agent) for agent in self.order.agents], monotonic()
        while True:
            due = int((monotonic() - began) * self.order.ends_per_s) - self.finished
            offers = await c.fetch(_OFFERED, agents, TOGETHER) if self.order.offered else []
            held = await c.fetch(_OLDEST, agents, min(TOGETHER, due)) if due > 0 else []
            if offers:
                ids, of = [row["id"] for row in offers], [row["agent_id"] for row in offers]
                await c.fetchval("SELECT bench_accept($1, $2)", ids, of)
            if held:
                self.finished += await c.fetchval("SELECT bench_finish($1)", [row[0] for row in held])
            if held or offers:
                self.wake.ring("routing", "events")
            else:
                await asyncio.sleep(0.005)

    async def arrive(self, c: "asyncpg.Connection[asyncpg.Record]", ears: "asyncpg.Connection[Any]") -> None:
        """Let contacts come at a steady pace and note how long each waited for an agent."""
        await ears.add_listener(ASSIGNED, self._heard)
        began, order = monotonic(), self.order
        for n in range(int(order.per_s * order.seconds)):
            await asyncio.sleep(max(0.0, began + n / order.per_s - monotonic()))
            queue = UUID(order.queues[n % len(order.queues)])
            found = await c.fetchval(
                "SELECT bench_arrive($1, $2, $3)", order.first + n, UUID(order.account), queue
            )
            self._committed[str(found)] = monotonic()
            self.wake.ring("routing", "events")
        self._last = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await self._all.wait() if self._committed.keys() - self._assigned.keys() else None
        end = monotonic()
        self.took_ms = [
            max(0.0, (self._assigned.get(key, end) - at) * 1000) for key, at in self._committed.items()
        ]

    def _heard(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._assigned.setdefault(str(payload), monotonic())
        if self._last and not self._committed.keys() - self._assigned.keys():
            self._all.set()


async def main() -> None:
    """Follow the order until the parent says that it is enough."""
    order = Order(**json.loads(sys.stdin.readline()))
    dsn = plain_dsn(order.dsn)
    told = {"application_name": "trato bench client"}
    wake = Wake(order.dsn)
    await wake.start()
    connections = [await asyncpg.connect(dsn, server_settings=told) for _ in range(3)]
    client = Client(order, wake)
    print("ready", flush=True)
    working = asyncio.create_task(client.work(connections[0]))
    if order.per_s:
        await client.arrive(connections[1], connections[2])
    await asyncio.to_thread(sys.stdin.readline)
    working.cancel()
    await asyncio.wait([working])
    await wake.close()
    failed = None if working.cancelled() else repr(working.exception())
    found = {
        "finished": client.finished,
        "took_ms": client.took_ms,
        "failed": failed,
    }
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
