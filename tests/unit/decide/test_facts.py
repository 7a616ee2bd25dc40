"""Of two sayings, which one stands."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.facts import Saying, best, replaces

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
SAYINGS = st.builds(
    Saying,
    st.text(max_size=3),
    st.integers(0, 100).map(lambda minutes: AT + timedelta(minutes=minutes)),
    st.floats(0.01, 1),
)


@pytest.mark.parametrize(
    ("minutes", "certainty", "stands"),
    [(1, 1.0, True), (1, 0.5, False), (-1, 1.0, False), (0, 0.8, True)],
)
def test_the_later_stands_unless_it_is_less_certain(minutes: int, certainty: float, stands: bool) -> None:
    known = Saying("a", AT, 0.8)
    assert replaces(Saying("b", AT + timedelta(minutes=minutes), certainty), known) is stands


@given(st.lists(SAYINGS))
def test_the_best_is_the_most_certain_and_of_those_the_latest(sayings: list[Saying]) -> None:
    chosen = best(sayings)
    assert (chosen is None) == (not sayings)
    for one in sayings:
        assert chosen is not None
        assert (chosen.certainty, chosen.said_at) >= (one.certainty, one.said_at)
