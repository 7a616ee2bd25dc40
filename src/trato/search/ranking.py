"""Ranks candidates by what `decide.relevance` makes of them, and says what the gate decides on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from trato.decide import relevance
from trato.decide.relevance import RankWeights
from trato.search.catalogue import Catalogue, stack
from trato.search.embedding import Vectors
from trato.search.question import Question
from trato.search.records import Record

RECENCY: Final = 0.10  # of a score in which 1 makes e times likelier: small beside what matches
HELPFULNESS: Final = 0.15
HALF_LIFE_DAYS: Final = 365
MAX_PASSAGE: Final = 3
WORTH: Final = 0.05  # of the question's rarity that a further sentence brings at least


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates by rank: rows, scores and records, the evidence for each, and the gate's signals."""

    rows: list[int]
    scores: list[float]
    records: list[Record]
    evidence: NDArray[np.float64]
    signals: tuple[float, ...]
    judged: relevance.Judged
    rarity: NDArray[np.float64]
    bounds: list[tuple[int, int]]

    def passage(self, place: int) -> tuple[int, int]:
        """Return which sentences of the candidate at a place answer: the first, one past the last."""
        return _passage(self.judged, self.rarity, int(self.judged.best_sentence[place]), self.bounds[place])


def rank(
    catalogue: Catalogue,
    question: Question,
    meaning: Vectors,
    candidates: Sequence[tuple[int, Record]],
    weights: RankWeights,
    today: date | None,
) -> Ranked:
    """Return the candidates (at least one), best first."""
    rows, records = [row for row, _ in candidates], [record for _, record in candidates]
    matches = _matches(catalogue, question, meaning, rows, records)
    judged = relevance.judge(matches)
    same = np.array([catalogue.rows.names[row][1] == question.language for row in rows])
    scores = relevance.scores(judged.evidence, same, weights)
    scores = scores + np.array([_standing(catalogue, row, today) for row in rows])
    order = np.argsort(-scores, kind="stable")
    starts = np.searchsorted(matches.document, np.arange(len(rows)))
    ends = starts + np.array([record.shown for record in records])
    by_rank = replace(judged, evidence=judged.evidence[order], best_sentence=judged.best_sentence[order])
    top = int(order[0])
    return Ranked(
        [rows[place] for place in order],
        [float(scores[place]) for place in order],
        [records[place] for place in order],
        by_rank.evidence,
        _signals(judged, scores, question, top=top, across=not same[top], names=catalogue, rows=rows),
        by_rank,
        matches.rarity,
        list(zip(starts[order].tolist(), ends[order].tolist(), strict=True)),
    )


def _matches(
    catalogue: Catalogue, question: Question, meaning: Vectors, rows: Sequence[int], records: Sequence[Record]
) -> relevance.Matches:
    """Find the words of the question in the candidates."""
    group_of: dict[int, int] = {}
    weight_of: dict[int, float] = {}
    for group, wanted in enumerate(question.wanted):
        for number, value in wanted.terms.items():
            if value > weight_of.get(number, 0.0):
                group_of[number], weight_of[number] = group, value
    asked = np.array(sorted(group_of), np.int64)
    groups = np.array([group_of[number] for number in asked.tolist()], np.int64)
    weight = np.array([weight_of[number] for number in asked.tolist()], float)
    tokens = np.concatenate([record.tokens for record in records])
    vectors, document = stack(records)
    ends = np.concatenate([record.ends - np.append(0, record.ends[:-1]) for record in records])
    sentence = np.repeat(np.arange(len(ends)), ends)
    place = np.searchsorted(asked, tokens)
    place[place == len(asked)] = 0
    hit = np.flatnonzero(asked[place] == tokens) if len(asked) else np.empty(0, np.int64)
    views = np.stack([record.vectors[:2] for record in records]) @ meaning
    return relevance.Matches(
        group=groups[place[hit]],
        weight=weight[place[hit]],
        sentence=sentence[hit],
        position=hit,
        document=document,
        lengths=np.array([catalogue.rows.lengths[row] for row in rows], float),
        rarity=np.array([wanted.rarity for wanted in question.wanted], float),
        likeness=(vectors @ meaning).astype(float),
        lead_likeness=views[:, 0].astype(float),
        whole_likeness=views[:, 1].astype(float),
        average_length=catalogue.total_words / max(len(catalogue), 1),
        unshown=np.concatenate([record.spans[:, 1] == 0 for record in records]),
    )


def _standing(catalogue: Catalogue, row: int, today: date | None) -> float:
    """Return what freshness and the readers' word add."""
    rows = catalogue.rows
    votes = rows.helpful[row] + rows.unhelpful[row]
    # two readers of each mind are taken as given, so that one vote decides nothing
    liked = (rows.helpful[row] + 2) / (votes + 4) - 0.5
    fresh = 0.0
    if today is not None and rows.days[row]:
        fresh = 0.5 ** (max(today.toordinal() - rows.days[row], 0) / HALF_LIFE_DAYS)
    return RECENCY * fresh + 2 * HELPFULNESS * liked


def _passage(
    judged: relevance.Judged, rarity: NDArray[np.float64], best: int, bounds: tuple[int, int]
) -> tuple[int, int]:
    """Return the best sentence with the next ones as long as they bring words of the question."""
    start, end = bounds
    last, seen = best + 1, judged.presence[best]
    while len(rarity) and last < min(end, best + MAX_PASSAGE):
        more = np.maximum(seen, judged.presence[last])
        if float((more - seen)[: len(rarity)] @ rarity) <= WORTH * float(rarity.sum()):
            break
        seen, last = more, last + 1
    return best - start, last - start


def _signals(
    judged: relevance.Judged,
    scores: NDArray[np.float64],
    question: Question,
    *,
    top: int,
    across: bool,
    names: Catalogue,
    rows: Sequence[int],
) -> tuple[float, ...]:
    """Return what the gate decides on, by the names of `answer_gate.SIGNALS`."""
    evidence = dict(zip(relevance.EVIDENCE, judged.evidence.T, strict=True))
    own = names.rows.names[rows[top]][0]
    others = np.array([names.rows.names[row][0] != own for row in rows])
    words, passage = evidence["words"], evidence["passage"]
    meaning = 0.5 * (evidence["sentence_likeness"] + evidence["lead_likeness"])
    odds = relevance.softmax(scores)
    rarities = np.array([wanted.rarity for wanted in question.wanted])
    lacking = 1 - judged.covered[top][: len(rarities)]
    missing = float((lacking * rarities).max(initial=0.0)) / 10
    number = max(len(question.wanted), 1)
    return (
        float(odds[~others].sum()),
        float(scores[top]),
        float(words[top]),
        float(words[top] - words[others].max(initial=0.0)),
        float(evidence["coverage"][top]),
        float(evidence["window_coverage"][top]),
        missing,
        float(evidence["sentence_likeness"][top]),
        float(meaning[top] - meaning[others].max(initial=0.0)),
        float(passage[top] - passage[others].max(initial=0.0)),
        float(evidence["sentence_coverage"][top]),
        sum(wanted.mended or not wanted.known for wanted in question.wanted) / number,
        float(across),
        math.log1p(len(question.wanted)),
    )
