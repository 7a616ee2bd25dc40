"""Who has room, in buckets of agents who are alike: an index for the floor."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from itertools import islice
from typing import Final
from uuid import UUID

from trato.decide.agents import Candidate, Place, Profile, by_room
from trato.decide.eligibility import Need

_LAST: Final = (datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))


class Bucket:
    """Agents with room of the same profile, capacity and full channels, those with most room first."""

    __slots__ = ("capacity", "full", "number", "order", "profile")

    def __init__(self, number: int, profile: Profile, capacity: int, full: frozenset[str]) -> None:
        self.number = number  # of the profile
        self.profile = profile
        self.capacity = capacity
        self.full = full
        self.order: list[Place] = []

    def fitting(self, need: Need) -> int:
        """Return how many of these have room for a need; they are the first in order."""
        if need.channel in self.full:
            return 0
        if need.units == 1 and not need.exclusive:
            return len(self.order)
        most = (self.capacity - need.units_of(self.capacity)) / self.capacity
        return bisect_right(self.order, (most, *_LAST))

    def first_two(self, fitting: int, without: AbstractSet[UUID]) -> tuple[Place | None, Place | None]:
        """Return the first two among those who have room, without those named."""
        order = self.order
        if not without:
            return order[0], order[1] if fitting > 1 else None
        found = list(islice((place for place in order[:fitting] if place[2] not in without), 2))
        return found[0] if found else None, found[1] if len(found) > 1 else None


def foremost(
    buckets: Iterable[tuple[Bucket, int]], language: str | None, without: AbstractSet[UUID]
) -> set[UUID]:
    """Return the first two agents over buckets, each with how many of it fit, and the first who speaks."""
    first: Place | None = None
    second: Place | None = None
    speaker: Place | None = None
    for bucket, fitting in buckets:
        one, two = bucket.first_two(fitting, without)
        if one is None:
            continue
        if first is None or one < first:
            first, second = one, first if two is None or (first and first < two) else two
        elif second is None or one < second:
            second = one
        if language in bucket.profile.languages and (speaker is None or one < speaker):
            speaker = one
    return {place[2] for place in (first, second, speaker) if place}


class Room:
    """All agents who are available; those with room in buckets."""

    def __init__(self) -> None:
        self.agents: dict[UUID, Candidate] = {}
        self.free: dict[tuple[int, int, frozenset[str]], Bucket] = {}  # none of them empty
        self._numbers: dict[Profile, int] = {}
        self._bucket_of: dict[UUID, Bucket] = {}

    def number(self, profile: Profile) -> int:
        """Return the number that stands for a profile."""
        return self._numbers.setdefault(profile, len(self._numbers))

    def bucket_of(self, agent_id: UUID) -> Bucket | None:
        """Return the bucket of an agent, None when they have no room."""
        return self._bucket_of.get(agent_id)

    def put(self, candidate: Candidate) -> Bucket | None:
        """Take in how an agent stands; return their bucket when they have room."""
        self.drop(candidate.agent_id)
        self.agents[candidate.agent_id] = candidate
        if not candidate.has_room:
            return None
        key = (self.number(candidate.profile), candidate.capacity, candidate.full)
        bucket = self.free.get(key)
        if bucket is None:
            bucket = self.free[key] = Bucket(key[0], candidate.profile, candidate.capacity, key[2])
        insort(bucket.order, by_room(candidate))
        self._bucket_of[candidate.agent_id] = bucket
        return bucket

    def drop(self, agent_id: UUID) -> None:
        """Forget an agent."""
        candidate = self.agents.pop(agent_id, None)
        bucket = self._bucket_of.pop(agent_id, None)
        if candidate and bucket:
            del bucket.order[bisect_left(bucket.order, by_room(candidate))]
            if not bucket.order:
                del self.free[(bucket.number, bucket.capacity, bucket.full)]
