"""The decision: who is asked, in which order, and with which sentence."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from trato.decide.routing import (
    REST_AFTER_DECLINE,
    Candidate,
    Offer,
    Wait,
    Waiting,
    choose_agent,
    sentence,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANA, BETO, CARLA = (UUID(int=number) for number in (1, 2, 3))
CONVERSATION = UUID(int=100)


def agent(agent_id: UUID, load: int = 0, capacity: int = 4, idle_s: int = 0, *languages: str) -> Candidate:
    return Candidate(agent_id, load, capacity, NOW - timedelta(seconds=idle_s), frozenset(languages))


def contact(**known: object) -> Waiting:
    return Waiting(CONVERSATION, NOW - timedelta(minutes=1), **known)  # type: ignore[arg-type]


def chosen(waiting: Waiting, *candidates: Candidate) -> tuple[UUID, str]:
    decision = choose_agent(waiting, candidates, NOW)
    assert isinstance(decision, Offer)
    assert decision.conversation_id == CONVERSATION
    return decision.agent_id, decision.code


def test_nobody_here_and_all_busy_are_told_apart():
    assert choose_agent(contact(), [], NOW) == Wait("nobody_here")
    assert choose_agent(contact(), [agent(ANA, load=4)], NOW) == Wait("all_busy")


def test_the_longest_idle_is_asked():
    assert chosen(contact(), agent(ANA, idle_s=5), agent(BETO, idle_s=9)) == (BETO, "longest_idle")


def test_a_smaller_share_in_use_comes_before_idle_time():
    candidates = agent(ANA, load=2, capacity=4, idle_s=99), agent(BETO, load=1, capacity=4)
    assert chosen(contact(), *candidates) == (BETO, "least_busy")


def test_one_of_eight_is_less_busy_than_one_of_two():
    assert chosen(contact(), agent(ANA, 1, 2), agent(BETO, 1, 8)) == (BETO, "least_busy")


def test_who_owns_the_case_comes_before_who_spoke_last_and_both_before_the_idle():
    candidates = agent(ANA, 3, 4), agent(BETO, 2, 4), agent(CARLA)
    assert chosen(contact(owner=ANA, spoke_last=BETO), *candidates) == (ANA, "owner")
    assert chosen(contact(spoke_last=BETO), *candidates) == (BETO, "spoke_last")


def test_an_owner_without_room_does_not_hold_the_contact_back():
    assert chosen(contact(owner=ANA), agent(ANA, load=4), agent(BETO)) == (BETO, "only_free")


def test_who_speaks_the_language_comes_before_the_less_busy():
    candidates = agent(ANA, 0, 4, 9, "es"), agent(BETO, 1, 4, 0, "pt")
    assert chosen(contact(language="pt"), *candidates) == (BETO, "language")


def test_a_language_nobody_speaks_keeps_nobody_waiting():
    assert chosen(contact(language="gn"), agent(ANA, 0, 4, 9, "es"), agent(BETO))[0] == ANA


def test_who_declined_is_left_in_peace_and_then_asked_last():
    declined = contact(declined={ANA: NOW - timedelta(seconds=1)}, owner=ANA)
    assert chosen(declined, agent(ANA), agent(BETO, load=3)) == (BETO, "only_free")
    assert choose_agent(declined, [agent(ANA)], NOW) == Wait(
        "declined", until=NOW - timedelta(seconds=1) + REST_AFTER_DECLINE
    )
    rested = contact(declined={ANA: NOW - REST_AFTER_DECLINE})
    assert chosen(rested, agent(ANA), agent(BETO, load=3))[0] == BETO
    assert chosen(rested, agent(ANA))[0] == ANA


@pytest.mark.parametrize(
    ("waiting", "candidates", "said"),
    [
        (contact(), [agent(ANA, 1, 4)], "the only one free, 1 of 4 busy"),
        (contact(owner=ANA), [agent(ANA), agent(BETO)], "owns this case, 0 of 4 busy"),
        (contact(spoke_last=ANA), [agent(ANA), agent(BETO)], "spoke last with this contact, 0 of 4 busy"),
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
    assert sentence(decision) == said


def test_the_answer_does_not_depend_on_the_order_of_the_candidates():
    candidates = [agent(ANA), agent(BETO), agent(CARLA)]
    assert chosen(contact(), *candidates) == chosen(contact(), *reversed(candidates))


def test_what_was_declined_before_the_clock_was_set_back_rests_nobody():
    declined = contact(declined={ANA: NOW + timedelta(hours=3)})
    assert chosen(declined, agent(ANA)) == (ANA, "only_free")
