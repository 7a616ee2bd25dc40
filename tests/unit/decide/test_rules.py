"""Conditions of rules: a tree that holds or does not, the same for the same values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.rules import FIELDS, OPERATORS, WITHOUT_VALUE, Guard, WrongCondition, check, holds


def when(field: str, operator: str, value: object = None) -> dict[str, object]:
    found: dict[str, object] = {"field": field, "operator": operator}
    return found if value is None else found | {"value": value}


KNOWN = {
    "message.text": "¿Dónde está  mi GARANTÍA?",
    "conversation.channel": "email",
    "conversation.waiting": True,
    "tags": ["t1"],
    "priority": 3,
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (when("message.text", "contains", "garantia"), True),
        (when("message.text", "contains", "esta mi garantía"), True),
        (when("message.text", "not_contains", "factura"), True),
        (when("conversation.channel", "in", ["webchat", "Email"]), True),
        (when("conversation.channel", "is_not", "email"), False),
        (when("conversation.waiting", "is", True), True),
        (when("conversation.spam", "is", False), False),  # nothing is known of it
        (when("tags", "has", "t1"), True),
        (when("tags", "has_not", "t1"), False),
        (when("priority", "at_least", 3), True),
        (when("priority", "at_most", 2), False),
        (when("case.owner", "is_empty"), True),
        (when("case.owner", "is_not", "x"), True),
        ({"all": []}, True),
        ({"any": []}, False),
        ({"not": {"any": [when("priority", "is", 4), when("priority", "is", 3)]}}, False),
    ],
)
def test_a_condition_holds(condition, expected):
    check(condition)
    assert holds(condition, KNOWN) is expected


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ({}, "form"),
        ({"all": "x"}, "form"),
        ({"all": [], "any": []}, "form"),
        ({"field": "priority"}, "form"),
        (when("case.salary", "is", 1), "field"),
        (when("priority", "contains", "1"), "operator"),
        (when("priority", "is", True), "value"),
        (when("conversation.waiting", "is", "yes"), "value"),
        (when("conversation.channel", "in", []), "value"),
        (when("message.text", "contains", " "), "value"),
        (when("message.text", "is"), "value"),
        ({"not": {"not": {"not": {"not": {"not": {"not": {"all": []}}}}}}}, "too-large"),
        ({"all": [when("priority", "is", 1)] * 61}, "too-large"),
    ],
)
def test_what_cannot_be_is_told(condition, code):
    with pytest.raises(WrongCondition) as caught:
        check(condition)
    assert caught.value.code == code


words = st.text(min_size=1, max_size=8).filter(str.strip)
values_of = {
    "text": words,
    "choice": words,
    "flag": st.booleans(),
    "number": st.integers(-10, 10),
    "set": st.lists(words, max_size=3),
}


@st.composite
def whens(draw) -> dict[str, object]:
    field = draw(st.sampled_from(sorted(FIELDS)))
    operator = draw(st.sampled_from(OPERATORS[FIELDS[field]]))
    if operator in WITHOUT_VALUE:
        return when(field, operator)
    if operator == "in":
        return when(field, operator, draw(st.lists(words, min_size=1, max_size=3)))
    wanted = draw(words if FIELDS[field] == "set" else values_of[FIELDS[field]])
    return {"field": field, "operator": operator, "value": wanted}


known = st.fixed_dictionaries({}, optional={name: values_of[kind] for name, kind in FIELDS.items()})
conditions = st.recursive(
    whens(),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=6,
)


@given(conditions, conditions, known)
def test_the_tree_keeps_the_laws_of_logic(one, other, values):
    first, second = holds(one, values), holds(other, values)
    assert holds({"not": {"not": one}}, values) == first
    assert holds({"all": [one, other]}, values) == (first and second) == holds({"all": [other, one]}, values)
    assert holds({"any": [one, other]}, values) == (first or second)
    assert holds({"not": {"all": [one, other]}}, values) == holds(
        {"any": [{"not": one}, {"not": other}]}, values
    )


OPPOSITES = [("is", "is_not"), ("contains", "not_contains"), ("has", "has_not"), ("is_set", "is_empty")]


@given(whens(), known)
def test_opposite_operators_never_agree(one, values):
    for positive, negative in OPPOSITES:
        if one["operator"] == positive and negative in OPERATORS[FIELDS[one["field"]]]:
            assert holds(one, values) != holds(one | {"operator": negative}, values)


@given(st.integers(1, 10), st.integers(0, 60), st.sampled_from(["contact", "rule:a", "rule:b", "user:a"]))
def test_no_rule_answers_itself_and_no_chain_is_endless(depth, recent, actor):
    refusal = Guard().refusal(rule="a", actor=actor, depth=depth, recent=recent)
    assert (refusal == "own") == (actor == "rule:a")
    if refusal is None:
        assert depth <= 3
        assert recent < 20
