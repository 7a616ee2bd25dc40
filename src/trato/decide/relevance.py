"""How well an article answers a question: from matched words and likeness of meaning to one score.

Words count as in BM25 (Robertson and Zaragoza, 2009), over the whole article and over each sentence with its
neighbours; the weights of the evidence are learned from questions whose article is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SATURATION: Final = 1.2
LENGTH_WEIGHT: Final = 0.75
TITLE_WEIGHT: Final = 2.0
WINDOW: Final = 3  # sentences that may answer together
EVIDENCE: Final = (
    *("words", "coverage", "sentence_coverage", "window_coverage", "order", "title_coverage"),
    *("sentence_likeness", "lead_likeness", "whole_likeness", "title_likeness", "passage"),
)


@dataclass(frozen=True, slots=True)
class Matches:
    """Where words of the question stand in the candidates, and how like their sentences are in meaning.

    Each match has its word of the question (`group`), its weight (1, less for a synonym or a mended word),
    its sentence and its position, counted over all candidates. `document` names the candidate of each
    sentence, of which the first is the title; `lengths` are the candidates' words, `rarity` is the weight
    of each word of the question (its inverse document frequency; 0 for those that carry no matter). `unshown`
    are the sentences that are no passage: titles, and how people ask.
    """

    group: Integers
    weight: Floats
    sentence: Integers
    position: Integers
    document: Integers
    lengths: Floats
    rarity: Floats
    likeness: Floats
    lead_likeness: Floats
    whole_likeness: Floats
    average_length: float
    unshown: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Judged:
    """The evidence of each candidate (rows) by the names of `EVIDENCE`, and its best sentence.

    `covered` tells how much of each word of the question the candidate has, `presence` the same of sentences.
    """

    evidence: Floats
    best_sentence: Integers
    covered: Floats
    presence: Floats


def rarity(frequency: float, articles: int) -> float:
    """Return the inverse document frequency of a word that `frequency` of the articles have."""
    return float(np.log1p((articles - frequency + 0.5) / (frequency + 0.5)))


def judge(found: Matches) -> Judged:
    """Weigh the matches; all candidates at once."""
    documents, groups = len(found.lengths), max(len(found.rarity), 1)
    sentences = len(found.document)
    importance = found.rarity if len(found.rarity) else np.zeros(1)
    total = max(float(importance.sum()), 1e-9)
    starts = np.searchsorted(found.document, np.arange(documents))
    present = np.zeros((sentences, groups))
    np.maximum.at(present, (found.sentence, found.group), found.weight)
    windowed = _windows(present, found.document)
    by_sentence, by_window = present @ importance / total, windowed @ importance / total
    passage = 0.25 * by_sentence + 0.25 * by_window + 0.5 * found.likeness
    covered = np.maximum.reduceat(present, starts, axis=0)
    is_title = np.zeros(sentences, bool)
    is_title[starts] = True
    body = np.where(found.unshown, -1.0, passage)
    best = np.array(
        [start + int(body[start:end].argmax()) for start, end in _ranges(starts, sentences)], np.int64
    )
    evidence = np.column_stack(
        (
            _words(found, is_title, importance, total, groups),
            covered @ importance / total,
            np.maximum.reduceat(by_sentence, starts),
            np.maximum.reduceat(by_window, starts),
            _order(found, importance),
            by_sentence[starts],
            np.maximum.reduceat(found.likeness, starts),
            found.lead_likeness,
            found.whole_likeness,
            found.likeness[starts],
            passage[best],
        )
    )
    return Judged(evidence, best, covered, present)


def _ranges(starts: Integers, end: int) -> list[tuple[int, int]]:
    return list(zip(starts.tolist(), [*starts[1:].tolist(), end], strict=True))


def _words(
    found: Matches, is_title: NDArray[np.bool_], importance: Floats, total: float, groups: int
) -> Floats:
    """Return BM25 over the article, 1 at most."""
    documents = len(found.lengths)
    counts = np.zeros((documents, groups))
    weight = found.weight * np.where(is_title[found.sentence], TITLE_WEIGHT, 1.0)
    np.add.at(counts, (found.document[found.sentence], found.group), weight)
    norm = 1 - LENGTH_WEIGHT + LENGTH_WEIGHT * found.lengths / max(found.average_length, 1.0)
    saturated: Floats = counts / (counts + SATURATION * norm[:, None])
    scores: Floats = saturated @ importance / total
    return scores


def _windows(present: Floats, document: Integers) -> Floats:
    """Return what each sentence covers together with the next ones of its article."""
    widest = present.copy()
    for step in range(1, WINDOW):
        same = document[step:] == document[:-step]
        widest[:-step] = np.where(same[:, None], np.maximum(widest[:-step], present[step:]), widest[:-step])
    return widest


def _order(found: Matches, importance: Floats) -> Floats:
    """Return the share of neighbours in the question that are neighbours in the article too."""
    documents = len(found.lengths)
    wanted = [(left, left + 1) for left in range(len(importance) - 1)]
    weight = np.array([min(importance[left], importance[right]) for left, right in wanted])
    if not wanted or weight.sum() <= 0 or len(found.group) < 2:  # noqa: PLR2004 two make neighbours
        return np.zeros(documents)
    follows = (found.group[1:] - found.group[:-1] == 1) & (found.position[1:] - found.position[:-1] <= WINDOW)
    seen = np.zeros((documents, len(wanted)))
    where = np.flatnonzero(follows)
    seen[found.document[found.sentence[where]], found.group[where]] = 1.0
    share: Floats = seen @ weight / weight.sum()
    return share


@dataclass(frozen=True, slots=True)
class RankWeights:
    """What each kind of evidence is worth, where question and article share the language and where not."""

    same: Floats
    across: Floats

    @classmethod
    def of(cls, given: Mapping[str, Sequence[float]]) -> "RankWeights":
        """Return the weights as `values` gave them."""
        return cls(np.array(given["same"], float), np.array(given["across"], float))

    def values(self) -> dict[str, list[float]]:
        """Return the weights as JSON keeps them."""
        return {
            name: [round(float(value), 4) for value in getattr(self, name)] for name in ("same", "across")
        }


def scores(evidence: Floats, same_language: NDArray[np.bool_], weights: RankWeights) -> Floats:
    """Return each candidate's score; a difference of 1 makes one e times likelier than the other."""
    return np.where(same_language, evidence @ weights.same, evidence @ weights.across)


def learn(examples: Sequence[tuple[Floats, int]], *, strength: float = 1e-3, rounds: int = 400) -> Floats:
    """Return the weights under which the right candidate of each example is likeliest.

    An example is the candidates' evidence and the row of the right one. Plain gradient descent with
    momentum on the softmax, never below zero: no evidence speaks against an article.
    """
    weights = np.ones(len(EVIDENCE))
    motion = np.zeros_like(weights)
    for _ in range(rounds):
        slope = strength * weights * len(examples)
        for evidence, right in examples:
            odds = softmax(evidence @ weights)
            slope += odds @ evidence - evidence[right]
        motion = 0.9 * motion - 3.0 * slope / len(examples)
        weights = np.maximum(weights + motion, 0.0)
    return weights


def softmax(values: Floats) -> Floats:
    """Return shares of 1."""
    powers = np.exp(values - values.max())
    shares: Floats = powers / powers.sum()
    return shares
