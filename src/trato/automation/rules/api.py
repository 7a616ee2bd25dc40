"""Rules over HTTP: kept by administrators, tried before they run, and the record of what they did."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access import audit
from trato.access.edge import Caller, require
from trato.access.roles import Role
from trato.automation.rules import schemas, service
from trato.automation.rules.trial import trial
from trato.db.edge import Moment, Read, Shared, Tx
from trato.decide.rules import FIELDS, OPERATORS, OWN
from trato.fields import service as own_fields
from trato.kit.paging import PAGE, Cursor, Limit, decode, moment, page, row_id
from trato.live.versions import Expected

router = APIRouter(tags=["automation"])

Reader = Annotated[Caller, require("supervisor", "automation:read")]
Writer = Annotated[Caller, require("administrator", "automation:write")]
# A trial shows names and texts of conversations.
Trier = Annotated[Caller, require("supervisor", "automation:read", "conversations:read", "contacts:read")]


@router.get("/rules", response_model=schemas.RulePage)
async def every(_: Reader, c: Read) -> Any:
    """List the rules in the order in which they are looked at, and what conditions may test."""
    fields: list[dict[str, Any]] = [
        {"name": name, "kind": kind, "operators": list(OPERATORS[kind])} for name, kind in FIELDS.items()
    ]
    fields += [
        {
            "name": OWN + one["key"],
            "kind": "text",
            "operators": list(OPERATORS["text"]),
            "labels": one["labels"],
        }
        for one in await own_fields.every(c, Role.AGENT)
        if one["retired_at"] is None
    ]
    return {"items": await service.every(c), "fields": fields}


@router.post("/rules", response_model=schemas.RuleView, status_code=201)
async def create(caller: Writer, c: Tx, body: schemas.RuleBody) -> Any:
    """Add a rule; it runs only once it is active."""
    values = body.model_dump(mode="json")
    found = await service.create(c, values)
    await audit.record(c, caller.actor, "rule.created", str(found["id"]), values, caller.ip)
    return found


@router.post("/rules/trial", response_model=schemas.TrialView)
async def try_out(_: Trier, c: Moment, shared: Shared, body: schemas.TrialBody) -> Any:
    """Try a rule, kept or not, on the events of the last days. Nothing is written and nobody is told."""
    values = body.model_dump(mode="json")
    await service.judge(c, values)
    return await trial(c, shared, {**values, "id": UUID(int=0), "version": 0}, days=body.days)


@router.get("/rules/runs", response_model=schemas.RunPage)
async def runs(
    _: Reader, c: Read, rule_id: UUID | None = None, cursor: Cursor = None, limit: Limit = PAGE
) -> Any:
    """List what rules did, the latest first, with why they did not where they did not."""
    at, last = decode(cursor, moment, row_id)
    rows = await service.runs(c, rule_id=rule_id, after=(at, last), limit=limit + 1)
    return page(rows, limit, lambda row: (row["at"], row["id"]))


@router.patch("/rules/{rule_id}", response_model=schemas.RuleView)
async def change(caller: Writer, c: Tx, rule_id: UUID, body: schemas.RuleChange, expected: Expected) -> Any:
    """Change a rule, have it run, or pause it; what is left out stays."""
    values = body.model_dump(mode="json", exclude_unset=True)
    found = await service.change(c, rule_id, values, expected=expected)
    await audit.record(c, caller.actor, "rule.changed", str(rule_id), values, caller.ip)
    return found


@router.delete("/rules/{rule_id}", status_code=204)
async def remove(caller: Writer, c: Tx, rule_id: UUID) -> None:
    """Have a rule run no more; what it did stays in the record."""
    await service.remove(c, rule_id)
    await audit.record(c, caller.actor, "rule.removed", str(rule_id), ip=caller.ip)
