"""Whatever is told of help, only help in the days before an order is credited with it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trato.decide.helped import CLOCKS_APART, KINDS, credited

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
WINDOW = timedelta(days=7)
instants = st.datetimes(datetime(2026, 10, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 Hypothesis adds the zone


@given(st.dictionaries(st.sampled_from(KINDS), st.none() | instants))
def test_help_counts_within_the_window_before_the_order(helped) -> None:
    found = credited(NOW, helped, WINDOW)
    assert list(found) == [kind for kind in KINDS if kind in found]
    for kind in KINDS:
        at = helped.get(kind)
        within = at is not None and NOW - WINDOW <= at <= NOW + CLOCKS_APART
        assert (kind in found) == within
