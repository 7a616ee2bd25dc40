"""Contacts who signed in to their own cases: the browser's session, and whose it is at this moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from fastapi import Request
from sqlalchemy import delete, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import cookies
from trato.db.edge import Services
from trato.kit.clock import now
from trato.kit.ids import new_token, token_hash
from trato.portal.tables import customer_session

MAIL: Final = "email"  # the kind of address
SESSION: Final = "__Host-trato_customer"
LIFE: Final = timedelta(days=7)
# What cannot be taken back, or gives everything away, needs a sign-in not older than this.
RECENT: Final = timedelta(minutes=30)

_FIND: Final = text("""
    SELECT a.contact_id, a.id AS address_id, a.kind, a.value AS address, p.name, p.language, s.created_at
    FROM customer_session s JOIN address a ON a.id = s.address_id JOIN contact p ON p.id = a.contact_id
    WHERE s.token_hash = :token_hash AND s.expires_at > :now
""")
_END_ALL: Final = text("""
    DELETE FROM customer_session WHERE address_id IN (SELECT id FROM address WHERE contact_id = :contact_id)
""")


@dataclass(frozen=True, slots=True)
class Customer:
    """A contact who has proven an address in this browser."""

    contact_id: UUID
    address_id: UUID
    kind: str
    address: str
    name: str
    language: str | None
    created_at: datetime  # when they signed in

    @property
    def email(self) -> str | None:
        """Return the mail address that they have proven; None for who came from the site that knows them."""
        return self.address if self.kind == MAIL else None

    @property
    def known_as(self) -> str:
        """Return what tells them as whom they are in."""
        return self.email or self.name or "•••"

    @property
    def actor(self) -> str:
        """Return the contact as events and the audit log name them."""
        return f"contact:{self.contact_id}"

    def is_recent(self, at: datetime) -> bool:
        """Say whether they showed not long ago who they are."""
        return self.created_at + RECENT > at


async def customer_of(request: Request, shared: Services) -> Customer | None:
    """Return who signed in with this browser, None for nobody."""
    token = cookies.only(request, SESSION)
    if token is None:
        return None
    async with shared.db.connect() as c:
        return await find(c, token, now())


async def find(c: AsyncConnection, token: str, at: datetime) -> Customer | None:
    """Return whose session a token is, None for one that is unknown, ended or too old."""
    row = (await c.execute(_FIND, {"token_hash": token_hash(token), "now": at})).mappings().first()
    return Customer(**row) if row else None


async def start(c: AsyncConnection, address_id: UUID, at: datetime) -> str:
    """Open a session for who has proven an address; returns its token, known here for this once."""
    token = new_token()
    await c.execute(
        insert(customer_session).values(
            token_hash=token_hash(token), address_id=address_id, expires_at=at + LIFE
        )
    )
    return token


async def end(c: AsyncConnection, token: str) -> None:
    """End one session; nothing happens when it has ended already."""
    await c.execute(delete(customer_session).where(customer_session.c.token_hash == token_hash(token)))


async def end_all(c: AsyncConnection, contact_id: UUID) -> int:
    """End all sessions of a contact, by whichever of their addresses; return how many."""
    return (await c.execute(_END_ALL, {"contact_id": contact_id})).rowcount


async def sweep(c: AsyncConnection, at: datetime) -> int:
    """Remove sessions that are over; return how many."""
    return (await c.execute(delete(customer_session).where(customer_session.c.expires_at <= at))).rowcount
