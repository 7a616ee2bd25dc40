"""Keeps who waits and who has room in memory, and turns both into offers. Pure: news in, offers out."""

import heapq
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Final
from uuid import UUID

from trato.decide.agents import NOTHING_SPECIAL, Candidate, Profile
from trato.decide.asking import Asking
from trato.decide.blocked import Blocked
from trato.decide.eligibility import course, rests_until, stage_at
from trato.decide.lines import Course, Head, Line, LineKey
from trato.decide.room import Room
from trato.decide.routing import Offer
from trato.decide.waiting import COMMON, Queue, Waiting, lead

_SET_BACK: Final = timedelta(seconds=1)  # a clock that goes back further than this was set


class Floor:
    """The lines and the room, as last heard: an index over `choose_agents`, with the same answers.

    Tell it how things stand (`queue`, `profile`, `waits`, `left`, `present`, `absent`), in any order and as
    often as you like: only the last word on each counts. `offers` assumes that what it returns is carried
    out; for an offer that was not, tell it again how the conversation and the agent stand.

    A decision costs what the buckets of free agents cost, not what all who wait cost: a line whose head
    nobody free can serve is left alone until somebody who could gets room, or time allows more.
    """

    def __init__(self) -> None:
        self._queues: dict[UUID | None, Queue] = {None: COMMON}
        self._profiles: dict[UUID, Profile] = {}  # of all who could come
        self._known_skills: Counter[UUID] = Counter()  # by how many of them
        self._waiting: dict[UUID, Waiting] = {}
        self._line_of: dict[UUID, Line] = {}
        self._unplaced: list[UUID] = []
        self._lines: dict[LineKey, Line] = {}
        self._courses: dict[tuple[object, ...], Course] = {}
        self._ready: list[tuple[datetime, UUID, int, Line]] = []  # lines by their head's due
        self._blocked = Blocked()
        self._timers: list[tuple[datetime, int, Line | UUID]] = []
        self._numbers = count()
        self._more_to_do = False  # than the last call of `offers` was allowed to
        self._room = Room()
        self._asking = Asking(self._room)
        self._now: datetime | None = None

    @property
    def names(self) -> dict[UUID, str]:
        """The names of skills, for what is said of a decision."""
        return self._asking.names

    @property
    def waiting_count(self) -> int:
        """How many wait for an offer."""
        return len(self._waiting)

    @property
    def agent_count(self) -> int:
        """How many agents are available."""
        return len(self._room.agents)

    def queue(self, queue: Queue) -> None:
        """Take in what a queue asks for; it counts for those who wait in it already."""
        if self._queues.get(queue.queue_id) != queue:
            self._queues[queue.queue_id] = queue
            self._place_again(queue.queue_id)

    def queue_gone(self, queue_id: UUID) -> None:
        """Take in that there is no such queue; who waits in it waits as in the common line."""
        if self._queues.pop(queue_id, None):
            self._place_again(queue_id)

    def profile(self, agent_id: UUID, profile: Profile | None) -> None:
        """Take in what an agent can do, available or not; None for one who works here no more."""
        known = self._profiles.pop(agent_id, NOTHING_SPECIAL)
        if profile:
            self._profiles[agent_id] = profile
            self._known_skills.update(profile.skills.keys())
        self._known_skills.subtract(known.skills.keys())
        candidate = self._room.agents.get(agent_id)
        if candidate and candidate.profile != profile:
            self.present(candidate)

    def waits(self, waiting: Waiting) -> None:
        """Take in that a contact waits, or waits differently."""
        known = self._waiting.get(waiting.conversation_id)
        if known != waiting:
            if known:
                self.left(waiting.conversation_id)
            self._waiting[waiting.conversation_id] = waiting
            self._unplaced.append(waiting.conversation_id)

    def left(self, conversation_id: UUID) -> None:
        """Take in that nobody is sought for a conversation any more."""
        if self._waiting.pop(conversation_id, None):
            line = self._line_of.pop(conversation_id, None)
            if line:
                self._head(line)

    def present(self, candidate: Candidate) -> None:
        """Take in that an agent is available, with this load and capacity and the profile told before."""
        profile = self._profiles.get(candidate.agent_id, candidate.profile)
        if profile is not candidate.profile:
            candidate = replace(candidate, profile=profile)
        bucket = self._room.put(candidate)
        self._wake(self._blocked.waiting_for(candidate.agent_id))
        if bucket:
            for lines in self._blocked.served_by(bucket):
                self._wake(lines)

    def absent(self, agent_id: UUID) -> None:
        """Take in that an agent is not available."""
        self._room.drop(agent_id)
        self._wake(self._blocked.waiting_for(agent_id))

    def lacking(self) -> set[tuple[UUID, UUID]]:
        """Return each queue with a skill that somebody who waits in it needs and nobody at all has."""
        return {
            (line.key.queue_id, skill)
            for line in self._lines.values()
            if line.key.queue_id
            for skill, _ in line.course.stages[0].need.skills
            if self._known_skills[skill] <= 0
        }

    def catch_up(self, now: datetime) -> None:
        """Put into their lines who came, and move those for whom time has changed something.

        `offers` begins with it.
        """
        if self._now and now < self._now - _SET_BACK:
            for line in list(self._lines.values()):
                self._empty(line)
        self._now = now
        unplaced, self._unplaced = self._unplaced, []
        for conversation_id in unplaced:
            if conversation_id in self._waiting and conversation_id not in self._line_of:
                self._place(self._waiting[conversation_id], now)
        while self._timers and self._timers[0][0] <= now:
            _, _, whose = heapq.heappop(self._timers)
            if isinstance(whose, Line):
                self._move_on(whose, now)
            elif whose in self._line_of:
                self._take_out(whose)
                self._place(self._waiting[whose], now)

    def offers(self, now: datetime, limit: int) -> list[Offer]:
        """Return offers for at most `limit` contacts, first those who are due first.

        When there was more to do than `limit`, the next call gives each line its share first: agents who only
        serve a line that is due later must not wait for the others' to be through.
        """
        self.catch_up(now)
        made: list[Offer] = []
        aside: list[Line] = []
        share = max(1, limit // max(1, len(self._ready))) if self._more_to_do else limit
        decided: Counter[int] = Counter()
        while self._room.free and limit > 0:
            line = self._next_line()
            if line is None:
                if not aside:
                    break
                share = limit
                decided.clear()
                while aside:
                    self._post(aside.pop())
                continue
            if decided[id(line)] >= share:
                aside.append(line)
                continue
            conversation_id = line.heap[0][1]
            asked = self._asking.ask(line, self._waiting[conversation_id], now)
            if not asked:
                patient = bool(line.key.known) and self._asking.is_patient(line)
                self._blocked.block(line, patient=patient)
                continue
            made.extend(asked)
            limit -= 1
            decided[id(line)] += 1
            self.left(conversation_id)
            self._post(line)
        for line in aside:
            self._post(line)
        self._more_to_do = limit <= 0
        return made

    def _next_line(self) -> Line | None:
        """Return the line whose head is due first; it has to be posted again, or blocked."""
        while self._ready:
            due, conversation_id, _, line = heapq.heappop(self._ready)
            posted = (due - line.lead, conversation_id)
            if line.posted == posted:
                line.posted = None
                if self._head(line) == posted:
                    return line
                self._post(line)
        return None

    def _place(self, waiting: Waiting, now: datetime) -> None:
        queue = self._queues.get(waiting.queue_id) or COMMON
        line = self._line(waiting, queue, now)
        self._line_of[waiting.conversation_id] = line
        head = (waiting.since, waiting.conversation_id)
        alone = not line.heap
        line.push(head)
        if alone or line.heap[0] is head:
            self._arm(line, waiting.since)
            if alone or line.posted:
                self._post(line)

    def _line(self, waiting: Waiting, queue: Queue, now: datetime) -> Line:
        """Return the line that a contact is in now, and see to it that they leave it in time."""
        kind = (
            waiting.queue_id,
            waiting.channel,
            waiting.units,
            waiting.exclusive,
            waiting.language if queue.language_needed else None,
            tuple(sorted(waiting.skills.items())) if waiting.skills else (),
            waiting.teams,
            waiting.sites,
        )
        found = self._courses.get(kind)
        if found is None:
            found = self._courses[kind] = Course(next(self._numbers), course(waiting, queue))
        waited = now - waiting.asks_since
        known: tuple[UUID, ...] = ()
        if waited.total_seconds() < queue.patience_s:
            known = waiting.known
        resting: frozenset[UUID] = frozenset()
        if waiting.declined:
            rests = {agent: rests_until(waiting, agent, now) for agent in waiting.declined}
            ends = [end for end in rests.values() if end]
            if ends:
                resting = frozenset(agent for agent, end in rests.items() if end)
                heapq.heappush(self._timers, (min(ends), next(self._numbers), waiting.conversation_id))
        stage = stage_at(found.stages, waited) if len(found.stages) > 1 else 0
        key = LineKey(
            waiting.queue_id, waiting.priority, found.number, stage, known, resting, waiting.moved_at
        )
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = Line(key, queue, found, lead(waiting.priority, queue))
        return line

    def _head(self, line: Line) -> Head | None:
        """Return who is first in line; a line without anybody is forgotten."""
        while line.heap:
            since, conversation_id = line.heap[0]
            if self._line_of.get(conversation_id) is line and self._waiting[conversation_id].since == since:
                return line.heap[0]
            heapq.heappop(line.heap)
        if self._lines.get(line.key) is line:
            del self._lines[line.key]
            self._blocked.unblock(line)
        return None

    def _post(self, line: Line) -> None:
        """Have a line decided when its head's turn comes."""
        head = self._head(line)
        if head and (line.posted is None or head < line.posted):
            line.posted = head
            heapq.heappush(self._ready, (head[0] + line.lead, head[1], next(self._numbers), line))

    def _arm(self, line: Line, since: datetime) -> None:
        at = line.changes_at(since)
        if at and (line.armed is None or at < line.armed):
            line.armed = at
            heapq.heappush(self._timers, (at, next(self._numbers), line))

    def _move_on(self, line: Line, now: datetime) -> None:
        """Move those at the head of a line whose time in it is over."""
        line.armed = None
        while head := self._head(line):
            at = line.changes_at(head[0])
            if at is None or at > now:
                self._arm(line, head[0])
                return
            heapq.heappop(line.heap)
            del self._line_of[head[1]]
            self._place(self._waiting[head[1]], now)

    def _take_out(self, conversation_id: UUID) -> None:
        self._head(self._line_of.pop(conversation_id))

    def _place_again(self, queue_id: UUID | None) -> None:
        self._courses = {kind: known for kind, known in self._courses.items() if kind[0] != queue_id}
        for line in [line for line in self._lines.values() if line.key.queue_id == queue_id]:
            self._empty(line)

    def _empty(self, line: Line) -> None:
        """Have all who are in a line put into lines anew."""
        for _, conversation_id in line.heap:
            if self._line_of.get(conversation_id) is line:
                del self._line_of[conversation_id]
                self._unplaced.append(conversation_id)
        line.heap = []
        self._head(line)

    def _wake(self, lines: Collection[Line]) -> None:
        for line in list(lines):
            self._blocked.unblock(line)
            self._post(line)
