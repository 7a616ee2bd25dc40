"""Learns the weights that ship with Trato: of ranking and of the gate.

    python tools/learn_search.py [SHARED_DATA]

Learns from half of the articles of each set (by a hash of the id) and prints how the other half fares:
the sample in `tests/data/search`, under its topics as titles, and the help pages beside the project.
"""

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from trato.bench.examples import read_articles, read_questions
from trato.decide import answer_gate, relevance
from trato.decide.answer_gate import SIGNALS
from trato.decide.relevance import Floats, RankWeights
from trato.search import Article, Search
from trato.search.embedding import Vectors, shared_encoder
from trato.search.evaluation import SEED, Asked, Trial, cross_validated, hidden, measure_answers, trial
from trato.search.noise import noisy

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "tests/data/search"
WEIGHTS = ROOT / "src/trato/search/weights.json"
PRECISION = 0.9
DRAWS = 4
NEUTRAL = answer_gate.Gate(
    np.ones(len(SIGNALS)), 0.0, np.zeros(len(SIGNALS)), np.ones(len(SIGNALS))
)  # signals do not depend on it


@dataclass(frozen=True)
class Set:
    """Questions about articles; `times` says how much each counts."""

    name: str
    questions: list[Asked]
    across: bool
    times: int


class Remembering:
    """Encodes each text once: the same articles are indexed again for each draw."""

    def __init__(self) -> None:
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector for each text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, shared_encoder().encode(new), strict=True))
        return np.array([self._known[text] for text in texts], np.float32)

    def knows(self, word: str) -> bool:
        """Say whether this is a common word of some language."""
        return shared_encoder().knows(word)


REMEMBERING = Remembering()


def main(shared: Path) -> None:
    """Run as a script."""
    paragraphs, sets = sample_sets()
    pages, more = help_sets(shared / "text/help_articles_es_en_pt.jsonl")
    articles, sets = [*paragraphs, *pages], [*sets, *(more if pages else ())]
    with TemporaryDirectory() as folder:
        search = Search(Path(folder), gate=NEUTRAL, encoder=REMEMBERING)
        search.rebuild(articles)
        weights = learn_rank(search, sets)
    WEIGHTS.write_text(
        json.dumps(json.loads(WEIGHTS.read_text()) | {"rank": weights.values()}, indent=1) + "\n"
    )
    gate = learn_gate(articles, sets, weights)
    WEIGHTS.write_text(json.dumps({"rank": weights.values(), "gate": gate.values()}, indent=1) + "\n")


def sample_sets() -> tuple[list[Article], list[Set]]:
    """Return the sample with the topic as title: paragraphs of one page have the same."""
    articles = [
        Article(article.id, article.id.split("/")[0], article.text, "es")
        for article in read_articles(SAMPLE / "articles.jsonl")
    ]
    asked = read_questions(SAMPLE / "questions.jsonl")
    sets = [Set("paragraphs", asked, False, 2), Set("paragraphs noisy", typed(asked), False, 2)]
    for language in ("pt", "en"):
        questions = read_questions(SAMPLE / f"questions_{language}.jsonl")
        sets.append(Set(f"paragraphs {language}", questions, True, 3))
    return articles, sets


def help_sets(path: Path) -> tuple[list[Article], list[Set]]:
    """Return the help pages in Spanish, asked for by their descriptions in three languages."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
    articles = [Article(row["id"], row["es"]["title"], row["es"]["body"], "es") for row in rows]
    asked = {key: [Asked(row[key]["desc"], row["id"]) for row in rows] for key in ("es", "pt_BR", "C")}
    return articles, [
        Set("help", asked["es"], False, 1),
        Set("help noisy", typed(asked["es"]), False, 1),
        Set("help pt", asked["pt_BR"], True, 1),
        Set("help en", asked["C"], True, 1),
    ]


def typed(questions: Sequence[Asked]) -> list[Asked]:
    """Return the questions typed in a hurry."""
    return [Asked(noisy(asked.query, SEED + 1), asked.article) for asked in questions]


def is_learned_from(article: str | None) -> bool:
    """Say whether an article is in the first half; paragraphs of one page are in the same."""
    page = (
        (article or "").split("/")[0]
        if not (article or "").startswith(("gnome", "system"))
        else article or ""
    )
    return hashlib.sha256(page.encode()).digest()[0] % 2 == 0


def learn_rank(search: Search, sets: Sequence[Set]) -> RankWeights:
    """Learn the weights of the evidence, and print both halves' share of right ones."""
    examples = {each.name: list(judged(search, each)) for each in sets}
    learned = {}
    for across in (False, True):
        rows = [
            (evidence, right)
            for each in sets
            if each.across == across
            for asked, evidence, right in examples[each.name]
            if right is not None and is_learned_from(asked.article)
            for _ in range(each.times)
        ]
        learned[across] = relevance.learn(rows)
    for each in sets:
        for half in (True, False):
            firsts = [
                right is not None and int((evidence @ learned[each.across]).argmax()) == right
                for asked, evidence, right in examples[each.name]
                if is_learned_from(asked.article) == half
            ]
            name = "learned from" if half else "held out"
            print(f"{each.name:18} {name:13} n={len(firsts):4} first {np.mean(firsts):.3f}")
    return RankWeights(learned[False], learned[True])


def judged(search: Search, questions: Set) -> Iterator[tuple[Asked, Floats, int | None]]:
    """Yield the evidence of each question's candidates and the row of the right one."""
    for asked in questions.questions:
        ranked = search.rank(search.read(asked.query, None))
        if ranked is not None:
            ids = [record.article.id for record in ranked.records]
            yield asked, ranked.evidence, ids.index(asked.article) if asked.article in ids else None


def learn_gate(articles: Sequence[Article], sets: Sequence[Set], weights: RankWeights) -> answer_gate.Gate:
    """Learn the gate from all sets, each time with other articles hidden."""
    tries: dict[str, list[Trial]] = {each.name: [] for each in sets}
    for draw in range(DRAWS):
        without = hidden(articles, 0.4, SEED + draw)
        with TemporaryDirectory() as folder:
            search = Search(Path(folder), weights=weights, gate=NEUTRAL, encoder=REMEMBERING)
            search.rebuild([article for article in articles if article.id not in without])
            for each in sets:
                tries[each.name].append(trial(search, each.questions, without))
    for name, tried in tries.items():
        rates = np.mean([list(measure_answers(one).values()) for one in tried], axis=0).round(3)
        print(f"{name:18} answered at 90, 95, 98 % precision, mean of {DRAWS} draws: {rates}")
    every, came_true = rows_of([one for many in tries.values() for one in many])
    said = np.concatenate([cross_validated(one) for many in tries.values() for one in many])
    bar = answer_gate.bar(said, came_true, int(came_true.sum()), PRECISION)
    gate = answer_gate.fit(every, came_true, threshold=round(bar.threshold, 4))
    for told, true, count in answer_gate.curve(gate.probabilities(every), came_true):
        print(f"said {told:.2f} true {true:.2f} of {count}")
    return gate


def rows_of(tries: Sequence[Trial]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the signals of several trials as one, and what was right."""
    return np.concatenate([one.signals for one in tries]), np.concatenate([one.right for one in tries])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared/data")
