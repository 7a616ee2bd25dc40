"""Parts of files as RFC 9110 asks for them: what is cut, what is passed over, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.kit.byte_range import OutsideError, Part, is_known, part_of, still_holds

SIZES = st.integers(1, 10_000)
TAG = '"abc"'


@given(SIZES, st.integers(0, 12_000), st.integers(0, 12_000))
def test_a_range_is_what_it_names_cut_to_the_file(size: int, first: int, length: int) -> None:
    header = f"bytes={first}-{first + length}"
    if first >= size:
        with pytest.raises(OutsideError):
            part_of(header, size)
        return
    part = part_of(header, size)
    assert part is not None
    assert list(range(size))[part.first : part.end] == list(range(size))[first : first + length + 1]
    assert part.of(size) == f"bytes {first}-{min(first + length, size - 1)}/{size}"


@given(SIZES, st.integers(1, 12_000))
def test_the_last_bytes_are_the_last_bytes(size: int, count: int) -> None:
    part = part_of(f"bytes=-{count}", size)
    assert part is not None
    assert (part.end, part.length) == (size, min(count, size))


@given(st.text(max_size=40), st.integers(0, 10_000))
def test_whatever_is_asked_a_part_lies_within_the_file(header: str, size: int) -> None:
    try:
        part = part_of(f"bytes={header}", size)
    except OutsideError:
        return
    assert part is None or 0 <= part.first < part.end <= size


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=1",
        "bytes=5-2",
        "bytes=0-1,3-4",
        "lines=0-1",
        "bytes=a-b",
    ],
)
def test_what_is_not_one_range_of_bytes_is_passed_over(header: str | None) -> None:
    assert part_of(header, 10) is None


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=-0", f"bytes={'9' * 5_000}-"])
def test_a_range_behind_the_end_is_refused(header: str) -> None:
    with pytest.raises(OutsideError):
        part_of(header, 10)


def test_an_open_range_goes_to_the_end() -> None:
    assert part_of("bytes=4-", 10) == Part(4, 10)
    assert part_of(f"BYTES = 4-{'9' * 5_000}", 10) == Part(4, 10)


def test_only_the_very_same_file_is_gone_on_with() -> None:
    assert still_holds(None, TAG)
    assert still_holds(TAG, TAG)
    assert not still_holds('"other"', TAG)
    assert not still_holds(f"W/{TAG}", TAG)
    assert not still_holds("Wed, 21 Oct 2015 07:28:00 GMT", TAG)
    assert is_known(f'"x", W/{TAG}', TAG)
    assert is_known("*", TAG)
    assert not is_known(None, TAG)
