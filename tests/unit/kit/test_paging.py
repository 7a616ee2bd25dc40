"""Cursors say where a list goes on, and nothing else is taken for one."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from trato.kit.errors import Invalid
from trato.kit.paging import decode, encode, moment, number, page, row_id


def test_a_cursor_comes_back_as_it_was() -> None:
    at, who = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC), uuid4()
    assert decode(encode(at, who, "ñ|x"), moment, row_id, str) == (at, who, "ñ|x")
    assert decode(encode(2**62), number) == (2**62,)
    assert decode(None, moment, row_id) == decode("", moment, row_id) == (None, None)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%00",
        "ñ",
        "W10",
        encode("x"),
        encode(-1),
        encode(2**63),
        encode(1, 2),
        encode("1" * 5000),
        "W" * 1200,
        encode("2026-01-01T00:00:00"),
        encode("9" * 30),
    ],
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        decode(cursor, number)
    assert refused.value.field == "cursor"
    with pytest.raises(Invalid):
        decode(cursor, moment, row_id)


def test_the_last_page_leads_nowhere() -> None:
    assert page([1, 2, 3], 2, lambda row: (row,)) == {"items": [1, 2], "next_cursor": encode(2)}
    assert page([1, 2], 2, lambda row: (row,)) == {"items": [1, 2], "next_cursor": None}
    assert page([], 2, lambda row: (row,)) == {"items": [], "next_cursor": None}
