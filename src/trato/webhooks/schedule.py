"""When a failed delivery is tried again, and when to stop; pure."""

from datetime import timedelta
from typing import Final

FIRST_S: Final = 5.0
FACTOR: Final = 4.0
LONGEST_S: Final = 3600.0
JITTER: Final = 0.2
LONGEST_PAUSE: Final = timedelta(seconds=LONGEST_S * (1 + JITTER)) + timedelta(minutes=1)  # and some more

# One delivery is given up, and an endpoint that accepted nothing is paused, after this long.
GIVE_UP_AFTER: Final = timedelta(hours=24)

# After so many failures in a row nothing new is sent: only the failed deliveries are tried, as a probe.
HOLD_AFTER_FAILURES: Final = 3


def retry_after_s(attempt: int, chance: float, asked_s: float | None = None) -> float:
    """Return the pause after the `attempt`-th failure: 5 s, 20 s, 80 s … at most an hour, ± 20 %.

    `chance` in [0, 1) spreads the receivers' load after an outage (Standard Webhooks, "Retry schedule and
    backoff"). A receiver's own wish (Retry-After, RFC 9110 §10.2.3) is honoured when longer, up to an hour.
    """
    pause = min(FIRST_S * FACTOR ** min(attempt - 1, 10), LONGEST_S)
    pause *= 1 - JITTER + 2 * JITTER * chance
    return max(pause, min(asked_s or 0.0, LONGEST_S))
