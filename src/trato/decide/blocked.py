"""Lines that are left alone: nobody who is free can serve their head, or they wait for somebody they know."""

from collections.abc import Collection, Iterator
from typing import TypeVar
from uuid import UUID

from trato.decide.lines import Line
from trato.decide.room import Bucket

Key = TypeVar("Key")


class Blocked:
    """Finds those that news of an agent may concern, without looking at the others."""

    def __init__(self) -> None:
        self._by_need: dict[tuple[int, int], set[Line]] = {}  # course and stage
        self._by_agent: dict[UUID, set[Line]] = {}  # whom they wait for

    def block(self, line: Line, *, patient: bool) -> None:
        """Leave a line alone until somebody gets room who could serve it; if `patient`, whom it waits for."""
        if patient:
            for agent in line.key.known:
                self._by_agent.setdefault(agent, set()).add(line)
        else:
            self._by_need.setdefault((line.course.number, line.key.stage), set()).add(line)

    def unblock(self, line: Line) -> None:
        """Leave it alone no longer."""
        stands = (line.course.number, line.key.stage)
        _discard(self._by_need, stands, line)
        for agent in line.key.known:
            _discard(self._by_agent, agent, line)

    def served_by(self, bucket: Bucket) -> Iterator[Collection[Line]]:
        """Yield those of each need that an agent of a bucket with room serves."""
        for lines in list(self._by_need.values()):
            first = next(iter(lines))
            level = first.course.level(first.key.stage, bucket.number, bucket.profile)
            if level >= 0 and bucket.fitting(first.need):
                yield lines

    def waiting_for(self, agent_id: UUID) -> Collection[Line]:
        """Return those that wait for an agent whom their contact knows."""
        return self._by_agent.get(agent_id, ())


def _discard(index: dict[Key, set[Line]], key: Key, line: Line) -> None:
    lines = index.get(key)
    if lines:
        lines.discard(line)
        if not lines:
            del index[key]
