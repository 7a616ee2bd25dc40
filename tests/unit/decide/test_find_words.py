"""What a text is found by, and what somebody looks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.find_words import question, read, telephone, words_of


def serves(typed: str, text: str) -> bool:
    """Say whether a text has one of each group, as the index is asked."""
    words = words_of(text)
    asked = question(typed)
    return bool(asked.groups) and all(
        group.words & words or any(word.startswith(group.begins) for word in words if group.begins)
        for group in asked.groups
    )


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("garantia", "La GARANTÍA de la heladera"),
        ("garan", "La garantía de la heladera"),
        ("heladeras", "Mi heladera no enfría"),
        ("pedido ", "Los pedidos de ayer"),
        ("ação", "Uma acao judicial"),
        ("3322", "Es por el reclamo 3322."),
        ("pedro.gomez@example.org", "Escríbame a Pedro.Gómez@example.org"),
        ("11 5555-1234", "Mi teléfono es (11) 55551234, gracias"),
        ("+54 11 5555 1234", "llame al +54-11-5555-1234"),
        ("保修", "我的冰箱保修期是多久"),
        ("замена", "Нужна ЗАМЕНА двери"),
    ],
)
def test_it_is_found_as_people_type_it(typed: str, text: str) -> None:
    assert serves(typed, text)


@pytest.mark.parametrize(("typed", "text"), [("garantia ", "garantizado"), ("garantia rota", "La garantía")])
def test_it_is_not_found_by_what_is_not_there(typed: str, text: str) -> None:
    assert not serves(typed, text)


@pytest.mark.parametrize(
    "typed",
    ["1155551234", "11 5555-1234", "5555-1234", "+54 9 11 5555 1234", "(011) 5555.1234", "54 9 11 55"],
)
def test_a_telephone_is_found_in_any_spelling(typed: str) -> None:
    (group,) = question(typed).groups if len(question(typed).groups) == 1 else (None,)
    words = telephone("+5491155551234")
    if group is None:  # begun, not yet a long number
        pytest.fail(typed)
    assert group.words & words or any(word.startswith(group.begins) for word in words)


def test_small_words_are_not_looked_for_beside_others() -> None:
    assert [group.typed for group in question("la garantía de mi heladera ").groups] == [
        "garantia",
        "heladera",
    ]
    assert [group.typed for group in question("la ").groups] == ["la"]


@pytest.mark.parametrize("typed", ["", "   ", "¿?", "🙂🙂", "<>", "' -- ;", "%_"])
def test_signs_alone_ask_for_nothing(typed: str) -> None:
    assert not question(typed).groups


def test_the_number_of_a_case_is_known() -> None:
    assert question("caso 3322").number == 3322
    assert question("#3322").number == 3322
    assert question("garantía").number is None
    assert question("3322 4411").number is None or question("3322 4411").number == 33224411


@given(st.text(max_size=400))
def test_whatever_stands_in_a_text_is_found_in_it(text: str) -> None:
    words = words_of(text)
    assert set(read(text)) <= words
    assert all(word and word == word.strip() for word in words)
    assert len(question(text).groups) <= 8


@given(st.text(alphabet="abcñéü 0123456789-", max_size=60))
def test_a_text_is_found_by_itself(text: str) -> None:
    asked = question(text + " ")
    assert not asked.groups or serves(text + " ", text)


@given(st.integers(10**7, 10**14))
def test_a_number_is_found_by_its_end(number: int) -> None:
    digits = str(number)
    words = telephone(digits)
    for typed in (digits, digits[-8:], digits[-7:]):
        (group,) = question(typed).groups
        assert group.words & words
