"""When to answer: the probability comes true, and a precision that was asked for is kept."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.answer_gate import SIGNALS, Gate, bar, curve, fit


def drawn(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return signals of which the first two tell, and what came true with that probability."""
    chance = np.random.default_rng(seed)
    signals = chance.normal(size=(count, len(SIGNALS)))
    odds = 1 / (1 + np.exp(-(1.5 * signals[:, 0] - signals[:, 1])))
    return signals, chance.random(count) < odds


def test_what_is_said_comes_true() -> None:
    gate = fit(*drawn(4_000, 1))
    signals, right = drawn(4_000, 2)
    for said, true, count in curve(gate.probabilities(signals), right):
        assert said == pytest.approx(true, abs=4 * (0.25 / count) ** 0.5)


def test_a_kept_gate_says_the_same() -> None:
    gate = fit(*drawn(300, 1), threshold=0.7)
    again = Gate.of(gate.values())
    signals, _ = drawn(5, 3)
    for row in signals:
        assert again.probability(row.tolist()) == pytest.approx(gate.probability(row.tolist()), abs=1e-3)
    assert again.threshold == 0.7


def test_a_gate_of_other_signals_is_refused() -> None:
    values = fit(*drawn(50, 1)).values()
    with pytest.raises(ValueError, match="other signals"):
        Gate.of(values | {"signals": ["mood"]})


@pytest.mark.parametrize("right", [True, False])
def test_one_kind_only_gives_its_share_and_no_error(right: bool) -> None:
    signals, _ = drawn(50, 4)
    probabilities = fit(signals, np.full(50, right)).probabilities(signals)
    assert np.isfinite(probabilities).all()
    assert ((probabilities > 0.5) == right).all()


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60),
    st.floats(0.5, 1),
)
def test_above_the_bar_enough_answers_are_right(said: list[tuple[float, bool]], precision: float) -> None:
    probabilities = np.array([entry[0] for entry in said])
    right = np.array([entry[1] for entry in said])
    found = bar(probabilities, right, len(said), precision)
    answered = probabilities >= found.threshold
    if found.rate > 0:
        assert right[answered].mean() >= precision
        assert found.rate == pytest.approx(right[answered].sum() / len(said))


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_asking_for_more_precision_answers_no_more(said: list[tuple[float, bool]]) -> None:
    probabilities = np.array([entry[0] for entry in said])
    right = np.array([entry[1] for entry in said])
    rates = [bar(probabilities, right, len(said), precision).rate for precision in (0.5, 0.8, 0.95, 1.0)]
    assert rates == sorted(rates, reverse=True)
