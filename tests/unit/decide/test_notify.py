"""Who is told of what: never of one's own act, each thing once, and nothing that makes a noise at night."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.notify import (
    DEFAULT_WAYS,
    KINDS,
    NOTHING,
    WAYS,
    Settled,
    Standing,
    Wishes,
    is_quiet,
    news,
    ways_at,
)

ANA, LUZ, EVA = (UUID(int=number) for number in (1, 2, 3))
AGENTS = st.sampled_from([ANA, LUZ, EVA])
MAYBE = st.none() | AGENTS
SOME = st.frozensets(AGENTS)
TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def said(direction: str = "in", author: str = "contact", kind: str = "text") -> dict[str, object]:
    return {
        "message": {
            "id": str(uuid4()),
            "conversation_id": str(uuid4()),
            "direction": direction,
            "author_kind": author,
            "kind": kind,
        }
    }


STORIES = st.sampled_from(
    [
        ("message.created", said()),
        ("message.created", said("internal", "agent")),
        ("message.created", said("out", "agent")),
        (
            "note.mentioned",
            {"message": {"id": str(uuid4())}, "agent_ids": [str(ANA), str(LUZ), str(LUZ)]},
        ),
        (
            "interaction.changed",
            {
                "interaction": {
                    "id": str(uuid4()),
                    "agent_id": str(ANA),
                    "state": "offered",
                    "offer_expires_at": NOON.isoformat(),
                }
            },
        ),
        (
            "interaction.changed",
            {"interaction": {"id": str(uuid4()), "agent_id": str(ANA), "state": "accepted"}},
        ),
        ("gesture.changed", {"gesture": {"id": str(uuid4()), "state": "asked", "given_by": str(ANA)}}),
        ("consult.changed", {"consult": {"id": str(uuid4()), "state": "asked", "expert_id": str(EVA)}}),
        ("something.else", {}),
    ]
)


@given(STORIES, MAYBE, MAYBE, MAYBE, SOME, SOME)
def test_nobody_is_told_of_their_own_act_nor_twice_of_one(
    story, actor, assignee, owner, followers, supervisors
) -> None:
    event, data = story
    found = news(event, data, Standing(actor, assignee, owner, followers, supervisors))
    assert actor not in {one.agent_id for one in found.told}
    lines = [(one.agent_id, one.kind, one.key) for one in found.told]
    assert len(lines) == len(set(lines))
    assert found == news(event, data, Standing(actor, assignee, owner, followers, supervisors))


def test_a_customers_answer_reaches_who_has_it_and_who_follows() -> None:
    found = news("message.created", said(), Standing(assignee=ANA, followers=frozenset({LUZ})))
    assert {(one.kind, one.agent_id, one.again) for one in found.told} == {
        ("answered", ANA, True),
        ("answered", LUZ, True),
    }


def test_an_answer_to_the_customer_settles_that_they_had_answered() -> None:
    story = said("out", "agent")
    found = news("message.created", story, Standing(actor=ANA, assignee=ANA))
    message = story["message"]
    assert isinstance(message, dict)
    assert found.told == ()
    assert found.settled == (Settled("answered", message["conversation_id"]),)


@pytest.mark.parametrize("payload", [{"apart": True, "forwards": "m1"}, {"beside": True}])
def test_what_is_no_answer_to_the_customer_settles_nothing(payload) -> None:
    story = {"message": {**said("out", "agent")["message"], "payload": payload}}  # type: ignore[dict-item]
    assert news("message.created", story, Standing(actor=ANA, assignee=ANA)) == NOTHING


def test_what_the_system_or_a_bot_writes_is_no_news() -> None:
    for author in ("system", "third_party"):
        story = said("internal", author)
        assert news("message.created", story, Standing(assignee=ANA)).told == ()


def clock(state: str, settled: str | None = None) -> dict[str, object]:
    return {"sla": {"id": str(UUID(int=9)), "state": state, "settled_at": settled}}


def test_a_promise_is_told_when_it_is_near_and_again_when_it_breaks() -> None:
    standing = Standing(owner=LUZ)
    near = news("sla.changed", clock("near"), standing).told
    broken = news("sla.changed", clock("broken"), standing)
    assert [one.agent_id for one in near] == [LUZ]
    assert near[0].key != broken.told[0].key
    assert broken.settled == (Settled("promise", near[0].key),)
    assert news("sla.changed", clock("near", NOON.isoformat()), standing).told == ()
    assert news("sla.changed", clock("ok"), standing).told == ()


def task(**changes: object) -> dict[str, object]:
    usual = {
        "id": str(UUID(int=7)),
        "kind": "follow_up",
        "state": "open",
        "owner_id": str(ANA),
        "snoozed_until": None,
        "until_reply": False,
        "broken_at": None,
    }
    return {"task": usual | changes}


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, ["task"]),
        ({"kind": "promise"}, ["promise"]),
        ({"broken_at": NOON.isoformat()}, ["task"]),
        ({"state": "done"}, []),
        ({"owner_id": None}, []),
        ({"until_reply": True}, []),
        ({"snoozed_until": NOON.isoformat()}, []),
    ],
)
def test_a_task_is_told_to_whose_it_is_while_it_is_to_be_done(changes, kinds) -> None:
    found = news("task.changed", task(**changes), Standing())
    assert [one.kind for one in found.told] == kinds


@given(TIMES, TIMES, TIMES)
def test_quiet_hours_go_over_midnight_and_are_none_when_both_ends_are_one(begin, end, hour) -> None:
    wishes = Wishes(quiet_from=begin, quiet_to=end)
    inverse = Wishes(quiet_from=end, quiet_to=begin)
    if begin == end:
        assert not is_quiet(wishes, hour)
    else:
        assert is_quiet(wishes, hour) != is_quiet(inverse, hour)
        assert is_quiet(wishes, begin)
        assert not is_quiet(wishes, end)


@given(st.sampled_from(KINDS), TIMES, st.booleans(), st.frozensets(st.sampled_from(WAYS)))
def test_a_way_that_was_not_chosen_is_never_taken(kind, hour, silent, chosen) -> None:
    until = NOON + timedelta(minutes=1) if silent else NOON
    found = ways_at(Wishes(ways={kind: chosen}, silent_until=until), kind, NOON, hour)
    assert found <= chosen
    if silent:
        assert found <= {"mail"}


def test_at_night_nothing_rings_unless_somebody_wants_it_to() -> None:
    usual = Wishes()
    for kind in KINDS:
        assert not ways_at(usual, kind, NOON, time(23, 30)) & {"sound", "push"}
        assert not ways_at(usual, kind, NOON, time(6, 59)) & {"sound", "push"}
        assert ways_at(usual, kind, NOON, time(7)) == DEFAULT_WAYS[kind]
    always = Wishes(quiet_from=time(0), quiet_to=time(0))
    assert "sound" in ways_at(always, "mentioned", NOON, time(3))
