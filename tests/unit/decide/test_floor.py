"""The floor under any order of news: the same offers as the plain choice over all, and nobody starves."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from trato.decide.agents import Candidate, Profile
from trato.decide.eligibility import course, stage_at, takes
from trato.decide.floor import Floor
from trato.decide.routing import Offer, choose_agent, choose_agents
from trato.decide.waiting import COMMON, Queue, Relaxation, Waiting, due, normalised

START = datetime(2026, 3, 1, tzinfo=UTC)
CONVERSATIONS = [UUID(int=1000 + number) for number in range(14)]
AGENTS = [UUID(int=number) for number in range(1, 6)]
QUEUES = [UUID(int=100 + number) for number in range(3)]
SKILLS = [UUID(int=200 + number) for number in range(3)]
TEAMS = [UUID(int=300 + number) for number in range(2)]
SITES = [UUID(int=400 + number) for number in range(2)]
CHANNELS = ["webchat", "email", "phone"]
LANGUAGES = ["es", "pt"]

conversations = st.sampled_from(CONVERSATIONS)
agents = st.sampled_from(AGENTS)
levels = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 5), max_size=2)
steps = st.lists(
    st.builds(
        Relaxation,
        st.integers(0, 100),
        st.sampled_from(["level", "language", "team", "site", "anybody"]),
        st.integers(1, 3),
    ),
    max_size=3,
)
queues = st.builds(
    Queue,
    queue_id=st.sampled_from(QUEUES),
    priority=st.integers(-1, 1),
    target_s=st.sampled_from([20, 60, 400]),
    patience_s=st.sampled_from([0, 30, 90]),
    language_needed=st.booleans(),
    skills=levels,
    teams=st.frozensets(st.sampled_from(TEAMS), max_size=1),
    sites=st.frozensets(st.sampled_from(SITES), max_size=1),
    relaxation=steps.map(normalised),
    push_to=st.sampled_from([1, 1, 2, 3]),
)
profiles = st.builds(
    Profile,
    skills=levels,
    languages=st.frozensets(st.sampled_from(LANGUAGES)),
    team=st.none() | st.sampled_from(TEAMS),
    site=st.none() | st.sampled_from(SITES),
    limits=st.dictionaries(st.sampled_from(CHANNELS), st.integers(0, 2), max_size=2),
)
contacts = st.fixed_dictionaries(
    {
        "priority": st.integers(-1, 2),
        "queue_id": st.none() | st.sampled_from(QUEUES),
        "channel": st.sampled_from(CHANNELS),
        "units": st.integers(1, 3),
        "exclusive": st.booleans(),
        "language": st.none() | st.sampled_from([*LANGUAGES, "gn"]),
        "skills": st.just({}) | levels,
        "owner": st.none() | agents,
        "spoke_last": st.none() | agents,
        "teams": st.just(frozenset()) | st.frozensets(st.sampled_from(TEAMS), max_size=1),
        "sites": st.just(frozenset()) | st.frozensets(st.sampled_from(SITES), max_size=1),
        "moved_ago_s": st.none() | st.none() | st.integers(0, 100),
    }
)


class FloorAgainstPlain(RuleBasedStateMachine):
    """The plain choice over all, by due, beside the floor; both hear the same news."""

    @initialize()
    def begin(self):
        self.now = START
        self.floor = Floor()
        self.queues: dict[UUID | None, Queue] = {}
        self.line: dict[UUID, Waiting] = {}
        self.profiles: dict[UUID, Profile] = {}
        self.agents: dict[UUID, Candidate] = {}  # the available ones
        self.held: dict[UUID, list[tuple[UUID, Waiting, int]]] = {}  # agent → conversations with their units

    def queue_of(self, waiting: Waiting) -> Queue:
        return self.queues.get(waiting.queue_id, COMMON)

    def tell_agent(self, agent_id: UUID, capacity: int | None = None) -> None:
        """Tell how an agent stands: what is in hand, and never less capacity than that."""
        known = self.agents.get(agent_id)
        if capacity is None and known is None:
            return
        held = self.held.get(agent_id, [])
        load = sum(units for _, _, units in held)
        count: dict[str, int] = {}
        for _, waiting, _ in held:
            count[waiting.channel] = count.get(waiting.channel, 0) + 1
        wanted = known.capacity if known and capacity is None else capacity or 0
        profile = self.profiles.get(agent_id, Profile())
        self.agents[agent_id] = Candidate(agent_id, load, max(wanted, load), self.now, profile, count)
        self.floor.present(self.agents[agent_id])

    def tell_waiting(self, waiting: Waiting) -> None:
        self.line[waiting.conversation_id] = waiting
        self.floor.waits(waiting)

    def free_of(self, conversation: UUID) -> Waiting | None:
        """Take a conversation out of whatever hands it is in."""
        found = None
        for agent, held in self.held.items():
            for one in [one for one in held if one[0] == conversation]:
                held.remove(one)
                found = one[1]
                self.tell_agent(agent)
        return found

    @rule(queue=queues)
    def queue_is_set_up(self, queue):
        self.queues[queue.queue_id] = queue
        self.floor.queue(queue)

    @rule(queue_id=st.sampled_from(QUEUES))
    def queue_is_gone(self, queue_id):
        self.queues.pop(queue_id, None)
        self.floor.queue_gone(queue_id)

    @rule(agent=agents, profile=profiles)
    def agent_learns(self, agent, profile):
        self.profiles[agent] = profile
        self.floor.profile(agent, profile)
        self.tell_agent(agent)

    @rule(conversation=conversations, known=contacts, waited=st.sampled_from([0, 0, 20, 80, 700]))
    def arrives(self, conversation, known, waited):
        if not any(one[0] == conversation for held in self.held.values() for one in held):
            before = self.line.get(conversation)
            since = before.since if before else self.now - timedelta(seconds=waited)
            ago_s = known["moved_ago_s"]
            moved_at = None if ago_s is None else self.now - timedelta(seconds=ago_s)
            asks = {name: value for name, value in known.items() if name != "moved_ago_s"}
            self.tell_waiting(Waiting(conversation, since, moved_at=moved_at, **asks))

    @rule(conversation=conversations)
    def leaves(self, conversation):
        self.line.pop(conversation, None)
        self.floor.left(conversation)

    @rule(agent=agents, capacity=st.integers(0, 4))
    def becomes_available(self, agent, capacity):
        self.tell_agent(agent, capacity)

    @rule(agent=agents)
    def goes_away(self, agent):
        self.agents.pop(agent, None)
        self.floor.absent(agent)

    @rule(conversation=conversations)
    def work_ends(self, conversation):
        self.free_of(conversation)

    @rule(conversation=conversations, ago_s=st.integers(0, 40))
    def offer_is_declined(self, conversation, ago_s):
        decliners = [a for a, held in self.held.items() if any(one[0] == conversation for one in held)]
        waiting = self.free_of(conversation)
        if waiting:
            at = self.now - timedelta(seconds=ago_s)
            declined = {**waiting.declined, **dict.fromkeys(decliners, at)}
            self.tell_waiting(waiting._replace(declined=declined))

    @rule(conversation=conversations)
    def offer_is_refused_by_the_database(self, conversation):
        waiting = self.free_of(conversation)
        if waiting:
            self.tell_waiting(waiting)

    @rule(seconds=st.sampled_from([1, 10, 30, 61, 300]))
    def time_passes(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule(seconds=st.integers(2, 100))
    def clock_is_set_back(self, seconds):
        self.now -= timedelta(seconds=seconds)

    @rule(limit=st.sampled_from([1, 2, 50]))
    def decides(self, limit):
        expected = self.plain(limit)
        assert self.floor.offers(self.now, limit) == expected

    @rule()
    def decides_all(self):
        assert self.floor.offers(self.now, 50) == self.plain(50)
        for waiting in self.line.values():  # nobody waits beside an agent who could have them
            decision = choose_agent(waiting, list(self.agents.values()), self.now, self.queue_of(waiting))
            assert not isinstance(decision, Offer)

    def plain(self, limit: int) -> list[Offer]:
        """Choose for everybody in the order of due, as if there were no index, and carry it out."""
        made: list[Offer] = []
        in_order = sorted(
            self.line.values(), key=lambda one: (due(one, self.queue_of(one)), one.conversation_id)
        )
        for waiting in in_order:
            if not limit:
                break
            queue = self.queue_of(waiting)
            offers = choose_agents(waiting, list(self.agents.values()), self.now, queue)
            limit -= bool(offers)
            for offer in offers:
                self.carry_out(offer, waiting, queue)
            made += offers
        return made

    def carry_out(self, offer: Offer, waiting: Waiting, queue: Queue) -> None:
        candidate = self.agents[offer.agent_id]
        stages = course(waiting, queue)
        need = stages[stage_at(stages, self.now - waiting.asks_since)].need
        assert takes(need, candidate)
        units = need.units_of(candidate.capacity)
        self.held.setdefault(offer.agent_id, []).append((offer.conversation_id, waiting, units))
        self.agents[offer.agent_id] = candidate.with_one_more(waiting.channel, units)
        self.line.pop(offer.conversation_id, None)

    @invariant()
    def never_above_capacity_or_a_limit(self):
        for agent_id, candidate in self.agents.items():
            held = self.held.get(agent_id, [])
            assert sum(units for _, _, units in held) == candidate.load <= candidate.capacity

    @invariant()
    def the_floor_knows_how_many(self):
        assert self.floor.waiting_count == len(self.line)
        assert self.floor.agent_count == len(self.agents)

    def teardown(self):
        """Nobody starves: an agent who comes and finishes what they get serves everybody, in finite time."""
        latest = max([self.now, *(waiting.asks_since for waiting in self.line.values())])
        self.now = latest + timedelta(seconds=600)  # the last step of whoever came last, and all rests
        for agent in list(self.agents):
            self.goes_away(agent)
        self.held.clear()
        waited = len(self.line)
        self.profiles[AGENTS[0]] = Profile()
        self.floor.profile(AGENTS[0], Profile())
        for _ in range(waited):
            self.tell_agent(AGENTS[0], 1)
            assert len(self.floor.offers(self.now, 1)) == 1
        assert self.floor.waiting_count == 0
        assert not vars(self.floor)["_lines"]


TestFloor = FloorAgainstPlain.TestCase
TestFloor.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)


def test_a_hundred_thousand_who_wait_cost_nothing_while_nobody_is_free():
    floor = Floor()
    for number in range(100_000):
        floor.waits(Waiting(UUID(int=number), START + timedelta(seconds=number)))
    assert floor.offers(START, 100) == []
    floor.present(Candidate(AGENTS[0], 0, 2, START))
    assert [offer.conversation_id.int for offer in floor.offers(START, 100)] == [0, 1]
    assert floor.waiting_count == 99_998


def test_a_skill_that_nobody_has_is_told_while_somebody_who_waits_needs_it():
    floor = Floor()
    floor.queue(Queue(QUEUES[0], skills={SKILLS[0]: 2}, relaxation=normalised([])))
    assert floor.lacking() == set()
    floor.waits(Waiting(CONVERSATIONS[0], START, queue_id=QUEUES[0]))
    floor.offers(START, 1)
    assert floor.lacking() == {(QUEUES[0], SKILLS[0])}
    floor.profile(AGENTS[0], Profile({SKILLS[0]: 1}))  # a low level is something, and relaxed to in time
    assert floor.lacking() == set()
    floor.profile(AGENTS[0], None)
    assert floor.lacking() == {(QUEUES[0], SKILLS[0])}
