"""Wrap-up over HTTP: a little time to note how it ended, and the word that one is done."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from trato.access.edge import Agent
from trato.conversations import labels
from trato.conversations.schemas import InteractionView
from trato.db.edge import Tx
from trato.flow import wrap_up
from trato.flow.assign_api import agent_of
from trato.kit.inputs import MaybeLine

router = APIRouter(tags=["routing"])

Disposition = Annotated[MaybeLine, Field(max_length=200)]


class WrapUpBody(BaseModel):
    """How it ended; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    disposition: Disposition | None = None


@router.patch("/wrap-ups/{interaction_id}", response_model=InteractionView)
async def note(caller: Agent, c: Tx, interaction_id: UUID, body: WrapUpBody) -> Any:
    """Note how it ended, while you wrap it up or after that."""
    await labels.check_disposition(c, body.disposition)
    return await wrap_up.change(
        c, interaction_id, agent_of(caller), disposition=body.disposition, actor=caller.actor
    )


@router.post("/wrap-ups/{interaction_id}/more-time", response_model=InteractionView)
async def more_time(caller: Agent, c: Tx, interaction_id: UUID) -> Any:
    """Have as much time again, once."""
    return await wrap_up.change(c, interaction_id, agent_of(caller), more=True, actor=caller.actor)


@router.post("/wrap-ups/{interaction_id}/done", response_model=InteractionView)
async def done(caller: Agent, c: Tx, interaction_id: UUID, body: WrapUpBody | None = None) -> Any:
    """Say that you are done; the room is free for somebody else."""
    disposition = body.disposition if body is not None else None
    await labels.check_disposition(c, disposition)
    return await wrap_up.change(
        c, interaction_id, agent_of(caller), disposition=disposition, done=True, actor=caller.actor
    )
