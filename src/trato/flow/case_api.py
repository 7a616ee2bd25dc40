"""What agents do about cases that reaches their contacts, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from trato.access.edge import Caller, require
from trato.conversations.schemas import CaseView
from trato.db.edge import Shared, Tx
from trato.flow import doors, resolution
from trato.flow.desk_api import author_of
from trato.kit.inputs import Prose

router = APIRouter(tags=["cases"])

# Each of these writes to the contact.
Writer = Annotated[Caller, require("agent", "cases:write", "conversations:write")]


class ResolveBody(BaseModel):
    """What was done, as the contact will read it."""

    model_config = ConfigDict(extra="forbid")

    done: Prose = Field(max_length=resolution.MAX_DONE)


@router.post("/cases/{case_id}/resolve", response_model=CaseView)
async def resolve(caller: Writer, c: Tx, shared: Shared, case_id: UUID, body: ResolveBody) -> Any:
    """Mark a case as resolved, and ask its contact once, where they last wrote, whether it is."""
    return await resolution.resolve(shared, c, case_id, author_of(caller), body.done)


@router.post("/cases/{case_id}/to-owner", response_model=CaseView)
async def to_owner(caller: Writer, c: Tx, shared: Shared, case_id: UUID) -> Any:
    """Take a case to the owner of its thing, who is given a date; the contact is told both."""
    return await doors.take(shared, c, case_id, actor=caller.actor, by=caller.agent_id)
