"""Whom to ask for the first in line: found among the buckets of who is free, as if all had been looked at."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from uuid import UUID

from trato.decide.lines import Line
from trato.decide.room import Bucket, Room, foremost
from trato.decide.routing import Offer, pick
from trato.decide.waiting import Waiting


class Asking:
    """Decides for one line at a time over who has room; whom it asks has the less room at once."""

    def __init__(self, room: Room) -> None:
        self.names: dict[UUID, str] = {}  # of skills
        self._room = room

    def ask(self, line: Line, waiting: Waiting, now: datetime) -> list[Offer]:
        """Ask one, or several where the queue asks several at once; the same as `choose_agents`."""
        if line.key.known and self.is_patient(line):
            return []
        asked: list[Offer] = []
        without: set[UUID] = set()
        while len(asked) < line.queue.push_to and not (asked and asked[0].agent_id in waiting.known):
            offer = self._choose(line, waiting, now, without)
            if offer is None:
                break
            asked.append(offer)
            without.add(offer.agent_id)
        for offer in asked:
            candidate = self._room.agents[offer.agent_id]
            units = line.need.units_of(candidate.capacity)
            self._room.put(candidate.with_one_more(line.need.channel, units))
        return asked

    def _choose(
        self, line: Line, waiting: Waiting, now: datetime, without: AbstractSet[UUID]
    ) -> Offer | None:
        """Find those who can come first among the free, and pick among them as among all."""
        skip = without | waiting.declined.keys() if waiting.declined else without
        free, shortlist = self._scan(line, waiting.language, skip)
        if free:
            shortlist.update(
                agent for agent in waiting.known if self._fits(line, agent) and agent not in skip
            )
        else:
            resting = line.key.resting
            shortlist.update(
                agent
                for agent in waiting.declined
                if agent not in resting and agent not in without and self._fits(line, agent)
            )
            free = len(shortlist)
        if not free:
            return None
        agents = [self._room.agents[agent] for agent in shortlist]
        return pick(waiting, line.course.stages, line.key.stage, agents, free, now, self.names)

    def _scan(self, line: Line, language: str | None, skip: AbstractSet[UUID]) -> tuple[int, set[UUID]]:
        """Count those who fit, without `skip`; of those who know most name the first two and who speaks."""
        need, stage, course_ = line.need, line.key.stage, line.course
        plain = need.units == 1 and not need.exclusive
        levels = course_.levels(stage)
        free = 0
        by_level: dict[int, list[tuple[Bucket, int]]] = {}
        for bucket in self._room.free.values():
            level = levels.get(bucket.number)
            if level is None:
                level = course_.level(stage, bucket.number, bucket.profile)
            if level >= 0:
                fitting = len(bucket.order) if plain and not bucket.full else bucket.fitting(need)
                if fitting:
                    free += fitting
                    by_level.setdefault(level, []).append((bucket, fitting))
        if skip:
            free -= sum(self._fits(line, agent) for agent in skip)
        for level in sorted(by_level, reverse=True):
            firsts = foremost(by_level[level], language, skip)
            if firsts:
                return free, firsts
        return free, set()

    def _fits(self, line: Line, agent_id: UUID) -> bool:
        """Say whether an agent is here, serves a line and has room for what it takes."""
        bucket = self._room.bucket_of(agent_id)
        if bucket is None or line.course.level(line.key.stage, bucket.number, bucket.profile) < 0:
            return False
        candidate = self._room.agents[agent_id]
        units = line.need.units_of(candidate.capacity)
        return candidate.load + units <= candidate.capacity and line.need.channel not in bucket.full

    def is_patient(self, line: Line) -> bool:
        """Say whether those in line wait for somebody who is here, serves them and is busy."""
        busy = False
        for agent in line.key.known:
            candidate = self._room.agents.get(agent)
            if candidate is None:
                continue
            number = self._room.number(candidate.profile)
            if line.course.level(line.key.stage, number, candidate.profile) < 0:
                continue
            if self._fits(line, agent):
                return False
            busy = True
        return busy
