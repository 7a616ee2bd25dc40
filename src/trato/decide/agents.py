"""Agents as routing sees them: what they can do, and what they have in hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Profile:
    """What an agent can do. All agents with the same profile are alike to a decision."""

    skills: Mapping[UUID, int] = field(default_factory=dict)  # skill → level, 1 to 5
    languages: frozenset[str] = frozenset()
    team: UUID | None = None
    site: UUID | None = None
    limits: Mapping[str, int] = field(default_factory=dict)  # channel → how many at once

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Return the profile that `profile_of` (SQL) tells of."""
        return cls(
            {UUID(skill): level for skill, level in told["skills"].items()},
            frozenset(told["languages"]),
            UUID(told["team"]) if told["team"] else None,
            UUID(told["site"]) if told["site"] else None,
            told["limits"],
        )

    def __hash__(self) -> int:
        skills, limits = frozenset(self.skills.items()), frozenset(self.limits.items())
        return hash((skills, self.languages, self.team, self.site, limits))


NOTHING_SPECIAL = Profile()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent who is available now, with what they have in hand and can take, in units."""

    agent_id: UUID
    load: int
    capacity: int
    idle_since: datetime  # when work last ended, or the agent became available
    profile: Profile = NOTHING_SPECIAL
    held: Mapping[str, int] = field(default_factory=dict)  # channel with a limit → how many in hand

    @property
    def has_room(self) -> bool:
        """Say whether one unit more fits."""
        return self.load < self.capacity

    @property
    def full(self) -> frozenset[str]:
        """Return the channels of which this agent can take no more now."""
        limits = self.profile.limits
        return frozenset(channel for channel, limit in limits.items() if self.held.get(channel, 0) >= limit)

    def with_one_more(self, channel: str, units: int) -> "Candidate":
        """Return how this agent stands once they have one more conversation."""
        held = self.held
        if channel in self.profile.limits:
            held = {**held, channel: held.get(channel, 0) + 1}
        return replace(self, load=self.load + units, held=held)


Place = tuple[float, datetime, UUID]  # share of the capacity in use, idle since, and who


def by_room(candidate: Candidate) -> Place:
    """Return the order among agents of whom nothing else is known: least busy, longest idle."""
    return (candidate.load / candidate.capacity, candidate.idle_since, candidate.agent_id)
