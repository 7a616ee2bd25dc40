"""What needs a hand, over HTTP: mail that could not be read."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import text

from trato.access.edge import Caller, require
from trato.brands import service as brands
from trato.db.edge import Read, Shared, Tx
from trato.flow.arrivals import take_in
from trato.flow.schemas import Outcome, ReceiptBody, ReceiptPage
from trato.kit.errors import Invalid, NotFound
from trato.kit.paging import PAGE, Cursor, Limit, decode, moment, page, row_id

router = APIRouter(tags=["trouble"])

Supervisor = Annotated[Caller, require("supervisor", "conversations:read")]
Mender = Annotated[Caller, require("supervisor", "conversations:write")]

RAW: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "What came, byte by byte."}
}

_BROKEN = text("""
    SELECT r.account_id, a.name AS account_name, r.provider_id, r.state, r.error, r.attempts, r.received_at,
           r.raw_key IS NOT NULL AS has_raw
    FROM receipt r JOIN account a ON a.id = r.account_id
    WHERE r.state IN ('pending', 'broken')
      AND (CAST(:at AS timestamptz) IS NULL
           OR (r.received_at, r.account_id, r.provider_id) < (:at, CAST(:account_id AS uuid), :provider_id))
    ORDER BY r.received_at DESC, r.account_id DESC, r.provider_id DESC LIMIT :limit
""")
_RAW_KEY = text("""
    SELECT raw_key FROM receipt
    WHERE account_id = :account_id AND provider_id = :provider_id AND raw_key IS NOT NULL
""")


@router.get("/receipts", response_model=ReceiptPage)
async def broken(_: Supervisor, c: Read, cursor: Cursor = None, limit: Limit = PAGE) -> Any:
    """Return what came in and could not be read, newest first."""
    at, account_id, provider_id = decode(cursor, moment, row_id, str)
    asked = {"at": at, "account_id": account_id, "provider_id": provider_id, "limit": limit + 1}
    rows = [dict(row) for row in (await c.execute(_BROKEN, asked)).mappings()]
    return page(rows, limit, lambda row: (row["received_at"], row["account_id"], row["provider_id"]))


@router.get("/receipts/raw", response_class=Response, responses=RAW)
async def raw(_: Supervisor, shared: Shared, account_id: UUID, provider_id: str) -> Response:
    """Send the original as it came, as a download."""
    async with shared.db.connect() as c:
        key = await _raw_key(c, account_id, provider_id)
    data = await shared.store.get(key)
    return as_download(data, "original.eml")


def as_download(data: bytes, filename: str) -> Response:
    """Return bytes that nobody has looked at, as a file that no browser opens by itself."""
    return Response(
        data,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename={filename}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
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
    got = await take_in(shared, record, event)
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


async def _raw_key(c: Any, account_id: UUID, provider_id: str) -> str:
    key = await c.scalar(_RAW_KEY, {"account_id": account_id, "provider_id": provider_id})
    if key is None:
        raise NotFound("There is no such original.")
    return str(key)
