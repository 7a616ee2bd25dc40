"""Counters of a fixed window in the database, shared by all processes: how often something may be tried."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import case, delete, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import tables
from trato.kit import clock
from trato.kit.errors import TooMany

IPV6_PREFIX = 64  # one customer's line; whoever has one has all of its addresses


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `hits` tries of `what` in `window`."""

    what: str
    hits: int
    window: timedelta


def network(ip: str | None) -> str:
    """Return the network that an address is counted under: itself for IPv4, its /64 for IPv6."""
    if ip is None:
        return "unknown"
    try:
        address = ip_address(ip)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)


async def hit(c: AsyncConnection, limit: Limit, *of: str, now: datetime) -> None:
    """Count one try of `limit` by or on `of`; raises `TooMany` when there were enough in this window.

    Count before the work and in a transaction of its own, so that tries at the same moment all count.
    """
    counted = tables.throttle
    # A window that ends further away than any can was opened before the clock was set back.
    ends_at = counted.c.window_ends_at
    fresh = or_(ends_at <= now, ends_at > now + limit.window + clock.APART)
    statement = insert(counted).values(key=_key(limit, of), hits=1, window_ends_at=now + limit.window)
    statement = statement.on_conflict_do_update(
        index_elements=[counted.c.key],
        set_={
            "hits": case((fresh, 1), else_=counted.c.hits + 1),
            "window_ends_at": case((fresh, now + limit.window), else_=ends_at),
        },
    )
    row = (await c.execute(statement.returning(counted.c.hits, counted.c.window_ends_at))).one()
    if row.hits > limit.hits:
        wait_s = max(1, int((row.window_ends_at - now).total_seconds()))
        raise TooMany(
            "There were too many attempts.", retry_after_s=wait_s, todo="Wait a little before you try again."
        )


async def refund(c: AsyncConnection, limit: Limit, *of: str) -> None:
    """Take one try back, after a success."""
    counted = tables.throttle
    await c.execute(
        update(counted)
        .where(counted.c.key == _key(limit, of), counted.c.hits > 0)
        .values(hits=counted.c.hits - 1)
    )


async def forget(c: AsyncConnection, limit: Limit, *of: str) -> None:
    """Start the count anew, after a success."""
    await c.execute(delete(tables.throttle).where(tables.throttle.c.key == _key(limit, of)))


async def sweep(c: AsyncConnection, *, now: datetime) -> int:
    """Remove counters whose window is over; returns how many."""
    return (await c.execute(delete(tables.throttle).where(tables.throttle.c.window_ends_at <= now))).rowcount


def _key(limit: Limit, of: tuple[str, ...]) -> str:
    """Return a key without personal data in it: an address is only ever compared."""
    return f"{limit.what}:{hashlib.sha256(chr(0).join(of).encode()).hexdigest()}"
