"""What an installation's own questions teach the gate, and how far the few judged ones can be trusted."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from trato.decide import answer_gate
from trato.decide.answer_gate import Floats, Gate

ENOUGH: Final = 40  # judged questions
OF_EACH: Final = 8  # right ones, and wrong ones
MANY: Final = 400  # from here on all weights are learned anew, not only how sure the given gate is
FOLDS: Final = 5
_SEED: Final = 2026
_STRENGTH: Final = 4.0  # of the wish that nothing changes: worth as much as a few questions
_ROUNDS: Final = 50
_Z: Final = 1.96  # 95 %

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold gives: share answered, how many, how many of them are right, between which bounds."""

    threshold: float
    answered: float
    answers: int
    precision: float | None
    low: float
    high: float


def is_enough(right: Bools) -> bool:
    """Say whether there are enough judged questions, right and wrong, to learn from."""
    good = int(right.sum())
    return len(right) >= ENOUGH and min(good, len(right) - good) >= OF_EACH


def learned(
    base: Gate, signals: Floats, right: Bools, groups: Sequence[str], precision: float
) -> Gate | None:
    """Return a gate learned from judged questions, its threshold chosen on ones it had not seen.

    None where there are too few, or no threshold gives that precision: then the gate that serves is kept.
    `groups` name what belongs together, such as the same question, and is never on both sides.
    """
    if not is_enough(right):
        return None
    unseen = _unseen(base, signals, right, groups)
    found = answer_gate.bar(unseen, right, int(right.sum()), precision)
    if found.rate <= 0:
        return None
    return replace(_fit(base, signals, right), threshold=round(found.threshold, 4))


def points(probabilities: Floats, right: Bools, steps: int = 20) -> list[Point]:
    """Return what each of so many thresholds between 0 and 1 gives."""
    found = []
    for step in range(steps):
        threshold = step / steps
        inside = probabilities >= threshold
        answers, good = int(inside.sum()), int(right[inside].sum())
        low, high = wilson(good, answers)
        share = answers / len(right) if len(right) else 0.0
        exact = round(good / answers, 4) if answers else None
        found.append(Point(threshold, round(share, 4), answers, exact, round(low, 4), round(high, 4)))
    return found


def wilson(good: int, of: int) -> tuple[float, float]:
    """Return the bounds of a share at 95 % (Wilson 1927); everything is possible where nothing was seen."""
    if of == 0:
        return 0.0, 1.0
    share, square = good / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * float(np.sqrt(share * (1 - share) / of + square / (4 * of * of))) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def _unseen(base: Gate, signals: Floats, right: Bools, groups: Sequence[str]) -> Floats:
    names = sorted(set(groups))
    random.Random(_SEED).shuffle(names)  # noqa: S311 no secret
    fold_of = {name: place % FOLDS for place, name in enumerate(names)}
    fold = np.array([fold_of[name] for name in groups])
    found = np.zeros(len(right))
    for number in range(FOLDS):
        inside = fold == number
        if inside.any():
            found[inside] = _fit(base, signals[~inside], right[~inside]).probabilities(signals[inside])
    return found


def _fit(base: Gate, signals: Floats, right: Bools) -> Gate:
    """Return the gate with all weights learned, or, from few questions, only its slope and height."""
    if len(right) >= MANY:
        return answer_gate.fit(signals, right)
    held = np.clip(base.probabilities(signals), 1e-6, 1 - 1e-6)
    odds = np.log(held / (1 - held))
    slope, height = _two(odds, right)
    return replace(base, weights=base.weights * slope, bias=base.bias * slope + height)


def _two(odds: Floats, right: Bools) -> tuple[float, float]:
    """Return slope and height of a logistic regression on the odds (Platt 1999), drawn towards 1 and 0."""
    rows = np.column_stack((odds, np.ones(len(odds))))
    wanted = np.array([1.0, 0.0])
    values = wanted.copy()
    for _ in range(_ROUNDS):
        held = 1 / (1 + np.exp(-np.clip(rows @ values, -40, 40)))
        slope = rows.T @ (held - right) + _STRENGTH * (values - wanted)
        curve = (rows * (held * (1 - held))[:, None]).T @ rows + _STRENGTH * np.eye(2)
        step = np.linalg.solve(curve, slope)
        values = values - np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-8:  # noqa: PLR2004 settled
            break
    # a gate that is surer where it is wrong says nothing: then only its height is believed
    return max(float(values[0]), 0.05), float(values[1])
