"""Presence over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter

from trato.access.edge import Agent, Caller, require
from trato.db.edge import Read, Tx
from trato.kit.errors import Conflict
from trato.routing import queries, service
from trato.routing.schemas import PresenceChange, Presences, PresenceView

router = APIRouter(tags=["routing"])


@router.get("/presences", response_model=Presences)
async def presences(_: Annotated[Caller, require("agent", "presence:read")], c: Read) -> Any:
    """List where everybody is, by name."""
    return {"items": await queries.presences(c)}


@router.put("/presence", response_model=PresenceView)
async def set_presence(caller: Agent, c: Tx, body: PresenceChange) -> Any:
    """Say where you are. Going away keeps what you have accepted; open offers go to somebody else.

    Who has no desk open for a minute (`GET /live`) is set offline.
    """
    if caller.agent_id is None:
        raise Conflict("You do not take conversations.", todo="Ask an administrator to make you an agent.")
    return await service.set_presence(c, caller.agent_id, body.state, reason=body.reason, actor=caller.actor)
