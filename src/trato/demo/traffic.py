"""Simulated customers for the demonstration: they write, wait, and write again."""

import asyncio
import random
from collections import deque
from dataclasses import dataclass

from sqlalchemy import text

from trato.channel_sdk import Inbound, Party
from trato.db.edge import Services
from trato.demo.seed import demo_account
from trato.flow.inbound import receive
from trato.kit.clock import now
from trato.kit.ids import new_id

PAUSE_S = 8.0
CROWD = 40  # nobody comes to a shop where so many wait
REMEMBERED = 12  # customers who may write again

_PEOPLE = ("Ana Torres", "Diego Paz", "Julia Rocha", "Kevin Blake", "Rosa Quispe", "Tomás Vidal")
_MATTERS = (
    ("Hola, ¿hacen envíos a Salta?", "Es para la semana que viene."),
    ("Mi pedido llegó con un golpe en la puerta, ¿qué hago?", "Tengo fotos, si sirven."),
    ("¿La garantía cubre el motor?", "La compré en marzo."),
    ("Preciso da segunda via da nota fiscal.", "O pedido é o 4821."),
    ("Can I change the delivery date?", "Any morning next week is fine."),
    ("No me llega el código para pagar.", "Ya probé dos veces."),
)


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who wrote, and what they will add."""

    key: str
    name: str
    more: str


async def simulate(services: Services, *, pause_s: float = PAUSE_S) -> None:
    """Let a customer write every few seconds, until cancelled; every third is one who wrote before."""
    chance = random.Random(7)  # noqa: S311  invented customers, the same ones each time
    known: deque[Customer] = deque(maxlen=REMEMBERED)
    while True:
        if known and chance.random() < 1 / 3:
            again = chance.choice(known)
            known.remove(again)
            await _write(services, again, again.more)
        elif await _waiting(services) < CROWD:
            first, more = chance.choice(_MATTERS)
            known.append(Customer(str(new_id()), chance.choice(_PEOPLE), more))
            await _write(services, known[-1], first)
        await asyncio.sleep(pause_s * chance.uniform(0.5, 1.5))


async def _waiting(services: Services) -> int:
    async with services.db.connect() as c:
        return int(await c.scalar(text("SELECT count(*) FROM waiting")) or 0)


async def _write(services: Services, customer: Customer, said: str) -> None:
    async with services.db.connect() as c:
        record = await demo_account(c)
    if record is None:
        return
    event = Inbound(
        provider_id=f"traffic:{new_id()}",
        conversation_key=customer.key,
        sender=Party(record.connector.capabilities.address_kind, customer.key, customer.name),
        occurred_at=now(),
        text=said,
    )
    await receive(services, record, event)
