"""Whether a page fails for many: different visitors of the same failure within a short while."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(minutes=10)
VISITORS: Final = 3  # of several networks: a shop's own wireless must not fool us
OF_ONE_NETWORK: Final = 5  # an office, a mobile network: many behind one address


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody met a failure; `who` and `network` are names that say nothing of them."""

    who: str
    network: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many different visitors met it, over how many networks, from when to when."""

    visitors: int
    networks: int
    first_at: datetime
    last_at: datetime


def suspected(seen: Iterable[Seen], now: datetime) -> Evidence | None:
    """Return why an incident is suspected, None as long as it may be one visitor's own trouble.

    However often the same visitor meets it, they are one.
    """
    recent: Sequence[Seen] = [one for one in seen if now - WINDOW <= one.at <= now]
    visitors = len({one.who for one in recent})
    networks = len({one.network for one in recent})
    if visitors < (VISITORS if networks > 1 else OF_ONE_NETWORK):
        return None
    times = [one.at for one in recent]
    return Evidence(visitors, networks, min(times), max(times))
