"""Decides who helps a waiting contact, and says why: the definition, over all who are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from trato.decide.agents import Candidate, Place, by_room
from trato.decide.eligibility import (
    Need,
    Stage,
    course,
    level,
    patient_until,
    rests_until,
    serves,
    stage_at,
    takes,
)
from trato.decide.explain import Reason, WaitCode
from trato.decide.waiting import COMMON, Queue, Waiting

KNOWS_SHOWN: Final = 3  # of the skills in a sentence

Names = Mapping[UUID, str]
NAMELESS: Final[Names] = {}


@dataclass(frozen=True, slots=True)
class Offer:
    """Ask this agent; the reasons are in the order in which people understand them."""

    conversation_id: UUID
    agent_id: UUID
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Nobody can be asked now; `until` is when looking again may help by itself, None if only news can."""

    code: WaitCode
    until: datetime | None = None


def choose_agent(
    waiting: Waiting,
    candidates: Sequence[Candidate],
    now: datetime,
    queue: Queue = COMMON,
    names: Names = NAMELESS,
) -> Offer | Wait:
    """Choose who is asked for a contact among those who are available.

    Eligible is who has what is needed by now and room for it, and has not declined this contact a moment
    ago. While somebody whom the contact knows is here but busy, the queue's patience waits for them. Among
    the eligible, in this order: who has not declined it, who owns the case, who spoke last, who knows most
    of what is needed, who speaks the language, who has the smallest share of their capacity in use, who has
    been idle longest. The order is total, so that the same question always has the same answer. `names` of
    skills are for the reasons.
    """
    stages = course(waiting, queue)
    number = stage_at(stages, now - waiting.asks_since)
    need = stages[number].need
    step = waiting.asks_since + stages[number + 1].after if number + 1 < len(stages) else None
    fitting = [candidate for candidate in candidates if serves(need, candidate.profile)]
    free = [candidate for candidate in fitting if takes(need, candidate)]
    if not free:
        return Wait("all_busy" if fitting else "nobody_fits" if candidates else "nobody_here", step)
    patient = patient_until(waiting, queue)
    if patient and now < patient and _known_are_busy(waiting, fitting, free):
        return Wait("patience", _earliest(patient, step))
    rests = {candidate.agent_id: rests_until(waiting, candidate.agent_id, now) for candidate in free}
    rested = [candidate for candidate in free if rests[candidate.agent_id] is None]
    if not rested:
        return Wait("declined", _earliest(*rests.values(), step))
    fresh = sum(candidate.agent_id not in waiting.declined for candidate in rested)
    return pick(waiting, stages, number, rested, fresh or len(rested), now, names)


def choose_agents(
    waiting: Waiting,
    candidates: Sequence[Candidate],
    now: datetime,
    queue: Queue = COMMON,
    names: Names = NAMELESS,
) -> list[Offer]:
    """Choose all who are asked at once where the queue asks several; somebody they know is asked alone."""
    offers: list[Offer] = []
    left = list(candidates)
    while len(offers) < queue.push_to and not (offers and offers[0].agent_id in waiting.known):
        decision = choose_agent(waiting, left, now, queue, names)
        if isinstance(decision, Wait):
            break
        offers.append(decision)
        left = [candidate for candidate in left if candidate.agent_id != decision.agent_id]
    return offers


def pick(
    waiting: Waiting,
    stages: Sequence[Stage],
    number: int,
    rested: Sequence[Candidate],
    free: int,
    now: datetime,
    names: Names,
) -> Offer:
    """Pick the first in order of preference among the eligible, or among those who can come first.

    `free` counts all of the eligible, those who declined only where there is nobody else.
    """
    wanted = stages[0].need
    chosen = min(rested, key=lambda candidate: _rank(waiting, wanted, candidate))
    reasons = [
        *_knows(wanted, chosen, names),
        *_apart(waiting, stages[number], wanted, chosen, rested, free, now),
        Reason("busy", {"load": chosen.load, "capacity": chosen.capacity}),
    ]
    if number and not serves(wanted, chosen.profile):
        minutes = stages[number].after // timedelta(minutes=1)
        reasons.append(Reason("relaxed", {"allow": stages[number].allowed[-1], "minutes": minutes}))
    if chosen.agent_id in waiting.declined:
        reasons.append(Reason("asked_again"))
    return Offer(waiting.conversation_id, chosen.agent_id, tuple(reasons))


def _known_are_busy(waiting: Waiting, fitting: Sequence[Candidate], free: Sequence[Candidate]) -> bool:
    known = waiting.known
    return any(candidate.agent_id in known for candidate in fitting) and not any(
        candidate.agent_id in known for candidate in free
    )


def _earliest(*instants: datetime | None) -> datetime | None:
    return min((instant for instant in instants if instant), default=None)


def _rank(waiting: Waiting, wanted: Need, candidate: Candidate) -> tuple[object, ...]:
    return (
        candidate.agent_id in waiting.declined,
        candidate.agent_id != waiting.owner,
        candidate.agent_id != waiting.spoke_last,
        -level(wanted, candidate.profile),
        waiting.language not in candidate.profile.languages,
        *by_room(candidate),
    )


def _knows(wanted: Need, chosen: Candidate, names: Names) -> list[Reason]:
    known = [
        (skill, chosen.profile.skills[skill]) for skill, _ in wanted.skills if skill in chosen.profile.skills
    ]
    known.sort(key=lambda one: -one[1])
    return [
        Reason("knows", {"skill": names.get(skill, str(skill)), "level": level})
        for skill, level in known[:KNOWS_SHOWN]
    ]


def _apart(
    waiting: Waiting,
    stage: Stage,
    wanted: Need,
    chosen: Candidate,
    rested: Sequence[Candidate],
    free: int,
    now: datetime,
) -> list[Reason]:
    """Name what set the chosen one apart from the others, beyond what they know."""
    if chosen.agent_id == waiting.owner:
        return [Reason("owner")]
    if chosen.agent_id == waiting.spoke_last:
        days = (now.date() - waiting.spoke_at.date()).days if waiting.spoke_at else None
        return [Reason("spoke_last", {} if days is None else {"days": max(0, days)})]
    others = [
        by_room(other)
        for other in rested
        if other is not chosen
        and other.agent_id not in waiting.declined
        and level(wanted, other.profile) == level(wanted, chosen.profile)
    ]
    by_language = bool(others) and min(others) < by_room(chosen)
    speaks = [Reason("language", {"language": waiting.language})]
    return [
        *(speaks if stage.need.language or by_language else []),
        *([] if by_language else _more_room(chosen, min(others, default=None), free, now)),
    ]


def _more_room(chosen: Candidate, first: Place | None, free: int, now: datetime) -> list[Reason]:
    """Say how the chosen one stands beside the first of those who know as much."""
    if free == 1:
        return [Reason("only_free")]
    if first is None:
        return []
    if by_room(chosen)[0] < first[0]:
        return [Reason("least_busy", {"free": free})]
    idle_s = max(0, int((now - chosen.idle_since).total_seconds()))
    return [Reason("longest_idle", {"free": free, "idle_s": idle_s})]
