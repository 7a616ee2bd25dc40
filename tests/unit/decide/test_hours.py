"""Hours: the clock on the wall, on every night of the year, in every zone that changes its clocks."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trato.decide.hours import (
    Calendar,
    Span,
    Spell,
    add_open_time,
    is_open,
    next_closing,
    next_opening,
    open_time_between,
    openings,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def clock(said: str) -> int:
    hour, minute = said.split(":")
    return int(hour) * 60 + int(minute)


def span(start: str, end: str) -> Span:
    begins, ends = clock(start), clock(end)
    return Span(begins, ends if ends > begins else ends + 24 * 60)


def every_day(zone: str, *spans: tuple[str, str]) -> Calendar:
    return Calendar(ZoneInfo(zone), {day: [span(*one) for one in spans] for day in range(7)})


def local(zone: str, said: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


OFFICE = every_day("America/Bogota", ("09:00", "12:30"), ("14:00", "18:00"))


def test_a_working_day():

    def at(said: str) -> datetime:
        return local("America/Bogota", f"2026-03-02T{said}")

    assert not is_open(OFFICE, at("08:59"))
    assert is_open(OFFICE, at("09:00"))
    assert not is_open(OFFICE, at("12:30"))
    assert next_opening(OFFICE, at("12:30")) == at("14:00")
    assert next_opening(OFFICE, at("15:00")) == at("15:00")
    assert next_closing(OFFICE, at("15:00")) == at("18:00")
    assert next_closing(OFFICE, at("08:00")) == at("12:30")
    assert open_time_between(OFFICE, at("12:00"), at("15:00")) == 1.5 * HOUR
    assert open_time_between(OFFICE, at("15:00"), at("12:00")) == timedelta()
    assert add_open_time(OFFICE, at("12:00"), HOUR) == at("14:30")
    assert openings(OFFICE, at("10:00"), at("15:00")) == [
        Spell(at("10:00"), at("12:30")),
        Spell(at("14:00"), at("15:00")),
    ]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Madrid", "2026-03-29", 23),
        ("Europe/Madrid", "2026-10-25", 25),
        ("America/Santiago", "2026-09-06", 23),  # the clocks jump at midnight itself: 00:00 never comes
        ("America/Santiago", "2026-04-04", 25),  # and here 23:00 comes twice
        ("America/Sao_Paulo", "2018-11-04", 23),  # midnight never came
        ("America/Sao_Paulo", "2019-02-16", 25),
        ("America/Sao_Paulo", "2026-11-04", 24),  # no change any more
        ("America/Bogota", "2026-03-29", 24),
        ("America/St_Johns", "2006-10-28", 24 + 59 / 60),  # back at 00:01, over midnight
        ("Asia/Amman", "2021-10-29", 25),
        ("Asia/Beirut", "2022-03-27", 23),
        ("Asia/Tehran", "2022-03-22", 23),
        ("Asia/Kolkata", "2026-03-29", 24),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),  # half an hour
        ("Pacific/Apia", "2011-12-30", 0),  # a date that never was
    ],
)
def test_a_place_that_never_closes_is_open_as_long_as_the_day_is(zone: str, day: str, hours: float):
    calendar = every_day(zone, ("00:00", "24:00"))
    found = date.fromisoformat(day)
    only = Calendar(calendar.zone, {}, {found: [Span(0, 24 * 60)]})
    noon = datetime(found.year, found.month, found.day, 12, tzinfo=UTC)
    assert open_time_between(only, noon - 48 * HOUR, noon + 48 * HOUR) == hours * HOUR
    assert open_time_between(calendar, noon - 48 * HOUR, noon + 48 * HOUR) == 96 * HOUR
    assert next_closing(calendar, noon) is None


@pytest.mark.parametrize(
    ("zone", "spans", "day", "opens"),
    [
        # clocks jump from 2 to 3: a span inside the gap is empty, one across it is an hour shorter
        ("Europe/Madrid", ("02:15", "02:45"), "2026-03-29", []),
        ("Europe/Madrid", ("01:00", "02:30"), "2026-03-29", [("01:00", "03:00", 1.0)]),
        ("Europe/Madrid", ("02:30", "04:00"), "2026-03-29", [("03:00", "04:00", 1.0)]),
        ("Europe/Madrid", ("01:00", "04:00"), "2026-03-29", [("01:00", "04:00", 2.0)]),
        # and back from 3 to 2: what stands on the wall twice is open twice
        ("Europe/Madrid", ("01:00", "04:00"), "2026-10-25", [("01:00", "04:00", 4.0)]),
        (
            "Europe/Madrid",
            ("02:15", "02:45"),
            "2026-10-25",
            [("02:15", "02:45", 0.5), ("02:15+", "02:45+", 0.5)],
        ),
        ("Europe/Madrid", ("02:00", "03:00"), "2026-10-25", [("02:00", "03:00", 2.0)]),
        (
            "Europe/Madrid",
            ("01:30", "02:30"),
            "2026-10-25",
            [("01:30", "02:30", 1.0), ("02:00+", "02:30+", 0.5)],
        ),
        (
            "America/Santiago",
            ("23:30", "24:00"),
            "2026-04-04",
            [("23:30", "23:00+", 0.5), ("23:30+", "24:00", 0.5)],
        ),
        ("America/Sao_Paulo", ("00:00", "00:30"), "2018-11-04", []),
        ("America/Sao_Paulo", ("00:30", "02:00"), "2018-11-04", [("01:00", "02:00", 1.0)]),
    ],
)
def test_nights_on_which_clocks_are_changed(zone, spans, day, opens):
    found = date.fromisoformat(day)
    calendar = Calendar(ZoneInfo(zone), {}, {found: [span(*spans)]})
    noon = datetime(found.year, found.month, found.day, 12, tzinfo=UTC)

    def at(said: str) -> datetime:
        fold = said.endswith("+")
        said = said.rstrip("+")
        if said == "24:00":
            return local(zone, f"{found + timedelta(days=1)}T00:00", fold)
        return local(zone, f"{day}T{said}", fold)

    got = openings(calendar, noon - 48 * HOUR, noon + 48 * HOUR)
    assert got == [Spell(at(start), at(end)) for start, end, _ in opens]
    assert [(s.end - s.start) / HOUR for s in got] == [hours for _, _, hours in opens]


def test_a_night_shift_belongs_to_the_evening_on_which_it_begins():
    zone = "America/Bogota"
    friday_night = Calendar(ZoneInfo(zone), {4: [span("22:00", "06:00")]})
    assert is_open(friday_night, local(zone, "2026-03-07T05:59"))
    assert not is_open(friday_night, local(zone, "2026-03-07T06:00"))
    assert not is_open(friday_night, local(zone, "2026-03-06T05:00"))
    assert next_closing(friday_night, local(zone, "2026-03-06T22:00")) == local(zone, "2026-03-07T06:00")


def test_an_exception_governs_its_whole_date():
    zone = "America/Bogota"
    nights = every_day(zone, ("22:00", "06:00"))
    closed = Calendar(nights.zone, nights.week, {date(2026, 12, 25): []})
    assert next_closing(closed, local(zone, "2026-12-24T23:00")) == local(zone, "2026-12-25T00:00")
    assert next_opening(closed, local(zone, "2026-12-25T00:00")) == local(zone, "2026-12-26T22:00")
    other = Calendar(nights.zone, nights.week, {date(2026, 12, 25): [span("10:00", "02:00")]})
    assert openings(other, local(zone, "2026-12-25T00:00"), local(zone, "2026-12-26T12:00")) == [
        Spell(local(zone, "2026-12-25T10:00"), local(zone, "2026-12-26T02:00"))
    ]


def test_a_closure_cuts_what_would_be_open():
    zone = "America/Bogota"

    def at(said: str) -> datetime:
        return local(zone, f"2026-03-02T{said}")

    shut = Calendar(OFFICE.zone, OFFICE.week, closures=[Spell(at("10:00"), at("11:00"))])
    assert openings(shut, at("00:00"), at("13:00")) == [
        Spell(at("09:00"), at("10:00")),
        Spell(at("11:00"), at("12:30")),
    ]


def test_what_never_opens_is_told():
    now = datetime(2026, 3, 1, tzinfo=UTC)
    never = Calendar(ZoneInfo("Europe/Madrid"))
    assert next_opening(never, now) is None
    assert next_closing(never, now) is None
    assert add_open_time(never, now, MINUTE) is None
    assert add_open_time(never, now, timedelta()) == now
    assert not is_open(never, now)
    assert openings(never, now, now + timedelta(days=14)) == []
    far = Calendar(never.zone, {}, {date(2027, 6, 1): [span("09:00", "18:00")]})
    assert next_opening(far, now) is None


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        is_open(OFFICE, datetime(2026, 3, 1))  # noqa: DTZ001  what is refused


ZONES = (
    "Europe/Madrid",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Bogota",
    "America/St_Johns",
    "Asia/Amman",
    "Asia/Tehran",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Havana",
)
spans = st.builds(
    lambda start, length: Span(start, start + length), st.integers(0, 24 * 60 - 1), st.integers(1, 24 * 60)
)
# Around the nights of the changes, in years in which these zones had them.
instants = st.one_of(
    st.datetimes(datetime(2003, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001  hypothesis wants bare times
    st.datetimes(datetime(2006, 10, 28), datetime(2006, 10, 31)),  # noqa: DTZ001  hypothesis wants bare times
    st.datetimes(datetime(2018, 11, 2), datetime(2018, 11, 6)),  # noqa: DTZ001  hypothesis wants bare times
    st.datetimes(datetime(2011, 12, 28), datetime(2012, 1, 1)),  # noqa: DTZ001  hypothesis wants bare times
    st.datetimes(datetime(2026, 3, 27), datetime(2026, 4, 6)),  # noqa: DTZ001  hypothesis wants bare times
    st.datetimes(datetime(2026, 10, 24), datetime(2026, 10, 27)),  # noqa: DTZ001  hypothesis wants bare times
).map(lambda found: found.replace(tzinfo=UTC, second=0, microsecond=0))


@st.composite
def calendars(draw, near: datetime) -> Calendar:
    day = near.date()
    days = st.integers(-2, 4).map(lambda more: day + timedelta(days=more))
    closures = draw(st.lists(st.tuples(st.integers(-4000, 4000), st.integers(1, 3000)), max_size=2))
    return Calendar(
        ZoneInfo(draw(st.sampled_from(ZONES))),
        draw(st.dictionaries(st.integers(0, 6), st.lists(spans, max_size=3))),
        draw(st.dictionaries(days, st.lists(spans, max_size=2), max_size=2)),
        [Spell(near + start * MINUTE, near + (start + length) * MINUTE) for start, length in closures],
    )


@st.composite
def cases(draw):
    near = draw(instants)
    return draw(calendars(near)), near


def on_the_wall(calendar: Calendar, at: datetime) -> bool:
    """Say whether it is open by looking at the clock on the wall: the slow and plain definition."""
    if any(gap.start <= at < gap.end for gap in calendar.closures):
        return False
    wall = at.astimezone(calendar.zone)
    minutes = wall.hour * 60 + wall.minute + (wall.second + wall.microsecond / 1e6) / 60
    own = calendar.exceptions.get(wall.date())
    if own is not None:
        return any(s.start <= minutes < s.end for s in own)
    day_before = wall.date() - timedelta(days=1)
    before = calendar.exceptions.get(day_before, calendar.week.get(day_before.weekday(), ()))
    today = calendar.week.get(wall.weekday(), ())
    return any(s.start <= minutes < s.end for s in today) or any(
        s.start <= minutes + 24 * 60 < s.end for s in before
    )


@settings(max_examples=300)
@given(cases(), st.lists(st.integers(-3 * 1440, 3 * 1440), max_size=20))
def test_open_is_what_the_clock_on_the_wall_says(case, offsets):
    calendar, near = case
    for offset in offsets:
        at = near + offset * MINUTE
        assert is_open(calendar, at) == on_the_wall(calendar, at)


@settings(max_examples=60)
@given(cases())
def test_open_time_is_the_sum_of_the_open_minutes(case):
    calendar, near = case
    start = near
    open_minutes = sum(on_the_wall(calendar, start + n * MINUTE) for n in range(2 * 1440))
    assert open_time_between(calendar, start, start + 2 * 1440 * MINUTE) == open_minutes * MINUTE


@settings(max_examples=200)
@given(cases(), st.lists(st.integers(0, 20 * 86_400), min_size=3, max_size=3).map(sorted))
def test_open_time_adds_up_and_never_shrinks(case, seconds):
    calendar, near = case
    a, b, c = (near + timedelta(seconds=s) for s in seconds)
    whole = open_time_between(calendar, a, c)
    assert open_time_between(calendar, a, b) + open_time_between(calendar, b, c) == whole
    assert timedelta() <= open_time_between(calendar, a, b) <= whole <= c - a


@settings(max_examples=200)
@given(cases(), st.integers(1, 200 * 3600))
def test_adding_open_time_and_counting_it_agree(case, seconds):
    calendar, near = case
    duration = timedelta(seconds=seconds)
    due = add_open_time(calendar, near, duration)
    if due is None:
        assert open_time_between(calendar, near, near + timedelta(days=398)) < duration
        return
    assert open_time_between(calendar, near, due) == duration
    assert open_time_between(calendar, near, due - timedelta(seconds=1)) < duration  # the first such instant


@settings(max_examples=200)
@given(cases())
def test_what_opens_next_is_open_and_nothing_is_before(case):
    calendar, near = case
    opens = next_opening(calendar, near)
    if opens is None:
        assert open_time_between(calendar, near, near + timedelta(days=398)) == timedelta()
        return
    assert opens >= near
    assert is_open(calendar, opens)
    assert open_time_between(calendar, near, opens) == timedelta()
    closes = next_closing(calendar, near)
    if closes is not None:
        assert not is_open(calendar, closes)
        assert open_time_between(calendar, opens, closes) == closes - opens


@settings(max_examples=100)
@given(cases(), st.integers(1, 30))
def test_openings_are_apart_in_order_and_sum_up(case, days):
    calendar, near = case
    until = near + timedelta(days=days)
    found = openings(calendar, near, until)
    assert all(one.start < one.end for one in found)
    assert all(one.end < other.start for one, other in pairwise(found))
    total = sum((one.end - one.start for one in found), start=timedelta())
    assert total == open_time_between(calendar, near, until)
