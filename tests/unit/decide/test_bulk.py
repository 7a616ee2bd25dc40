"""What was done at once is brought back only where it stands as it was left."""

from dataclasses import replace
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from trato.decide.bulk import Kind, State, is_so, stands

kinds = st.sampled_from(get_args(Kind))
maybe = st.none() | st.sampled_from(["a", "b"])
states = st.builds(
    State,
    status=st.sampled_from(["open", "snoozed", "closed"]),
    spam=st.booleans(),
    snoozed_until=maybe,
    closed_at=maybe,
    assignee=maybe,
    holder=maybe,
    work=maybe,
    in_line=st.booleans(),
    queue=maybe,
    tagged=st.booleans(),
)


@given(kinds, states)
def test_what_nobody_touched_comes_back(kind: Kind, after: State) -> None:
    assert stands(kind, after, after)


@given(kinds, states, states)
def test_what_is_left_is_never_more_than_what_it_changed(kind: Kind, after: State, now: State) -> None:
    """What an act does not touch may change: a label that hangs there still does not mind who has it."""
    if stands(kind, after, now) and kind in {"label", "unlabel"}:
        assert is_so(kind, after) == is_so(kind, now)


def test_what_a_colleague_or_the_contact_did_since_is_theirs() -> None:
    given_to_ana = State("open", assignee="ana", holder="ana", work="1")
    assert not stands("assign", given_to_ana, replace(given_to_ana, assignee="bruno", work="2"))
    assert not stands("assign", given_to_ana, replace(given_to_ana, status="closed"))
    closed = State("closed", closed_at="noon")
    assert not stands("close", closed, replace(closed, followed=True))
    assert not stands("close", closed, replace(closed, closed_at="later"))
    asleep = State("snoozed", snoozed_until="monday")
    assert not stands("snooze", asleep, State("open"))
