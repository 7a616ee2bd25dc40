"""What the desk sees of who asked to be erased, and what an administrator does for somebody who asks."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from trato.access import audit
from trato.access.edge import Caller, client_ip, require
from trato.db.edge import Read, Shared, Tx
from trato.kit.clock import now
from trato.kit.errors import NotFound
from trato.kit.paging import PAGE, Cursor, Limit
from trato.privacy import exporting, service
from trato.privacy.schemas import CancelBody, ErasureBody, ErasurePage, ErasureView

router = APIRouter(tags=["contacts"])

Reader = Annotated[Caller, require("agent", "contacts:read")]
Keeper = Annotated[Caller, require("administrator", "contacts:write")]
Copier = Annotated[Caller, require("administrator", "contacts:read", "conversations:read", "cases:read")]


@router.get("/erasures", response_model=ErasurePage)
async def list_erasures(_: Reader, c: Read, cursor: Cursor = None, limit: Limit = PAGE) -> Any:
    """Return who asked to be erased, the newest first."""
    return await service.page(c, cursor=cursor, limit=limit)


@router.get("/contacts/{contact_id}/erasure", response_model=ErasureView)
async def get_erasure(_: Reader, c: Read, contact_id: UUID) -> Any:
    """Return the erasure that a contact waits for, else the last one."""
    found = await service.current(c, contact_id)
    if found is None:
        raise NotFound("No erasure was asked for this contact.")
    return found


@router.post("/contacts/{contact_id}/erasure", response_model=ErasureView, status_code=201)
async def ask_erasure(caller: Keeper, c: Tx, request: Request, contact_id: UUID, body: ErasureBody) -> Any:
    """Plan that a contact is erased when the grace is over; asked again, the first one stands."""
    return await service.ask(
        c,
        contact_id,
        actor=caller.actor,
        now=now(),
        grace=timedelta(days=body.grace_days),
        reason=body.reason,
        ip=client_ip(request),
    )


@router.post("/contacts/{contact_id}/erasure/cancel", response_model=ErasureView)
async def cancel_erasure(caller: Keeper, c: Tx, request: Request, contact_id: UUID, body: CancelBody) -> Any:
    """Keep the contact after all, with the reason; 409 when nothing waits."""
    return await service.cancel(
        c, contact_id, actor=caller.actor, now=now(), reason=body.reason, ip=client_ip(request)
    )


@router.get("/contacts/{contact_id}/export", response_class=Response)
async def export_contact(caller: Copier, shared: Shared, request: Request, contact_id: UUID) -> Response:
    """Send a ZIP with all that a contact may know we have of them: profile, cases, messages and files."""
    async with shared.db.begin() as c:
        await audit.record(
            c, caller.actor, "contact.exported", f"contact:{contact_id}", ip=client_ip(request)
        )
    return await sent(exporting.archive(shared, contact_id))


async def sent(parts: AsyncIterator[bytes]) -> Response:
    """Return the answer that carries a ZIP; raises what its first part raises, before anything is sent."""
    first = await anext(parts)

    async def whole() -> AsyncIterator[bytes]:
        yield first
        async for part in parts:
            yield part

    headers = {
        "Content-Disposition": 'attachment; filename="data.zip"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(whole(), media_type="application/zip", headers=headers)
