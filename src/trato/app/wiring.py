"""What every process shares, made from settings; the only place where slices meet."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.ports import EXTRA as ACCESS
from trato.access.ports import Ports
from trato.brands import service as brands
from trato.db.edge import Services
from trato.db.engine import Database
from trato.db.store import Store
from trato.db.wake import Wake
from trato.flow import assign
from trato.flow.system_mail import SystemMail
from trato.live import service as live
from trato.live.hub import USER_CHANGED
from trato.settings import Settings


@asynccontextmanager
async def open_services(settings: Settings, dsn: str, name: str) -> AsyncIterator[Services]:
    """Open what a process shares; closed when the block ends."""
    db = Database.open(dsn, pool_size=settings.database_pool, application_name=f"trato {name}")
    wake = Wake(dsn)
    services = Services(
        db=db,
        wake=wake,
        store=Store.open(settings.store),
        secrets=settings.secrets,
        public=settings.public,
    )
    services.extras[ACCESS] = access_ports(services)
    await wake.start()
    try:
        yield services
    finally:
        await wake.close()
        await db.close()


def access_ports(services: Services) -> Ports:
    """Return what access needs from the layers above it."""
    return Ports(
        mail=SystemMail(services),
        hand_over=_hand_over,
        announce=_announce,
        organisation=brands.get_organisation,
    )


async def _hand_over(c: AsyncConnection, agent_id: UUID, to_agent_id: UUID | None) -> None:
    await assign.hand_over(c, agent_id, to_agent_id, actor="system")


async def _announce(c: AsyncConnection, event_type: str, actor: str, data: Mapping[str, Any]) -> None:
    # How a colleague signs in is nobody's at the desk: it asks /users, by role; webhooks are told.
    audience = "system" if event_type == USER_CHANGED else "staff"
    await live.append(c, event_type, audience=audience, actor=actor, data=data)
