"""Ranks candidates by what `decide.relevance` makes of them, and says what the gate decides on."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
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
_MONTHS: Final = """
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre janeiro fevereiro
março maio junho julho setembro outubro novembro dezembro january february march april june july august
september october november december
"""
_DAYS: Final = (
    "lunes martes miércoles jueves viernes sábado domingo siglo século century hora horas día días dias"
)
_KIND: Final = {
    "number": re.compile(
        r"\d|\b(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|cien|mil|mill|dois|quatro|two|three|four|five)",
        re.IGNORECASE,
    ),
    "time": re.compile(rf"\d{{3,4}}|\b(?:{'|'.join(f'{_MONTHS} {_DAYS}'.split())})\b", re.IGNORECASE),
    "person": re.compile(r"[^\W\d_]\s+[A-ZÁÉÍÓÚÑÂÊÔÃÕÇ][^\W\d_]+"),
    "place": re.compile(r"[^\W\d_]\s+[A-ZÁÉÍÓÚÑÂÊÔÃÕÇ][^\W\d_]+|\d"),
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates by rank: row, score, record, and which sentences answer (first, one past the last)."""

    rows: list[int]
    scores: list[float]
    records: list[Record]
    passages: list[tuple[int, int]]
    signals: tuple[float, ...]
    evidence: NDArray[np.float64]
    same: NDArray[np.bool_]


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
    passages = []
    for place in order.tolist():
        end = starts[place + 1] if place + 1 < len(rows) else len(matches.document)
        first, last = _passage(judged, matches.rarity, place, int(end))
        passages.append((first - int(starts[place]), last - int(starts[place])))
    top = int(order[0])
    text = _text(records[top], passages[0])
    return Ranked(
        [rows[place] for place in order],
        [float(scores[place]) for place in order],
        [records[place] for place in order],
        passages,
        _signals(
            judged, scores, question, top=top, across=not same[top], text=text, names=catalogue, rows=rows
        ),
        judged.evidence[order],
        same[order],
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


def _passage(judged: relevance.Judged, rarity: NDArray[np.float64], place: int, end: int) -> tuple[int, int]:
    """Return the best sentence with the next ones as long as they bring words of the question."""
    first = int(judged.best_sentence[place])
    last, seen = first + 1, judged.presence[first]
    while last < min(end, first + MAX_PASSAGE):
        more = np.maximum(seen, judged.presence[last])
        if len(rarity) and float((more - seen)[: len(rarity)] @ rarity) <= 0.05 * float(rarity.sum()):
            break
        if not len(rarity):
            break
        seen, last = more, last + 1
    return first, last


def _text(record: Record, passage: tuple[int, int]) -> str:
    article = record.article
    if passage[0] == 0:
        return article.title
    return article.text[int(record.spans[passage[0], 0]) : int(record.spans[passage[1] - 1, 1])]


def _signals(
    judged: relevance.Judged,
    scores: NDArray[np.float64],
    question: Question,
    *,
    top: int,
    across: bool,
    text: str,
    names: Catalogue,
    rows: Sequence[int],
) -> tuple[float, ...]:
    """Return what the gate decides on, by the names of `answer_gate.SIGNALS`."""
    evidence = dict(zip(relevance.EVIDENCE, judged.evidence.T, strict=True))
    own = names.rows.names[rows[top]][0]
    others = np.array([names.rows.names[row][0] != own for row in rows])
    words = evidence["words"]
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
        float((int(words.argmax()) == top) + (int(meaning.argmax()) == top)) / 2,
        _kind(question, text),
        sum(wanted.mended or not wanted.known for wanted in question.wanted) / number,
        float(across),
        math.log1p(len(question.wanted)),
    )


def _kind(question: Question, text: str) -> float:
    """Say whether the passage holds what is asked for: 1 yes, -1 no, 0 when no kind is asked for."""
    if not question.kinds:
        return 0.0
    return 1.0 if any(_KIND[kind].search(text) for kind in question.kinds) else -1.0
