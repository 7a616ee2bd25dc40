"""In how many parts a text goes out as SMS: at the edges, and whatever it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.segments import Segments, segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments(0, 160, small=True)),
        ("a" * 160, Segments(1, 0, small=True)),
        ("a" * 161, Segments(2, 145, small=True)),
        ("a" * 306, Segments(2, 0, small=True)),
        ("a" * 307, Segments(3, 152, small=True)),
        ("€" * 80, Segments(1, 0, small=True)),
        ("€" * 81, Segments(2, 143, small=True)),  # 76 of them fill a part but for one place
        ("ñ¿¡éà", Segments(1, 155, small=True)),
        ("á", Segments(1, 69, small=False)),  # not in the small alphabet: only à is
        ("á" * 70, Segments(1, 0, small=False)),
        ("á" * 71, Segments(2, 63, small=False)),
        ("😀" * 35, Segments(1, 0, small=False)),
        ("😀" * 36, Segments(2, 61, small=False)),  # 33 in the first: a pair is not parted
    ],
)
def test_the_edges(text, expected):
    assert segments(text) == expected


@given(st.text(max_size=2_000))
def test_it_fits_and_no_part_is_empty(text):
    found = segments(text)
    units = len(text.encode("utf-16-le")) // 2
    each = 153 if found.small else 67
    assert found.left >= 0
    assert found.parts >= units / (160 if found.small else 70) - 1e-9
    assert found.parts <= 1 or (found.parts - 1) * (each // 2) < 2 * units
