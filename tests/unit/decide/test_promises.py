"""Reminders come a fair time before a date, and a stretch of work that moved nothing is seen as such."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trato.decide.progress import PROGRESS, moved_on
from trato.decide.promises import LEAST_NOTICE, is_broken, remind_at

MOMENTS = st.integers(0, 10**9).map(lambda s: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
SPANS = st.timedeltas(timedelta(), timedelta(days=60))


@given(MOMENTS, SPANS)
def test_a_reminder_comes_between_the_promise_and_its_date(made_at, span):
    due_at = made_at + span
    at = remind_at(made_at, due_at)
    assert made_at <= at <= due_at
    assert not is_broken(due_at, at) or at == due_at


@given(MOMENTS, SPANS.filter(lambda span: span >= LEAST_NOTICE))
def test_there_is_at_least_an_hour_and_at_least_a_tenth(made_at, span):
    left = made_at + span - remind_at(made_at, made_at + span)
    assert left >= LEAST_NOTICE
    assert left >= span / 10 or left == span


def test_ten_days_are_looked_at_one_day_before():
    made_at = datetime(2026, 3, 1, tzinfo=UTC)
    assert remind_at(made_at, made_at + timedelta(days=10)) == made_at + timedelta(days=9)
    assert remind_at(made_at, made_at + timedelta(minutes=20)) == made_at


@given(st.sets(st.sampled_from([*PROGRESS, "owner", "status", "related", "merged"])), st.integers(0, 3))
def test_only_what_brings_the_matter_forward_counts(moves, facts):
    assert moved_on(moves, facts) == (facts > 0 or bool(moves & PROGRESS))
