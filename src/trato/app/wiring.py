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
from trato.flow import assign, replies
from trato.kit.ids import new_id
from trato.live import service as live
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


class SystemMail:
    """Sends invitations and links through the account that the organisation names for it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def send_link(self, c: AsyncConnection, to: str, subject: str, text: str, language: str) -> None:
        """Queue one plain text mail in the caller's transaction; does nothing when no account is named."""
        del language
        organisation = await brands.get_organisation(c)
        account_id = organisation and organisation["system_account_id"]
        if not account_id:
            return
        await replies.start(
            self._services,
            c,
            replies.Author(actor="system", name=organisation["name"] if organisation else "Trato"),
            replies.Writing(
                text=text, client_id=f"system:{new_id()}", subject=subject, to=[to], payload={"system": True}
            ),
            account_id=account_id,
            contact_id=None,
            case_id=None,
        )


async def _hand_over(c: AsyncConnection, agent_id: UUID, to_agent_id: UUID | None) -> None:
    await assign.hand_over(c, agent_id, to_agent_id, actor="system")


async def _announce(c: AsyncConnection, event_type: str, actor: str, data: Mapping[str, Any]) -> None:
    await live.append(c, event_type, audience="staff", actor=actor, data=data)
