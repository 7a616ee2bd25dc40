"""Cases move only along the life cycle."""

from datetime import UTC, datetime, timedelta

import pytest

from trato.decide.lifecycle import CaseStatus, case_transition, closes


@pytest.mark.parametrize("before", list(CaseStatus))
def test_nothing_is_closed_without_having_been_resolved(before):
    assert case_transition(before, CaseStatus.CLOSED) == (before is CaseStatus.RESOLVED)


@pytest.mark.parametrize("before", [s for s in CaseStatus if s is not CaseStatus.OPEN])
def test_every_case_can_be_opened_again(before):
    assert case_transition(before, CaseStatus.OPEN)


def test_silence_closes_after_seven_days_not_before():
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert not closes(at, at + timedelta(days=7) - timedelta(seconds=1))
    assert closes(at, at + timedelta(days=7))
