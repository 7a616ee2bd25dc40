"""Who asks on a page to be told, by an address that they own: a link in a mail says that they do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import emails
from trato.contacts import service as contacts
from trato.db.edge import Services
from trato.incidents import links
from trato.incidents.tables import incident_request
from trato.kit import signed_link
from trato.kit.errors import Conflict, NotFound
from trato.kit.ids import new_id

GOOD_FOR: Final = timedelta(days=60)
KEPT_FOR: Final = timedelta(days=7)  # an address that nobody confirmed
_KEY: Final = "incident link"
_BY: Final = "contact"

_FORGET = text("""
    DELETE FROM incident_request WHERE follower_id IS NULL AND created_at < now() - CAST(:keep AS interval)
""")


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wrote on a page: which incident, which address, and whether its owner confirmed it."""

    id: UUID
    incident_id: UUID
    email: str
    language: str
    follower_id: UUID | None


async def ask(c: AsyncConnection, incident_id: UUID, email: str, language: str) -> UUID:
    """Keep an address until its owner confirms it; the same address again is the same request.

    Raises `Invalid` for what is no address, `NotFound`, `Conflict` for an incident that is over.
    """
    email = emails.checked(email)
    if not await links.is_open(c, incident_id):
        raise Conflict("This incident is over.", todo="Look at the status page.")
    key = emails.key(email)
    known = await c.scalar(
        select(incident_request.c.id).where(
            incident_request.c.incident_id == incident_id, incident_request.c.key == key
        )
    )
    if known is not None:
        return UUID(str(known))
    request_id = new_id()
    await c.execute(
        insert(incident_request).values(
            id=request_id, incident_id=incident_id, email=email, key=key, language=language
        )
    )
    return request_id


def token(services: Services, request_id: UUID, now: datetime) -> str:
    """Return the signed name of a request, for the link that its address is sent."""
    return signed_link.name(services.secrets.derive(_KEY), request_id, now + GOOD_FOR)


async def named(services: Services, c: AsyncConnection, given: str, now: datetime) -> Request:
    """Return the request behind a link; raises `NotFound` for one that is forged, too old or taken back."""
    request_id = signed_link.named(services.secrets.derive(_KEY), given, now)
    query = select(incident_request).where(incident_request.c.id == request_id).with_for_update()
    row = (await c.execute(query)).first()
    if row is None:
        raise NotFound("This link is not valid any more.", todo="Write to us, and we send you a new one.")
    return Request(row.id, row.incident_id, row.email, row.language, row.follower_id)


async def confirm(c: AsyncConnection, request: Request, channel: str | None) -> None:
    """Take the word of whoever has the mailbox: told on this `channel`, once it works again.

    A second time changes nothing. Raises `Conflict` for an incident that is over.
    """
    if request.follower_id is not None:
        return
    contact_id = await contacts.owner_of(c, "email", request.email)
    if contact_id is None:
        made = await contacts.create_contact(c, name="", kind="email", value=request.email, actor=_BY)
        contact_id = UUID(str(made["id"]))
    await contacts.verify_address(c, contact_id, "email", request.email, by="mail link")
    follower_id = await links.keep_follower(
        c,
        request.incident_id,
        contact_id,
        place="page",
        channel=channel,
        address=request.email,
        language=request.language,
    )
    await c.execute(
        update(incident_request).where(incident_request.c.id == request.id).values(follower_id=follower_id)
    )


async def take_back(c: AsyncConnection, request: Request) -> None:
    """Forget that they asked."""
    await c.execute(incident_request.delete().where(incident_request.c.id == request.id))
    if request.follower_id is not None:
        await c.execute(text("DELETE FROM incident_follower WHERE id = :id"), {"id": request.follower_id})


async def forget_unconfirmed(c: AsyncConnection) -> int:
    """Delete addresses that nobody confirmed; return how many."""
    return (await c.execute(_FORGET, {"keep": KEPT_FOR})).rowcount
