"""Queues and what agents can do, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access.edge import Caller, require
from trato.db.edge import Read, Tx
from trato.live.versions import Expected
from trato.routing import profiles, queues
from trato.routing import setup_schemas as schemas

router = APIRouter(tags=["queues"])

Reader = Annotated[Caller, require("agent", "queues:read")]
Writer = Annotated[Caller, require("supervisor", "queues:write")]


@router.get("/queues", response_model=schemas.QueuePage)
async def list_queues(_: Reader, c: Read) -> Any:
    """Return all queues, by name, those out of use last."""
    return {"items": await queues.every(c)}


@router.get("/queues/{queue_id}", response_model=schemas.QueueView)
async def get_queue(_: Reader, c: Read, queue_id: UUID) -> Any:
    """Return a queue."""
    return await queues.get(c, queue_id)


@router.post("/queues", response_model=schemas.QueueView, status_code=201)
async def create_queue(caller: Writer, c: Tx, body: schemas.QueueBody) -> Any:
    """Add a queue."""
    return await queues.create(c, body.model_dump(), actor=caller.actor)


@router.patch("/queues/{queue_id}", response_model=schemas.QueueView)
async def change_queue(
    caller: Writer, c: Tx, queue_id: UUID, body: schemas.QueueChange, expected: Expected
) -> Any:
    """Change a queue; what is left out stays, and what changes counts for those who wait already."""
    values = body.model_dump(exclude_unset=True)
    return await queues.change(c, queue_id, values, expected=expected, actor=caller.actor)


@router.delete("/queues/{queue_id}", status_code=204)
async def remove_queue(caller: Writer, c: Tx, queue_id: UUID) -> None:
    """Remove a queue that nobody has waited in; 409 for one in use, which can be taken out of it."""
    await queues.remove(c, queue_id, actor=caller.actor)


@router.get("/profiles", response_model=schemas.ProfilePage)
async def list_profiles(_: Reader, c: Read) -> Any:
    """Return what every active agent can do, by name."""
    return {"items": await profiles.every(c)}


@router.get("/profiles/{agent_id}", response_model=schemas.ProfileView)
async def get_profile(_: Reader, c: Read, agent_id: UUID) -> Any:
    """Return what an agent can do."""
    return await profiles.get(c, agent_id)


@router.patch("/profiles/{agent_id}", response_model=schemas.ProfileView)
async def change_profile(
    caller: Writer, c: Tx, agent_id: UUID, body: schemas.ProfileChange, expected: Expected
) -> Any:
    """Change what an agent can do, from the next decision on; what is left out stays."""
    values = body.model_dump(exclude_unset=True)
    return await profiles.change(c, agent_id, values, expected=expected, actor=caller.actor)


@router.put("/profiles/{agent_id}/skills/{skill_id}", response_model=schemas.ProfileView)
async def set_skill(caller: Writer, c: Tx, agent_id: UUID, skill_id: UUID, body: schemas.SkillLevel) -> Any:
    """Set how much of one skill an agent has, and until when."""
    return await profiles.set_skill(c, agent_id, skill_id, body.model_dump(), actor=caller.actor)


@router.delete("/profiles/{agent_id}/skills/{skill_id}", response_model=schemas.ProfileView)
async def take_skill(caller: Writer, c: Tx, agent_id: UUID, skill_id: UUID) -> Any:
    """Take a skill from an agent."""
    return await profiles.set_skill(c, agent_id, skill_id, None, actor=caller.actor)
