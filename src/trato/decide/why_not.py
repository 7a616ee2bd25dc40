"""Says why an agent who is available is not asked for a contact now."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from trato.decide.agents import Candidate
from trato.decide.eligibility import Need, course, rests_until, serves, stage_at, takes
from trato.decide.waiting import Queue, Waiting


def why_not(
    waiting: Waiting, queue: Queue, candidate: Candidate, now: datetime, names: Mapping[UUID, str]
) -> list[str]:
    """Return in English all that speaks against them; nothing when they could be asked."""
    stages = course(waiting, queue)
    need = stages[stage_at(stages, now - waiting.asks_since)].need
    against = [] if serves(need, candidate.profile) else list(_lacks(need, candidate, names))
    limit = candidate.profile.limits.get(need.channel)
    if need.channel in candidate.full and limit:
        against.append(f"has {limit} of {need.channel}, which is the limit")
    elif limit != 0 and not takes(need, candidate):
        against.append(f"{candidate.load} of {candidate.capacity} busy")
    if rests_until(waiting, candidate.agent_id, now):
        against.append("has just declined it")
    return against


def _lacks(need: Need, candidate: Candidate, names: Mapping[UUID, str]) -> Iterator[str]:
    profile = candidate.profile
    for skill, level in need.skills:
        has = profile.skills.get(skill, 0)
        if has < level:
            yield (
                f"knows {names.get(skill, skill)} ({has} of {level})"
                if has
                else (f"does not know {names.get(skill, skill)}")
            )
    if need.language and need.language not in profile.languages:
        yield f"does not speak {need.language}"
    if need.teams and profile.team not in need.teams:
        yield "is of another team"
    elif not need.teams and need.sites and profile.site not in need.sites:
        yield "is at another site"
    if profile.limits.get(need.channel, 1) <= 0:
        yield f"takes no {need.channel}"
