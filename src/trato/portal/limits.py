"""How much one visitor and one network may ask: token buckets in the memory of this process.

They refill by the monotonic clock: setting the wall clock neither fills nor blocks them.
"""

from collections import OrderedDict
from dataclasses import dataclass

from trato.kit.errors import TooMany

MAX_BUCKETS = 50_000  # the longest unused is forgotten first; it would be full again anyway


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket that holds `burst` and refills by `per_s` a second."""

    name: str
    burst: float
    per_s: float


@dataclass(slots=True)
class _Bucket:
    left: float
    at_s: float


class Limiter:
    """Buckets by rate and by whom they limit."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()

    def take(self, rate: Rate, who: str, at_s: float, amount: float = 1) -> None:
        """Take from the bucket, or raise `TooMany` saying in how many seconds there is enough again.

        `at_s` is the present by the monotonic clock.
        """
        key = (rate.name, who)
        bucket = self._buckets.pop(key, None) or _Bucket(rate.burst, at_s)
        bucket.left = min(rate.burst, bucket.left + (at_s - bucket.at_s) * rate.per_s)
        bucket.at_s = at_s
        self._buckets[key] = bucket
        if len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)
        if bucket.left < amount:
            wait_s = int((amount - bucket.left) / rate.per_s) + 1
            raise TooMany(
                "There are too many requests.",
                retry_after_s=wait_s,
                todo="Try again in {seconds} s.",
                values={"seconds": wait_s},
            )
        bucket.left -= amount
