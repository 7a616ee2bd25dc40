"""The way to the owner is open for what is unresolved, and again when their date broke."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.doors import answers_by, may_go

NOW = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("status", "taken", "promised", "open_"),
    [
        ("open", None, None, True),
        ("open", None, NOW + HOUR, True),
        ("waiting", None, NOW - HOUR, True),
        ("open", NOW - HOUR, NOW + HOUR, False),
        ("open", NOW - HOUR, NOW - HOUR / 2, True),
        ("resolved", None, None, False),
        ("closed", None, NOW - HOUR, False),
    ],
)
def test_the_way_is_open(status, taken, promised, open_):
    assert may_go(status, taken_at=taken, promised_at=promised, now=NOW) is open_


@given(st.integers(1, 720))
def test_the_answer_is_promised_within_the_hours(hours):
    due = answers_by(NOW, hours)
    assert NOW < due <= NOW + timedelta(hours=hours)
    assert (due.second, due.microsecond) == (0, 0)
