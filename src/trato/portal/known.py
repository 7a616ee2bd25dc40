"""Known incidents in the widget: told before the visitor explains them, and “tell me when it works”."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.edge import public
from trato.access.throttle import Limit
from trato.brands.service import AccountRecord
from trato.contacts import service as contacts
from trato.db.edge import Read, Shared
from trato.decide.incidents import text_in
from trato.flow import system_mail
from trato.incidents import links, queries
from trato.incidents.announcement import latest
from trato.kit.clock import now
from trato.kit.errors import Invalid
from trato.kit.paging import Page
from trato.kit.words import nearest
from trato.portal import edge, schemas
from trato.portal import queries as visitors
from trato.portal.centre import tell_me
from trato.portal.edge import Visiting
from trato.portal.queries import Guest

router = APIRouter(prefix="/visitor", tags=["visitor"], dependencies=[public()])

_PLACE: Final = "widget"
_ASKED: Final = Limit("incident-asks-of", 5, timedelta(hours=1))  # by visitor
_FOLLOWS: Final = text("SELECT incident_id FROM incident_follower WHERE contact_id = :contact_id")
_EMAIL: Final = text("""
    SELECT value FROM address WHERE contact_id = :contact_id AND kind = 'email' AND verified_at IS NOT NULL
    ORDER BY created_at LIMIT 1
""")


async def of_visitor(c: AsyncConnection, record: AccountRecord, guest: Guest) -> list[dict[str, Any]]:
    """Return what goes on or comes soon, as the visitor's page shows it."""
    rows = await queries.told_of(c, record.brand_id, now())
    if not rows:
        return []
    contact_id = await contacts.owner_of(c, "visitor", guest.sender)
    followed = set(await c.scalars(_FOLLOWS, {"contact_id": contact_id})) if contact_id else set()
    reachable = contact_id is not None and await _way(c, record, guest, contact_id) is not None
    by_mail = await system_mail.mail_account(c, record.brand_id) is not None
    language = nearest(guest.language)
    return [
        {
            "id": row["id"],
            "kind": row["kind"],
            "planned": row["phase"] == "planned",
            "title": text_in(row["titles"], language),
            "text": latest(row, language, None),
            "follows": row["id"] in followed,
            "reachable": reachable,
            "by_mail": by_mail,
        }
        for row in rows
    ]


@router.get("/incidents", response_model=Page[schemas.KnownIncident])
async def standing(visit: Visiting, c: Read) -> Any:
    """Return what goes on or comes soon: an open chat looks now and then."""
    return {"items": await of_visitor(c, visit.record, visit.guest)}


@router.post("/incidents/{incident_id}/follow", response_model=schemas.FollowView)
async def follow(visit: Visiting, shared: Shared, incident_id: UUID, body: schemas.FollowBody) -> Any:
    """Note that the visitor wants to be told: at once where we can reach them, else by their address.

    Raises `Invalid` when we need one.
    """
    given = body.email.strip()
    if given:
        await edge.count(shared, _ASKED, visit.guest.sender)
        await tell_me.by_mail(shared, incident_id, given, nearest(visit.guest.language))
        return {"state": "confirm"}
    async with shared.db.begin() as c:
        contact_id = await contacts.owner_of(c, "visitor", visit.guest.sender)
        way = await _way(c, visit.record, visit.guest, contact_id) if contact_id else None
        if contact_id is None or way is None:
            raise Invalid("Where can we reach you?", field="email")
        await links.keep_follower(
            c, incident_id, contact_id, place=_PLACE, language=visit.guest.language, **way
        )
        if "conversation_id" in way:
            await links.tell_if_linked(c, incident_id, way["conversation_id"], actor=visit.guest.actor)
    shared.wake.ring("events")
    return {"state": "noted"}


async def _way(
    c: AsyncConnection, record: AccountRecord, guest: Guest, contact_id: UUID
) -> dict[str, Any] | None:
    """Return where they are told: in their conversation, else at an address that is proven to be theirs."""
    current = await visitors.current(c, guest)
    if current is not None:
        return {"conversation_id": current["id"]}
    email = await c.scalar(_EMAIL, {"contact_id": contact_id}) if guest.external_id else None
    if email is None or await system_mail.mail_account(c, record.brand_id) is None:
        return None
    return {"address": str(email)}
