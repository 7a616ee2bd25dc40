"""Hours as people write them."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from trato.decide.hours import Span
from trato.decide.timetable import Fault, calendar_of, first_fault


@pytest.mark.parametrize(
    ("week", "fault"),
    [
        ({}, None),
        ({"mon": [("09:00", "12:00"), ("12:00", "24:00")], "tue": [("00:00", "24:00")]}, None),
        ({"mon": [("22:00", "06:00")], "tue": [("06:00", "09:00")]}, None),
        ({"mon": [("9:00", "12:00")]}, Fault("clock", "mon", "9:00-12:00")),
        ({"mon": [("24:00", "12:00")]}, Fault("clock", "mon", "24:00-12:00")),
        ({"sun": [("09:00", "24:30")]}, Fault("clock", "sun", "09:00-24:30")),
        ({"sun": [("09:00", "09:00")]}, Fault("empty", "sun", "09:00-09:00")),
        (
            {"mon": [("12:00", "18:00"), ("09:00", "12:30")]},
            Fault("overlap", "mon", "12:00-18:00", "09:00-12:30"),
        ),
        (
            {"sun": [("22:00", "06:00")], "mon": [("05:30", "09:00")]},
            Fault("overlap", "mon", "05:30-09:00", "22:00-06:00"),
        ),
        (
            {"mon": [("22:00", "06:00"), ("23:00", "23:30")]},
            Fault("overlap", "mon", "23:00-23:30", "22:00-06:00"),
        ),
    ],
)
def test_what_is_wrong_with_hours_is_named(week, fault):
    assert first_fault(week) == fault


def test_an_exception_is_judged_like_a_day():
    wrong = {date(2026, 12, 24): [("09:00", "13:00"), ("12:00", "14:00")]}
    assert first_fault({}, wrong) == Fault("overlap", "2026-12-24", "12:00-14:00", "09:00-13:00")
    assert first_fault({}, {date(2026, 12, 25): []}) is None


def test_written_hours_become_a_calendar():
    calendar = calendar_of(
        ZoneInfo("America/Bogota"), {"sat": [("22:00", "02:00")]}, {date(2026, 12, 24): [("09:00", "24:00")]}
    )
    assert calendar.week == {5: [Span(22 * 60, 26 * 60)]}
    assert calendar.exceptions == {date(2026, 12, 24): [Span(9 * 60, 24 * 60)]}
