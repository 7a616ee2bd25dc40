"""A snippet shows the words where they stand."""

from hypothesis import given
from hypothesis import strategies as st

from trato.decide.snippets import WIDTH, Part, snippet


def shown(text: str, words: set[str], begins: tuple[str, ...] = ()) -> str:
    return "".join(f"[{part.text}]" if part.marked else part.text for part in snippet(text, words, begins))


def test_words_are_marked_as_they_are_written() -> None:
    assert shown("La  GARANTÍA de\nla heladera", {"garantia"}) == "La [GARANTÍA] de la heladera"
    assert shown("La garantía", set(), ("gara",)) == "La [garantía]"
    assert shown("al (11) 5555-1234 hoy", {"#1155551234"}) == "al [(11) 5555-1234] hoy"


def test_a_long_text_is_cut_at_words_around_the_first() -> None:
    found = shown("uno dos tres " * 40 + "heladera rota " + "cuatro cinco " * 40, {"heladera"})
    assert found.startswith("…")
    assert found.endswith("…")
    assert "[heladera] rota" in found
    assert len(found) <= WIDTH + 4


def test_html_stays_text() -> None:
    assert snippet("<b>ya</b>", {"ya"}, ()) == [Part("<b>"), Part("ya", marked=True), Part("</b>")]


@given(st.text(max_size=600), st.sets(st.text(min_size=1, max_size=5), max_size=3))
def test_the_parts_are_a_stretch_of_the_text(text: str, words: set[str]) -> None:
    parts = snippet(text, words, tuple(words))
    whole = "".join(part.text for part in parts)
    assert whole.strip("…") in " ".join(text.split()) or "…" in text
    assert len(whole) <= WIDTH + 2
