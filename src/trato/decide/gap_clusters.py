"""Which questions are about the same missing thing: nearest centre first, in meaning and in words.

One pass (leader clustering, Hartigan 1975): each question joins the nearest cluster that is near enough or
begins a new one, so that what came yesterday stays where it is and only what is new is looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# On sixty questions about twelve matters in three languages, of pairs put together 96 % belong together, and
# 57 % of those that belong together are: two lists of one matter are read twice, a wrong one misleads.
NEAR: Final = 0.52  # likeness in meaning that is enough alone, also across languages
NEAR_WITH_WORDS: Final = 0.44  # of meaning and words together, in one language
WORDS: Final = 0.4  # what words count in that
SAME_WORDS: Final = 1.0
ONE_MATTER: Final = 0.60  # of two centres: more than one matter's questions have by chance
MOST: Final = 2_000  # clusters at once: one question costs a product of this many rows


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the words that carry its matter, folded, and its meaning as a unit vector."""

    text: str
    language: str
    words: frozenset[str]
    meaning: Floats
    times: int = 1


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions about one thing: how many, how many of them have each word, and the sum of their meanings."""

    size: int
    words: Mapping[str, int]
    languages: frozenset[str]
    meaning: Floats

    def joined_by(self, one: Question) -> "Cluster":
        """Return the cluster with one question more."""
        words = {**self.words, **{word: self.words.get(word, 0) + 1 for word in sorted(one.words)}}
        return Cluster(
            self.size + 1,
            words,
            self.languages | {one.language},
            (self.meaning + one.meaning).astype(np.float32),
        )

    def merged_with(self, other: "Cluster") -> "Cluster":
        """Return both as one."""
        words = {
            word: self.words.get(word, 0) + other.words.get(word, 0)
            for word in sorted({*self.words, *other.words})
        }
        meaning = (self.meaning + other.meaning).astype(np.float32)
        return Cluster(self.size + other.size, words, self.languages | other.languages, meaning)


NONE: Final = Cluster(0, {}, frozenset(), np.zeros(1, np.float32))  # joined by one, it is that one's


def begun_by(one: Question) -> Cluster:
    """Return the cluster of one question."""
    return NONE.joined_by(one)


def nearness(one: Question, cluster: Cluster, likeness: float) -> float:
    """Return how far above what is needed a question is: below 0 it does not belong to the cluster.

    `likeness` is the cosine of its meaning and the cluster's.
    """
    alone = likeness - NEAR
    if one.language not in cluster.languages or not one.words:
        return alone
    shared = _shared(one.words, cluster)
    if shared >= SAME_WORDS:
        return SAME_WORDS
    return max(alone, (1 - WORDS) * likeness + WORDS * shared - NEAR_WITH_WORDS)


def assign(known: Sequence[Cluster], questions: Sequence[Question], most: int = MOST) -> list[int | None]:
    """Return for each question the place of its cluster; places behind `known` are new ones, in their order.

    Whatever the order in which the questions are given, the same ones come together: the most asked begin.
    None where a new cluster would be one more than `most`.
    """
    clusters = list(known)
    centres = [_unit(cluster.meaning) for cluster in clusters]
    places: list[int | None] = [None] * len(questions)
    for number in sorted(range(len(questions)), key=lambda place: _order(questions[place])):
        one = questions[number]
        place = _nearest(one, clusters, centres)
        if place is None and len(clusters) < most:
            place = len(clusters)
            clusters.append(begun_by(one))
            centres.append(_unit(one.meaning))
        elif place is not None:
            clusters[place] = clusters[place].joined_by(one)
            centres[place] = _unit(clusters[place].meaning)
        places[number] = place
    return places


def one_matter(clusters: Sequence[Cluster]) -> list[tuple[int, int]]:
    """Return pairs of clusters that turned out to be one matter: the one to keep, the one that goes into it.

    The larger is kept, of equals the earlier. No cluster is in two pairs: what is left is seen next time.
    """
    if len(clusters) < 2:  # noqa: PLR2004 two make a pair
        return []
    centres = np.array([_unit(cluster.meaning) for cluster in clusters])
    likeness = np.triu(centres @ centres.T, 1)
    pairs: list[tuple[int, int]] = []
    taken: set[int] = set()
    firsts, seconds = np.nonzero(likeness >= ONE_MATTER)
    order = sorted(zip(firsts.tolist(), seconds.tolist(), strict=True), key=lambda at: (-likeness[at], at))
    for first, second in order:
        if first in taken or second in taken:
            continue
        taken |= {first, second}
        larger = first if clusters[first].size >= clusters[second].size else second
        pairs.append((larger, second if larger == first else first))
    return pairs


def _order(one: Question) -> tuple[int, str, str]:
    return (-one.times, one.language, one.text)


def _nearest(one: Question, clusters: Sequence[Cluster], centres: Sequence[Floats]) -> int | None:
    if not clusters:
        return None
    likeness = np.array(centres) @ one.meaning
    best, place = 0.0, None
    for number in np.flatnonzero(likeness >= 0).tolist():
        near = nearness(one, clusters[number], float(likeness[number]))
        if near >= 0 and (place is None or near > best):
            best, place = near, number
    return place


def _shared(words: frozenset[str], cluster: Cluster) -> float:
    """Return how much of both's words is common, a cluster's word by how many have it: 1 for equals."""
    every = sum(cluster.words.values()) / max(cluster.size, 1)
    common = sum(cluster.words.get(word, 0) for word in words) / max(cluster.size, 1)
    return common / max(len(words), every, 1e-9)


def _unit(meaning: Floats) -> Floats:
    length = float(np.linalg.norm(meaning))
    return (meaning / length).astype(np.float32) if length > 0 else meaning
