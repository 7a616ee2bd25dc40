"""Of a picture nothing is kept but what draws it; what is no picture, or a large one, is refused."""

import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.png import SIGNATURE, chunk, header, png

from trato.decide.pictures import MAX_BYTES, NoPicture, TooBig, cleaned

ICON = Path(__file__).parents[3] / "web/public/icon-192.png"


def test_a_picture_stays_as_it_is() -> None:
    assert cleaned(png()) == png()
    assert cleaned(ICON.read_bytes()).startswith(SIGNATURE)


def test_what_does_not_draw_is_left_out() -> None:
    said = [chunk(b"tEXt", b"Author\0Elena Ruiz"), chunk(b"eXIf", b"MM\0*" + b"\0" * 40)]
    assert cleaned(png(4, 3, *said)) == png()
    moving = [chunk(b"acTL", b"\0" * 8), chunk(b"fcTL", b"\0" * 26)]
    assert cleaned(png(4, 3, *moving)) == png()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
        b"GIF89a" + b"\0" * 100,
        SIGNATURE,
        SIGNATURE + chunk(b"IEND", b""),
        SIGNATURE + header(4, 3) + chunk(b"IEND", b""),
        SIGNATURE + header(0, 3) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b""),
        png()[:-1],
        png(4, 3, chunk(b"EVIL", b"what every reader must know")),
        png(lines=b"\0"),
        png(lines=b"\0" * 20_000_000),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NoPicture):
        cleaned(data)


def test_nothing_stays_behind_the_end() -> None:
    assert cleaned(png() + b"<script>alert(1)</script>") == png()


@pytest.mark.parametrize("data", [b"x" * (MAX_BYTES + 1), SIGNATURE + header(1_025, 1)])
def test_what_is_large_is_refused(data: bytes) -> None:
    if len(data) <= MAX_BYTES:
        data += chunk(b"IDAT", zlib.compress(b"\0" * 3_076)) + chunk(b"IEND", b"")
    with pytest.raises(TooBig):
        cleaned(data)


@given(st.data())
def test_a_byte_that_was_changed_never_passes_as_another_picture(data: st.DataObject) -> None:
    whole = png(3, 2)
    at = data.draw(st.integers(0, len(whole) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda one: one != whole[at]))
    changed = whole[:at] + bytes([value]) + whole[at + 1 :]
    with pytest.raises((NoPicture, TooBig)):
        cleaned(changed)


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 2, 4, 8]))
def test_an_interlaced_picture_has_lines_for_each_pass(width: int, height: int, depth: int) -> None:
    passes = (
        (0, 8, 0, 8),
        (4, 8, 0, 8),
        (0, 4, 4, 8),
        (2, 4, 0, 4),
        (0, 2, 2, 4),
        (1, 2, 0, 2),
        (0, 1, 1, 2),
    )
    sides = (
        (len(range(left, width, across)), len(range(top, height, down))) for left, across, top, down in passes
    )
    lines = sum((1 + (wide * depth + 7) // 8) * high for wide, high in sides if wide and high)
    parts = (
        header(width, height, depth=depth, colours=0, interlaced=1),
        chunk(b"IDAT", zlib.compress(b"\0" * lines)),
        chunk(b"IEND", b""),
    )
    data = SIGNATURE + b"".join(parts)
    assert cleaned(data) == data
