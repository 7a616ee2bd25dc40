"""Sites, teams, skills and reasons to be away: things that administrators name, and that others point to."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import audit
from trato.kit.errors import Conflict, NotFound
from trato.kit.ids import new_id
from trato.live import service as live
from trato.live import versions
from trato.routing.queue_tables import agent_profile, away_reason, queue_skill, queue_team, site, skill, team

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """One kind of named thing: where it is kept, and how a change of it is told."""

    table: Table
    tell: Callable[[AsyncConnection, str, dict[str, Any]], Awaitable[None]]

    @property
    def kind(self) -> str:
        """Return its name in events and in the audit log."""
        return self.table.name


async def _tell_site(c: AsyncConnection, actor: str, view: dict[str, Any]) -> None:
    await live.append(c, "site.changed", audience="staff", actor=actor, data={"site": view})


async def _tell_team(c: AsyncConnection, actor: str, view: dict[str, Any]) -> None:
    await live.append(c, "team.changed", audience="staff", actor=actor, data={"team": view})


async def _tell_skill(c: AsyncConnection, actor: str, view: dict[str, Any]) -> None:
    await live.append(c, "skill.changed", audience="staff", actor=actor, data={"skill": view})


async def _tell_reason(c: AsyncConnection, actor: str, view: dict[str, Any]) -> None:
    await live.append(c, "away_reason.changed", audience="staff", actor=actor, data={"away_reason": view})


SITE: Final = Named(site, _tell_site)
TEAM: Final = Named(team, _tell_team)
SKILL: Final = Named(skill, _tell_skill)
AWAY_REASON: Final = Named(away_reason, _tell_reason)

_MISSING: Final = {
    "site": "There is no such site.",
    "team": "There is no such team.",
    "skill": "There is no such skill.",
    "away_reason": "There is no such reason.",
}


async def every(c: AsyncConnection, named: Named) -> list[dict[str, Any]]:
    """Return all of a kind, by name."""
    table = named.table
    rows = await c.execute(select(table).order_by(func.lower(table.c.name), table.c.id))
    return [dict(row) for row in rows.mappings()]


async def create(c: AsyncConnection, named: Named, values: Values, *, actor: str) -> dict[str, Any]:
    """Add one; raises `Conflict` when the name is taken."""
    await check_name(c, named.table, values)
    row_id = new_id()
    await c.execute(insert(named.table).values(id=row_id, **values))
    await audit.record(c, actor, f"{named.kind}.created", str(row_id), {"name": values["name"]})
    return await _tell(c, named, row_id, actor)


async def change(
    c: AsyncConnection, named: Named, row_id: UUID, values: Values, *, expected: int | None, actor: str
) -> dict[str, Any]:
    """Change one; raises as `create`, `NotFound`, and `ChangedMeanwhile`."""
    await versions.check(c, named.table, row_id, expected, action=f"{named.kind}.changed")
    if values:
        table = named.table
        await check_name(c, table, values, row_id)
        query = update(table).where(table.c.id == row_id).values(**values, version=table.c.version + 1)
        await c.execute(query)
    view = await _tell(c, named, row_id, actor)
    if values:
        await audit.record(c, actor, f"{named.kind}.changed", str(row_id), {"fields": sorted(values)})
    return view


async def remove(c: AsyncConnection, named: Named, row_id: UUID, *, actor: str) -> None:
    """Remove one that nothing else needs; raises `Conflict` when something does, and `NotFound`.

    The agents of a team are in no team then, and no agent has the skill any more.
    """
    view = await _view(c, named, row_id)
    await _check_unused(c, named, row_id)
    if named is TEAM:
        await c.execute(update(agent_profile).where(agent_profile.c.team_id == row_id).values(team_id=None))
    await c.execute(delete(named.table).where(named.table.c.id == row_id))
    await audit.record(c, actor, f"{named.kind}.removed", str(row_id), {"name": view["name"]})
    await named.tell(c, actor, view | {"removed": True})


async def check_name(c: AsyncConnection, table: Table, values: Values, row_id: UUID | None = None) -> None:
    """Raise `Conflict` when another thing of this kind has the name in `values`."""
    if "name" not in values:
        return
    taken = select(table.c.id).where(func.lower(table.c.name) == values["name"].lower()).limit(1)
    if row_id is not None:
        taken = taken.where(table.c.id != row_id)
    if await c.scalar(taken) is not None:
        raise Conflict("This name is taken already.", todo="Choose another name.")


async def _check_unused(c: AsyncConnection, named: Named, row_id: UUID) -> None:
    if named is SITE and await c.scalar(select(exists().where(team.c.site_id == row_id))):
        raise Conflict("Teams work at this site.", todo="Give them another site first.")
    if named is TEAM and await c.scalar(select(exists().where(queue_team.c.team_id == row_id))):
        raise Conflict("A queue is served by this team.", todo="Take the team out of its queues first.")
    if named is SKILL and await c.scalar(select(exists().where(queue_skill.c.skill_id == row_id))):
        raise Conflict("A queue asks for this skill.", todo="Take the skill out of its queues first.")


async def _view(c: AsyncConnection, named: Named, row_id: UUID) -> dict[str, Any]:
    row = (await c.execute(select(named.table).where(named.table.c.id == row_id))).mappings().first()
    if row is None:
        raise NotFound(_MISSING[named.kind])
    return dict(row)


async def _tell(c: AsyncConnection, named: Named, row_id: UUID, actor: str) -> dict[str, Any]:
    view = await _view(c, named, row_id)
    await named.tell(c, actor, view)
    return view
