"""Places in texts: filled by what is known, seen when nothing is, and news only when it is new."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.placeholders import PLACES, fill, may_bring_news, news, places, unknown
from trato.decide.spoken import say_date

KNOWN = {"contact.name": "Pedro Gómez", "case.step": "Diagnóstico", "case.promise": "viernes 27 de noviembre"}


def test_what_is_known_is_filled_and_what_is_not_stays_to_be_seen():
    filled = fill("Hola {{contact.name}}: {{ case.step }} para el {{case.owner}}.", KNOWN)
    assert filled.text == "Hola Pedro Gómez: Diagnóstico para el {{case.owner}}."
    assert (filled.used, filled.unfilled) == (["contact.name", "case.step"], ["case.owner"])


def test_what_is_no_place_of_ours_is_left_alone_and_can_be_told():
    text = "{{case.nubmer}} {{ x }} {{a.b}} {{fact.order number}} {{{case.step}}}"
    assert places(text) == ["fact.order number", "case.step"]
    assert unknown(text) == ["case.nubmer", "a.b"]


@pytest.mark.parametrize(
    ("text", "brings"),
    [
        ("Recibimos su mensaje, {{contact.name}}.", False),
        ("Su caso {{case.number}}: {{case.title}}", False),
        ("Ahora: {{case.step}}", True),
        ("Su pedido {{fact.order number}}", True),
        ("Gracias", False),
    ],
)
def test_a_text_that_only_says_that_something_was_received_brings_no_news(text: str, brings):
    assert may_bring_news(text) is brings


def test_news_is_what_was_not_told_and_not_said_by_the_contact():
    filled = fill("{{case.step}}, {{case.promise}}, {{fact.order}}", KNOWN | {"fact.order": "A-17"})
    known = KNOWN | {"fact.order": "A-17"}
    assert news(filled, known, set(), "") == ["case.step", "case.promise", "fact.order"]
    assert news(filled, known, {"fact.order"}, "Estamos en  DIAGNÓSTICO.") == ["case.promise"]
    assert news(filled, known, {"fact.order"}, "diagnóstico el viernes 27\nde noviembre") == []


@given(
    st.text(),
    st.dictionaries(st.sampled_from(sorted(PLACES)), st.text(min_size=1).filter(lambda s: "{" not in s)),
)
def test_filling_twice_is_filling_once(text: str, known: dict[str, str]):
    once = fill(text, known)
    assert set(once.used) | set(once.unfilled) == set(places(text))
    assert fill(once.text, known).text == once.text or any("}" in value for value in known.values())


def test_a_date_is_said_as_people_say_it():
    day = date(2026, 11, 27)
    assert say_date(day, "es") == "viernes 27 de noviembre"
    assert say_date(day, "pt-BR") == "sexta-feira, 27 de novembro"
    assert say_date(day, "en") == "Friday, 27 November"
    assert say_date(day, "de") == "Friday, 27 November"
