"""Measures the search on questions whose article is known: is it found, and can one say so."""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from numpy.typing import NDArray

from trato.decide import answer_gate
from trato.decide.answer_gate import SIGNALS, Gate
from trato.search.engine import Search
from trato.search.noise import noisy
from trato.search.values import Article

HIDDEN: Final = 0.4
SEED: Final = 20_26
FOLDS: Final = 5
PRECISIONS: Final = (90, 95, 98)
_DEPTH: Final = 10

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the article that answers it; None when no article does."""

    query: str
    article: str | None


@contextmanager
def indexed(articles: Sequence[Article], say: Say) -> Iterator[Search]:
    """Give a search over the articles, in a folder of its own."""
    with TemporaryDirectory(prefix="trato-search-") as folder:
        search = Search(Path(folder))
        search.rebuild(articles, lambda done: say(f"{done} articles read") if done % 500 == 0 else None)
        yield search


def measure_search(
    search: Search, questions: Sequence[Asked], *, language: str | None, with_noise: bool
) -> dict[str, float | int]:
    """Return how often the right article stands first or among three, its mean reciprocal rank, and times."""
    ranks, times = [], []
    for asked in questions[:1]:  # what is loaded with a first question is no time of an answer
        search.find(asked.query, language=language, limit=_DEPTH)
    for asked in questions:
        query = noisy(asked.query, SEED) if with_noise else asked.query
        started = time.perf_counter()
        hits = search.find(query, language=language, limit=_DEPTH).hits
        times.append(1000 * (time.perf_counter() - started))
        ids = [hit.id for hit in hits]
        ranks.append(ids.index(asked.article) + 1 if asked.article in ids else 0)
    count = max(len(ranks), 1)
    p50, p95 = percentiles(times)
    return {
        "n": len(ranks),
        "recall_at_1": round(sum(rank == 1 for rank in ranks) / count, 4),
        "recall_at_3": round(sum(1 <= rank <= 3 for rank in ranks) / count, 4),  # noqa: PLR2004 it is named so
        "mrr": round(sum(1 / rank for rank in ranks if rank) / count, 4),
        "p50_ms": p50,
        "p95_ms": p95,
    }


def percentiles(times: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile, to hundredths."""
    if len(times) < 2:  # noqa: PLR2004 no percentile of one
        return (round(times[0], 2), round(times[0], 2)) if times else (0.0, 0.0)
    return round(statistics.median(times), 2), round(statistics.quantiles(times, n=20)[-1], 2)


@dataclass(frozen=True, slots=True)
class Trial:
    """What the gate sees of each question, whether the first hit was right, and which article it is about."""

    signals: NDArray[np.float64]
    right: NDArray[np.bool_]
    group: list[str]
    answerable: int


def hidden(articles: Sequence[Article], share: float, seed: int = SEED) -> set[str]:
    """Return the ids of the articles to hide: that share of all, drawn by the seed."""
    ids = sorted({article.id for article in articles})
    random.Random(seed).shuffle(ids)  # noqa: S311 no secret
    return set(ids[: round(share * len(ids))])


def trial(
    search: Search, questions: Sequence[Asked], without: set[str], *, language: str | None = None
) -> Trial:
    """Ask all questions of a search that lacks the articles in `without`."""
    signals, right, group = [], [], []
    there = {article_id for article_id, _ in search.names()}
    for number, asked in enumerate(questions):
        found = search.find(asked.query, language=language)
        signals.append(found.signals or (0.0,) * len(SIGNALS))
        right.append(bool(found.hits) and found.hits[0].id == asked.article)
        group.append(asked.article or f"nobody answers {number}")
    answerable = sum(asked.article in there and asked.article not in without for asked in questions)
    rows = np.array(signals, float).reshape(-1, len(SIGNALS))
    return Trial(rows, np.array(right, bool), group, answerable)


def cross_validated(found: Trial, seed: int = SEED) -> NDArray[np.float64]:
    """Return each question's probability by a gate that has seen no question about the same article."""
    names = sorted(set(found.group))
    random.Random(seed).shuffle(names)  # noqa: S311 no secret
    fold_of = {name: place % FOLDS for place, name in enumerate(names)}
    fold = np.array([fold_of[name] for name in found.group])
    probabilities = np.zeros(len(fold))
    for number in range(FOLDS):
        inside = fold == number
        if inside.any() and (~inside).any():
            gate = answer_gate.fit(found.signals[~inside], found.right[~inside])
            probabilities[inside] = gate.probabilities(found.signals[inside])
    return probabilities


def measure_answers(found: Trial) -> dict[str, float]:
    """Return the share of answerable questions that are answered rightly at each precision."""
    probabilities = cross_validated(found)
    return {
        f"answer_rate_at_precision_{percent}": round(
            answer_gate.bar(probabilities, found.right, found.answerable, percent / 100).rate, 4
        )
        for percent in PRECISIONS
    }


def calibrated(found: Trial, precision: float) -> Gate:
    """Return a gate learned from all questions; its threshold gave that precision on unseen ones."""
    threshold = answer_gate.bar(cross_validated(found), found.right, found.answerable, precision).threshold
    return answer_gate.fit(found.signals, found.right, threshold=round(threshold, 4))
