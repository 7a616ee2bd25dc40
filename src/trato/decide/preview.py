"""Who would get a contact now, in order, and why each other would not: the decision, played through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from trato.decide.agents import Candidate, Profile
from trato.decide.eligibility import Need, Stage, course, serves, stage_at, takes
from trato.decide.explain import Value
from trato.decide.routing import NAMELESS, Names, Offer, choose_agent
from trato.decide.waiting import Queue, Waiting

PassedCode = Literal[
    "away", "offline", "skill", "language", "team", "site", "channel_off", "channel_full", "full", "declined"
]


@dataclass(frozen=True, slots=True)
class Passed:
    """An agent who would not get it, with the first reason; `later`: after so long they might."""

    agent_id: UUID
    code: PassedCode
    values: Mapping[str, Value] = field(default_factory=dict)
    later: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """`waits_for`: whom the contact knows and who is busy; they would wait for them a while first."""

    would: tuple[Offer, ...]
    others: tuple[Passed, ...]
    waits_for: UUID | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """An agent who is not available, and what they can do."""

    agent_id: UUID
    state: Literal["away", "offline"]
    profile: Profile


def preview(
    waiting: Waiting,
    here: Sequence[Candidate],
    absent: Sequence[Absent],
    now: datetime,
    queue: Queue,
    names: Names = NAMELESS,
) -> Preview:
    """Play the decision through: the first whom it chooses, then the next without them, to the last.

    Everybody is in the answer once. Patience is told and then passed over, since the order after it counts.
    """
    stages = course(waiting, queue)
    at_once = replace(queue, patience_s=0)
    left, would = list(here), []
    while isinstance(decision := choose_agent(waiting, left, now, at_once, names), Offer):
        would.append(decision)
        left = [candidate for candidate in left if candidate.agent_id != decision.agent_id]
    number = stage_at(stages, now - waiting.since)
    others = [_passed(candidate, stages, number, names) for candidate in left]
    others += [Passed(one.agent_id, one.state) for one in absent]
    patience = choose_agent(waiting, here, now, queue, names)
    waits = getattr(patience, "code", "") == "patience"
    known = [candidate.agent_id for candidate in left if candidate.agent_id in waiting.known]
    return Preview(tuple(would), tuple(others), known[0] if waits and known else None)


def _passed(candidate: Candidate, stages: Sequence[Stage], number: int, names: Names) -> Passed:
    need, profile = stages[number].need, candidate.profile
    if serves(need, profile):
        return _without_room(candidate, need)
    later = next((stage.after for stage in stages[number:] if serves(stage.need, profile)), None)
    code, values = _lacks(need, profile, names)
    return Passed(candidate.agent_id, code, values, later)


def _without_room(candidate: Candidate, need: Need) -> Passed:
    if takes(need, candidate):  # room and all that is needed: they have just declined it
        return Passed(candidate.agent_id, "declined")
    if need.channel in candidate.full:
        held = candidate.held.get(need.channel, 0)
        return Passed(candidate.agent_id, "channel_full", {"channel": need.channel, "held": held})
    return Passed(candidate.agent_id, "full", {"load": candidate.load, "capacity": candidate.capacity})


def _lacks(need: Need, profile: Profile, names: Names) -> tuple[PassedCode, Mapping[str, Value]]:
    for skill, level in need.skills:
        has = profile.skills.get(skill, 0)
        if has < level:
            return "skill", {"skill": names.get(skill, str(skill)), "level": level, "has": has}
    if need.language is not None and need.language not in profile.languages:
        return "language", {"language": need.language}
    if profile.limits.get(need.channel, 1) <= 0:
        return "channel_off", {"channel": need.channel}
    return ("team" if need.teams else "site"), {}
