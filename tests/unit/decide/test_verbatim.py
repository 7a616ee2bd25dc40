"""What counts as the same text to many: no greeting, accent or name makes another; short ones never."""

import string

from hypothesis import assume, given
from hypothesis import strategies as st

from trato.decide.verbatim import MIN_LETTERS, MIN_WORDS, PEOPLE, is_told, same_words
from trato.kit.text import without_accents

WORDS = st.text(string.ascii_lowercase + "áéíóúñçãõ", min_size=4, max_size=12)
TEXTS = st.lists(WORDS, min_size=14, max_size=40)
NAMES = st.lists(st.text(string.ascii_lowercase, min_size=3, max_size=9), min_size=1, max_size=3)
BLANKS = st.sampled_from([" ", "  ", "\n", "\n\n", "\t", ", ", " - ", " **", "… "])


@given(TEXTS, st.lists(BLANKS, min_size=50, max_size=50), st.booleans())
def test_blanks_marks_capitals_and_accents_make_no_other_text(words, blanks, bare):
    plain = " ".join(words)
    written = "".join(f"{word}{blank}" for word, blank in zip(words, blanks, strict=False)).upper()
    assert same_words(without_accents(written) if bare else written) == same_words(plain)


@given(TEXTS, NAMES, NAMES, st.integers(0, 13))
def test_the_name_of_who_is_written_to_makes_no_other_text(words, one, other, place):
    assume(not {*one, *other} & {without_accents(word) for word in words})
    texts = [" ".join([*words[:place], *name, *words[place:]]) for name in (one, other)]
    assert same_words(texts[0], [" ".join(one)]) == same_words(texts[1], [" ".join(other)])


@given(TEXTS, st.integers(100, 99_999), st.integers(100, 99_999))
def test_another_number_makes_another_text(words, one, other):
    assume(one != other)
    texts = [" ".join([*words, "caso", str(number)]) for number in (one, other)]
    assert texts[0] != texts[1]
    assert same_words(texts[0]) != same_words(texts[1])


@given(st.lists(WORDS, max_size=MIN_WORDS - 1))
def test_what_is_short_never_counts(words):
    assert same_words(" ".join(words)) is None


@given(st.text(max_size=400))
def test_whatever_is_written_is_read_and_what_counts_has_words_enough(text):
    found = same_words(text)
    if found is not None:
        assert len(found.split(" ")) >= MIN_WORDS
        assert len(found.replace(" ", "")) >= MIN_LETTERS
        assert same_words(found) == found


def test_greetings_and_courtesies_do_not_count():
    for said in (
        "Hola, muy buenos días. ¿En qué le puedo ayudar?",
        "Muchas gracias por escribirnos, saludos cordiales y que tenga muy buenas tardes, estimada señora.",
        "Hello, good morning, thank you very much, kind regards, dear madam, best regards",
        "Olá, bom dia, muito obrigada pela mensagem, atenciosamente, cordialmente, abraços",
    ):
        assert same_words(said, ["Ana"]) is None


def test_it_is_said_before_the_third_person():
    assert [is_told(others) for others in range(4)] == [False, False, True, True]
    assert PEOPLE == 3
