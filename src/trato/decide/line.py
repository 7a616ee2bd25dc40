"""Says why a contact still waits, for the supervisors' list."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

WhyWaiting = Literal["offered", "nobody_knows", "nobody_here", "all_busy", "declined", "next"]


@dataclass(frozen=True, slots=True)
class Able:
    """An agent as the list sees them."""

    agent_id: UUID
    here: bool
    free: bool
    skills: Mapping[UUID, int] = field(default_factory=dict)
    team: UUID | None = None
    site: UUID | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """What a contact needs of whoever helps."""

    skills: Mapping[UUID, int] = field(default_factory=dict)
    teams: Collection[UUID] = ()
    sites: Collection[UUID] = ()
    declined: Collection[UUID] = ()


def serves(able: Able, needs: Needs) -> bool:
    """Say whether an agent has what a contact needs, busy or not."""
    return (
        all(able.skills.get(skill, 0) >= level for skill, level in needs.skills.items())
        and (not needs.teams or able.team in needs.teams)
        and (not needs.sites or able.site in needs.sites)
    )


def why_waiting(needs: Needs, agents: Sequence[Able], *, offered: bool) -> WhyWaiting:
    """Say why somebody waits, the deepest reason first; `next`: somebody is free and will be asked now."""
    if offered:
        return "offered"
    able = [one for one in agents if serves(one, needs)]
    if not able:
        return "nobody_knows"
    here = [one for one in able if one.here]
    if not here:
        return "nobody_here"
    free = [one for one in here if one.free]
    if not free:
        return "all_busy"
    return "next" if any(one.agent_id not in needs.declined for one in free) else "declined"
