"""Decides which colleague is asked a question beside a conversation: who knows, and has room."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

# Whoever answers so many already is asked no more before one ends.
CONSULTS_AT_ONCE: Final = 2

ExpertCode = Literal["named", "owner", "spoke_last", "only_free", "knows", "least_busy", "longest_idle"]


@dataclass(frozen=True, slots=True)
class Expert:
    """An agent who fits a question; `level` is theirs in its skill, 0 when it is about none."""

    agent_id: UUID
    here: bool
    load: int
    capacity: int
    idle_since: datetime
    level: int = 0
    consults: int = 0  # that they answer now
    owns_case: bool = False
    spoke_last: bool = False
    speaks: bool = False  # the contact's language

    @property
    def has_room(self) -> bool:
        """Say whether a question more is bearable."""
        return self.here and self.load < self.capacity and self.consults < CONSULTS_AT_ONCE


@dataclass(frozen=True, slots=True)
class Asked:
    """Ask this one; `values` are what the sentence of `code` is made of."""

    agent_id: UUID
    code: ExpertCode
    values: Mapping[str, int]


def choose_expert(experts: Sequence[Expert], declined: Collection[UUID] = ()) -> Asked | None:
    """Choose who is asked among those who fit; None when nobody has room: then whoever knows may take it.

    The order is the one of routing: who owns the case, who spoke last, the higher level, the contact's
    language, the smaller share of capacity in use, fewer questions at once, longest idle.
    """
    free = [one for one in experts if one.has_room and one.agent_id not in declined]
    if not free:
        return None
    chosen = min(free, key=_rank)
    values = {"load": chosen.load, "capacity": chosen.capacity, "free": len(free)}
    if chosen.level:
        values["level"] = chosen.level
    return Asked(chosen.agent_id, _why(chosen, [one for one in free if one is not chosen]), values)


def _share(one: Expert) -> float:
    return one.load / one.capacity


def _rank(one: Expert) -> tuple[bool, bool, int, bool, float, int, datetime, UUID]:
    return (
        not one.owns_case,
        not one.spoke_last,
        -one.level,
        not one.speaks,
        _share(one),
        one.consults,
        one.idle_since,
        one.agent_id,
    )


def _why(chosen: Expert, others: Sequence[Expert]) -> ExpertCode:
    if chosen.owns_case:
        return "owner"
    if chosen.spoke_last:
        return "spoke_last"
    if not others:
        return "only_free"
    if chosen.level > max(one.level for one in others):
        return "knows"
    return "least_busy" if _share(chosen) < min(_share(one) for one in others) else "longest_idle"
