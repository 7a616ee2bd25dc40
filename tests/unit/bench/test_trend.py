"""Whether memory grows is a matter of a line and of how sure it is."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.bench.trend import trend

SOME = st.lists(st.floats(-100, 100), min_size=3, max_size=50)


@given(st.floats(1, 1_000), st.floats(-100, 100), st.integers(3, 100))
def test_a_line_is_found_as_it_is(level: float, per_h: float, count: int) -> None:
    found = trend([(at * 30.0, level + per_h * at * 30 / 3_600) for at in range(count)])
    assert found.per_h == pytest.approx(per_h, abs=1e-6)
    assert found.error_per_h == pytest.approx(0, abs=1e-4)


@given(SOME, st.floats(-1e3, 1e3))
def test_how_much_there_is_says_nothing_of_how_it_grows(values: list[float], more: float) -> None:
    one = trend(list(enumerate(values)))
    other = trend([(at, value + more) for at, value in enumerate(values)])
    assert other.per_h == pytest.approx(one.per_h, abs=1e-3)
    assert other.mean == pytest.approx(one.mean + more, abs=1e-6)


def test_noise_is_no_growth_and_a_leak_is() -> None:
    dice = random.Random(7)
    noise = [(at * 30.0, 50 + dice.gauss(0, 1)) for at in range(120)]
    leak = [(at, value + 10 * at / 3_600) for at, value in noise]  # a fifth in an hour
    assert trend(noise).is_flat(0.1)
    assert not trend(leak).is_flat(0.1)
    assert trend(leak).share_per_h == pytest.approx(0.18, abs=0.05)


@pytest.mark.parametrize("readings", [[], [(0, 5)], [(0, 5), (1, 9)], [(2, 5), (2, 6), (2, 7)]])
def test_too_little_says_nothing(readings: list[tuple[float, float]]) -> None:
    found = trend(readings)
    assert (found.per_h, found.is_flat(0)) == (0, True)
