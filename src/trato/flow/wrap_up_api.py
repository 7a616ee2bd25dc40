"""Wrap-up over HTTP: a little time to note how it ended, and the word that one is done."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from trato.access.edge import Agent, Caller, require
from trato.conversations import labels
from trato.conversations.schemas import InteractionView
from trato.db.edge import Read, Tx
from trato.flow import wrap_up
from trato.flow.assign_api import agent_of
from trato.kit.inputs import MaybeLine

router = APIRouter(tags=["routing"])

Reader = Annotated[Caller, require("agent", "conversations:read")]
Disposition = Annotated[MaybeLine, Field(max_length=200)]


class WrapUpBody(BaseModel):
    """How it ended; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    disposition: Disposition | None = None


class EndingView(BaseModel):
    """What the end of the work on a conversation asks for: `required`, how it ended must be said.

    `disposition`: what was said so far, else what the macro that was used last offers.
    """

    model_config = ConfigDict(from_attributes=True)

    required: bool
    disposition: str | None


@router.get("/conversations/{conversation_id}/ending", response_model=EndingView)
async def ending(caller: Reader, c: Read, conversation_id: UUID) -> Any:
    """Return what the end of the work on a conversation asks for; before a wrap-up nothing is required."""
    return await wrap_up.ending(c, conversation_id, caller.agent_id)


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
