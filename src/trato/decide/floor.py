"""Keeps who waits and who has room in memory, and turns both into offers. Pure: news in, offers out."""

import heapq
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from trato.decide.routing import Candidate, Offer, Wait, Waiting, by_room, choose_agent

Place = tuple[int, datetime, UUID]


def place(waiting: Waiting) -> Place:
    """Return a contact's place in line: priority first, then who has waited longest. Smallest is next."""
    return (-waiting.priority, waiting.since, waiting.conversation_id)


class Floor:
    """The line and the room, as last heard.

    Tell it how things stand (`waits`, `left`, `present`, `absent`), in any order and as often as you like:
    only the last word on a conversation or an agent counts. `offers` assumes that what it returns is carried
    out; for an offer that was not, tell it again how the conversation and the agent stand.
    """

    def __init__(self) -> None:
        self._waiting: dict[UUID, Waiting] = {}
        self._line: list[Place] = []  # a heap; places of those who left, or moved, are dropped when met
        self._agents: dict[UUID, Candidate] = {}
        self._free: dict[UUID, Candidate] = {}
        self._by_room: list[tuple[float, datetime, UUID]] = []  # the free, in the order of `by_room`
        self._spoken: Counter[str] = Counter()  # by how many of the free

    def waits(self, waiting: Waiting) -> None:
        """Take in that a contact waits, or waits differently."""
        known = self._waiting.get(waiting.conversation_id)
        self._waiting[waiting.conversation_id] = waiting
        if known is None or place(known) != place(waiting):
            heapq.heappush(self._line, place(waiting))

    def left(self, conversation_id: UUID) -> None:
        """Take in that nobody is sought for a conversation any more."""
        self._waiting.pop(conversation_id, None)

    def present(self, candidate: Candidate) -> None:
        """Take in that an agent is available, with this load and capacity."""
        self.absent(candidate.agent_id)
        self._agents[candidate.agent_id] = candidate
        if candidate.has_room:
            self._free[candidate.agent_id] = candidate
            self._spoken.update(candidate.languages)
            insort(self._by_room, by_room(candidate))

    def absent(self, agent_id: UUID) -> None:
        """Take in that an agent is not available."""
        self._agents.pop(agent_id, None)
        candidate = self._free.pop(agent_id, None)
        if candidate:
            self._spoken.subtract(candidate.languages)
            del self._by_room[bisect_left(self._by_room, by_room(candidate))]

    @property
    def waiting_count(self) -> int:
        """How many wait for an offer."""
        return len(self._waiting)

    @property
    def agent_count(self) -> int:
        """How many agents are available."""
        return len(self._agents)

    def offers(self, now: datetime, limit: int) -> list[Offer]:
        """Return at most `limit` offers, first those who are first in line.

        The cost grows with the offers made and with those who only wait because the free agents have just
        declined them, not with all who wait.
        """
        made: list[Offer] = []
        passed: list[Place] = []
        while self._line and self._free and len(made) < limit:
            next_place = heapq.heappop(self._line)
            waiting = self._waiting.get(next_place[2])
            if waiting is None or place(waiting) != next_place:
                continue
            decision = choose_agent(waiting, self._shortlist(waiting), now, free_count=len(self._free))
            if isinstance(decision, Wait):
                passed.append(next_place)
                continue
            made.append(decision)
            del self._waiting[waiting.conversation_id]
            chosen = self._agents[decision.agent_id]
            self.present(replace(chosen, load=chosen.load + 1))
        for again in passed:
            heapq.heappush(self._line, again)
        return made

    def _shortlist(self, waiting: Waiting) -> list[Candidate]:
        """Return those among the free who can come first, and their runner-up.

        The answer is the same as among all of the free, which would cost a thousand times as much on a
        floor of a thousand.
        """
        named = (waiting.owner, waiting.spoke_last, *waiting.declined)
        found = {agent_id: self._free[agent_id] for agent_id in named if agent_id in self._free}
        for candidate in islice(self._others(waiting), 2):
            found[candidate.agent_id] = candidate
        if waiting.language and self._spoken[waiting.language] > 0:
            speakers = (other for other in self._others(waiting) if waiting.language in other.languages)
            for candidate in islice(speakers, 1):
                found[candidate.agent_id] = candidate
        return list(found.values())

    def _others(self, waiting: Waiting) -> Iterator[Candidate]:
        """Yield the free who have not declined a contact, those with most room first."""
        for _, _, agent_id in self._by_room:
            if agent_id not in waiting.declined:
                yield self._free[agent_id]
