"""Who waits, and what their queue says about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, Self
from uuid import UUID

HEAD_START: Final = timedelta(minutes=5)  # of each step of priority
ANYBODY_AFTER_S: Final = 600  # a need that no step relaxes ends after this: nobody waits for ever

Allow = Literal["level", "language", "team", "site", "anybody"]

NONE: Final[Mapping[Any, Any]] = MappingProxyType({})
NOBODY: Final[frozenset[UUID]] = frozenset()


@dataclass(frozen=True, slots=True)
class Relaxation:
    """From `after_s` of waiting on, less is asked for: levels lower by `by`, another language, team, site."""

    after_s: int
    allow: Allow
    by: int = 1


@dataclass(frozen=True, slots=True)
class Queue:
    """What a queue asks of agents and promises to contacts. `sites` are those of its teams."""

    queue_id: UUID | None = None
    name: str = ""
    priority: int = 0
    target_s: int = 60
    patience_s: int = 5
    language_needed: bool = False
    skills: Mapping[UUID, int] = field(default_factory=dict)  # skill → level
    teams: frozenset[UUID] = frozenset()
    sites: frozenset[UUID] = frozenset()
    relaxation: tuple[Relaxation, ...] = ()
    push_to: int = 1

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Return the queue that `queue_for_leader` (SQL) tells of."""
        return cls(
            UUID(told["queue_id"]),
            told["name"],
            told["priority"],
            told["target_s"],
            told["patience_s"],
            told["language_needed"],
            {UUID(skill): level for skill, level in told["skills"].items()},
            frozenset(map(UUID, told["teams"])),
            frozenset(map(UUID, told["sites"])),
            normalised([Relaxation(s["after_s"], s["allow"], s.get("by") or 1) for s in told["relaxation"]]),
            1 if told["auto_accept"] else told["push_to"],
        )


COMMON: Final = Queue()
"""The line of all that no queue is named for."""


class Waiting(NamedTuple):
    """A contact in line. What they need beyond their queue's needs is their own, as `skills` and `teams`."""

    conversation_id: UUID
    since: datetime
    priority: int = 0
    queue_id: UUID | None = None
    channel: str = ""
    units: int = 1
    exclusive: bool = False  # takes all of an agent who has nothing in hand
    language: str | None = None
    skills: Mapping[UUID, int] = NONE
    owner: UUID | None = None  # owns the case
    spoke_last: UUID | None = None
    spoke_at: datetime | None = None
    declined: Mapping[UUID, datetime] = NONE
    teams: frozenset[UUID] = NOBODY  # instead of those of the queue
    sites: frozenset[UUID] = NOBODY
    moved_at: datetime | None = None  # given on to whom they wait for now: the place stays, steps begin anew

    @property
    def asks_since(self) -> datetime:
        """Return since when they ask for what they ask for now; patience and relaxation count from here."""
        return max(self.since, self.moved_at) if self.moved_at else self.since

    @property
    def known(self) -> tuple[UUID, ...]:
        """Return those worth a moment of patience: who owns the case, who spoke last; not who declined."""
        return tuple(agent for agent in (self.owner, self.spoke_last) if agent and agent not in self.declined)


def due(waiting: Waiting, queue: Queue) -> datetime:
    """Return the instant that orders all who wait, over all queues: the earliest goes first.

    It never changes while somebody waits, and whoever comes later is due later: priority is a head start
    and starves nobody.
    """
    return waiting.since + lead(waiting.priority, queue)


def lead(priority: int, queue: Queue) -> timedelta:
    """Return how long after the beginning of their wait somebody of this priority is due."""
    return timedelta(seconds=queue.target_s) - HEAD_START * (queue.priority + priority)


def normalised(steps: Sequence[Relaxation]) -> tuple[Relaxation, ...]:
    """Return the steps in time, the last one always `anybody`."""
    ordered: list[Relaxation] = []
    for step in sorted(steps, key=lambda step: step.after_s):
        ordered.append(step)
        if step.allow == "anybody":
            return tuple(ordered)
    last = max(ANYBODY_AFTER_S, ordered[-1].after_s if ordered else 0)
    return (*ordered, Relaxation(last, "anybody"))
