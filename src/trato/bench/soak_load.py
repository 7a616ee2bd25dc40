"""A shop in full swing for a soak: conversations that live, customers and colleagues who write in them."""

import asyncio
import random
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from time import monotonic
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import text

from trato.bench.ingest import SENTENCES
from trato.brands import service as brands
from trato.channel_sdk import Inbound, Party
from trato.channels import load_connectors
from trato.conversations import service as conversations
from trato.db.edge import TOPICS, Services
from trato.flow import replies
from trato.flow.inbound import receive
from trato.kit.clock import now

NAMES: Final = ("Lucía Ferreyra", "Marcos Ibarra", "Beatriz Lima", "Tomás Vidal", "Joana Prado", "Emma Clark")
TICK_S: Final = 0.1
TOGETHER: Final = 8  # conversations that are opened at once, before the clock runs
# Of a hundred acts: the rest are customers who write once more.
ANSWERS: Final = 18  # a colleague answers
ENDS: Final = 2  # one is over and somebody else comes
EVENTS_AT_FIRST: Final = 2.3  # that an act writes, until it is known


@dataclass(slots=True)
class Customer:
    """Somebody whose conversation is open."""

    key: str
    name: str
    conversation_id: UUID


@dataclass(slots=True)
class Shop:
    """What happens in it; every act is one of those that a connector or a colleague's desk does."""

    services: Services
    account: brands.AccountRecord
    colleague: replies.Author
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    here: deque[Customer] = field(default_factory=deque)
    acts: int = 0
    spared: set[UUID] = field(default_factory=set)  # never ended: somebody works there
    _numbers: Any = field(default_factory=count)

    async def fill(self, live: int) -> None:
        """Open so many conversations."""
        left = iter(range(live))

        async def open_some() -> None:
            for _ in left:
                await self._arrives()

        await asyncio.gather(*(open_some() for _ in range(TOGETHER)))

    async def run(self, events_per_s: float, stop: asyncio.Event) -> None:
        """Act so that about so many events are written a second, evenly, until told to stop."""
        began, first = monotonic(), await written(self.services)
        done, acts, each = first, 0, EVENTS_AT_FIRST
        while not stop.is_set():
            due = (monotonic() - began + TICK_S) * events_per_s - (done - first)
            for _ in range(round(due / each)):
                await self._something()
                acts += 1
            done = await written(self.services)
            if acts:
                each = max(1.0, (done - first) / acts)
            await asyncio.sleep(TICK_S)

    async def _something(self) -> None:
        self.acts += 1
        kind = self.dice.randrange(100)
        somebody = self.here[0]
        self.here.rotate(-self.dice.randint(1, 7))
        if kind < ENDS and somebody.conversation_id not in self.spared:
            await self._leaves(somebody)
            await self._arrives()
        elif kind < ENDS + ANSWERS:
            await self._answers(somebody)
        else:
            await self._says(somebody)

    async def _arrives(self) -> None:
        new = Customer(str(uuid4()), self.dice.choice(NAMES), UUID(int=0))
        new.conversation_id = await self._says(new)
        self.here.append(new)

    async def _says(self, who: Customer) -> UUID:
        number = next(self._numbers)
        received = await receive(
            self.services,
            self.account,
            Inbound(
                provider_id=f"{who.key}:{number}",
                conversation_key=who.key,
                sender=Party(self.account.connector.capabilities.address_kind, who.key, who.name),
                occurred_at=now(),
                text=f"{self.dice.choice(SENTENCES)} ({number})",
                client_id=str(number),
                verified=True,
                language="es",
            ),
        )
        return UUID(str(received.conversation_id))

    async def _answers(self, who: Customer) -> None:
        async with self.services.db.begin() as c:
            said = f"Ya lo miramos, {who.name.split()[0]}. Le escribo apenas tenga novedades."
            writing = replies.Writing(text=said, client_id=f"soak:{uuid4()}")
            await replies.write(self.services, c, who.conversation_id, self.colleague, writing)
        self.services.wake.ring(*TOPICS)

    async def _leaves(self, who: Customer) -> None:
        async with self.services.db.begin() as c:
            await conversations.set_status(
                c, who.conversation_id, "closed", snoozed_until=None, actor=self.colleague.actor
            )
        self.services.wake.ring(*TOPICS)
        self.here = deque(one for one in self.here if one.key != who.key)


async def open_shop(services: Services, *, colleague: str) -> Shop:
    """Set up an organisation with a chat; `colleague` is the address of who answers there."""
    kind = next(kind for kind, found in load_connectors().items() if found.capabilities.visitors)
    async with services.db.begin() as c:
        await brands.set_up_organisation(
            c, {"name": "Soak", "language": "en", "time_zone": "America/Bogota", "hours": {}}
        )
        brand_id: UUID = (await brands.list_brands(c))[0]["id"]
        account = await brands.create_account(
            c,
            services.secrets,
            kind=kind,
            name="Soak",
            brand_id=brand_id,
            values={"origins": [services.public.url]},
        )
        found = await c.execute(
            text("SELECT a.id, a.name FROM agent a JOIN users u ON u.id = a.user_id WHERE u.email = :email"),
            {"email": colleague},
        )
        agent_id, name = found.one()
    return Shop(services, account, replies.Author(actor=f"agent:{agent_id}", name=name, agent_id=agent_id))


async def written(services: Services) -> int:
    """Return how many events have come so far."""
    async with services.db.connect() as c:
        return int(await c.scalar(text("SELECT last FROM event_position")) or 0)


async def told_between(services: Services, after: int, until: int) -> int:
    """Return how many events of this stretch of the log desks are told."""
    sql = text(
        "SELECT count(*) FROM event WHERE position > :after AND position <= :until"
        " AND audience IN ('staff', 'all')"
    )
    async with services.db.connect() as c:
        return int(await c.scalar(sql, {"after": after, "until": until}) or 0)


async def previews(services: Services) -> dict[str, str]:
    """Return what the list shows of each open conversation."""
    sql = text("SELECT id, preview FROM conversation WHERE status = 'open' AND NOT spam")
    async with services.db.connect() as c:
        return {str(row.id): row.preview for row in await c.execute(sql)}
