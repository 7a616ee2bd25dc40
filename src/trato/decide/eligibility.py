"""Who can serve a contact at all: what is needed, when less is, and who has it and room for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from trato.decide.agents import Candidate, Profile
from trato.decide.waiting import Allow, Queue, Waiting, normalised

# Whoever declined a contact, or let the offer expire, is not asked again for the same one before this.
REST_AFTER_DECLINE: Final = timedelta(seconds=30)

_LAST: Final = normalised([])


@dataclass(frozen=True, slots=True)
class Need:
    """What an agent must have to serve: skills with levels, a language, a team or site, and room."""

    channel: str
    units: int
    exclusive: bool
    skills: tuple[tuple[UUID, int], ...] = ()
    language: str | None = None
    teams: frozenset[UUID] = frozenset()
    sites: frozenset[UUID] = frozenset()

    def units_of(self, capacity: int) -> int:
        """Return how much of a capacity this takes: never more than all of it, so that it fits somewhere."""
        return capacity if self.exclusive else min(self.units, capacity)


@dataclass(frozen=True, slots=True)
class Stage:
    """What is needed from a moment of waiting on, and what had to be allowed for it."""

    after: timedelta
    need: Need
    allowed: tuple[Allow, ...] = ()


def course(waiting: Waiting, queue: Queue) -> tuple[Stage, ...]:
    """Return the stages that a contact goes through while they wait, without steps that change nothing."""
    skills = dict(queue.skills)
    for skill, level in waiting.skills.items():
        skills[skill] = max(level, skills.get(skill, 0))
    own = waiting.teams or waiting.sites
    need = Need(
        waiting.channel,
        waiting.units,
        waiting.exclusive,
        tuple(sorted(skills.items())),
        waiting.language if queue.language_needed else None,
        waiting.teams if own else queue.teams,
        waiting.sites if own else queue.sites,
    )
    stages = [Stage(timedelta(0), need)]
    for step in queue.relaxation or _LAST:
        last = stages[-1]
        relaxed = _relaxed(last.need, step.allow, step.by)
        if relaxed != last.need:
            stages.append(Stage(timedelta(seconds=step.after_s), relaxed, (*last.allowed, step.allow)))
    return tuple(stages)


def stage_at(stages: Sequence[Stage], waited: timedelta) -> int:
    """Return the number of the stage that somebody is in after a wait."""
    number = len(stages) - 1
    while number and stages[number].after > waited:
        number -= 1
    return number


def serves(need: Need, profile: Profile) -> bool:
    """Say whether agents of a profile can serve a need, room apart."""
    return (
        all(profile.skills.get(skill, 0) >= level for skill, level in need.skills)
        and (need.language is None or need.language in profile.languages)
        and _in_reach(need, profile)
        and profile.limits.get(need.channel, 1) > 0
    )


def takes(need: Need, candidate: Candidate) -> bool:
    """Say whether an agent has room for what a need takes, in units and of its channel."""
    return (
        candidate.has_room
        and candidate.load + need.units_of(candidate.capacity) <= candidate.capacity
        and need.channel not in candidate.full
    )


def level(wanted: Need, profile: Profile) -> int:
    """Return how much an agent knows of what is wanted, also where less would do by now."""
    return sum(profile.skills.get(skill, 0) for skill, _ in wanted.skills)


def rests_until(waiting: Waiting, agent_id: UUID, now: datetime) -> datetime | None:
    """Return until when an agent is left in peace about a contact, None when they may be asked.

    What was declined well after now was declined before the clock was set back, and counts no longer.
    """
    declined = waiting.declined.get(agent_id)
    if declined is None or declined > now + REST_AFTER_DECLINE or declined + REST_AFTER_DECLINE <= now:
        return None
    return declined + REST_AFTER_DECLINE


def patient_until(waiting: Waiting, queue: Queue) -> datetime | None:
    """Return until when a contact waits for somebody they know; None when there is nobody to wait for."""
    return waiting.asks_since + timedelta(seconds=queue.patience_s) if waiting.known else None


def _in_reach(need: Need, profile: Profile) -> bool:
    if need.teams:
        return profile.team in need.teams
    return not need.sites or profile.site in need.sites


def _relaxed(need: Need, allow: Allow, by: int) -> Need:
    nobody: frozenset[UUID] = frozenset()
    match allow:
        case "level":
            return replace(need, skills=tuple((skill, max(1, level - by)) for skill, level in need.skills))
        case "language":
            return replace(need, language=None)
        case "team":
            return replace(need, teams=nobody)
        case "site":
            return replace(need, teams=nobody, sites=nobody)
        case "anybody":
            return replace(need, skills=(), language=None, teams=nobody, sites=nobody)
