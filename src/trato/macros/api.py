"""Macros over HTTP: kept by supervisors, used by everybody who answers."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access import audit
from trato.access.edge import Caller, require
from trato.db.edge import Read, Tx
from trato.decide.placeholders import PLACES
from trato.live.versions import Expected
from trato.macros import schemas, service

router = APIRouter(tags=["macros"])

Reader = Annotated[Caller, require("agent", "automation:read")]
Writer = Annotated[Caller, require("supervisor", "automation:write")]
Answerer = Annotated[Caller, require("agent", "conversations:write")]


@router.get("/macros", response_model=schemas.MacroPage)
async def every(_: Reader, c: Read) -> Any:
    """List the macros by name, and the places that a text may have."""
    places = [{"name": name, "news": news} for name, news in PLACES.items()]
    return {"items": await service.every(c), "places": places}


@router.post("/macros", response_model=schemas.MacroView, status_code=201)
async def create(caller: Writer, c: Tx, body: schemas.MacroBody) -> Any:
    """Add a macro."""
    values = body.model_dump(mode="json") | {"brand_id": body.brand_id}
    found = await service.create(c, values)
    await audit.record(c, caller.actor, "macro.created", str(found["id"]), {"name": body.name}, caller.ip)
    return found


@router.patch("/macros/{macro_id}", response_model=schemas.MacroView)
async def change(caller: Writer, c: Tx, macro_id: UUID, body: schemas.MacroChange, expected: Expected) -> Any:
    """Change a macro; what is left out stays."""
    values = body.model_dump(mode="json", exclude_unset=True)
    found = await service.change(c, macro_id, values, expected=expected)
    await audit.record(c, caller.actor, "macro.changed", str(macro_id), {"fields": sorted(values)}, caller.ip)
    return found


@router.delete("/macros/{macro_id}", status_code=204)
async def remove(caller: Writer, c: Tx, macro_id: UUID) -> None:
    """Take a macro out of use."""
    await service.remove(c, macro_id)
    await audit.record(c, caller.actor, "macro.removed", str(macro_id), ip=caller.ip)


@router.post("/conversations/{conversation_id}/macros/{macro_id}", response_model=schemas.FilledMacro)
async def use(caller: Answerer, c: Tx, conversation_id: UUID, macro_id: UUID) -> Any:
    """Fill a macro for a conversation, and give the conversation its tags. Nothing is sent.

    What is not known stays as a place in the text; a message with such a place is refused.
    """
    return await service.use(c, macro_id, conversation_id, agent_name=caller.name, actor=caller.actor)


@router.post("/macros/{macro_id}/fill", response_model=schemas.FilledMacro)
async def fill(caller: Answerer, c: Read, macro_id: UUID, body: schemas.FillBody) -> Any:
    """Fill a macro for somebody who is written to first. Nothing is sent, and no tag is given.

    What is not known stays as a place in the text; a message with such a place is refused.
    """
    found = await service.fill_before(
        c,
        macro_id,
        brand_id=body.brand_id,
        contact_id=body.contact_id,
        case_id=body.case_id,
        agent_name=caller.name,
    )
    return {
        "text": found.text,
        "language": found.language,
        "unfilled": list(found.unfilled),
        "disposition": found.disposition,
    }
