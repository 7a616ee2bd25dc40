"""The floor under any order of news: never above capacity, never two agents, nobody stranded, first come."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from trato.decide.floor import Floor, place
from trato.decide.routing import REST_AFTER_DECLINE, Candidate, Offer, Waiting, choose_agent

START = datetime(2026, 3, 1, tzinfo=UTC)
CONVERSATIONS = [UUID(int=1000 + number) for number in range(12)]
AGENTS = [UUID(int=number) for number in range(1, 5)]

conversations = st.sampled_from(CONVERSATIONS)
agents = st.sampled_from(AGENTS)


class FloorAgainstModel(RuleBasedStateMachine):
    """A plain model of the truth beside the floor; both hear the same news."""

    @initialize()
    def begin(self):
        self.now = START
        self.floor = Floor()
        self.line: dict[UUID, Waiting] = {}
        self.agents: dict[UUID, Candidate] = {}  # the available ones
        self.held: dict[UUID, UUID] = {}  # conversation → agent
        self.settled = False  # nothing was heard since the last offers

    def load(self, agent_id: UUID) -> int:
        return sum(holder == agent_id for holder in self.held.values())

    def tell_agent(self, agent_id: UUID) -> None:
        if agent_id in self.agents:
            known = self.agents[agent_id]
            self.agents[agent_id] = Candidate(agent_id, self.load(agent_id), known.capacity, self.now)
            self.floor.present(self.agents[agent_id])

    def tell_waiting(self, waiting: Waiting) -> None:
        self.line[waiting.conversation_id] = waiting
        self.floor.waits(waiting)

    @rule(conversation=conversations, priority=st.integers(0, 2), owner=st.none() | agents)
    def arrives(self, conversation, priority, owner):
        if conversation not in self.held:
            known = self.line.get(conversation)
            since = known.since if known else self.now
            self.tell_waiting(Waiting(conversation, since, priority, owner=owner))
            self.settled = False

    @rule(conversation=conversations)
    def leaves(self, conversation):
        self.line.pop(conversation, None)
        self.floor.left(conversation)

    @rule(agent=agents, capacity=st.integers(0, 3))
    def becomes_available(self, agent, capacity):
        self.agents[agent] = Candidate(agent, 0, max(capacity, self.load(agent)), self.now)
        self.tell_agent(agent)
        self.settled = False

    @rule(agent=agents)
    def goes_away(self, agent):
        self.agents.pop(agent, None)
        self.floor.absent(agent)

    @rule(conversation=conversations)
    def work_ends(self, conversation):
        agent = self.held.pop(conversation, None)
        if agent:
            self.tell_agent(agent)
            self.settled = False

    @rule(conversation=conversations)
    def offer_is_declined(self, conversation):
        agent = self.held.pop(conversation, None)
        if agent:
            self.tell_waiting(Waiting(conversation, START, declined={agent: self.now}))
            self.tell_agent(agent)
            self.settled = False

    @rule(conversation=conversations)
    def offer_is_refused_by_the_database(self, conversation):
        agent = self.held.pop(conversation, None)
        if agent:
            self.tell_waiting(Waiting(conversation, START))
            self.tell_agent(agent)
            self.settled = False

    @rule(seconds=st.integers(1, 40))
    def time_passes(self, seconds):
        self.now += timedelta(seconds=seconds)
        self.settled = False

    @rule(limit=st.integers(1, 20))
    def decides(self, limit):
        offers = self.floor.offers(self.now, limit)
        assert len(offers) <= limit
        for offer in offers:
            waiting = self.line.pop(offer.conversation_id)  # was in line: never two agents
            assert self.agents[offer.agent_id].load < self.agents[offer.agent_id].capacity
            for earlier in self.line.values():  # nobody who could have had this agent was passed over
                if place(earlier) < place(waiting):
                    assert not self.may_have(earlier, offer.agent_id)
            self.held[offer.conversation_id] = offer.agent_id
            self.agents[offer.agent_id] = Candidate(
                offer.agent_id,
                self.load(offer.agent_id),
                self.agents[offer.agent_id].capacity,
                self.agents[offer.agent_id].idle_since,
            )
        self.settled = len(offers) < limit

    def may_have(self, waiting: Waiting, agent_id: UUID) -> bool:
        declined = waiting.declined.get(agent_id)
        return declined is None or declined + REST_AFTER_DECLINE <= self.now

    @invariant()
    def never_above_capacity(self):
        for agent_id, candidate in self.agents.items():
            assert self.load(agent_id) <= candidate.capacity

    @invariant()
    def nobody_waits_beside_somebody_free(self):
        if self.settled:
            free = [agent_id for agent_id, candidate in self.agents.items() if candidate.has_room]
            stranded = [w for w in self.line.values() for agent_id in free if self.may_have(w, agent_id)]
            assert not stranded

    @invariant()
    def the_floor_knows_how_many(self):
        assert self.floor.waiting_count == len(self.line)
        assert self.floor.agent_count == len(self.agents)


TestFloor = FloorAgainstModel.TestCase
TestFloor.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


@given(
    owner=st.none() | agents,
    spoke_last=st.none() | agents,
    language=st.sampled_from([None, "es", "pt", "gn"]),
    declined=st.dictionaries(agents, st.integers(0, 60), max_size=3),
    floor_of=st.dictionaries(
        agents,
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.sets(st.sampled_from(["es", "pt"]))),
    ),
)
def test_the_shortlist_gives_the_same_answer_as_the_whole_floor(
    owner, spoke_last, language, declined, floor_of
):
    waiting = Waiting(
        CONVERSATIONS[0],
        START,
        language=language,
        owner=owner,
        spoke_last=spoke_last,
        declined={agent: START - timedelta(seconds=ago) for agent, ago in declined.items()},
    )
    candidates = [
        Candidate(agent, load, 3, START - timedelta(seconds=idle), frozenset(languages))
        for agent, (load, idle, languages) in floor_of.items()
    ]
    floor = Floor()
    floor.waits(waiting)
    for candidate in candidates:
        floor.present(candidate)
    decision = choose_agent(waiting, candidates, START)
    assert floor.offers(START, 1) == ([decision] if isinstance(decision, Offer) else [])


def test_a_hundred_thousand_who_wait_cost_nothing_while_nobody_is_free():
    floor = Floor()
    for number in range(100_000):
        floor.waits(Waiting(UUID(int=number), START + timedelta(seconds=number)))
    assert floor.offers(START, 100) == []
    floor.present(Candidate(AGENTS[0], 0, 2, START))
    assert [offer.conversation_id.int for offer in floor.offers(START, 100)] == [0, 1]
    assert floor.waiting_count == 99_998
