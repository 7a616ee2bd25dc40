"""What becomes of a written message at its moment."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trato.decide.scheduling import LONGEST_AHEAD, LONGEST_UNDO_S, AtDue, Planned, at_due, may_plan, undo_s

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
PLANS = st.builds(
    Planned,
    kind=st.sampled_from(["undo", "later"]),
    state=st.sampled_from(["waiting", "held", "sent", "taken_back"]),
    due_at=st.timedeltas(timedelta(days=-3), timedelta(days=3)).map(lambda d: NOW + d),
    even_if_written=st.booleans(),
)


@given(PLANS, st.booleans())
def test_nothing_goes_out_before_its_moment_nor_twice(planned, written):
    goes = at_due(planned, NOW, written_since=written) is AtDue.SEND
    assert not goes or (planned.state == "waiting" and planned.due_at <= NOW)


@given(PLANS)
def test_who_wrote_in_between_is_not_answered_with_what_was_written_before(planned):
    found = at_due(planned, NOW, written_since=True)
    if planned.kind == "later" and not planned.even_if_written:
        assert found is not AtDue.SEND
    else:
        assert found is at_due(planned, NOW, written_since=False)


@given(st.one_of(st.none(), st.integers(-5, 500)), st.integers(0, 30))
def test_the_seconds_to_undo_are_the_accounts_else_the_channels(of_account, of_channel):
    found = undo_s(of_account, of_channel)
    assert 0 <= found <= LONGEST_UNDO_S
    if of_account is None:
        assert found == of_channel


def test_a_plan_lies_ahead_and_within_a_year():
    assert not may_plan(NOW, NOW)
    assert may_plan(NOW + LONGEST_AHEAD, NOW)
    assert not may_plan(NOW + LONGEST_AHEAD + timedelta(seconds=1), NOW)
