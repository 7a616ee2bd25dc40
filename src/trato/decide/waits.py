"""How long a contact will wait, said as a range that a person understands and never as more than is known.

The rate at which a line moves is how many were taken out of it while somebody stood in it (idle time says
nothing of how fast it can go). Few data are not trusted alone: with them counts what the agents who are here
can be expected to do, as if a few more had been seen. That is a Gamma prior over a Poisson rate; the spread
of the time until the n-th release follows from both, its logarithm having a variance of about 1/n + 1/seen.
"""

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

# What is believed of a line of which nothing was seen yet.
USUAL_HANDLE_S: Final = 480.0
PRIOR_RELEASES: Final = 2.0
PRIOR_HANDLED: Final = 3.0
# From a free place to somebody who answers: the offer is made at once, people take a breath.
ANSWER_S: Final = 15.0
# The told range holds the true wait about four times of five.
SPREAD: Final = 1.28
NARROW: Final = 1.7  # a range no wider than this is said as one figure
WIDE: Final = 6  # of one wider than this only the end is said: its beginning would raise false hopes
A_DAYS_WORK_S: Final = 8 * 3600
LADDER_MIN: Final = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180)

Code = Literal["moment", "under", "about", "between", "today", "later", "closed", "nobody"]


@dataclass(frozen=True, slots=True)
class Service:
    """How a line is served: what was seen of late, and who is here for it now."""

    releases: int = 0  # taken out of the line
    served_s: float = 0.0  # while somebody stood in it and somebody was here for it
    handled: int = 0  # conversations that ended of late
    handled_s: float = 0.0  # for how long agents had them, together
    agents: int = 0  # here, and able to serve it
    slots: int = 0  # how many they take at once, together
    free: int = 0  # of which are empty


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds that somebody will wait: most likely, and the range that holds it four times of five."""

    wait_s: float
    low_s: float
    high_s: float


@dataclass(frozen=True, slots=True)
class Told:
    """What is said to who waits; `low_min` and `high_min` where the code speaks of minutes.

    `closed` says when it opens again (None: nobody knows), `nobody` that no one is here although it is open.
    """

    code: Code
    low_min: int | None = None
    high_min: int | None = None
    opens_at: datetime | None = None


# Who is being offered has somebody before them who only has to say yes.
BEING_OFFERED: Final = Estimate(ANSWER_S, 0.0, 4 * ANSWER_S)


def expected(service: Service, ahead: int) -> Estimate | None:
    """Return how long somebody waits who has `ahead` others before them; None when nobody is here to serve.

    Never negative, and no shorter for who stands further back.
    """
    if service.agents <= 0 or service.slots <= 0:
        return None
    to_go = max(0, ahead) + 1 - max(0, service.free)
    if to_go <= 0:
        return BEING_OFFERED
    seen = PRIOR_RELEASES + max(0, service.releases)
    time_s = PRIOR_RELEASES * _release_s(service) + max(0.0, service.served_s)
    wait_s = to_go * time_s / seen
    spread = math.exp(SPREAD * math.sqrt(1 / to_go + 1 / seen))
    return Estimate(max(ANSWER_S, wait_s), wait_s / spread, max(4 * ANSWER_S, wait_s * spread))


def _release_s(service: Service) -> float:
    """Return how often the agents who are here let one go, by how long they usually take."""
    handle_s = (PRIOR_HANDLED * USUAL_HANDLE_S + max(0.0, service.handled_s)) / (
        PRIOR_HANDLED + max(0, service.handled)
    )
    return handle_s / service.slots


def told(
    estimate: Estimate | None,
    now: datetime,
    *,
    is_open: bool = True,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Told:
    """Say an estimate as people do. `closes_at` None: it does not close so soon.

    Whoever is here counts also outside the hours; only when nobody is, it is said when it opens.
    """
    if estimate is None:
        return Told("nobody") if is_open else Told("closed", opens_at=opens_at)
    if estimate.high_s > LADDER_MIN[-1] * 60:
        in_time = closes_at is None or now + timedelta(seconds=estimate.high_s) <= closes_at
        return Told("today" if in_time and estimate.high_s <= A_DAYS_WORK_S else "later")
    return _in_minutes(estimate)


def _in_minutes(estimate: Estimate) -> Told:
    low, high = estimate.low_s / 60, estimate.high_s / 60
    top = LADDER_MIN[bisect_left(LADDER_MIN, high)]
    if top == LADDER_MIN[0]:
        return Told("moment", high_min=top)
    below = bisect_right(LADDER_MIN, low)
    if below == 0 or top > WIDE * LADDER_MIN[below - 1]:
        return Told("under", high_min=top)
    if high <= NARROW * low:
        middle = min(LADDER_MIN, key=lambda step: abs(math.log(step * 60 / estimate.wait_s)))
        return Told("about", low_min=middle, high_min=middle)
    return Told("between", low_min=LADDER_MIN[below - 1], high_min=top)


@dataclass(frozen=True, slots=True)
class Error:
    """How far what was told was from what came true, in seconds; `bias_s` > 0: it took longer than told."""

    n: int
    mean_absolute_s: float
    bias_s: float
    within: float  # share of the waits inside the told range, 0 to 1


def error(pairs: list[tuple[Estimate, float]]) -> Error | None:
    """Return the error of estimates against the waits that followed them; None without any."""
    if not pairs:
        return None
    off = [actual - estimate.wait_s for estimate, actual in pairs]
    inside = sum(estimate.low_s <= actual <= estimate.high_s for estimate, actual in pairs)
    n = len(pairs)
    return Error(n, sum(map(abs, off)) / n, sum(off) / n, inside / n)
