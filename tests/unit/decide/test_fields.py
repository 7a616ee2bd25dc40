"""What a field takes is kept as it is meant, and nothing else gets in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.fields import MAX_TEXT, WrongValue, as_tested, normal, said

ANY = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text()))
KINDS = ("text", "number", "date", "choice", "yes_no", "link")


@pytest.mark.parametrize(
    ("kind", "given_value", "kept"),
    [
        ("text", "  Plan \n oro ", "Plan oro"),
        ("text", "   ", None),
        ("number", 12.5, 12.5),
        ("number", 0, 0),
        ("date", "2028-02-29", "2028-02-29"),
        ("choice", "gold", "gold"),
        ("yes_no", False, False),
        ("link", " https://shop.example/88120 ", "https://shop.example/88120"),
    ],
)
def test_what_is_kept(kind: str, given_value: Any, kept: Any) -> None:
    assert normal(kind, given_value, {"gold"}) == kept


@pytest.mark.parametrize(
    ("kind", "given_value"),
    [
        ("text", 3),
        ("number", True),
        ("number", "12"),
        ("number", float("nan")),
        ("number", 1e300),
        ("date", "2026-02-30"),
        ("date", "26/11/2026"),
        ("choice", "silver"),
        ("yes_no", "yes"),
        ("link", "javascript:alert(1)"),
        ("link", "https://user:pass@shop.example"),
        ("link", "https://"),
    ],
)
def test_what_is_not_taken(kind: str, given_value: Any) -> None:
    with pytest.raises(WrongValue):
        normal(kind, given_value, {"gold"})


@given(st.sampled_from(KINDS), ANY)
def test_what_is_kept_is_kept_again(kind: str, value: Any) -> None:
    try:
        kept = normal(kind, value, {"gold"})
    except WrongValue:
        return
    assert normal(kind, kept, {"gold"}) == kept
    assert kept is None or len(str(kept)) <= max(MAX_TEXT, 2_000)


def test_how_it_is_said_and_tested() -> None:
    choices = [{"key": "gold", "labels": {"es": "Oro", "pt": "Ouro"}}]
    assert said("choice", "gold", choices, "pt-BR") == "Ouro"
    assert said("choice", "gold", choices, "en") == "Oro"
    assert said("choice", "gone", choices, "en") == "gone"
    assert said("number", 12.50, (), "es") == "12.5"
    assert (as_tested(True), as_tested(3), as_tested(None), as_tested("gold")) == ("yes", "3", None, "gold")
