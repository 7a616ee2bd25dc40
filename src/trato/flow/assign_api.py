"""What agents do about offers and about who has a conversation, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from trato.access.edge import Agent, Caller, require
from trato.access.roles import Role
from trato.conversations.schemas import ConversationView, InteractionView
from trato.db.edge import Tx
from trato.flow import assign
from trato.kit.errors import Conflict, NotAllowed
from trato.kit.inputs import MaybeLine

router = APIRouter(tags=["routing"])

Writer = Annotated[Caller, require("agent", "conversations:write")]


class DeclineBody(BaseModel):
    """Why an offer is turned down."""

    model_config = ConfigDict(extra="forbid")

    reason: MaybeLine = Field(default="", max_length=200)


class TakeBody(BaseModel):
    """`over`: also when a colleague has it; for supervisors."""

    model_config = ConfigDict(extra="forbid")

    over: bool = False


@router.post("/offers/{interaction_id}/accept", response_model=InteractionView)
async def accept(caller: Agent, c: Tx, interaction_id: UUID) -> Any:
    """Take an offer made to you; 409 when it no longer stands."""
    return await assign.accept(c, interaction_id, agent_of(caller), actor=caller.actor)


@router.post("/offers/{interaction_id}/decline", response_model=InteractionView)
async def decline(caller: Agent, c: Tx, interaction_id: UUID, body: DeclineBody) -> Any:
    """Turn an offer down; the contact keeps the place in line and the next agent is asked at once."""
    return await assign.decline(c, interaction_id, agent_of(caller), reason=body.reason, actor=caller.actor)


@router.post("/conversations/{conversation_id}/take", response_model=ConversationView)
async def take(caller: Writer, c: Tx, conversation_id: UUID, body: TakeBody | None = None) -> Any:
    """Take a conversation, available or not; 409 when you have no room, or a colleague has it."""
    over, may = body is not None and body.over, caller.role >= Role.SUPERVISOR
    if over and not may:
        raise NotAllowed("Only a supervisor takes over what a colleague has.", todo="Ask a supervisor.")
    return await assign.choose(
        c, conversation_id, agent_of(caller), actor=caller.actor, over=over, may_take_over=may
    )


@router.post("/conversations/{conversation_id}/release", response_model=ConversationView)
async def release(caller: Writer, c: Tx, conversation_id: UUID) -> Any:
    """Put a conversation back in line; it is offered to others first."""
    return await assign.release(c, conversation_id, actor=caller.actor)


def agent_of(caller: Caller) -> UUID:
    """Return the agent that a caller is; raises `Conflict` for a user who takes no conversations."""
    if caller.agent_id is None:
        raise Conflict("You do not take conversations.", todo="Ask an administrator to make you an agent.")
    return caller.agent_id
