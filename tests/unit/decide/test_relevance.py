"""Which article a question is about: more of its words, rarer ones and nearer together count more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.relevance import EVIDENCE, Matches, RankWeights, judge, learn, rarity, scores, softmax


def matches(
    found: list[tuple[int, int, int]],
    document: list[int],
    rarities: list[float],
    likeness: list[float] | None = None,
) -> Matches:
    """Return matches of (group, sentence, position) in sentences of documents of ten words each."""
    group, sentence, position = (np.array(column, np.int64) for column in zip(*found, strict=True))
    documents = max(document) + 1
    return Matches(
        group=group,
        weight=np.ones(len(group)),
        sentence=sentence,
        position=position,
        document=np.array(document, np.int64),
        lengths=np.full(documents, 10.0),
        rarity=np.array(rarities),
        likeness=np.array(likeness or [0.0] * len(document)),
        lead_likeness=np.zeros(documents),
        whole_likeness=np.zeros(documents),
        average_length=10.0,
        unshown=np.diff(document, prepend=-1) > 0,
    )


def evidence(found: Matches, name: str) -> list[float]:
    values: list[float] = judge(found).evidence[:, EVIDENCE.index(name)].tolist()
    return values


def test_who_has_more_of_the_words_has_more_evidence() -> None:
    found = matches([(0, 1, 3), (1, 1, 4), (0, 3, 13)], [0, 0, 1, 1], [2.0, 3.0])
    assert evidence(found, "coverage") == [1.0, 0.4]
    assert evidence(found, "words")[0] > evidence(found, "words")[1]


def test_words_in_one_sentence_cover_more_than_spread_ones() -> None:
    found = matches([(0, 1, 3), (1, 1, 4), (0, 3, 13), (1, 4, 17)], [0, 0, 1, 1, 1], [1.0, 1.0])
    assert evidence(found, "sentence_coverage") == [1.0, 0.5]
    assert evidence(found, "window_coverage") == [1.0, 1.0]
    assert evidence(found, "order") == [1.0, 0.0]


def test_the_best_sentence_is_never_the_title_where_there_is_text() -> None:
    found = matches([(0, 0, 0), (0, 2, 8)], [0, 0, 0], [1.0])
    assert judge(found).best_sentence.tolist() == [2]


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_rarer_word_weighs_more(frequency: int, more: int) -> None:
    articles = 20_000
    assert rarity(frequency, articles) > rarity(frequency + more, articles) >= 0


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 59)), min_size=1, max_size=40),
    st.lists(st.floats(0, 9), min_size=4, max_size=4),
    st.lists(st.floats(-1, 1), min_size=6, max_size=6),
)
def test_evidence_of_words_is_a_share(
    found: list[tuple[int, int, int]], rarities: list[float], likeness: list[float]
) -> None:
    ordered = sorted(found, key=lambda match: (match[1], match[2]))
    judged = judge(matches(ordered, [0, 0, 1, 1, 2, 2], rarities, likeness))
    assert judged.evidence.shape == (3, len(EVIDENCE))
    assert np.isfinite(judged.evidence).all()
    assert (judged.evidence[:, :6] >= 0).all()
    assert (judged.evidence[:, :6] <= 1 + 1e-9).all()


def test_weights_follow_what_was_right() -> None:
    chance = np.random.default_rng(3)
    examples = []
    for _ in range(60):
        rows = chance.random((8, len(EVIDENCE)))
        examples.append((rows, int(rows[:, 2].argmax())))
    weights = learn(examples)
    assert weights.argmax() == 2
    assert (weights >= 0).all()


def test_an_article_in_another_language_is_weighed_apart() -> None:
    weights = RankWeights.of({"same": [1.0] * len(EVIDENCE), "across": [2.0] * len(EVIDENCE)})
    rows = np.ones((2, len(EVIDENCE)))
    same, across = scores(rows, np.array([True, False]), weights)
    assert across == pytest.approx(2 * same)
    assert RankWeights.of(weights.values()).values() == weights.values()


@given(st.lists(st.floats(-500, 500), min_size=1, max_size=30))
def test_shares_add_to_one(values: list[float]) -> None:
    assert softmax(np.array(values)).sum() == pytest.approx(1)
