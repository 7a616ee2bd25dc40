"""How much one visitor and one network may ask: token buckets in the memory of this process."""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from trato.kit.errors import TooMany

MAX_BUCKETS = 50_000  # the longest unused is forgotten first; it would be full again anyway
IPV6_SITE = 64  # one subscriber has a /64 (RFC 6177), so an address alone limits nobody


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


def network(ip: str) -> str:
    """Return what one subscriber shares: the IPv4 address, or the /64 of an IPv6 one."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return "unknown"
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    if mapped is not None or isinstance(address, ipaddress.IPv4Address):
        return str(mapped or address)
    return str(ipaddress.ip_network((address, IPV6_SITE), strict=False))
