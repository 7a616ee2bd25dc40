"""Pages of the brand's own sites that fail for several visitors, for who supervises."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access import audit
from trato.access.edge import Caller, require
from trato.db.edge import Read, Tx
from trato.trail import failure_schemas as schemas
from trato.trail import failures

router = APIRouter(prefix="/page-failures", tags=["channels"])


@router.get("", response_model=schemas.PageFailures)
async def standing(_: Annotated[Caller, require("agent", "conversations:read")], c: Read) -> Any:
    """List the pages that seem to be broken now, with how many visitors met it."""
    return {"items": await failures.standing(c)}


@router.post("/{failure_id}/put-away", response_model=schemas.PageFailureView)
async def put_away(
    caller: Annotated[Caller, require("supervisor", "conversations:write")], c: Tx, failure_id: UUID
) -> Any:
    """Say that somebody looked into it; it is shown again when visitors meet it hours later."""
    found = await failures.put_away(c, failure_id, actor=caller.actor)
    await audit.record(c, caller.actor, "page_failure.put_away", str(failure_id), {}, caller.ip)
    return found
