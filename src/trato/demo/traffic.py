"""Simulated customers for the demonstration: they write, wait, and write again."""

import asyncio
import random

from trato.channel_sdk import Inbound, Party
from trato.db.edge import Services
from trato.demo.seed import demo_account
from trato.flow.inbound import receive
from trato.kit.clock import now
from trato.kit.ids import new_id

PAUSE_S = 8.0

_PEOPLE = ("Ana Torres", "Diego Paz", "Julia Rocha", "Kevin Blake", "Rosa Quispe", "Tomás Vidal")
_MATTERS = (
    "Hola, ¿hacen envíos a Salta?",
    "Mi pedido llegó con un golpe en la puerta, ¿qué hago?",
    "¿La garantía cubre el motor?",
    "Preciso da segunda via da nota fiscal.",
    "Can I change the delivery date?",
    "No me llega el código para pagar.",
)


async def simulate(services: Services, *, pause_s: float = PAUSE_S) -> None:
    """Let a customer write every few seconds, until cancelled."""
    chance = random.Random(7)  # noqa: S311  invented customers, the same ones each time
    while True:
        async with services.db.connect() as c:
            record = await demo_account(c)
        if record is not None:
            kind = record.connector.capabilities.address_kind
            key = str(new_id())
            event = Inbound(
                provider_id=f"traffic:{key}",
                conversation_key=key,
                sender=Party(kind, key, chance.choice(_PEOPLE)),
                occurred_at=now(),
                text=chance.choice(_MATTERS),
            )
            await receive(services, record, event)
        await asyncio.sleep(pause_s * chance.uniform(0.5, 1.5))
