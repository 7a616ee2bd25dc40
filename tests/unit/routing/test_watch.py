"""A clock that is set is noticed; one that is only adjusted, or read late, is not."""

from datetime import UTC, datetime, timedelta

from trato.routing.watch import Watch

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_a_clock_that_goes_on_as_the_monotonic_one_does_was_not_set():
    watch = Watch()
    assert not watch.was_set(NOON, 100.0)
    for second in range(1, 1_000):
        drifted = timedelta(seconds=second * 1.0005)  # adjtime slews by 0.05 %
        assert not watch.was_set(NOON + drifted, 100.0 + second)
    assert watch.undisturbed_s(1_100.0) == 1_000.0


def test_a_jump_either_way_is_noticed_once_and_the_count_begins_anew():
    for jump in (timedelta(hours=3), timedelta(hours=-3), timedelta(seconds=-10)):
        watch = Watch()
        watch.was_set(NOON, 0.0)
        assert watch.was_set(NOON + jump + timedelta(seconds=50), 50.0)
        assert not watch.was_set(NOON + jump + timedelta(seconds=51), 51.0)
        assert watch.undisturbed_s(60.0) == 10.0
