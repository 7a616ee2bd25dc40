"""The decision: who is asked, in which order, and with which sentence."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from trato.decide.agents import Candidate, Profile
from trato.decide.eligibility import REST_AFTER_DECLINE
from trato.decide.explain import sentence
from trato.decide.routing import Offer, Wait, choose_agent, choose_agents
from trato.decide.waiting import COMMON, Queue, Relaxation, Waiting, due, normalised

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANA, BETO, CARLA = (UUID(int=number) for number in (1, 2, 3))
CONVERSATION = UUID(int=100)
WARRANTIES, INVOICES = UUID(int=200), UUID(int=201)
NAMES = {WARRANTIES: "garantías", INVOICES: "facturas"}
NORTH, SOUTH, HERE, THERE = (UUID(int=number) for number in (300, 301, 302, 303))


def agent(
    agent_id: UUID, load: int = 0, capacity: int = 4, idle_s: int = 0, *languages: str, **profile: object
) -> Candidate:
    idle_since = NOW - timedelta(seconds=idle_s)
    held = profile.pop("held", {})
    return Candidate(
        agent_id,
        load,
        capacity,
        idle_since,
        Profile(languages=frozenset(languages), **profile),  # type: ignore[arg-type]
        held,  # type: ignore[arg-type]
    )


def contact(waits_s: float = 60, **known: object) -> Waiting:
    return Waiting(CONVERSATION, NOW - timedelta(seconds=waits_s), **known)  # type: ignore[arg-type]


def queue(**asks: object) -> Queue:
    steps = asks.pop("relaxation", ())
    return Queue(UUID(int=400), "Garantías", relaxation=normalised(steps), **asks)  # type: ignore[arg-type]


def chosen(waiting: Waiting, *candidates: Candidate, queue: Queue = COMMON) -> tuple[UUID, tuple[str, ...]]:
    decision = choose_agent(waiting, candidates, NOW, queue, NAMES)
    assert isinstance(decision, Offer)
    assert decision.conversation_id == CONVERSATION
    return decision.agent_id, tuple(reason.code for reason in decision.reasons)


def wait(waiting: Waiting, *candidates: Candidate, queue: Queue = COMMON) -> Wait:
    decision = choose_agent(waiting, candidates, NOW, queue)
    assert isinstance(decision, Wait)
    return decision


def test_nobody_here_and_all_busy_are_told_apart():
    assert wait(contact()) == Wait("nobody_here")
    assert wait(contact(), agent(ANA, load=4)) == Wait("all_busy")


def test_the_longest_idle_is_asked():
    assert chosen(contact(), agent(ANA, idle_s=5), agent(BETO, idle_s=9)) == (BETO, ("longest_idle", "busy"))


def test_a_smaller_share_in_use_comes_before_idle_time():
    candidates = agent(ANA, load=2, capacity=4, idle_s=99), agent(BETO, load=1, capacity=4)
    assert chosen(contact(), *candidates) == (BETO, ("least_busy", "busy"))


def test_one_of_eight_is_less_busy_than_one_of_two():
    assert chosen(contact(), agent(ANA, 1, 2), agent(BETO, 1, 8)) == (BETO, ("least_busy", "busy"))


def test_who_owns_the_case_comes_before_who_spoke_last_and_both_before_the_idle():
    candidates = agent(ANA, 3, 4), agent(BETO, 2, 4), agent(CARLA)
    assert chosen(contact(owner=ANA, spoke_last=BETO), *candidates) == (ANA, ("owner", "busy"))
    assert chosen(contact(spoke_last=BETO), *candidates) == (BETO, ("spoke_last", "busy"))


def test_who_speaks_the_language_comes_before_the_less_busy():
    candidates = agent(ANA, 0, 4, 9, "es"), agent(BETO, 1, 4, 0, "pt")
    assert chosen(contact(language="pt"), *candidates) == (BETO, ("language", "busy"))


def test_a_language_nobody_speaks_keeps_nobody_waiting_unless_it_is_needed():
    candidates = agent(ANA, 0, 4, 9, "es"), agent(BETO)
    assert chosen(contact(language="gn"), *candidates)[0] == ANA
    needed = queue(language_needed=True, relaxation=[Relaxation(90, "language")])
    assert wait(contact(language="gn"), *candidates, queue=needed) == Wait(
        "nobody_fits", NOW + timedelta(seconds=30)
    )
    assert chosen(contact(90, language="gn"), *candidates, queue=needed)[0] == ANA


def test_who_declined_is_left_in_peace_and_then_asked_last():
    declined = contact(declined={ANA: NOW - timedelta(seconds=1)}, owner=ANA)
    assert chosen(declined, agent(ANA), agent(BETO, load=3)) == (BETO, ("only_free", "busy"))
    assert wait(declined, agent(ANA)) == Wait(
        "declined", until=NOW - timedelta(seconds=1) + REST_AFTER_DECLINE
    )
    rested = contact(declined={ANA: NOW - REST_AFTER_DECLINE})
    assert chosen(rested, agent(ANA), agent(BETO, load=3))[0] == BETO
    assert chosen(rested, agent(ANA)) == (ANA, ("only_free", "busy", "asked_again"))


def test_somebody_they_know_who_is_busy_is_waited_for_as_long_as_the_queue_has_patience():
    patient = queue(patience_s=90)
    candidates = agent(ANA, load=4), agent(BETO)
    assert wait(contact(owner=ANA), *candidates, queue=patient) == Wait(
        "patience", NOW + timedelta(seconds=30)
    )
    assert chosen(contact(90, owner=ANA), *candidates, queue=patient)[0] == BETO
    assert chosen(contact(owner=ANA, spoke_last=BETO), *candidates, queue=patient)[0] == BETO
    assert chosen(contact(owner=ANA), agent(BETO), queue=patient)[0] == BETO  # Ana is not here
    impatient = queue(patience_s=0)
    assert chosen(contact(0, owner=ANA), *candidates, queue=impatient)[0] == BETO


def test_skills_and_levels_are_needed_and_the_higher_level_comes_first():
    needs = queue(skills={WARRANTIES: 3})
    knows = {level: agent(UUID(int=level), 3, 4, skills={WARRANTIES: level}) for level in (2, 3, 5)}
    assert wait(contact(), knows[2], agent(ANA), queue=needs).code == "nobody_fits"
    assert chosen(contact(), *knows.values(), agent(ANA), queue=needs) == (UUID(int=5), ("knows", "busy"))
    own = contact(skills={INVOICES: 1})
    assert wait(own, *knows.values(), queue=needs).code == "nobody_fits"
    both = agent(BETO, skills={WARRANTIES: 3, INVOICES: 1})
    assert chosen(own, *knows.values(), both, queue=needs) == (BETO, ("knows", "knows", "only_free", "busy"))


def test_steps_in_time_ask_for_less_and_the_last_for_nothing():
    needs = queue(
        skills={WARRANTIES: 4},
        teams=frozenset({NORTH}),
        sites=frozenset({HERE}),
        relaxation=[Relaxation(60, "level", 2), Relaxation(120, "team"), Relaxation(180, "site")],
    )
    expert = agent(ANA, skills={WARRANTIES: 4}, team=NORTH, site=HERE)
    lower = agent(BETO, skills={WARRANTIES: 2}, team=NORTH, site=HERE)
    other_team = agent(CARLA, skills={WARRANTIES: 2}, team=SOUTH, site=HERE)
    other_site = agent(ANA, skills={WARRANTIES: 2}, team=SOUTH, site=THERE)
    nobody = agent(BETO)

    def served(waits_s: float, one: Candidate) -> bool:
        return isinstance(choose_agent(contact(waits_s), [one], NOW, needs), Offer)

    assert [served(at, expert) for at in (0, 60, 120, 180, 600)] == [True] * 5
    assert [served(at, lower) for at in (59, 60, 120, 180, 600)] == [False, True, True, True, True]
    assert [served(at, other_team) for at in (60, 119, 120, 180, 600)] == [False, False, True, True, True]
    assert [served(at, other_site) for at in (60, 120, 179, 180, 600)] == [False, False, False, True, True]
    assert [served(at, nobody) for at in (60, 120, 180, 599, 600)] == [False, False, False, False, True]
    assert chosen(contact(700), nobody, lower, queue=needs)[0] == BETO  # who knows something comes first


def test_the_last_step_is_always_anybody():
    assert normalised([]) == (Relaxation(600, "anybody"),)
    assert normalised([Relaxation(900, "team"), Relaxation(30, "level", 2)]) == (
        Relaxation(30, "level", 2),
        Relaxation(900, "team"),
        Relaxation(900, "anybody"),
    )
    early = normalised([Relaxation(60, "anybody"), Relaxation(90, "team")])
    assert early == (Relaxation(60, "anybody"),)


def test_room_is_counted_in_units_and_an_exclusive_one_takes_all_of_somebody_idle():
    chat = contact(units=3)
    assert wait(chat, agent(ANA, load=2, capacity=4)).code == "all_busy"
    assert chosen(chat, agent(ANA, load=1, capacity=4))[0] == ANA
    assert chosen(chat, agent(ANA, load=0, capacity=2))[0] == ANA  # all of a small capacity is enough
    call = contact(exclusive=True)
    assert wait(call, agent(ANA, load=1, capacity=4)).code == "all_busy"
    assert chosen(call, agent(ANA, load=1, capacity=8), agent(BETO, load=0, capacity=4))[0] == BETO
    assert wait(call, agent(ANA, load=0, capacity=0)).code == "all_busy"


def test_a_limit_for_a_channel_holds_beside_the_capacity():
    mail = contact(channel="email")
    limited = agent(ANA, 1, 4, limits={"email": 1}, held={"email": 1})
    assert wait(mail, limited).code == "all_busy"
    assert chosen(contact(channel="webchat"), limited)[0] == ANA
    never = agent(ANA, limits={"email": 0})
    assert wait(mail, never).code == "nobody_fits"


def test_several_are_asked_at_once_but_somebody_they_know_alone():
    several = queue(push_to=2)
    candidates = agent(ANA, idle_s=3), agent(BETO, idle_s=2), agent(CARLA, idle_s=1)
    asked = choose_agents(contact(), candidates, NOW, several)
    assert [offer.agent_id for offer in asked] == [ANA, BETO]
    asked = choose_agents(contact(owner=CARLA), candidates, NOW, several)
    assert [offer.agent_id for offer in asked] == [CARLA]
    assert choose_agents(contact(), [], NOW, several) == []


def test_priority_is_a_head_start():
    assert due(contact(0, priority=1), COMMON) == due(contact(300), COMMON)
    assert due(contact(0), queue(priority=2, target_s=20)) == NOW + timedelta(seconds=20 - 600)


@pytest.mark.parametrize(
    ("waiting", "candidates", "said"),
    [
        (contact(), [agent(ANA, 1, 4)], "the only one free, 1 of 4 busy"),
        (contact(owner=ANA), [agent(ANA), agent(BETO)], "owns this case, 0 of 4 busy"),
        (contact(spoke_last=ANA), [agent(ANA), agent(BETO)], "spoke last with this contact, 0 of 4 busy"),
        (
            contact(spoke_last=ANA, spoke_at=NOW - timedelta(hours=20)),
            [agent(ANA), agent(BETO)],
            "handled this case yesterday, 0 of 4 busy",
        ),
        (
            contact(language="pt"),
            [agent(ANA, 0, 4, 0, "pt"), agent(BETO, 0, 4, 9, "es")],
            "speaks pt, 0 of 4 busy",
        ),
        (contact(), [agent(ANA), agent(BETO, 1)], "the least busy of 2 free, 0 of 4 busy"),
        (contact(), [agent(ANA, idle_s=9), agent(BETO)], "the longest idle of 2 free, 0 of 4 busy"),
        (
            contact(declined={ANA: NOW - REST_AFTER_DECLINE}),
            [agent(ANA)],
            "the only one free, 0 of 4 busy, asked again since nobody else is free",
        ),
    ],
)
def test_every_offer_says_why(waiting, candidates, said):
    decision = choose_agent(waiting, candidates, NOW)
    assert isinstance(decision, Offer)
    assert sentence(decision.reasons) == said


def test_the_reasons_stand_in_the_order_in_which_people_understand_them():
    needs = queue(skills={WARRANTIES: 3}, relaxation=[Relaxation(60, "level")])
    knows = agent(ANA, 1, 4, skills={WARRANTIES: 5})
    waiting = contact(spoke_last=ANA, spoke_at=NOW - timedelta(days=1))
    decision = choose_agent(waiting, [knows, agent(BETO, skills={WARRANTIES: 5})], NOW, needs, NAMES)
    assert isinstance(decision, Offer)
    assert sentence(decision.reasons) == "knows garantías (5), handled this case yesterday, 1 of 4 busy"
    lower = choose_agent(contact(), [agent(BETO, skills={WARRANTIES: 2})], NOW, needs, NAMES)
    assert isinstance(lower, Offer)
    assert (
        sentence(lower.reasons)
        == "knows garantías (2), the only one free, 0 of 4 busy, after 1 min also a lower level"
    )


def test_the_answer_does_not_depend_on_the_order_of_the_candidates():
    candidates = [agent(ANA), agent(BETO), agent(CARLA)]
    assert chosen(contact(), *candidates) == chosen(contact(), *reversed(candidates))


def test_what_was_declined_before_the_clock_was_set_back_rests_nobody():
    declined = contact(declined={ANA: NOW + timedelta(hours=3)})
    assert chosen(declined, agent(ANA))[0] == ANA
