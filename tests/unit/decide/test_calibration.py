"""What is learned from few judged questions is little, says so, and never makes a sure gate of a guess."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide import calibration
from trato.decide.answer_gate import SIGNALS, Gate

SIZE = len(SIGNALS)
BASE = Gate(np.array([2.0] + [0.0] * (SIZE - 1)), 0.0, np.zeros(SIZE), np.ones(SIZE), 0.5)


def judged(number: int, seed: int = 1, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return questions whose first signal tells, with chance, whether the answer is right."""
    draw = np.random.default_rng(seed)
    signals = draw.standard_normal((number, SIZE))
    right = draw.random(number) < 1 / (1 + np.exp(-3 * (signals[:, 0] - shift)))
    return signals, right, [f"q{place}" for place in range(number)]


@pytest.mark.parametrize("number", [0, 10, calibration.ENOUGH - 1])
def test_too_few_teach_nothing(number: int) -> None:
    assert calibration.learned(BASE, *judged(number), precision=0.9) is None


def test_of_one_kind_alone_nothing_is_learned() -> None:
    signals, _, groups = judged(100)
    assert calibration.learned(BASE, signals, np.ones(100, bool), groups, 0.9) is None
    assert calibration.learned(BASE, signals, np.zeros(100, bool), groups, 0.9) is None


@pytest.mark.parametrize("number", [80, 600])
def test_what_is_learned_holds_on_others(number: int) -> None:
    gate = calibration.learned(BASE, *judged(number, 2, shift=1.0), precision=0.85)
    assert gate is not None
    signals, right, _ = judged(4_000, 3, shift=1.0)
    said = gate.probabilities(signals)
    answered = said >= gate.threshold
    assert right[answered].mean() > 0.75
    assert abs(said.mean() - right.mean()) < abs(BASE.probabilities(signals).mean() - right.mean())


@given(st.integers(0, 500), st.integers(0, 500))
def test_bounds_hold_the_share_and_narrow_with_more(good: int, bad: int) -> None:
    low, high = calibration.wilson(good, good + bad)
    assert 0.0 <= low <= high <= 1.0
    if good + bad:
        assert low - 1e-9 <= good / (good + bad) <= high + 1e-9
        more_low, more_high = calibration.wilson(10 * good, 10 * (good + bad))
        assert more_high - more_low <= high - low + 1e-9


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60))
def test_the_curve_falls_and_counts(rows: list[tuple[float, bool]]) -> None:
    said = np.array([one for one, _ in rows], float)
    right = np.array([one for _, one in rows], bool)
    points = calibration.points(said, right)
    answers = [point.answers for point in points]
    assert answers == sorted(answers, reverse=True)
    assert points[0].answers == len(rows)
    for point in points:
        assert (point.precision is None) == (point.answers == 0)
        assert point.low <= point.high
