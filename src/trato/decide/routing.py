"""Decides who helps a waiting contact, and says why in one sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

# Whoever declined a contact, or let the offer expire, is not asked again for the same one before this.
REST_AFTER_DECLINE: Final = timedelta(seconds=30)

OfferCode = Literal["owner", "spoke_last", "only_free", "language", "least_busy", "longest_idle"]
WaitCode = Literal["nobody_here", "all_busy", "declined"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A contact in line. `since` and `priority` (higher first) make the place; the rest says who fits."""

    conversation_id: UUID
    since: datetime
    priority: int = 0
    language: str | None = None
    owner: UUID | None = None  # owns the case
    spoke_last: UUID | None = None
    declined: Mapping[UUID, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent who is available now, with what they have in hand and can take."""

    agent_id: UUID
    load: int
    capacity: int
    idle_since: datetime  # when work last ended, or the agent became available
    languages: frozenset[str] = frozenset()

    @property
    def has_room(self) -> bool:
        """Say whether one more fits."""
        return self.load < self.capacity


@dataclass(frozen=True, slots=True)
class Offer:
    """Ask this agent; `values` are what the sentence of `code` is made of."""

    conversation_id: UUID
    agent_id: UUID
    code: OfferCode
    values: Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True)
class Wait:
    """Nobody can be asked now; `until` is when looking again may help by itself, None if only news can."""

    code: WaitCode
    until: datetime | None = None


def choose_agent(
    waiting: Waiting, candidates: Sequence[Candidate], now: datetime, *, free_count: int | None = None
) -> Offer | Wait:
    """Choose who is asked for a contact among those who are available.

    Never somebody without room, nor somebody who declined this contact a moment ago. Among the others, in
    this order: who has not declined it, who owns the case, who spoke last, who speaks the language, who has
    the smallest share of their capacity in use, who has been idle longest. The order is total, so that the
    same question always has the same answer. `free_count` says how many are free in all when the candidates
    are only those who can come first.
    """
    free = [candidate for candidate in candidates if candidate.has_room]
    if not free:
        return Wait("all_busy" if candidates else "nobody_here")
    rested = [candidate for candidate in free if _asked_until(waiting, candidate, now) <= now]
    if not rested:
        return Wait("declined", until=min(_asked_until(waiting, candidate, now) for candidate in free))
    chosen = min(rested, key=lambda candidate: _rank(waiting, candidate))
    return Offer(
        waiting.conversation_id,
        chosen.agent_id,
        _why(waiting, chosen, rested),
        {
            "load": chosen.load,
            "capacity": chosen.capacity,
            "free": free_count or len(free),
            "idle_s": max(0, int((now - chosen.idle_since).total_seconds())),
            **({"language": waiting.language} if waiting.language else {}),
            **({"asked_before": True} if chosen.agent_id in waiting.declined else {}),
        },
    )


def sentence(offer: Offer) -> str:
    """Say why this agent, in English; the desk says the same from `code` and `values` in its language."""
    values = offer.values
    why = {
        "owner": "owns this case",
        "spoke_last": "spoke last with this contact",
        "only_free": "the only one free",
        "language": f"speaks {values.get('language')}",
        "least_busy": f"the least busy of {values['free']} free",
        "longest_idle": f"the longest idle of {values['free']} free",
    }[offer.code]
    busy = f"{values['load']} of {values['capacity']} busy"
    again = ", asked again since nobody else is free" if values.get("asked_before") else ""
    return f"{why}, {busy}{again}"


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _asked_until(waiting: Waiting, candidate: Candidate, now: datetime) -> datetime:
    """Return until when this agent is left in peace about this contact.

    What was declined well after now was declined before the clock was set back, and counts no longer.
    """
    declined = waiting.declined.get(candidate.agent_id)
    if declined is None or declined > now + REST_AFTER_DECLINE:
        return _LONG_AGO
    return declined + REST_AFTER_DECLINE


def by_room(candidate: Candidate) -> tuple[float, datetime, UUID]:
    """Return the order among agents of whom nothing else is known: least busy, longest idle."""
    return (candidate.load / candidate.capacity, candidate.idle_since, candidate.agent_id)


def _rank(waiting: Waiting, candidate: Candidate) -> tuple[bool, bool, bool, bool, float, datetime, UUID]:
    return (
        candidate.agent_id in waiting.declined,
        candidate.agent_id != waiting.owner,
        candidate.agent_id != waiting.spoke_last,
        waiting.language not in candidate.languages,
        *by_room(candidate),
    )


def _why(waiting: Waiting, chosen: Candidate, rested: Sequence[Candidate]) -> OfferCode:
    """Name the first thing that set the chosen one apart from the others."""
    if chosen.agent_id == waiting.owner:
        return "owner"
    if chosen.agent_id == waiting.spoke_last:
        return "spoke_last"
    others = [other for other in rested if other.agent_id not in waiting.declined and other is not chosen]
    if not others:
        return "only_free"
    first = min(others, key=by_room)
    if by_room(first) < by_room(chosen):
        return "language"
    return "least_busy" if by_room(chosen)[0] < by_room(first)[0] else "longest_idle"
