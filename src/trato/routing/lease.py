"""The lease of the one router that leads: an epoch and an end, both by the database's clock."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from trato.db.engine import Database

LEASE_S: Final = 2.0
RENEW_S: Final = LEASE_S / 3

# An end further away than any lease can be was written before the clock was set back: it counts for nothing.
_ELECT = """
    UPDATE routing_lease SET owner = $1, epoch = epoch + 1,
        expires_at = clock_timestamp() + make_interval(secs => $2)
    WHERE expires_at IS NULL
       OR expires_at NOT BETWEEN clock_timestamp() AND clock_timestamp() + make_interval(secs => $2)
    RETURNING epoch
"""
_RENEW = """
    UPDATE routing_lease SET expires_at = clock_timestamp() + make_interval(secs => $3)
    WHERE owner = $1 AND epoch = $2 RETURNING true
"""
_RESIGN = "UPDATE routing_lease SET expires_at = NULL WHERE owner = $1 AND epoch = $2 RETURNING true"


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to lead. Every write of the leader names it, and is void under a newer epoch."""

    owner: UUID
    epoch: int


async def elect(db: Database, owner: UUID) -> Lease | None:
    """Take the lease if nobody holds it; None while somebody does."""
    epoch = await db.call(_ELECT, owner, LEASE_S)
    return None if epoch is None else Lease(owner, epoch)


async def renew(db: Database, lease: Lease) -> bool:
    """Hold on to the lease; False when somebody else has led since."""
    return bool(await db.call(_RENEW, lease.owner, lease.epoch, LEASE_S))


async def resign(db: Database, lease: Lease) -> None:
    """Give the lease up, so that the next router leads at once."""
    await db.call(_RESIGN, lease.owner, lease.epoch)
