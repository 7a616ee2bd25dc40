"""What a visitor may agree on instead of waiting on the page: to be written or called, now or at a time."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import emails
from trato.access.edge import public
from trato.access.throttle import Limit
from trato.contacts import facts
from trato.contacts import service as contacts
from trato.db.edge import Services, Shared
from trato.flow import callbacks
from trato.kit.clock import now
from trato.kit.errors import Invalid
from trato.portal import edge, queries, schemas, service, wait
from trato.portal.edge import Visit, Visiting
from trato.portal.queries import Guest
from trato.routing import waits

router = APIRouter(prefix="/visitor", tags=["visitor"], dependencies=[public()])

_AGREED: Final = Limit("callbacks", 20, timedelta(hours=1))  # by visitor
_CALLED: Final = Limit(
    "callbacks-to", 10, timedelta(days=1)
)  # by address: nobody is called by a stranger's whim
PHONE: Final = "phone"


@router.get("/callback/slots", response_model=schemas.SlotPage)
async def slots(visit: Visiting, shared: Shared) -> Any:
    """List the next times at which we can write or call, within the opening hours."""
    async with shared.db.connect() as c:
        queue_id = await waits.queue_of(c, visit.record.id)
        current = await queries.current(c, visit.guest)
        free = await callbacks.slots(c, queue_id, now(), but=current["id"] if current else None)
    return {"items": [{"start": slot.start, "end": slot.end} for slot in free]}


@router.put("/callback", response_model=schemas.WaitAnswer)
async def agree(visit: Visiting, shared: Shared, body: schemas.CallbackBody) -> Any:
    """Leave the page and keep the place, or agree on a time; asked again, it is changed.

    409 when the time has just been taken: nothing is changed then, and the other times are listed anew.
    """
    address = _address(body)
    await edge.count(shared, _AGREED, visit.guest.sender)
    if address is not None:
        await edge.count(shared, _CALLED, address)
    async with shared.db.begin() as c:
        conversation_id = await service.running(c, visit.guest)
        slot = None
        if body.slot is not None:
            queue_id = await waits.queue_of(c, visit.record.id)
            slot = callbacks.the_slot(
                await callbacks.slots(c, queue_id, now(), but=conversation_id), body.slot
            )
        await callbacks.agree(
            c, conversation_id, how=body.how, address=address, slot=slot, actor=visit.guest.actor
        )
        if address is not None:
            await note(c, visit.guest, visit.record.kind, conversation_id, body.how, address)
    return await _answer(shared, visit)


@router.delete("/callback", response_model=schemas.WaitAnswer)
async def cancel(visit: Visiting, shared: Shared) -> Any:
    """Wait here after all, with the same place in line; harmless when nothing was agreed."""
    async with shared.db.begin() as c:
        await callbacks.cancel(c, await service.running(c, visit.guest), actor=visit.guest.actor)
    return await _answer(shared, visit)


async def _answer(shared: Services, visit: Visit) -> dict[str, Any]:
    shared.wake.ring("events", "routing")
    async with shared.db.connect() as c:
        return {"wait": await wait.of_visitor(shared, c, visit.record, visit.guest)}


def _address(body: schemas.CallbackBody) -> str | None:
    """Return where the contact is reached; raises `Invalid`."""
    given = body.address.strip()
    if body.how == "here":
        return None
    if not given:
        raise Invalid("Where can we reach you?", field="address")
    return emails.checked(given) if body.how == "email" else callbacks.checked_phone(given)


async def note(
    c: AsyncConnection, guest: Guest, where: str, conversation_id: UUID, how: str, address: str
) -> None:
    """Note the address as something that the contact told, so that it is never asked again."""
    contact_id = await contacts.owner_of(c, "visitor", guest.sender)
    if contact_id is None:
        return
    told = facts.Told(
        facts.EMAIL if how == "email" else PHONE,
        address,
        said_by="contact",
        source=where,
        noted_by=guest.actor,
        conversation_id=conversation_id,
    )
    if await facts.note(c, contact_id, told):
        await contacts.tell(c, contact_id, guest.actor)
