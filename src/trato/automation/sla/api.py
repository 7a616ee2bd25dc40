"""Targets of service over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access import audit
from trato.access.edge import Caller, require
from trato.automation.sla import clocks, policies, schemas
from trato.db.edge import Read, Tx
from trato.kit.paging import PAGE_MAX, Cursor, Limit, decode, page, row_id
from trato.live.versions import Expected

router = APIRouter(tags=["automation"])

Reader = Annotated[Caller, require("agent", "automation:read")]
Writer = Annotated[Caller, require("supervisor", "automation:write")]
Watcher = Annotated[Caller, require("agent", "conversations:read")]


@router.get("/sla-policies", response_model=schemas.SlaPolicyPage)
async def every(_: Reader, c: Read) -> Any:
    """List what is promised to whom; of those that hold, the first counts."""
    return {"items": await policies.every(c)}


@router.post("/sla-policies", response_model=schemas.SlaPolicyView, status_code=201)
async def create(caller: Writer, c: Tx, body: schemas.SlaPolicyBody) -> Any:
    """Promise something to what begins from now on."""
    found = await policies.create(c, body.model_dump())
    await audit.record(
        c, caller.actor, "sla_policy.created", str(found["id"]), body.model_dump(mode="json"), caller.ip
    )
    return found


@router.patch("/sla-policies/{policy_id}", response_model=schemas.SlaPolicyView)
async def change(
    caller: Writer, c: Tx, policy_id: UUID, body: schemas.SlaPolicyChange, expected: Expected
) -> Any:
    """Change a policy for what begins from now on; what is left out stays."""
    found = await policies.change(c, policy_id, body.model_dump(exclude_unset=True), expected=expected)
    told = body.model_dump(mode="json", exclude_unset=True)
    await audit.record(c, caller.actor, "sla_policy.changed", str(policy_id), told, caller.ip)
    return found


@router.delete("/sla-policies/{policy_id}", status_code=204)
async def remove(caller: Writer, c: Tx, policy_id: UUID) -> None:
    """Promise nothing by a policy any more; its clocks run on."""
    await policies.remove(c, policy_id)
    await audit.record(c, caller.actor, "sla_policy.removed", str(policy_id), ip=caller.ip)


@router.get("/sla-clocks", response_model=schemas.SlaClockPage)
async def running(_: Watcher, c: Read, cursor: Cursor = None, limit: Limit = PAGE_MAX) -> Any:
    """List the promised times that run or stand still; `sla.changed` tells what becomes of them."""
    (after,) = decode(cursor, row_id)
    rows = await clocks.running(c, after=after, limit=limit + 1)
    return page(rows, limit, lambda row: (row["id"],))
