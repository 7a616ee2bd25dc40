"""Marked text on each channel: what was typed never becomes more than its marks, whatever it holds."""

import json
import re
from pathlib import Path

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.kit import marks

CASES = json.loads((Path(__file__).parents[2] / "data/marks/cases.json").read_text("utf-8"))
TEXTS = st.text(
    alphabet=st.one_of(st.sampled_from("*_`[]()<>\\\n -1.&:/\"'=! a"), st.characters(codec="utf-8")),
    max_size=200,
)


@pytest.mark.parametrize("case", CASES, ids=[case["source"][:40] for case in CASES])
def test_each_channel_gets_it_as_it_can_show_it(case):
    source = case["source"]
    assert marks.has_marks(source) is case["marks"]
    assert marks.to_html(source) == case["html"]
    assert marks.to_plain(source) == case["plain"]
    assert marks.to_whatsapp(source) == case["whatsapp"]


@given(TEXTS)
def test_no_text_becomes_what_runs_or_loads(source):
    html = marks.to_html(source)
    assert nh3.clean(html, tags=marks.TAGS, attributes={"a": {"href"}, "ol": {"start"}}) == html
    for href in re.findall(r'href="([^"]*)"', html):
        assert re.match(r"https?://|mailto:", href, re.IGNORECASE)


@given(TEXTS)
def test_nothing_that_was_typed_is_lost(source):
    """Letters and numbers come through on every channel, whatever stands around them."""
    letters = [one for one in source if one.isalpha() and one.isascii()]
    written = iter(marks.to_plain(source))
    assert all(one in written for one in letters)


@pytest.mark.parametrize("mark", ["*", "_", "`", "[", "> ", "- ", "**a ", "[a](https://b "])
def test_what_is_hostile_ends(mark):
    marks.to_html(mark * 5_000)


def test_a_channel_without_marks_gets_none():
    assert marks.rendered("**Hoy**", "plain") == ("Hoy", None)
    assert marks.rendered("**Hoy**", "whatsapp") == ("*Hoy*", None)
    assert marks.rendered("**Hoy**", "source") == ("**Hoy**", None)
    assert marks.rendered("**Hoy**", "html") == ("Hoy", "<p><strong>Hoy</strong></p>")
