"""What is said of a wait: honest with few data, right with many."""

import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trato.decide.waits import LADDER_MIN, Error, Estimate, Service, Told, error, expected, told

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
ORDER = ["moment", "under", "about", "between", "today", "later"]

services = st.builds(
    Service,
    releases=st.integers(0, 5_000),
    served_s=st.floats(0, 1e6),
    handled=st.integers(0, 5_000),
    handled_s=st.floats(0, 1e7),
    agents=st.integers(1, 1_000),
    slots=st.integers(1, 4_000),
    free=st.integers(0, 50),
)
aheads = st.integers(0, 100_000)


@given(services, aheads, aheads)
def test_who_stands_further_back_is_never_told_less(service: Service, one: int, other: int) -> None:
    near, far = (expected(service, ahead) for ahead in sorted((one, other)))
    assert near is not None
    assert far is not None
    assert near.wait_s <= far.wait_s
    assert near.low_s <= far.low_s
    assert near.high_s <= far.high_s


@given(services, aheads)
def test_a_wait_is_never_negative_and_lies_in_its_range(service: Service, ahead: int) -> None:
    found = expected(service, ahead)
    assert found is not None
    assert 0 <= found.low_s <= found.wait_s <= found.high_s
    assert math.isfinite(found.high_s)


@given(services, aheads)
def test_without_anybody_there_is_no_figure_but_a_sentence(service: Service, ahead: int) -> None:
    empty = Service(service.releases, service.served_s, service.handled, service.handled_s)
    assert expected(empty, ahead) is None
    assert told(None, NOW) == Told("nobody")
    opens = NOW + timedelta(hours=17)
    assert told(None, NOW, is_open=False, opens_at=opens) == Told("closed", opens_at=opens)


@given(services, aheads)
def test_what_is_said_comes_from_the_ladder_and_holds_the_estimate(service: Service, ahead: int) -> None:
    found = expected(service, ahead)
    assert found is not None
    said = told(found, NOW)
    assert said.code in ORDER
    for minutes in (said.low_min, said.high_min):
        assert minutes is None or minutes in LADDER_MIN
    if said.code == "between":
        assert said.low_min is not None
        assert said.high_min is not None
        assert said.low_min < said.high_min
        assert said.low_min * 60 <= found.low_s
        assert found.high_s <= said.high_min * 60


@given(services, aheads, aheads)
def test_what_is_said_grows_with_the_line(service: Service, one: int, other: int) -> None:
    near, far = (expected(service, ahead) for ahead in sorted((one, other)))
    assert near is not None
    assert far is not None
    first, then = told(near, NOW), told(far, NOW)
    if first.high_min is not None and then.high_min is not None and "about" not in (first.code, then.code):
        assert first.high_min <= then.high_min
    assert (first.code in ORDER[4:]) <= (then.code in ORDER[4:])


def test_a_free_place_is_a_moment() -> None:
    found = expected(Service(agents=2, slots=8, free=3), 2)
    assert found is not None
    assert told(found, NOW) == Told("moment", high_min=1)


def test_without_data_the_people_who_are_here_are_the_measure() -> None:
    few = expected(Service(agents=1, slots=1), 3)
    many = expected(Service(agents=8, slots=8), 3)
    assert few is not None
    assert many is not None
    assert few.wait_s > 4 * many.wait_s


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        (Estimate(300, 250, 330), Told("about", 5, 5)),
        (Estimate(700, 620, 890), Told("about", 10, 10)),
        (Estimate(700, 610, 1100), Told("between", 10, 20)),
        (Estimate(100, 20, 170), Told("under", None, 3)),
        (Estimate(480, 100, 2300), Told("under", None, 45)),
        (Estimate(4000, 2800, 6600), Told("between", 45, 120)),
        (Estimate(9000, 6000, 14_000), Told("today")),
        (Estimate(90_000, 60_000, 140_000), Told("later")),
    ],
)
def test_the_words(estimate: Estimate, said: Told) -> None:
    assert told(estimate, NOW) == said


def test_what_will_not_be_today_is_not_called_today() -> None:
    long = Estimate(9000, 6000, 14_000)
    assert told(long, NOW, closes_at=NOW + timedelta(hours=1)) == Told("later")
    assert told(long, NOW, closes_at=NOW + timedelta(hours=5)) == Told("today")


def test_the_error_is_measured() -> None:
    pairs = [(Estimate(100, 50, 200), 150.0), (Estimate(100, 50, 200), 250.0), (Estimate(100, 90, 200), 80.0)]
    found = error(pairs)
    assert found is not None
    assert found.n == 3
    assert found.within == pytest.approx(1 / 3)
    assert found.mean_absolute_s == pytest.approx(220 / 3)
    assert found.bias_s == pytest.approx(180 / 3)
    assert error([]) is None


def simulated(
    seed: int, *, servers: int, per_s: float, handle_s: float, contacts: int
) -> tuple[Error, float]:
    """A line M/M/c on a known process: each who comes is told an estimate from the last half hour."""
    chance = random.Random(seed)
    at, busy = 0.0, [0.0] * servers
    accepted: list[tuple[float, float]] = []  # (came, taken), in the order of both
    held: list[tuple[float, float]] = []
    pairs = []
    for _ in range(contacts):
        at += chance.expovariate(per_s)
        recent = [one for one in accepted if at - 1800 < one[1] <= at]
        waiting = [one for one in accepted if one[1] > at]
        served_s, reached = 0.0, at - 1800
        for came, taken in [*recent, *((came, at) for came, _ in waiting)]:
            begins = max(came, reached)
            served_s += max(0.0, taken - begins)
            reached = max(reached, taken)
        done = [end - start for start, end in held[-60:] if end <= at]
        service = Service(
            len([one for one in recent if one[1] > one[0]]),
            served_s,
            len(done),
            sum(done),
            servers,
            servers,
            sum(end <= at for end in busy) if not waiting else 0,
        )
        estimate = expected(service, len(waiting))
        assert estimate is not None
        first = min(range(servers), key=busy.__getitem__)
        taken = max(at, busy[first])
        busy[first] = taken + chance.expovariate(1 / handle_s)
        accepted.append((at, taken))
        held.append((taken, busy[first]))
        pairs.append((estimate, taken - at))
    waited = [pair for pair in pairs if pair[1] > 0]  # the others were not kept waiting by a figure
    found = error(waited)
    assert found is not None
    return found, sum(wait for _, wait in waited) / len(waited)


@pytest.mark.parametrize("seed", range(4))
def test_on_a_known_process_the_error_is_bounded(seed: int) -> None:
    """Ten servers at 95 %: the error is below a third of the mean wait, without much drift either way."""
    found, mean_wait_s = simulated(seed, servers=10, per_s=0.95 * 10 / 300, handle_s=300, contacts=4_000)
    assert found.n > 1_500
    assert found.mean_absolute_s < mean_wait_s / 3
    assert abs(found.bias_s) < mean_wait_s / 8
    assert found.within > 0.7
