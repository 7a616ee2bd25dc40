"""Whether the best passage answers the question: a calibrated probability, never one score alone.

A logistic regression over signals of the ranking. The shipped weights were learned on several sets of
questions; an installation learns its own from its readers' feedback.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIGNALS: Final = (
    "share",  # of the first among all candidates, by the ranking's own odds
    "score",  # of the first
    "words",  # BM25 of the first
    "words_margin",  # to the best of the others, by words
    "coverage",  # of the question's rare words by the article
    "window_coverage",  # by the passage
    "missing",  # how rare the rarest word is that the article has not
    "likeness",  # of the best sentence in meaning
    "likeness_margin",  # to the best of the others, in meaning
    "passage_margin",  # to the best sentence of the others, by words and meaning together
    "sentence_coverage",  # of the question's rare words by one sentence
    "mended",  # share of words that were mended or are in no article
    "across",  # question and article are of two languages
    "length",  # words that carry matter, as a logarithm
)
THRESHOLD: Final = 0.5
_STRENGTH: Final = 10.0  # few answers are known at first: 3 to 10 held out best
_ROUNDS: Final = 50


@dataclass(frozen=True, slots=True)
class Gate:
    """The regression: signals are brought to the same scale, weighed and added."""

    weights: Floats
    bias: float
    mean: Floats
    scale: Floats
    threshold: float = THRESHOLD

    def probability(self, signals: Sequence[float]) -> float:
        """Return how likely it is that the passage answers."""
        return float(self.probabilities(np.array([signals], float))[0])

    def probabilities(self, signals: Floats) -> Floats:
        """Return the probability for each row of signals."""
        return _logistic((signals - self.mean) / self.scale @ self.weights + self.bias)

    def answers(self, probability: float) -> bool:
        """Say whether that is sure enough to answer."""
        return probability >= self.threshold

    def values(self) -> dict[str, Any]:
        """Return the gate as JSON keeps it."""
        rounded = {name: [round(float(value), 5) for value in getattr(self, name)] for name in _VECTORS}
        return {"signals": list(SIGNALS), **rounded, "bias": round(self.bias, 5), "threshold": self.threshold}

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Gate":
        """Return the gate that `values` told; raises `ValueError` when it is of other signals."""
        if tuple(given["signals"]) != SIGNALS:
            raise ValueError(f"a gate of other signals: {given['signals']}")
        vectors = {name: np.array(given[name], float) for name in _VECTORS}
        return cls(**vectors, bias=float(given["bias"]), threshold=float(given["threshold"]))


_VECTORS: Final = ("weights", "mean", "scale")


def fit(signals: Floats, right: NDArray[np.bool_], *, threshold: float = THRESHOLD) -> Gate:
    """Learn a gate from answered questions: rows of signals and whether the answer was right.

    Newton's method on the logistic loss with an L2 penalty, which keeps the weights finite where the signals
    separate right from wrong entirely. Needs both kinds, else the probability is the share that was right.
    """
    mean, scale = signals.mean(axis=0), np.maximum(signals.std(axis=0), 1e-6)
    rows = np.column_stack((np.ones(len(signals)), (signals - mean) / scale))
    penalty = np.full(rows.shape[1], _STRENGTH)
    penalty[0] = 1e-3
    weights = np.zeros(rows.shape[1])
    for _ in range(_ROUNDS):
        odds = _logistic(rows @ weights)
        slope = rows.T @ (odds - right) + penalty * weights
        curve = (rows * (odds * (1 - odds))[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights -= np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-8:  # noqa: PLR2004 settled
            break
    return Gate(weights[1:], float(weights[0]), mean, scale, threshold)


def _logistic(values: Floats) -> Floats:
    held: Floats = 1 / (1 + np.exp(-np.clip(values, -40, 40)))
    return held


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a threshold stands, how precise the answers above it are, and what share was answered rightly."""

    threshold: float
    precision: float
    rate: float


def bar(probabilities: Floats, right: NDArray[np.bool_], answerable: int, precision: float) -> Bar:
    """Return the lowest threshold above which at least `precision` of the answers are right.

    The rate is the share of the answerable questions that are answered rightly there. Questions with the same
    probability stand on the same side. Where no threshold is precise enough nothing is answered.
    """
    order = np.argsort(-probabilities, kind="stable")
    sorted_probabilities, hits = probabilities[order], np.cumsum(right[order])
    exact = hits / np.arange(1, len(order) + 1)
    ends = np.append(sorted_probabilities[1:] != sorted_probabilities[:-1], True)[: len(order)]
    good = np.flatnonzero((exact >= precision) & ends)
    if not len(good):
        return Bar(1.0, 1.0, 0.0)
    last = int(good[-1])
    return Bar(float(sorted_probabilities[last]), float(exact[last]), float(hits[last] / max(answerable, 1)))


def curve(probabilities: Floats, right: NDArray[np.bool_], bins: int = 10) -> list[tuple[float, float, int]]:
    """Return for each tenth of probability what was said on average, what came true, and of how many."""
    found = []
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    for number in range(bins):
        inside = place == number
        if inside.any():
            said, true = float(probabilities[inside].mean()), float(right[inside].mean())
            found.append((round(said, 4), round(true, 4), int(inside.sum())))
    return found
