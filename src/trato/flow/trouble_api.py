"""What needs a hand, over HTTP: mail that could not be read, requests that nobody claims."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import text

from trato.access.edge import Caller, require
from trato.brands import service as brands
from trato.db.edge import Read, Shared, Tx
from trato.flow.inbound import receive
from trato.flow.schemas import Outcome, ReceiptBody, ReceiptView, StrayView
from trato.kit.errors import Invalid, NotFound

router = APIRouter(tags=["trouble"])

Supervisor = Annotated[Caller, require("supervisor", "conversations:read")]
Mender = Annotated[Caller, require("supervisor", "conversations:write")]

_BROKEN = text("""
    SELECT r.account_id, a.name AS account_name, r.provider_id, r.state, r.error, r.attempts, r.received_at,
           r.raw_key IS NOT NULL AS has_raw
    FROM receipt r JOIN account a ON a.id = r.account_id
    WHERE r.state IN ('pending', 'broken') ORDER BY r.received_at DESC LIMIT 200
""")
_RAW_KEY = text("""
    SELECT raw_key FROM receipt
    WHERE account_id = :account_id AND provider_id = :provider_id AND raw_key IS NOT NULL
""")


@router.get("/receipts", response_model=list[ReceiptView])
async def broken(_: Supervisor, c: Read) -> Any:
    """Return what came in and could not be read, newest first."""
    return [dict(row) for row in (await c.execute(_BROKEN)).mappings()]


@router.get("/receipts/raw")
async def raw(_: Supervisor, shared: Shared, account_id: UUID, provider_id: str) -> Response:
    """Send the original as it came, as a download."""
    async with shared.db.connect() as c:
        key = await _raw_key(c, account_id, provider_id)
    data = await shared.store.get(key)
    return Response(
        data,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": "attachment; filename=original.eml",
            "X-Content-Type-Options": "nosniff",
        },
    )


@router.post("/receipts/retry", response_model=Outcome)
async def retry(_: Mender, shared: Shared, body: ReceiptBody) -> Any:
    """Read the original once more, with the software as it is now."""
    async with shared.db.connect() as c:
        record = await brands.get_account(c, body.account_id)
        key = await _raw_key(c, body.account_id, body.provider_id)
    original, account = await shared.store.get(key), record.opened(shared.secrets)
    # it may be fifty megabytes of MIME: nobody else's request waits for it
    event = await asyncio.to_thread(record.connector.read, original, account, provider_id=body.provider_id)
    if event is None:
        raise Invalid("This channel cannot read an original again.", todo="Look at the raw data.")
    got = await receive(shared, record, event)
    return {"outcome": got.outcome, "conversation_id": got.conversation_id, "message_id": got.message_id}


@router.delete("/receipts", status_code=204)
async def dismiss(_: Mender, c: Tx, account_id: UUID, provider_id: str) -> None:
    """Put a broken one aside; its original is kept for another thirty days."""
    await c.execute(
        text("""
            UPDATE receipt SET state = 'ignored', settled_at = now()
            WHERE account_id = :account_id AND provider_id = :provider_id AND state IN ('pending', 'broken')
        """),
        {"account_id": account_id, "provider_id": provider_id},
    )


@router.get("/strays", response_model=list[StrayView])
async def strays(_: Supervisor, c: Read) -> Any:
    """Return requests that no account claims, newest first."""
    query = text("""
        SELECT id, endpoint, reason, received_at FROM stray WHERE dismissed_at IS NULL
        ORDER BY received_at DESC LIMIT 200
    """)
    return [dict(row) for row in (await c.execute(query)).mappings()]


@router.delete("/strays/{stray_id}", status_code=204)
async def dismiss_stray(_: Mender, c: Tx, stray_id: UUID) -> None:
    """Put a stray request aside."""
    await c.execute(text("UPDATE stray SET dismissed_at = now() WHERE id = :id"), {"id": stray_id})


async def _raw_key(c: Any, account_id: UUID, provider_id: str) -> str:
    key = await c.scalar(_RAW_KEY, {"account_id": account_id, "provider_id": provider_id})
    if key is None:
        raise NotFound("There is no such original.")
    return str(key)
