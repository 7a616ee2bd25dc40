"""Closed days from iCalendar text: the same dates as the library finds, and no text that holds us up."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from trato.decide.holidays import NoCalendar, holidays
from trato.decide.hours import Spell

BOGOTA = ZoneInfo("America/Bogota")


def calendar(*events: str) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
    for number, event in enumerate(events):
        own = event.strip().splitlines()
        lines += ["BEGIN:VEVENT", *([] if "UID" in event else [f"UID:{number}@test"]), *own, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def days(text: str, since: date = date(2026, 1, 1), until: date = date(2027, 1, 1)) -> list[str]:
    return [str(day) for day in sorted(holidays(text, BOGOTA, since, until).days)]


def test_whole_days_are_closed_under_their_name():
    text = calendar(
        "DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261226\nSUMMARY:Navidad\nTRANSP:TRANSPARENT",
        "DTSTART;VALUE=DATE:20260402\nDTEND;VALUE=DATE:20260404\nSUMMARY:Semana Santa",
        "DTSTART;VALUE=DATE:20260501\nSUMMARY:Día del Trabajo",
        "DTSTART;VALUE=DATE:20260720\nSUMMARY:Cancelado\nSTATUS:CANCELLED",
        "DTSTART;VALUE=DATE:20251231\nDTEND;VALUE=DATE:20260102\nSUMMARY:Año Nuevo",
    )
    found = holidays(text, BOGOTA, date(2026, 1, 1), date(2027, 1, 1))
    assert dict(found.days) == {
        date(2026, 1, 1): "Año Nuevo",
        date(2026, 4, 2): "Semana Santa",
        date(2026, 4, 3): "Semana Santa",
        date(2026, 5, 1): "Día del Trabajo",
        date(2026, 12, 25): "Navidad",
    }
    assert not found.closures


def test_times_close_a_stretch():
    text = calendar(
        "DTSTART:20261224T130000\nDTEND:20261225T000000\nSUMMARY:floating",
        "DTSTART;TZID=Europe/Madrid:20260105T100000\nDURATION:PT2H\nSUMMARY:elsewhere\nRRULE:FREQ=WEEKLY;COUNT=2",
        "DTSTART:20260301T100000Z\nDTEND:20260301T120000Z\nSUMMARY:utc",
    )
    found = holidays(text, BOGOTA, date(2026, 1, 1), date(2027, 1, 1))
    assert list(found.closures) == [
        Spell(datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2026, 1, 5, 11, tzinfo=UTC)),
        Spell(datetime(2026, 1, 12, 9, tzinfo=UTC), datetime(2026, 1, 12, 11, tzinfo=UTC)),
        Spell(datetime(2026, 3, 1, 10, tzinfo=UTC), datetime(2026, 3, 1, 12, tzinfo=UTC)),
        Spell(datetime(2026, 12, 24, 18, tzinfo=UTC), datetime(2026, 12, 25, 5, tzinfo=UTC)),
    ]


def test_what_a_rule_leaves_out_adds_and_moves():
    text = calendar(
        "UID:a\nDTSTART;VALUE=DATE:20260105\nRRULE:FREQ=WEEKLY;UNTIL=20260202\nEXDATE;VALUE=DATE:20260112\n"
        "RDATE;VALUE=DATE:20260304\nSUMMARY:lunes",
        "UID:a\nRECURRENCE-ID;VALUE=DATE:20260119\nDTSTART;VALUE=DATE:20260120\nSUMMARY:martes",
    )
    assert days(text) == ["2026-01-05", "2026-01-20", "2026-01-26", "2026-02-02", "2026-03-04"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable"),
        ("<html>not found</html>", "unreadable"),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT", "unreadable"),
        (calendar("SUMMARY:no start"), "event"),
        (calendar("DTSTART;VALUE=DATE:20260105\nDTEND;VALUE=DATE:20260101"), "event"),
        (calendar("DTSTART;VALUE=DATE:20260105\nDTEND;VALUE=DATE:20360101"), "event"),
        (calendar("DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=SECONDLY"), "rule"),
        (calendar("DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1"), "rule"),
        (calendar("DTSTART;VALUE=DATE:10000105\nRRULE:FREQ=DAILY"), "rule"),
        ("x" * 1_000_001, "too-large"),
    ],
)
def test_what_is_no_calendar_is_told(text: str, code: str):
    with pytest.raises(NoCalendar) as caught:
        days(text)
    assert caught.value.code == code


def test_a_rule_that_never_falls_ends():
    never = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    assert days(calendar(f"DTSTART;VALUE=DATE:20200101\n{never}")) == []
    assert days(calendar(f"DTSTART;VALUE=DATE:20200101\n{never};COUNT=3")) == []


WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@st.composite
def rules(draw) -> str:
    frequency = draw(st.sampled_from(("YEARLY", "MONTHLY", "WEEKLY", "DAILY")))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    if draw(st.booleans()):
        months = draw(st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True))
        parts.append("BYMONTH=" + ",".join(map(str, months)))
    signed = st.integers(-31, 31).filter(bool)
    if frequency != "WEEKLY" and draw(st.booleans()):
        parts.append("BYMONTHDAY=" + ",".join(map(str, draw(st.lists(signed, min_size=1, max_size=3)))))
    if draw(st.booleans()):
        weekdays = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True))
        if frequency in ("YEARLY", "MONTHLY") and "BYMONTHDAY" not in ";".join(parts):
            which = draw(st.sampled_from(("", "1", "2", "-1", "4", "-2")))
            weekdays = [which + day for day in weekdays]
        parts.append("BYDAY=" + ",".join(weekdays))
    ending = draw(st.sampled_from(("", "COUNT", "UNTIL")))
    if ending == "COUNT":
        parts.append(f"COUNT={draw(st.integers(1, 30))}")
    if ending == "UNTIL":
        parts.append("UNTIL=" + draw(st.dates(date(2024, 1, 1), date(2028, 1, 1))).strftime("%Y%m%d"))
    if draw(st.booleans()):
        parts.append("WKST=SU")
    return ";".join(parts)


@settings(max_examples=400)
@given(rules(), st.dates(date(2020, 1, 1), date(2027, 1, 1)), st.integers(1, 500))
def test_a_rule_falls_on_the_dates_that_the_library_finds(rule: str, since: date, length: int):
    start = date(2020, 2, 29)
    until = since + timedelta(days=length)
    midnight = datetime(2020, 2, 29)  # noqa: DTZ001  the library compares bare dates
    expected = set()
    for found in rrulestr(rule, dtstart=midnight):
        if found.date() >= until:
            break
        expected.add(str(found.date()))
    assume(len(expected) < 4_000)
    text = calendar(f"DTSTART;VALUE=DATE:20200229\nRRULE:{rule}")
    got = set(days(text, since, until))
    # The first day of an event is a day of it whether or not its rule falls there.
    expected = {day for day in expected if since <= date.fromisoformat(day)}
    assert got - {str(start)} == expected - {str(start)}
