"""Targets in open time: paused while it is the contact's turn, never shorter than what was promised."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from trato.decide import sla
from trato.decide.hours import DAYS, Calendar, open_time_between
from trato.decide.timetable import calendar_of

ALWAYS = calendar_of(ZoneInfo("America/Bogota"), {day: [("00:00", "24:00")] for day in DAYS})
OFFICE = calendar_of(ZoneInfo("America/Bogota"), {day: [("09:00", "18:00")] for day in DAYS[:5]})
FRIDAY_5PM = datetime(2026, 3, 6, 22, tzinfo=UTC)  # 17:00 in Bogota
HOUR = timedelta(hours=1)


def test_a_weekend_does_not_count():
    clock = sla.start(OFFICE, FRIDAY_5PM, 4 * HOUR, 0.75)
    assert clock.due_at == datetime(2026, 3, 9, 17, tzinfo=UTC)  # Monday 12:00
    assert clock.near_at == datetime(2026, 3, 9, 16, tzinfo=UTC)
    assert sla.state(clock, FRIDAY_5PM + 60 * HOUR) == "ok"
    assert sla.state(clock, datetime(2026, 3, 9, 16, 30, tzinfo=UTC)) == "near"
    assert sla.state(clock, clock.due_at) == "near"
    assert sla.met(clock, clock.due_at)
    assert sla.state(clock, clock.due_at + timedelta(seconds=1)) == "broken"
    assert sla.changes_at(clock, FRIDAY_5PM) == clock.near_at
    assert sla.changes_at(clock, clock.near_at + HOUR / 2) == clock.due_at
    assert sla.changes_at(clock, clock.due_at + HOUR) is None


def test_it_stands_still_while_it_is_the_contacts_turn():
    clock = sla.pause(OFFICE, sla.start(OFFICE, FRIDAY_5PM, 4 * HOUR, 0.75), FRIDAY_5PM + HOUR / 2)
    assert (clock.spent, sla.state(clock, FRIDAY_5PM + 1000 * HOUR)) == (HOUR / 2, "paused")
    monday = datetime(2026, 3, 9, 14, tzinfo=UTC)  # 09:00
    assert sla.resume(OFFICE, clock, monday).due_at == monday + 3.5 * HOUR


def test_what_was_broken_stays_broken():
    clock = sla.pause(ALWAYS, sla.start(ALWAYS, FRIDAY_5PM, HOUR, 0.5), FRIDAY_5PM + 2 * HOUR)
    assert sla.state(clock, FRIDAY_5PM + 2 * HOUR) == "broken"
    again = sla.resume(ALWAYS, clock, FRIDAY_5PM + 5 * HOUR)
    assert sla.state(again, FRIDAY_5PM + 5 * HOUR + timedelta(seconds=1)) == "broken"


def test_a_place_that_never_opens_breaks_nothing():
    clock = sla.start(Calendar(ZoneInfo("America/Bogota")), FRIDAY_5PM, HOUR, 0.5)
    assert (clock.due_at, sla.state(clock, FRIDAY_5PM + 10_000 * HOUR)) == (None, "ok")


ID = [UUID(int=number) for number in range(6)]


def test_the_first_policy_that_holds_is_chosen():
    policies = [
        sla.Policy(ID[0], 3),
        sla.Policy(ID[1], 1, brand_id=ID[4], priority_from=5),
        sla.Policy(ID[2], 2, queue_id=ID[5]),
    ]
    assert sla.choose(policies, sla.Matter(ID[4], None, "webchat", 5)).id == ID[1]  # type: ignore[union-attr]
    assert sla.choose(policies, sla.Matter(ID[4], ID[5], "webchat", 0)).id == ID[2]  # type: ignore[union-attr]
    assert sla.choose(policies, sla.Matter(ID[3], None, "email", 9)).id == ID[0]  # type: ignore[union-attr]
    assert sla.choose(policies[1:], sla.Matter(ID[3], None, "email", 9)) is None


@given(
    st.lists(st.tuples(st.integers(1, 4000), st.integers(0, 4000)), min_size=1, max_size=6),
    st.integers(1, 200),
    st.floats(0.1, 1.0),
)
def test_pauses_never_take_from_the_time_that_was_promised(turns, hours, share):
    clock, at, ran = sla.Clock(hours * HOUR, share), FRIDAY_5PM, timedelta()
    for run_minutes, rest_minutes in turns:
        clock = sla.resume(OFFICE, clock, at)
        until = at + timedelta(minutes=run_minutes)
        ran += open_time_between(OFFICE, at, until)
        assert (sla.state(clock, until) == "broken") == (clock.due_at is not None and until > clock.due_at)
        assert clock.near_at is None or clock.due_at is None or clock.near_at <= clock.due_at
        clock = sla.pause(OFFICE, clock, until)
        assert clock.spent == ran
        at = until + timedelta(minutes=rest_minutes)
    # within rounding of a share of an hour, what is left is what was not used
    due = sla.resume(OFFICE, clock, at).due_at
    assert due is not None
    assert open_time_between(OFFICE, at, due) == max(timedelta(), hours * HOUR - ran)


def test_what_is_closed_before_it_breaks_is_told():
    night = [
        (datetime(2026, 3, 6, 23, tzinfo=UTC), datetime(2026, 3, 9, 14, tzinfo=UTC)),  # the weekend
    ]
    clock = sla.start(OFFICE, FRIDAY_5PM, 4 * HOUR, 0.75)
    assert [(s.start, s.end) for s in sla.closed_before_due(OFFICE, clock)] == night
    assert sla.closed_before_due(ALWAYS, sla.start(ALWAYS, FRIDAY_5PM, 400 * HOUR, 0.75)) == []
    assert sla.closed_before_due(OFFICE, sla.pause(OFFICE, clock, FRIDAY_5PM + HOUR)) == []


@given(
    st.timedeltas(min_value=timedelta(), max_value=timedelta(days=9)),
    st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(hours=60)),
    st.floats(0, 1),
)
def test_what_is_left_without_what_is_closed_is_open_time(begins, within, share):
    clock = sla.start(OFFICE, FRIDAY_5PM + begins, within, 0.75)
    assert clock.running_since is not None
    assert clock.due_at is not None
    now = clock.running_since + share * (clock.due_at - clock.running_since)
    ahead = (max(now, s.start) - s.end for s in sla.closed_before_due(OFFICE, clock) if s.end > now)
    assert clock.due_at - now + sum(ahead, timedelta()) == open_time_between(OFFICE, now, clock.due_at)
