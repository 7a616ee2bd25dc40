"""A source that does not answer is left alone for a while, and longer each time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trato.decide.breaker import AFTER, FIRST, LONGEST, Breaker

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)


def after(*answers: bool) -> Breaker:
    found = Breaker()
    for answered in answers:
        found = found.after(AT, answered=answered)
    return found


def test_some_failures_in_a_row_and_it_rests() -> None:
    assert not after(*[False] * (AFTER - 1)).rests(AT)
    rests = after(*[False] * AFTER)
    assert rests.rests(AT)
    assert not rests.rests(AT + FIRST)


@given(st.lists(st.booleans(), max_size=30))
def test_one_good_answer_mends_all(answers: list[bool]) -> None:
    assert after(*answers, True) == Breaker()


@given(st.integers(AFTER, 2_000))
def test_it_never_rests_longer_than_promised(failures: int) -> None:
    found = Breaker(failures).after(AT, answered=False)
    assert found.until is not None
    assert timedelta() < found.until - AT <= LONGEST
