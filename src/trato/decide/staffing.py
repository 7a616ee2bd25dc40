"""How many agents a load needs: Erlang C (A. K. Erlang 1917), for callers who wait as long as it takes.

A queue M/M/c: arrivals by chance, times by chance around a mean, everybody waits. Whoever takes several
conversations at once counts as so many servers, each as slow as working on several makes them.
"""

import math
from dataclasses import dataclass
from typing import Final

MOST_SERVERS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Load:
    """What comes, and what is wanted: `target_share` (0 to 1) answered within `target_s`."""

    per_hour: float
    handle_s: float
    target_share: float = 0.8
    target_s: float = 60.0

    @property
    def erlangs(self) -> float:
        """Return how many would be busy all the time."""
        return self.per_hour * self.handle_s / 3600


@dataclass(frozen=True, slots=True)
class Forecast:
    """What so many servers make of a load. An overloaded line has no end: the wait is infinite."""

    servers: int
    waits: float  # share of those who have to wait at all
    within_target: float
    mean_wait_s: float
    occupancy: float


def erlang_b(erlangs: float, servers: int) -> float:
    """Return the share that finds all servers busy when nobody waits (the recursion, stable for any size)."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = erlangs * blocked / (n + erlangs * blocked)
    return blocked if erlangs > 0 else 0.0


def erlang_c(erlangs: float, servers: int) -> float:
    """Return the share that has to wait; 1 when the load is as much as the servers can do, or more."""
    if erlangs <= 0:
        return 0.0
    if erlangs >= servers:
        return 1.0
    blocked = erlang_b(erlangs, servers)
    return blocked / (1 - erlangs / servers * (1 - blocked))


def forecast(load: Load, servers: int) -> Forecast:
    """Return how a load fares with so many servers."""
    busy = load.erlangs
    if busy <= 0:
        return Forecast(servers, 0.0, 1.0, 0.0, 0.0)
    if busy >= servers:
        return Forecast(servers, 1.0, 0.0, math.inf, 1.0)
    waits = erlang_c(busy, servers)
    spare = servers - busy
    return Forecast(
        servers,
        waits,
        1 - waits * math.exp(-spare * load.target_s / load.handle_s),
        waits * load.handle_s / spare,
        busy / servers,
    )


def servers_needed(load: Load) -> int:
    """Return the fewest servers with which the target is met."""
    servers = max(0, math.floor(load.erlangs))
    while servers < MOST_SERVERS and forecast(load, servers).within_target < load.target_share:
        servers += 1
    return servers


def agents_needed(load: Load, *, at_once: float = 1.0, present: float = 1.0) -> int:
    """Return how many agents that is: each takes `at_once` and is at work a share `present` of the time."""
    return math.ceil(servers_needed(load) / at_once / present - 1e-9)
