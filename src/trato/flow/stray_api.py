"""Requests that nobody could place, over HTTP: seen safely, read again with today's accounts, put aside."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import text

from trato.access import audit
from trato.access.edge import Caller, require
from trato.channel_sdk import Hook
from trato.channels import load_connectors
from trato.db.edge import Read, Services, Shared, Tx
from trato.flow.api import REFUSED, accounts_of, read_hook, take_events
from trato.flow.schemas import StrayLook, StrayOutcome, StrayPage
from trato.flow.trouble_api import RAW, as_download
from trato.kit.errors import NotFound, Unavailable
from trato.kit.paging import PAGE, Cursor, Limit, decode, moment, page, row_id
from trato.kit.text import clean

router = APIRouter(tags=["trouble"])

SHOWN: Final = 64_000  # bytes: what a person reads, not what a program needs

Supervisor = Annotated[Caller, require("supervisor", "conversations:read")]
Mender = Annotated[Caller, require("supervisor", "conversations:write")]

_LIST = text("""
    SELECT id, endpoint, reason, received_at FROM stray
    WHERE dismissed_at IS NULL
      AND (CAST(:at AS timestamptz) IS NULL OR (received_at, id) < (:at, CAST(:before AS uuid)))
    ORDER BY received_at DESC, id DESC LIMIT :limit
""")
_ONE = text("""
    SELECT id, endpoint, reason, received_at, raw_key, request FROM stray
    WHERE id = :id AND dismissed_at IS NULL
""")
_DISMISS = text("UPDATE stray SET dismissed_at = now() WHERE id = :id AND dismissed_at IS NULL RETURNING id")


@router.get("/strays", response_model=StrayPage)
async def strays(_: Supervisor, c: Read, cursor: Cursor = None, limit: Limit = PAGE) -> Any:
    """Return requests that no account claims, newest first."""
    at, before = decode(cursor, moment, row_id)
    rows = await c.execute(_LIST, {"at": at, "before": before, "limit": limit + 1})
    return page([dict(row) for row in rows.mappings()], limit, lambda row: (row["received_at"], row["id"]))


@router.get("/strays/{stray_id}", response_model=StrayLook)
async def look(caller: Supervisor, shared: Shared, stray_id: UUID) -> Any:
    """Show the beginning of what a stray request holds, as text."""
    del caller
    row, hook = await _stray(shared, stray_id)
    return {
        **{name: row[name] for name in ("id", "endpoint", "reason", "received_at")},
        "method": hook.method,
        "content_type": clean(hook.headers.get("content-type", ""), 200),
        "size": len(hook.body),
        "text": clean(hook.body[:SHOWN].decode("utf-8", "replace")),
        "cut": len(hook.body) > SHOWN,
    }


@router.get("/strays/{stray_id}/raw", response_class=Response, responses=RAW)
async def raw(caller: Supervisor, shared: Shared, stray_id: UUID) -> Response:
    """Send what a stray request holds, as a download."""
    del caller
    _, hook = await _stray(shared, stray_id)
    return as_download(hook.body, "stray.bin")


@router.post("/strays/{stray_id}/retry", response_model=StrayOutcome)
async def retry(caller: Mender, shared: Shared, stray_id: UUID) -> Any:
    """Read a stray request again, with the accounts and the software as they are now.

    What is taken in leaves the list; events that came in meanwhile by another way are not taken twice.
    """
    _, hook = await _stray(shared, stray_id)
    kind, accounts = await accounts_of(shared, hook.endpoint)
    if kind is None:
        raise NotFound("Nothing listens here.", todo="Add an account of this channel first.")
    opened = [record.opened(shared.secrets) for record in accounts.values()]
    connector = load_connectors().get(kind)
    if connector is None:
        raise Unavailable("This channel is not installed here.", todo="Install its connector first.")
    reply, _ = read_hook(connector, hook, opened)
    taken = await take_events(shared, accounts, reply)
    outcome = "refused" if reply.status >= REFUSED else "stray" if reply.strays else "taken"
    if outcome == "taken":
        async with shared.db.begin() as c:
            await c.execute(_DISMISS, {"id": stray_id})
            await audit.record(c, caller.actor, "stray.retried", f"stray:{stray_id}", {"events": taken})
    return {"outcome": outcome, "events": taken, "reason": clean("; ".join(reply.strays), 500)}


@router.delete("/strays/{stray_id}", status_code=204)
async def dismiss(caller: Mender, c: Tx, stray_id: UUID) -> None:
    """Put a stray request aside."""
    if await c.scalar(_DISMISS, {"id": stray_id}) is None:
        raise NotFound("There is no such request.")
    await audit.record(c, caller.actor, "stray.dismissed", f"stray:{stray_id}", ip=caller.ip)


async def _stray(shared: Services, stray_id: UUID) -> tuple[Mapping[str, Any], Hook]:
    """Return a stray and the request that it was; raises `NotFound`."""
    async with shared.db.connect() as c:
        row = (await c.execute(_ONE, {"id": stray_id})).mappings().first()
    if row is None:
        raise NotFound("There is no such request.")
    request = json.loads(shared.secrets.open(row["request"])) if row["request"] else {}
    return dict(row), Hook(
        endpoint=row["endpoint"],
        method=request.get("method", "POST"),
        headers=request.get("headers", {}),
        query=request.get("query", {}),
        body=await shared.store.get(row["raw_key"]),
    )
