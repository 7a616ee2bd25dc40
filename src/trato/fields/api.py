"""Fields of an installation's own over HTTP: defined by administrators, filled in where they are read."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access import audit
from trato.access.edge import Caller, require
from trato.db.edge import Read, Tx
from trato.fields import schemas, service, values
from trato.live.versions import Expected

router = APIRouter(tags=["fields"])

Reader = Annotated[Caller, require("agent", "organisation:read")]
Administrator = Annotated[Caller, require("administrator", "organisation:write")]
ContactReader = Annotated[Caller, require("agent", "contacts:read")]
ContactWriter = Annotated[Caller, require("agent", "contacts:write")]
CaseReader = Annotated[Caller, require("agent", "cases:read")]
CaseWriter = Annotated[Caller, require("agent", "cases:write")]


@router.get("/fields", response_model=schemas.OwnFieldPage)
async def every(caller: Reader, c: Read) -> Any:
    """List the fields that you may see, those of contacts first, each in their order; retired ones too."""
    return {"items": await service.every(c, caller.role)}


@router.post("/fields", response_model=schemas.OwnFieldView, status_code=201)
async def make(caller: Administrator, c: Tx, body: schemas.FieldBody) -> Any:
    """Make a field for all contacts, or for all cases."""
    made = await service.make(c, body.model_dump(), actor=caller.actor)
    await audit.record(c, caller.actor, "field.created", str(made["id"]), {"field": body.key}, caller.ip)
    return made


@router.patch("/fields/{key}", response_model=schemas.OwnFieldView)
async def change(
    caller: Administrator, c: Tx, key: str, body: schemas.FieldChange, expected: Expected
) -> Any:
    """Change a field; `retired` takes it out of use, and what stands in it stays."""
    changes = body.model_dump(exclude_unset=True)
    changed = await service.change(c, key, changes, actor=caller.actor, expected=expected)
    data = {"field": key, **changes}
    await audit.record(c, caller.actor, "field.changed", str(changed["id"]), data, caller.ip)
    return changed


@router.get("/contacts/{contact_id}/fields", response_model=schemas.FieldValuePage)
async def of_contact(caller: ContactReader, c: Read, contact_id: UUID) -> Any:
    """Return the fields of a contact that you may see, filled in or not."""
    return {"items": await values.of(c, "contact", contact_id, caller.role)}


@router.put("/contacts/{contact_id}/fields/{key}", response_model=schemas.FieldValueView)
async def put_of_contact(
    caller: ContactWriter,
    c: Tx,
    contact_id: UUID,
    key: str,
    body: schemas.FieldValueBody,
    expected: Expected,
) -> Any:
    """Fill in a field of a contact, or empty it; If-Match is the version of what stands there."""
    return await values.put(
        c, "contact", contact_id, key, body.value, actor=caller.actor, role=caller.role, expected=expected
    )


@router.get("/cases/{case_id}/fields", response_model=schemas.FieldValuePage)
async def of_case(caller: CaseReader, c: Read, case_id: UUID) -> Any:
    """Return the fields of a case that you may see, filled in or not."""
    return {"items": await values.of(c, "case", case_id, caller.role)}


@router.put("/cases/{case_id}/fields/{key}", response_model=schemas.FieldValueView)
async def put_of_case(
    caller: CaseWriter, c: Tx, case_id: UUID, key: str, body: schemas.FieldValueBody, expected: Expected
) -> Any:
    """Fill in a field of a case, or empty it; If-Match is the version of what stands there."""
    return await values.put(
        c, "case", case_id, key, body.value, actor=caller.actor, role=caller.role, expected=expected
    )
