"""What is asked about one thing comes together, whatever the order, and stays where it is."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trato.decide import gap_clusters as gaps
from trato.decide.gap_clusters import Cluster, Question

WORDS = ("garantia", "heladera", "cuota", "envio", "factura", "clave", "repuesto", "avion")


def meaning(numbers: list[float]) -> np.ndarray:
    vector = np.array(numbers, np.float32)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


vectors = st.lists(st.floats(-1, 1, width=32), min_size=4, max_size=4).filter(
    lambda numbers: sum(abs(number) for number in numbers) > 0.1
)
questions = st.builds(
    lambda text, language, words, numbers, times: Question(text, language, words, meaning(numbers), times),
    st.text("abcdef", min_size=1, max_size=8),
    st.sampled_from(("es", "en", "pt")),
    st.frozensets(st.sampled_from(WORDS), max_size=4),
    vectors,
    st.integers(1, 50),
)
lists = st.lists(questions, max_size=25, unique_by=lambda one: (one.language, one.text))


def together(places: list[int | None], asked: list[Question]) -> set[frozenset[tuple[str, str]]]:
    found: dict[int | None, set[tuple[str, str]]] = {}
    for place, one in zip(places, asked, strict=True):
        found.setdefault(place, set()).add((one.language, one.text))
    return {frozenset(group) for group in found.values()}


def built(places: list[int | None], asked: list[Question], known: list[Cluster]) -> list[Cluster]:
    clusters = list(known)
    order = sorted(range(len(asked)), key=lambda n: gaps._order(asked[n]))
    for number in order:
        place, one = places[number], asked[number]
        assert place is not None
        if place == len(clusters):
            clusters.append(gaps.begun_by(one))
        else:
            clusters[place] = clusters[place].joined_by(one)
    return clusters


@given(lists)
def test_each_has_one_place_and_no_place_is_skipped(asked: list[Question]) -> None:
    places = gaps.assign([], asked)
    assert len(places) == len(asked)
    assert None not in places
    assert {place for place in places if place is not None} == set(range(len({*places})))


@given(lists, st.randoms(use_true_random=False))
def test_the_order_in_which_they_come_changes_nothing(asked: list[Question], random) -> None:
    mixed = list(asked)
    random.shuffle(mixed)
    assert together(gaps.assign([], asked), asked) == together(gaps.assign([], mixed), mixed)


@given(lists, st.integers(0, 5))
def test_there_are_never_more_than_allowed(asked: list[Question], most: int) -> None:
    places = gaps.assign([], asked, most)
    assert len({place for place in places if place is not None}) <= most


@given(lists, lists)
def test_what_is_known_keeps_its_place(first: list[Question], second: list[Question]) -> None:
    known = built(gaps.assign([], first), first, [])
    places = gaps.assign(known, second)
    after = built(places, second, known)
    assert len(after) >= len(known)
    assert sum(cluster.size for cluster in after) == len(first) + len(second)
    for before, now in zip(known, after, strict=False):
        assert now.size >= before.size
        assert now.languages >= before.languages


@given(questions)
def test_the_same_words_in_one_language_come_together(one: Question) -> None:
    other = Question("x" + one.text, one.language, one.words, one.meaning, 1)
    assert len({*gaps.assign([], [one, other])}) == 1


@given(lists)
def test_merging_loses_nothing_and_pairs_share_nobody(asked: list[Question]) -> None:
    clusters = built(gaps.assign([], asked), asked, [])
    pairs = gaps.one_matter(clusters)
    named = [place for pair in pairs for place in pair]
    assert len(named) == len({*named})
    for kept, gone in pairs:
        assert clusters[kept].size >= clusters[gone].size
        merged = clusters[kept].merged_with(clusters[gone])
        assert merged.size == clusters[kept].size + clusters[gone].size
        assert sum(merged.words.values()) == sum(clusters[kept].words.values()) + sum(
            clusters[gone].words.values()
        )


def test_words_decide_where_meaning_is_near_and_languages_meet_by_meaning_alone() -> None:
    one = Question("garantia", "es", frozenset({"garanti"}), meaning([1, 0, 0, 0]), 9)
    near = Question("la garantia", "es", frozenset({"garanti"}), meaning([0.3, 1, 0, 0]))
    across = Question("warranty", "en", frozenset({"warranti"}), meaning([1, 1, 0, 0]))
    far = Question("frete", "pt", frozenset({"fret"}), meaning([0.2, -1, 1, 0]))
    assert gaps.assign([], [one, near]) == [0, 0]
    assert gaps.assign([], [one, across]) == [0, 0]
    assert gaps.assign([], [one, far]) == [0, 1]
