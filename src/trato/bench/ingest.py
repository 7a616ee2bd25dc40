"""Measures how many messages a second become durable, against bare inserts of the same rows."""

import asyncio
import random
import statistics
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import text

from trato.bench.bare_rows import BareRows
from trato.bench.stored import store
from trato.brands import service as brands
from trato.channel_sdk import Inbound, Party
from trato.channels import load_connectors
from trato.db.edge import Services
from trato.db.engine import Database
from trato.db.store import Store
from trato.db.wake import Wake
from trato.flow.inbound import receive
from trato.kit.clock import now
from trato.kit.errors import Unavailable
from trato.kit.public_address import PublicAddress
from trato.kit.secret_box import SecretBox

# What a commit must survive for the figures to mean anything.
DURABLE: Final = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
MESSAGES_EACH: Final = 4  # that a customer writes in one conversation; the first of them opens it
SLICE_S: Final = 1.0
WARM_UP: Final = 50  # messages of each writer before the clock runs

SENTENCES: Final = (
    "Buenas tardes, compré una heladera el martes y todavía no llegó.",
    "El número de pedido es 40-3322, a nombre de Lucía Fernández.",
    "Me dijeron que venía hoy entre las 9 y las 13 y no vino nadie.",
    "¿Me pueden decir dónde está y cuándo llega? Gracias.",
)

Write = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Customers:
    """One writer's customers: each opens a conversation and writes `MESSAGES_EACH` messages in it."""

    services: Services
    account: brands.AccountRecord
    dice: random.Random
    numbers: Iterator[int] = field(default_factory=count)
    key: str = ""

    async def write(self) -> None:
        """Hand in the next message as a connector does."""
        number = next(self.numbers)
        if number % MESSAGES_EACH == 0:
            self.key = str(uuid4())  # in no order, as visitors and mail addresses come
        said = " ".join(self.dice.choices(SENTENCES, k=self.dice.randint(1, 4)))
        received = await receive(
            self.services,
            self.account,
            Inbound(
                provider_id=f"{self.key}:{number}",
                conversation_key=self.key,
                sender=Party(self.account.connector.capabilities.address_kind, self.key, "Lucía Fernández"),
                occurred_at=now(),
                text=said,
                client_id=str(number),
                verified=True,
                language="es",
            ),
        )
        if received.outcome != "new":
            raise Unavailable(f"A message of the benchmark became {received.outcome}.")


@dataclass(slots=True)
class Tally:
    """What the writers got done in the slices of one kind."""

    seconds: float = 0.0
    took_s: list[float] = field(default_factory=list)

    @property
    def per_s(self) -> float:
        """Return how many were written in a second."""
        return len(self.took_s) / self.seconds

    def percentile_ms(self, percent: int) -> float:
        """Return within how many milliseconds this share was done."""
        return round(statistics.quantiles(self.took_s, n=100)[percent - 1] * 1000, 1)

    async def run(self, writers: list[Write], seconds: float) -> None:
        """Let all writers write for so long."""
        began = monotonic()

        async def keep_writing(write: Write) -> None:
            while (start := monotonic()) < began + seconds:
                await write()
                self.took_s.append(monotonic() - start)

        async with asyncio.TaskGroup() as group:
            for write in writers:
                group.create_task(keep_writing(write))
        self.seconds += monotonic() - began


async def measure(
    dsn: str, *, writers: int, seconds: float, say: Callable[[str], None], stored: int = 0
) -> dict[str, int | float]:
    """Write through the straight line and bare, in turns of a second, for `seconds` each.

    Both take one statement and one commit a message, over the same client, pool and connections. The bare
    rows are copies of those that the straight line has just written, with new ids. About `stored` messages
    of earlier years are in the database before.
    """
    async with _services(dsn, writers) as services:
        await _assert_durable(services.db)
        account = await _account(services)
        if stored:
            await store(
                dsn,
                stored,
                account_id=account.id,
                brand_id=account.brand_id,
                address_kind=account.connector.capabilities.address_kind,
                say=say,
            )
        customers = [Customers(services, account, random.Random(n)) for n in range(writers)]
        say(f"{writers} writers, {MESSAGES_EACH} messages in a conversation, durable settings")
        await asyncio.gather(*(_warm_up(c) for c in customers))
        bare = [await BareRows.like(services.db, MESSAGES_EACH, nth=n) for n in range(writers)]
        real, raw = Tally(), Tally()
        while real.seconds < seconds:
            await real.run([c.write for c in customers], SLICE_S)
            await raw.run([b.write for b in bare], SLICE_S)
            say(f"straight line {real.per_s:.0f}/s, bare rows {raw.per_s:.0f}/s")
    return {
        "messages_per_s": round(real.per_s, 1),
        "raw_per_s": round(raw.per_s, 1),
        "ratio": round(real.per_s / raw.per_s, 3),
        "p50_ms": real.percentile_ms(50),
        "p99_ms": real.percentile_ms(99),
    }


async def _warm_up(customers: Customers) -> None:
    for _ in range(WARM_UP):
        await customers.write()


async def _assert_durable(db: Database) -> None:
    async with db.connect() as c:
        for name, wanted in DURABLE.items():
            found = await c.scalar(text(f"SHOW {name}"))
            if found != wanted:
                raise Unavailable(
                    f"{name} is {found}: figures of commits that a power cut undoes mean nothing.",
                    todo=f"Set {name} to {wanted}.",
                )


@asynccontextmanager
async def _services(dsn: str, writers: int) -> AsyncIterator[Services]:
    db, wake = Database.open(dsn, pool_size=writers), Wake(dsn)
    await wake.start()
    try:
        with tempfile.TemporaryDirectory(prefix="trato-bench-") as folder:
            yield Services(
                db=db,
                wake=wake,
                store=Store.open(str(Path(folder) / "files")),
                secrets=SecretBox(bytes(32)),
                public=PublicAddress("http://127.0.0.1:8000"),
            )
    finally:
        await wake.close()
        await db.close()


async def _account(services: Services) -> brands.AccountRecord:
    kind = next(kind for kind, found in load_connectors().items() if found.capabilities.visitors)
    async with services.db.begin() as c:
        await brands.set_up_organisation(
            c, {"name": "Bench", "language": "es", "time_zone": "America/Bogota", "hours": {}}
        )
        brand_id: UUID = (await brands.list_brands(c))[0]["id"]
        values: dict[str, Any] = {"origins": ["http://localhost"]}
        return await brands.create_account(
            c, services.secrets, kind=kind, name="Bench", brand_id=brand_id, values=values
        )
