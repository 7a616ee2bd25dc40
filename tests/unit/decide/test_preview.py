"""The preview plays the decision through: its order is the decision's, and everybody is in it once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from trato.decide.agents import Candidate, Profile
from trato.decide.preview import Absent, preview
from trato.decide.routing import Offer, choose_agent
from trato.decide.waiting import Queue, Relaxation, Waiting, normalised

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SKILLS = [UUID(int=200 + number) for number in range(3)]
TEAMS = [UUID(int=300 + number) for number in range(2)]
NAMES = {skill: f"skill {number}" for number, skill in enumerate(SKILLS)}

PROFILES = st.builds(
    Profile,
    skills=st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 5), max_size=3),
    languages=st.frozensets(st.sampled_from(["es", "pt"])),
    team=st.none() | st.sampled_from(TEAMS),
    limits=st.dictionaries(st.just("webchat"), st.integers(0, 2), max_size=1),
)
QUEUES = st.builds(
    Queue,
    queue_id=st.just(UUID(int=400)),
    patience_s=st.sampled_from([0, 30]),
    language_needed=st.booleans(),
    skills=st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 5), max_size=2),
    teams=st.frozensets(st.sampled_from(TEAMS), max_size=1),
    relaxation=st.sampled_from([normalised([]), normalised([Relaxation(60, "level", 2)])]),
)


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    return [
        Candidate(
            UUID(int=number),
            draw(st.integers(0, 3)),
            3,
            NOW - timedelta(seconds=draw(st.integers(0, 100))),
            draw(PROFILES),
            {"webchat": draw(st.integers(0, 2))},
        )
        for number in range(1, draw(st.integers(0, 5)) + 1)
    ]


WAITING = st.builds(
    Waiting,
    conversation_id=st.just(UUID(int=100)),
    since=st.just(NOW),
    channel=st.just("webchat"),
    moved_at=st.none(),
    units=st.integers(1, 2),
    language=st.sampled_from([None, "es", "pt"]),
    owner=st.sampled_from([None, UUID(int=1), UUID(int=2)]),
)


@given(WAITING, candidates(), QUEUES)
def test_everybody_is_in_it_once_and_the_first_is_whom_the_decision_chooses(
    waiting: Waiting, here: list[Candidate], queue: Queue
) -> None:
    absent = [Absent(UUID(int=90), "away", Profile()), Absent(UUID(int=91), "offline", Profile())]
    found = preview(waiting, here, absent, NOW, queue, NAMES)
    told = [one.agent_id for one in found.would] + [one.agent_id for one in found.others]
    assert sorted(told) == sorted([one.agent_id for one in here] + [UUID(int=90), UUID(int=91)])
    decision = choose_agent(waiting, here, NOW, replace(queue, patience_s=0), NAMES)
    if isinstance(decision, Offer):
        assert found.would[0] == decision
    else:
        assert found.would == ()
    assert "declined" not in {one.code for one in found.others}, "nobody has declined anything"


@given(WAITING, candidates(), QUEUES)
def test_it_waits_only_for_somebody_known_who_is_busy(
    waiting: Waiting, here: list[Candidate], queue: Queue
) -> None:
    found = preview(waiting, here, [], NOW, queue, NAMES)
    if found.waits_for is not None:
        assert found.waits_for == waiting.owner
        assert queue.patience_s > 0
        assert found.waits_for not in [one.agent_id for one in found.would]


def test_the_first_reason_is_named_and_when_less_would_do() -> None:
    queue = Queue(
        UUID(int=400),
        skills={SKILLS[0]: 4},
        teams=frozenset({TEAMS[0]}),
        relaxation=normalised([Relaxation(60, "level", 2), Relaxation(120, "team")]),
    )
    waiting = Waiting(UUID(int=100), NOW, channel="webchat")
    knows = {SKILLS[0]: 5}

    def agent(number: int, load: int = 0, **profile: object) -> Candidate:
        made = Profile(**{"skills": knows, "team": TEAMS[0], **profile})  # type: ignore[arg-type]
        return Candidate(UUID(int=number), load, 3, NOW, made, {"webchat": 1})

    here = [
        agent(1),
        agent(2, skills={SKILLS[0]: 2}),
        agent(3, team=TEAMS[1]),
        agent(4, load=3),
        agent(5, limits={"webchat": 1}),
        agent(6, limits={"webchat": 0}),
    ]
    found = preview(waiting, here, [], NOW, queue, NAMES)
    assert [one.agent_id.int for one in found.would] == [1]
    assert {one.agent_id.int: (one.code, dict(one.values), one.later) for one in found.others} == {
        2: ("skill", {"skill": "skill 0", "level": 4, "has": 2}, timedelta(seconds=60)),
        3: ("team", {}, timedelta(seconds=120)),
        4: ("full", {"load": 3, "capacity": 3}, None),
        5: ("channel_full", {"channel": "webchat", "held": 1}, None),
        6: ("channel_off", {"channel": "webchat"}, None),
    }
