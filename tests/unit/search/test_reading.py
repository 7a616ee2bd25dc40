"""What is read of a text and of a question: sentences, words, languages, mends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.shop import PAGES
from tests.support.toy_encoder import ToyEncoder

from trato.search import Search
from trato.search.noise import noisy
from trato.search.sentences import MAX_LENGTH, split
from trato.search.text import stem, words
from trato.search.vocabulary import Vocabulary


def test_a_sentence_ends_where_a_reader_would_say() -> None:
    text = (
        "El Sr. Pérez vive en EE. UU. desde 1990. ¿Qué hace? Vende p. ej. coches.\nLa av. Mayo mide 3.5 km."
    )
    assert [text[start:end] for start, end in split(text)] == [
        "El Sr. Pérez vive en EE. UU. desde 1990.",
        "¿Qué hace?",
        "Vende p. ej. coches.",
        "La av. Mayo mide 3.5 km.",
    ]


@given(st.text(max_size=3_000))
def test_sentences_are_bounded_ordered_and_trimmed(text: str) -> None:
    last = 0
    for start, end in split(text):
        assert last <= start < end <= len(text)
        assert end - start <= MAX_LENGTH
        last = end


@given(st.text(max_size=500), st.sampled_from(["es", "pt", "en", "xx", ""]))
def test_any_word_has_a_stem(text: str, language: str) -> None:
    for word in words(text):
        assert stem(word, language)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("garantías", "garantía", "es"),
        ("devolución", "devoluciones", "es"),
        ("fundó", "fundada", "es"),
        ("entregas", "entrega", "pt"),
        ("refunded", "refunds", "en"),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str, language: str) -> None:
    assert stem(one, language) == stem(other, language)


def test_numbers_are_read_without_the_marks_of_thousands() -> None:
    assert words("El caso 3.322 pesa 2,5 kg y cuesta 1.234.567") == words(
        "el caso 3322 pesa 2.5 kg y cuesta 1234567"
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("garntia", "garantia"),
        ("contrasenna", "contrasena"),
        ("heladrea", "heladera"),
        ("facura", "factura"),
        ("erembolso", "reembolso"),
    ],
)
def test_a_slip_is_mended_from_the_articles_words(typed: str, meant: str) -> None:
    vocabulary = Vocabulary()
    for page in PAGES:
        vocabulary.count(vocabulary.learn(words(f"{page.title} {page.text}"), page.language), 1)
    assert [word for word, _ in vocabulary.repair(typed)][:1] == [meant]


def test_short_words_and_numbers_are_not_mended() -> None:
    vocabulary = Vocabulary()
    vocabulary.learn(["sol", "3322", "casa"], "es")
    assert vocabulary.repair("sal") == []
    assert vocabulary.repair("3323") == []


def test_a_vocabulary_comes_back_as_it_was_kept() -> None:
    vocabulary = Vocabulary()
    vocabulary.count(vocabulary.learn(words("La garantía de las garantías dura años"), "es"), 1)
    again = Vocabulary.of(vocabulary.values())
    assert again.values() == vocabulary.values()
    assert again.repair("garntia") == vocabulary.repair("garntia")
    assert list(again.related("garante")) == list(vocabulary.related("garante"))


@pytest.fixture(scope="module")
def search() -> Search:
    made = Search(encoder=ToyEncoder())
    made.rebuild(PAGES)
    return made


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("como cambio mi contraseña", "es"),
        ("garantia heladera", "es"),
        ("how do I return a product", "en"),
        ("refund", "en"),
        ("como faço para devolver um produto", "pt"),
        ("quanto tempo demora o reembolso?", "pt"),
    ],
)
def test_the_language_of_a_short_question_is_known(search: Search, text: str, language: str) -> None:
    assert search.find(text).language == language


def test_a_question_is_told_as_it_was_understood(search: Search) -> None:
    assert search.find("como cambio la contrasenna").understood == "como cambio la contraseña"
    assert search.find("garantia de la heladrea").understood == "garantía de la heladera"


@given(st.text(max_size=300), st.integers(0, 9))
def test_noise_is_the_same_for_the_same_seed(text: str, seed: int) -> None:
    assert noisy(text, seed) == noisy(text, seed)


def test_noise_takes_accents_signs_and_capitals_and_slips_once_at_least() -> None:
    typed = noisy("¿Cuánto dura la garantía?", 1)
    assert typed == typed.lower()
    assert typed.isascii()
    assert typed != "cuanto dura la garantia"
