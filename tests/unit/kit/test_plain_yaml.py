"""Settings come back from a file as they went in, and nothing clever is read."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trato.kit import plain_yaml
from trato.kit.plain_yaml import Unreadable

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff"), max_size=40)
ODD = (
    """no 09:00 18:00 1e3 0x1F ~ 007 1_000 2026-12-24 @x ' " = << null True 1.5 yes &a *a {{case.promise}}"""
)
SPECIAL = [
    "",
    " a ",
    "a: b",
    "# no",
    "- x",
    "two\nlines\n",
    " led\n\n by blanks \n",
    "¿Quién?\nYo.",
    "tab\there",
]
odd = st.sampled_from([*ODD.split(), *SPECIAL, "\u2028", "\x85", "end \n"])
scalars = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | words | odd
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(odd | words.filter(len), inner, max_size=4),
    max_leaves=15,
)


@settings(max_examples=60)
@given(st.dictionaries(st.text("abc_", min_size=1), trees, max_size=4))
def test_what_is_written_is_read(value: dict[str, Any]) -> None:
    text = plain_yaml.write(value)
    assert plain_yaml.read(text).value == value
    assert plain_yaml.write(plain_yaml.read(text).value) == text


def test_words_stay_words_and_each_part_has_its_line() -> None:
    text = "country: no\nhours:\n  mon: [[09:00, 18:00]]\nqueues:\n- name: Uno\n  level: 3\n- name: 'null'\n"
    found = plain_yaml.read(text)
    assert found.value == {
        "country": "no",
        "hours": {"mon": [["09:00", "18:00"]]},
        "queues": [{"name": "Uno", "level": 3}, {"name": "null"}],
    }
    assert [
        found.line(place) for place in [("queues",), ("queues", 0, "level"), ("queues", 1, "name", 4)]
    ] == [
        4,
        6,
        7,
    ]


def test_text_of_several_lines_is_a_block_and_lists_of_words_stand_on_a_line() -> None:
    text = plain_yaml.write({"texts": {"es": "Hola.\nGracias."}, "teams": ["Sur", "Norte"]})
    assert text == "texts:\n  es: |-\n    Hola.\n    Gracias.\nteams: [Sur, Norte]\n"


BOMB = "a: &a [x, x]\n" + "\n".join(
    f"{two}: &{two} [*{one}, *{one}]" for one, two in zip("abcdef", "bcdefg", strict=True)
)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (BOMB, "anchor", 1),
        ("a: 1\nb: *a\n", "anchor", 2),
        ("a: !!python/object:os.system x\n", "tag", 1),
        ("a: 1\nb: 2\na: 3\n", "twice", 3),
        ("a: 1\n---\nb: 2\n", "several", 2),
        ("a: [1\nb: 2\n", "no-yaml", 2),
        ("a: \x07\n", "no-yaml", 1),
        ("a: 1\nb: \ud800\n", "no-yaml", 2),
        ("? [a]\n: b\n", "key", 1),
        ("[" * 10_000, "no-yaml", 1),
        ("{a: " * 10_000, "too-deep", 1),
        ("a:\n" + "- 1\n" * 250_000, "too-large", 0),
        ("x" * 10_000_000, "too-large", 0),
    ],
)
def test_what_no_person_writes_is_not_read(text: str, code: str, line: int) -> None:
    with pytest.raises(Unreadable) as caught:
        plain_yaml.read(text)
    assert (caught.value.code, caught.value.line) == (code, line)


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_whatever_comes_is_read_or_refused(text: str) -> None:
    with suppress(Unreadable):
        plain_yaml.read(text)
