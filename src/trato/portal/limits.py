"""How much one visitor and one network may ask: token buckets in the memory of this process."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

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
    at: datetime


class Limiter:
    """Buckets by rate and by whom they limit."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()

    def take(self, rate: Rate, who: str, now: datetime, amount: float = 1) -> None:
        """Take from the bucket, or raise `TooMany` saying in how many seconds there is enough again."""
        key = (rate.name, who)
        bucket = self._buckets.pop(key, None) or _Bucket(rate.burst, now)
        passed_s = max(0.0, (now - bucket.at) / timedelta(seconds=1))
        bucket.left = min(rate.burst, bucket.left + passed_s * rate.per_s)
        bucket.at = max(now, bucket.at)
        self._buckets[key] = bucket
        if len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)
        if bucket.left < amount:
            wait_s = int((amount - bucket.left) / rate.per_s) + 1
            raise TooMany("too many requests", retry_after_s=wait_s, todo=f"try again in {wait_s} s")
        bucket.left -= amount
