"""What is shown when, in which words, and by which way somebody is told."""

import string
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.incident_match import About, match, stem
from trato.decide.incidents import AHEAD, Way, choose_way, is_announced, phase, text_in

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
STATES = st.sampled_from(["suspected", "open", "resolved", "dismissed"])
SMALL = frozenset({"con", "los", "las", "que", "no", "me", "mi", "la", "el", "de"})
PAYMENTS = About(
    ["Los pagos con tarjeta fallan"],
    ["Al pagar aparece un rechazo del banco"],
    ["error 31", "no puedo pagar"],
)


@given(STATES, st.none() | st.timedeltas(timedelta(days=-30), timedelta(days=30)))
def test_only_what_goes_on_or_comes_soon_is_announced(state, ahead) -> None:
    starts_at = None if ahead is None else NOW + ahead
    where = phase(state, starts_at, NOW)
    if is_announced(state, starts_at, NOW):
        assert where in {"ongoing", "planned"}
        assert starts_at is None or starts_at - NOW <= AHEAD
    else:
        assert where != "ongoing"


@given(
    st.dictionaries(st.sampled_from(["es", "en", "pt"]), st.text()),
    st.sampled_from(["es-AR", "pt", "", None]),
)
def test_a_text_is_one_that_was_written(texts, language) -> None:
    found = text_in(texts, language, "en")
    assert found in {*texts.values(), ""}
    assert bool(found) == any(texts.values())


CHANNELS = st.sampled_from(["email", "webchat", "sms"])
WAYS = st.lists(
    st.builds(
        Way,
        channel=CHANNELS,
        account_id=st.integers(1, 3).map(lambda n: UUID(int=n)),
        conversation_id=st.none() | st.integers(1, 9).map(lambda n: UUID(int=n)),
        touched=st.booleans(),
        last_at=st.none() | st.integers(0, 99).map(lambda n: NOW - timedelta(hours=n)),
    ),
    max_size=6,
)


@given(WAYS, st.none() | CHANNELS, st.none() | CHANNELS, st.randoms())
def test_they_are_told_where_they_chose_else_where_they_prefer_else_where_it_came_up(
    ways, chosen, preferred, chance
) -> None:
    way = choose_way(ways, chosen=chosen, preferred=preferred)
    assert (way is None) == (not ways)
    if way is None:
        return
    channels = {one.channel for one in ways}
    wanted = next((one for one in (chosen, preferred) if one in channels), None)
    if wanted is not None:
        assert way.channel == wanted
    elif any(one.touched for one in ways):
        assert way.touched
    chance.shuffle(ways)
    assert choose_way(ways, chosen=chosen, preferred=preferred) == way


@pytest.mark.parametrize(
    "said",
    [
        "La tarjeta no pasa al pagar",
        "no me toma el PAGO con la TARJÉTA!!",
        "quise pagar y el banco me lo rechazó",
        "Error 31",
        "Hola, no puedo pagar",
        "fallan las tarjetas",
    ],
)
def test_what_is_about_it_is_found(said) -> None:
    assert match(PAYMENTS, said, SMALL) is not None


@pytest.mark.parametrize(
    "said",
    [
        "",
        "¿A qué hora abren?",
        "Perdí mi tarjeta de socio",  # one word is not enough
        "quiero pagar menos de envío",
        "contrato de seguro",
        "error",
        "😀😀😀",
        "<script>alert(1)</script>",
    ],
)
def test_what_is_about_something_else_is_not(said) -> None:
    assert match(PAYMENTS, said, SMALL) is None


WORDS = st.lists(
    st.sampled_from(["pago", "tarjeta", "banco", "rechazo", "hola", "mesa", "azul", "fallan", "error", "31"]),
    max_size=8,
)


@given(WORDS, st.text(string.ascii_letters + " ,.", max_size=30))
def test_a_text_that_goes_on_never_matches_less(words, more) -> None:
    said = " ".join(words)
    if match(PAYMENTS, said, SMALL) is not None:
        assert match(PAYMENTS, f"{said} {more}", SMALL) is not None


@given(WORDS, st.randoms())
def test_capitals_and_accents_do_not_matter(words, chance) -> None:
    said = " ".join(words)
    odd = "".join(
        {"a": "á", "e": "é", "o": "ó"}.get(letter, letter) if chance.random() < 0.5 else letter.upper()
        for letter in said
    )
    plain, strange = match(PAYMENTS, said, SMALL), match(PAYMENTS, odd, SMALL)
    assert (plain is None) == (strange is None)
    if plain and strange:
        assert len(plain.words) == len(strange.words)
        assert set(plain.words) <= set(words)
        assert set(strange.words) <= set(odd.split())


@given(st.text(max_size=200))
def test_whatever_is_said_the_reason_is_words_of_it(said) -> None:
    found = match(PAYMENTS, said, SMALL)
    if found is not None:
        assert found.words


@given(st.text(string.ascii_lowercase, min_size=3, max_size=14))
def test_a_stem_begins_its_word_and_keeps_something(word) -> None:
    assert word.startswith(stem(word))
    assert len(stem(word)) >= 3 or len(word) <= 3


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_is_about_an_incident_without_words(said, more) -> None:
    assert match(About([], [], []), said + more, SMALL) is None
    assert match(About(["los de la"], [], ["", "   "]), said + more, SMALL) is None
