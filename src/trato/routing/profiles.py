"""What agents can do, and what a conversation of each channel takes of them."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import audit
from trato.channels import load_connectors
from trato.kit.errors import Invalid, NotFound
from trato.live import service as live
from trato.live import versions
from trato.routing.queue_tables import agent_profile, agent_skill, channel_weight

Values = Mapping[str, Any]

_EVERY: Final = text("SELECT profile_view(id) FROM agent WHERE active ORDER BY lower(name), id")
_ONE: Final = text("SELECT profile_view(id) FROM agent WHERE id = :id")
_LENT: Final = text("SELECT end_lent_skills()")


async def every(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return the profile of every active agent, by name."""
    return list((await c.execute(_EVERY)).scalars())


async def get(c: AsyncConnection, agent_id: UUID) -> dict[str, Any]:
    """Return an agent's profile; raises `NotFound`."""
    view: dict[str, Any] | None = await c.scalar(_ONE, {"id": agent_id})
    if view is None:
        raise NotFound("There is no such agent.")
    return view


async def change(
    c: AsyncConnection, agent_id: UUID, values: Values, *, expected: int | None, actor: str
) -> dict[str, Any]:
    """Change what an agent can do, from the next decision on.

    Raises `NotFound`, `ChangedMeanwhile`, and `Invalid` for a channel that is not installed or a skill that
    is named twice.
    """
    await versions.check(c, agent_profile, agent_id, expected, action="profile.changed")
    await get(c, agent_id)
    _check(values)
    await _write(c, agent_id, {name: value for name, value in values.items() if name != "skills"})
    if "skills" in values:
        await c.execute(delete(agent_skill).where(agent_skill.c.agent_id == agent_id))
        if values["skills"]:
            await c.execute(insert(agent_skill), [{"agent_id": agent_id, **one} for one in values["skills"]])
    view = await _tell(c, agent_id, actor)
    await audit.record(c, actor, "profile.changed", str(agent_id), {"fields": sorted(values)})
    return view


async def set_skill(
    c: AsyncConnection, agent_id: UUID, skill_id: UUID, values: Values | None, *, actor: str
) -> dict[str, Any]:
    """Set how much of one skill an agent has, None: nothing of it; raises `NotFound` for an agent."""
    await get(c, agent_id)
    await _write(c, agent_id, {})
    if values is None:
        gone = agent_skill.c.agent_id == agent_id, agent_skill.c.skill_id == skill_id
        await c.execute(delete(agent_skill).where(*gone))
    else:
        row = upsert(agent_skill).values(agent_id=agent_id, skill_id=skill_id, **values)
        keys = ["agent_id", "skill_id"]
        await c.execute(row.on_conflict_do_update(index_elements=keys, set_=dict(values)))
    view = await _tell(c, agent_id, actor)
    told = {"skill_id": str(skill_id), "level": values["level"] if values else None}
    await audit.record(c, actor, "profile.changed", str(agent_id), told)
    return view


async def end_lent(c: AsyncConnection) -> None:
    """Take back the skills that were lent for a time that is over."""
    for agent_id in list((await c.execute(_LENT)).scalars()):
        await _tell(c, agent_id, "system")


async def weights(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return what a conversation of each installed channel takes, by channel."""
    rows = {row["channel"]: dict(row) for row in (await c.execute(select(channel_weight))).mappings()}
    usual = {"units": 1, "exclusive": False}
    return [rows.get(kind, {"channel": kind, **usual}) for kind in sorted(load_connectors())]


async def set_weight(c: AsyncConnection, channel: str, values: Values, *, actor: str) -> dict[str, Any]:
    """Set what a conversation of a channel takes, from the next offer on; raises `NotFound`."""
    if channel not in load_connectors():
        raise NotFound("There is no such channel.", todo="Choose one of GET /api/v1/channels.")
    row = upsert(channel_weight).values(channel=channel, **values)
    await c.execute(row.on_conflict_do_update(index_elements=["channel"], set_=dict(values)))
    view = {"channel": channel, **values}
    data = {"channel_weight": view}
    await live.append(c, "channel_weight.changed", audience="staff", actor=actor, data=data)
    await audit.record(c, actor, "channel_weight.changed", channel, dict(values))
    return view


def _check(values: Values) -> None:
    for channel in values.get("limits", {}):
        if channel not in load_connectors():
            raise Invalid(
                "There is no channel called {kind}.",
                todo="Choose one of GET /api/v1/channels.",
                field="limits",
                values={"kind": channel},
            )
    skills = [one["skill_id"] for one in values.get("skills", ())]
    if len(set(skills)) < len(skills):
        raise Invalid("A skill is named twice.", todo="Name each skill once.", field="skills")


async def _write(c: AsyncConnection, agent_id: UUID, values: Values) -> None:
    row = upsert(agent_profile).values(agent_id=agent_id, version=2, **values)
    change = {**values, "version": agent_profile.c.version + 1}
    await c.execute(row.on_conflict_do_update(index_elements=["agent_id"], set_=change))


async def _tell(c: AsyncConnection, agent_id: UUID, actor: str) -> dict[str, Any]:
    view = await get(c, agent_id)
    await live.append(c, "profile.changed", audience="staff", actor=actor, data={"profile": view})
    return view
