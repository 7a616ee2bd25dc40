"""Pauses between attempts grow, are spread, and honour the receiver's wish within reason."""

from hypothesis import given
from hypothesis import strategies as st

from trato.webhooks.schedule import retry_after_s


def test_pauses_without_jitter() -> None:
    assert [retry_after_s(n, 0.5) for n in range(1, 8)] == [5, 20, 80, 320, 1280, 3600, 3600]


@given(attempt=st.integers(1, 10_000), chance=st.floats(0, 0.999), asked=st.none() | st.floats(0, 1e9))
def test_a_pause_stays_within_its_bounds(attempt: int, chance: float, asked: float | None) -> None:
    assert 4 <= retry_after_s(attempt, chance, asked) <= 4320


def test_a_receiver_may_ask_for_more_time_but_not_for_ever() -> None:
    assert retry_after_s(1, 0.5, 60) == 60
    assert retry_after_s(1, 0.5, 10**9) == 3600
    assert retry_after_s(5, 0.5, 60) == 1280
