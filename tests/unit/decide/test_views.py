"""What stands in a view follows from its conditions and what is known, whoever looks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.views import (
    ENDED_WITHIN,
    FIELDS,
    MAX_VALUES,
    SOON,
    TIMES,
    WORDS,
    Condition,
    Known,
    Viewer,
    belongs,
    promise,
    seen_by,
    statuses,
    wrong,
)

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
IDS = ("ana", "bruno", "nobody", "none")
instants = st.none() | st.timedeltas(min_value=-timedelta(days=50), max_value=timedelta(hours=5)).map(
    NOW.__add__
)
words = st.sampled_from(IDS)
some = st.frozensets(words, max_size=3)
known = st.builds(
    Known,
    status=st.sampled_from(["open", "snoozed", "closed"]),
    spam=st.booleans(),
    channel=words,
    account=words,
    brand=words,
    queue=st.none() | words,
    teams=some,
    labels=some,
    assignee=st.none() | words,
    owner=st.none() | words,
    language=st.none() | words,
    trouble=st.none() | st.sampled_from(["failed", "uncertain"]),
    priority=st.integers(-3, 3),
    matter=st.none() | st.sampled_from(["open", "waiting", "resolved", "closed"]),
    mentions=some,
    promised_at=instants,
    due_at=instants,
    near_at=instants,
    waiting_since=instants,
    last_message_at=instants,
    closed_at=instants,
)


@st.composite
def condition(draw: st.DrawFn) -> Condition:
    field = draw(st.sampled_from(FIELDS))
    if field in TIMES:
        return Condition(field, over_min=draw(st.integers(1, 10_000)))
    values = st.sampled_from(sorted(WORDS.get(field, IDS)))
    chosen = draw(st.lists(values, min_size=1, max_size=3, unique=True))
    return Condition(field, tuple(chosen), none=draw(st.booleans()))


conditions = st.lists(condition(), max_size=4)


@given(conditions, known)
def test_each_condition_takes_away_and_none_adds(some: list[Condition], one: Known) -> None:
    if belongs(some, one, NOW):
        assert all(
            belongs([c for c in some if c.field in {"status", other.field}], one, NOW) for other in some
        )
        assert belongs(list(reversed(some)), one, NOW)


@given(condition(), known)
def test_a_condition_and_its_contrary_never_both_hold_and_one_does(one: Condition, it: Known) -> None:
    there = replace(it, spam=False, status="open")
    if one.field in TIMES or one.field == "status":
        return
    assert belongs([one], there, NOW) != belongs([replace(one, none=not one.none)], there, NOW)


@given(conditions, known)
def test_spam_and_what_ended_long_ago_stand_in_no_view(some: list[Condition], one: Known) -> None:
    assert not belongs(some, replace(one, spam=True), NOW)
    assert not belongs(some, replace(one, status="closed", closed_at=NOW - ENDED_WITHIN), NOW)
    if belongs(some, one, NOW):
        assert one.status in statuses(some)


@given(known, st.timedeltas(min_value=timedelta(), max_value=timedelta(days=9)))
def test_a_promise_comes_near_and_is_broken_and_never_mends_by_waiting(one: Known, later: timedelta) -> None:
    order = ["none", "near", "broken"]
    assert order.index(promise(one, NOW)) <= order.index(promise(one, NOW + later))


def test_a_promise_is_at_risk_when_the_list_says_so() -> None:
    due = Known("open", due_at=NOW + timedelta(minutes=30), near_at=NOW)
    assert promise(due, NOW) == "near"
    assert promise(replace(due, near_at=NOW + timedelta(minutes=1)), NOW) == "none"
    matter = Known("open", matter="waiting", promised_at=NOW + SOON - timedelta(seconds=1))
    assert promise(matter, NOW) == "near"
    assert promise(matter, NOW + SOON) == "broken"
    assert promise(replace(matter, matter="resolved"), NOW + SOON) == "none"


def test_me_and_mine_are_whoever_looks() -> None:
    asked = [Condition("assignee", ("me", "nobody")), Condition("team", ("mine",))]
    held = Known("open", assignee="ana", teams=frozenset({"north"}))
    assert belongs(seen_by(asked, Viewer("ana", "north")), held, NOW)
    assert not belongs(seen_by(asked, Viewer("bruno", "north")), held, NOW)
    assert not belongs(seen_by(asked, Viewer()), held, NOW)
    assert belongs(seen_by(asked[:1], Viewer()), Known("open"), NOW)


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        (Condition("mood", ("sad",)), "field"),
        (Condition("waiting"), "minutes"),
        (Condition("waiting", ("x",), over_min=5), "minutes"),
        (Condition("label"), "values"),
        (Condition("status", ("gone",)), "values"),
        (Condition("label", tuple(map(str, range(MAX_VALUES + 1)))), "too-many"),
        (Condition("quiet", over_min=60), None),
        (Condition("channel", ("loop",)), None),
    ],
)
def test_what_cannot_be_a_condition(condition: Condition, problem: str | None) -> None:
    assert wrong(condition) == problem
