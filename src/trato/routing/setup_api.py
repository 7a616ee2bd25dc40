"""Sites, teams, skills, reasons to be away and weights of channels over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access.edge import Caller, require
from trato.db.edge import Read, Tx
from trato.live.versions import Expected
from trato.routing import named, profiles
from trato.routing import setup_schemas as schemas
from trato.routing.named import AWAY_REASON, SITE, SKILL, TEAM

router = APIRouter(tags=["queues"])

Reader = Annotated[Caller, require("agent", "queues:read")]
Writer = Annotated[Caller, require("supervisor", "queues:write")]


@router.get("/sites", response_model=schemas.SitePage)
async def list_sites(_: Reader, c: Read) -> Any:
    """Return all sites, by name."""
    return {"items": await named.every(c, SITE)}


@router.post("/sites", response_model=schemas.SiteView, status_code=201)
async def create_site(caller: Writer, c: Tx, body: schemas.SiteBody) -> Any:
    """Add a site."""
    return await named.create(c, SITE, body.model_dump(), actor=caller.actor)


@router.patch("/sites/{site_id}", response_model=schemas.SiteView)
async def change_site(
    caller: Writer, c: Tx, site_id: UUID, body: schemas.SiteChange, expected: Expected
) -> Any:
    """Change a site; what is left out stays."""
    values = body.model_dump(exclude_unset=True)
    return await named.change(c, SITE, site_id, values, expected=expected, actor=caller.actor)


@router.delete("/sites/{site_id}", status_code=204)
async def remove_site(caller: Writer, c: Tx, site_id: UUID) -> None:
    """Remove one where no team works any more."""
    await named.remove(c, SITE, site_id, actor=caller.actor)


@router.get("/teams", response_model=schemas.TeamPage)
async def list_teams(_: Reader, c: Read) -> Any:
    """Return all teams, by name."""
    return {"items": await named.every(c, TEAM)}


@router.post("/teams", response_model=schemas.TeamView, status_code=201)
async def create_team(caller: Writer, c: Tx, body: schemas.TeamBody) -> Any:
    """Add a team."""
    return await named.create(c, TEAM, body.model_dump(), actor=caller.actor)


@router.patch("/teams/{team_id}", response_model=schemas.TeamView)
async def change_team(
    caller: Writer, c: Tx, team_id: UUID, body: schemas.TeamChange, expected: Expected
) -> Any:
    """Change a team; what is left out stays."""
    values = body.model_dump(exclude_unset=True)
    return await named.change(c, TEAM, team_id, values, expected=expected, actor=caller.actor)


@router.delete("/teams/{team_id}", status_code=204)
async def remove_team(caller: Writer, c: Tx, team_id: UUID) -> None:
    """Remove one that serves no queue; its agents are in no team then."""
    await named.remove(c, TEAM, team_id, actor=caller.actor)


@router.get("/skills", response_model=schemas.SkillPage)
async def list_skills(_: Reader, c: Read) -> Any:
    """Return all skills, by name."""
    return {"items": await named.every(c, SKILL)}


@router.post("/skills", response_model=schemas.SkillView, status_code=201)
async def create_skill(caller: Writer, c: Tx, body: schemas.NamedBody) -> Any:
    """Add a skill."""
    return await named.create(c, SKILL, body.model_dump(), actor=caller.actor)


@router.patch("/skills/{skill_id}", response_model=schemas.SkillView)
async def change_skill(
    caller: Writer, c: Tx, skill_id: UUID, body: schemas.NamedChange, expected: Expected
) -> Any:
    """Change a skill; what is left out stays."""
    values = body.model_dump(exclude_unset=True)
    return await named.change(c, SKILL, skill_id, values, expected=expected, actor=caller.actor)


@router.delete("/skills/{skill_id}", status_code=204)
async def remove_skill(caller: Writer, c: Tx, skill_id: UUID) -> None:
    """Remove one that no queue asks for; no agent has it then."""
    await named.remove(c, SKILL, skill_id, actor=caller.actor)


@router.get("/away-reasons", response_model=schemas.AwayReasonPage)
async def list_away_reasons(_: Reader, c: Read) -> Any:
    """Return all reasons to be away, by name."""
    return {"items": await named.every(c, AWAY_REASON)}


@router.post("/away-reasons", response_model=schemas.AwayReasonView, status_code=201)
async def create_away_reason(caller: Writer, c: Tx, body: schemas.NamedBody) -> Any:
    """Add a reason to be away."""
    return await named.create(c, AWAY_REASON, body.model_dump(), actor=caller.actor)


@router.patch("/away-reasons/{away_reason_id}", response_model=schemas.AwayReasonView)
async def change_away_reason(
    caller: Writer, c: Tx, away_reason_id: UUID, body: schemas.NamedChange, expected: Expected
) -> Any:
    """Change a reason to be away; what is left out stays."""
    values = body.model_dump(exclude_unset=True)
    return await named.change(c, AWAY_REASON, away_reason_id, values, expected=expected, actor=caller.actor)


@router.delete("/away-reasons/{away_reason_id}", status_code=204)
async def remove_away_reason(caller: Writer, c: Tx, away_reason_id: UUID) -> None:
    """Remove one."""
    await named.remove(c, AWAY_REASON, away_reason_id, actor=caller.actor)


@router.get("/channel-weights", response_model=schemas.WeightPage)
async def list_weights(_: Reader, c: Read) -> Any:
    """Return what a conversation of each channel takes of an agent's capacity."""
    return {"items": await profiles.weights(c)}


@router.put("/channel-weights/{channel}", response_model=schemas.WeightView)
async def set_weight(caller: Writer, c: Tx, channel: str, body: schemas.WeightBody) -> Any:
    """Set what a conversation of a channel takes, from the next offer on."""
    return await profiles.set_weight(c, channel, body.model_dump(), actor=caller.actor)
