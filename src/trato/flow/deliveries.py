"""News of messages that we sent: delivered, read, bounced. Each is taken once, late ones change nothing."""

from uuid import UUID

from sqlalchemy import text

from trato.channel_sdk import Delivery
from trato.db.edge import Services
from trato.kit.text import bounded_id, clean

# A state only moves forward: a `delivered` that arrives after `read` says nothing new.
_RECORD = text("""
    SELECT record_delivery(:account_id, :provider_id, :external_id, :status, :at, :error)
""")


async def record(services: Services, account_id: UUID, event: Delivery) -> None:
    """Write what became of a message; unknown messages leave a receipt only."""
    async with services.db.begin() as c:
        await c.execute(
            _RECORD,
            {
                "account_id": account_id,
                "provider_id": bounded_id(event.provider_id),
                "external_id": bounded_id(event.external_id),
                "status": event.status,
                "at": event.at,
                "error": None if event.error is None else clean(event.error, 1_000),
            },
        )
    services.wake.ring("events")
