"""What is looked for beside a conversation: the person's own words, enough of them, and no courtesy."""

from hypothesis import given
from hypothesis import strategies as st

from trato.decide.asked import MAX_CHARACTERS, matter, question

TITLE = "Garantía de la heladera"


def test_what_was_said_last_is_the_question_when_it_says_enough() -> None:
    said = ["Compré la heladera hace ocho meses y dejó de enfriar", "Quiero la factura"]
    assert question(TITLE, said) == said[0]


def test_few_words_are_taken_with_those_before_and_with_the_matter() -> None:
    assert question(TITLE, ["¿Y entonces?", "No enfría"]) == f"{TITLE}. No enfría. ¿Y entonces?"


def test_courtesy_is_no_question() -> None:
    assert question("", ["Hola, buenas tardes", "¡Muchas gracias!", "Bom dia"]) == ""
    assert question(TITLE, ["gracias", "Hola"]) == TITLE


def test_what_the_title_repeats_is_said_once() -> None:
    assert question("No enfría", ["No enfría"]) == "No enfría"


@given(st.text(), st.lists(st.text(), max_size=5))
def test_any_words_give_a_bounded_question_of_what_was_said(title: str, said: list[str]) -> None:
    found = question(title, said)
    assert len(found) <= MAX_CHARACTERS
    assert bool(found) == any(map(matter, [title, *said]))
