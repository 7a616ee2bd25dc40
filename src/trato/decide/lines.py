"""A line: all who need the same, from now on, at the same pace; first who is due first."""

import heapq
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from trato.decide.agents import Profile
from trato.decide.eligibility import Stage, level, serves
from trato.decide.waiting import Queue

Head = tuple[datetime, UUID]  # since, conversation


class LineKey(NamedTuple):
    """What those in a line share."""

    queue_id: UUID | None
    priority: int
    course: int
    stage: int
    known: tuple[UUID, ...]  # for whom they wait a moment
    resting: frozenset[UUID]  # who have just declined them
    moved_at: datetime | None


class Course:
    """The stages of a kind of contact, and who serves each of them, decided once for each profile."""

    __slots__ = ("_levels", "number", "stages")

    def __init__(self, number: int, stages: Sequence[Stage]) -> None:
        self.number = number
        self.stages = stages
        self._levels: list[dict[int, int]] = [{} for _ in stages]

    def levels(self, stage: int) -> Mapping[int, int]:
        """Return what is decided already: the number of a profile → `level`."""
        return self._levels[stage]

    def level(self, stage: int, number: int, profile: Profile) -> int:
        """Return how much a profile knows of what is wanted; negative when it cannot serve."""
        levels = self._levels[stage]
        known = levels.get(number)
        if known is None:
            known = level(self.stages[0].need, profile) if serves(self.stages[stage].need, profile) else -1
            levels[number] = known
        return known


class Line:
    """Contacts by since, which is by due: those of a line are due equally long after."""

    __slots__ = ("armed", "course", "heap", "key", "lead", "need", "posted", "queue")

    def __init__(self, key: LineKey, queue: Queue, course: Course, lead: timedelta) -> None:
        self.key = key
        self.queue = queue
        self.course = course
        self.need = course.stages[key.stage].need
        self.lead = lead
        self.heap: list[Head] = []
        self.posted: Head | None = None  # the head as which this line is in line for a decision
        self.armed: datetime | None = None  # when time may next change something for the head

    def push(self, head: Head) -> None:
        """Add a contact."""
        heapq.heappush(self.heap, head)

    def changes_at(self, since: datetime) -> datetime | None:
        """Return when time by itself moves who waits since then to another line; first the head, always."""
        stages, stage = self.course.stages, self.key.stage
        since = max(since, self.key.moved_at) if self.key.moved_at else since
        at = since + stages[stage + 1].after if stage + 1 < len(stages) else None
        if self.key.known:
            patient = since + timedelta(seconds=self.queue.patience_s)
            at = min(at, patient) if at else patient
        return at
