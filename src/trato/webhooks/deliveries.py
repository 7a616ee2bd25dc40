"""The steps of a delivery in the database: claim under a lease, then settle with what came of it."""

import secrets as randomness
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.ids import new_id
from trato.live import queries as log_queries
from trato.live import service as log_service
from trato.live.queries import Event
from trato.webhooks.schedule import GIVE_UP_AFTER, HOLD_AFTER_FAILURES, LONGEST_PAUSE, retry_after_s

# Longer than a delivery can take, so that only a dead process loses its lease.
LEASE: Final = timedelta(seconds=45)

GONE: Final = 410
VANISHED_AT_ONCE: Final = 100  # events that are gone, settled in one transaction
NO_LONGER_KEPT: Final = "the event is no longer kept"


@dataclass(frozen=True, slots=True)
class Claimed:
    """One attempt that this process has to make now."""

    endpoint_id: UUID
    delivery_id: UUID
    url: str
    sealed_secret: bytes
    event: Event


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: a status code, or an error without one."""

    status_code: int | None = None
    error: str = ""
    retry_after_s: float | None = None

    @property
    def accepted(self) -> bool:
        """Say whether the receiver took it: any 2xx (Standard Webhooks)."""
        return self.status_code is not None and httpx.codes.is_success(self.status_code)


# What ends further away than any lease or pause can was written before the clock was set back: it is over.
_FREE = "(lease_until IS NULL OR lease_until NOT BETWEEN now() AND now() + 2 * CAST(:lease AS interval))"
_DUE = "next_attempt_at NOT BETWEEN now() AND now() + CAST(:longest AS interval)"

_READY = text(f"""
    SELECT e.id FROM webhook_endpoint e, event_position p
    WHERE e.state = 'active' AND e.removed_at IS NULL AND {_FREE}
      AND (EXISTS (SELECT FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.state = 'waiting'
                   AND {_DUE})
           OR (e.position < p.last AND (e.failures < :hold OR NOT EXISTS (
               SELECT FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.state = 'waiting'
               AND d.next_attempt_at IS NOT NULL))))
    ORDER BY e.id
""")
_LEASE = text(f"""
    UPDATE webhook_endpoint SET lease_owner = :owner, lease_until = now() + CAST(:lease AS interval)
    WHERE id = :id AND state = 'active' AND removed_at IS NULL
      AND (lease_owner = :owner OR {_FREE})
    RETURNING url, secret, event_types, position, failures
""")
_RELEASE = text(
    "UPDATE webhook_endpoint SET lease_owner = NULL, lease_until = NULL"
    " WHERE id = :id AND lease_owner = :owner"
)
_WAITING = text(f"""
    SELECT id, position, {_DUE} AS due FROM webhook_delivery
    WHERE endpoint_id = :id AND state = 'waiting' AND next_attempt_at IS NOT NULL
    ORDER BY due DESC, position LIMIT 1
""")
_ENROL = text("""
    INSERT INTO webhook_delivery (id, endpoint_id, position, type) VALUES (:new, :id, :position, :type)
    ON CONFLICT (endpoint_id, position)
    DO UPDATE SET state = 'waiting', attempts = 0, settled_at = NULL, created_at = now()
    RETURNING id
""")
_PASS = text("UPDATE webhook_endpoint SET position = :position WHERE id = :id")
_ATTEMPT = text("""
    UPDATE webhook_delivery SET attempts = attempts + 1, next_attempt_at = now() + CAST(:lease AS interval)
    WHERE id = :id
""")


async def ready(c: AsyncConnection) -> list[UUID]:
    """Return the endpoints with something to deliver that no process is at."""
    given = {"hold": HOLD_AFTER_FAILURES, "lease": LEASE, "longest": LONGEST_PAUSE}
    return list(await c.scalars(_READY, given))


async def claim(c: AsyncConnection, endpoint_id: UUID, owner: UUID) -> Claimed | None:
    """Take the endpoint's next attempt, a due retry before a new event; None when there is none now.

    Commit before sending: a crash then leaves a delivery that is tried again after the lease, under the
    same id. While the endpoint fails, new events wait behind the retries.
    """
    endpoint = (await c.execute(_LEASE, {"id": endpoint_id, "owner": owner, "lease": LEASE})).one_or_none()
    if endpoint is None:  # paused meanwhile, or another process is at it
        await c.execute(_RELEASE, {"id": endpoint_id, "owner": owner})
        return None
    for _ in range(VANISHED_AT_ONCE):
        delivery_id, event = await _next(c, endpoint_id, endpoint)
        if delivery_id is None:
            break
        if event is not None:
            await c.execute(_ATTEMPT, {"id": delivery_id, "lease": LEASE})
            return Claimed(endpoint_id, delivery_id, endpoint.url, endpoint.secret, event)
        await _fail(c, delivery_id, Outcome(error=NO_LONGER_KEPT))
    # Nothing now, or so much has vanished that the rest is for the next call: it is `ready` at once.
    await c.execute(_RELEASE, {"id": endpoint_id, "owner": owner})
    return None


async def _next(
    c: AsyncConnection, endpoint_id: UUID, endpoint: Any
) -> tuple[UUID, Event | None] | tuple[None, None]:
    """Return the delivery whose turn it is, without an event when that is no longer kept."""
    waiting = (await c.execute(_WAITING, {"id": endpoint_id, "longest": LONGEST_PAUSE})).one_or_none()
    if waiting is not None and waiting.due:
        return waiting.id, await _event(c, waiting.position)
    if waiting is not None and endpoint.failures >= HOLD_AFTER_FAILURES:
        return None, None
    return await _enrol(c, endpoint_id, endpoint)


async def release_all(c: AsyncConnection, owner: UUID) -> None:
    """Free every endpoint that a process held."""
    await c.execute(
        text("UPDATE webhook_endpoint SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = :owner"),
        {"owner": owner},
    )


async def _event(c: AsyncConnection, position: int) -> Event | None:
    found = await log_queries.everything(c, position - 1, until=position, limit=1)
    return found[0] if found else None


async def _enrol(
    c: AsyncConnection, endpoint_id: UUID, endpoint: Any
) -> tuple[UUID, Event] | tuple[None, None]:
    last = await log_service.position(c)
    found = await log_queries.everything(
        c, endpoint.position, until=last, types=endpoint.event_types, limit=1
    )
    await c.execute(_PASS, {"id": endpoint_id, "position": found[0].position if found else last})
    if not found:
        return None, None
    event = found[0]
    enrolled = await c.execute(
        _ENROL, {"new": new_id(), "id": endpoint_id, "position": event.position, "type": event.type}
    )
    return enrolled.scalar_one(), event


_DELIVERED = text("""
    UPDATE webhook_delivery SET state = 'delivered', status_code = :status, error = NULL,
           next_attempt_at = NULL, settled_at = now() WHERE id = :id
""")
_WELL = text("""
    WITH before AS (SELECT failures FROM webhook_endpoint WHERE id = :id FOR UPDATE)
    UPDATE webhook_endpoint SET failures = 0, failing_since = NULL, last_error = NULL
    FROM before WHERE id = :id AND before.failures > 0 RETURNING before.failures
""")
_ALL_DUE = text(
    "UPDATE webhook_delivery SET next_attempt_at = now() WHERE endpoint_id = :id AND state = 'waiting'"
    " AND next_attempt_at IS NOT NULL"
)
_ILL = text("""
    UPDATE webhook_endpoint SET failures = failures + 1, last_error = :error,
           failing_since = coalesce(failing_since, now()),
           state = CASE WHEN CAST(:gone AS boolean) THEN 'disabled'
                        WHEN state = 'active' AND failing_since < now() - CAST(:patience AS interval)
                        THEN 'paused'
                        ELSE state END
    WHERE id = :id RETURNING state
""")
_FAILED = text("""
    UPDATE webhook_delivery SET state = 'failed', status_code = :status, error = :error,
           next_attempt_at = NULL, settled_at = now() WHERE id = :id
""")
_LATER = text("""
    UPDATE webhook_delivery SET status_code = :status, error = :error,
           next_attempt_at = now() + make_interval(secs => :pause) WHERE id = :id
""")
_AGE = text("""
    SELECT attempts, created_at < now() - CAST(:patience AS interval) AS old FROM webhook_delivery
    WHERE id = :id
""")


async def settle(c: AsyncConnection, claimed: Claimed, outcome: Outcome) -> None:
    """Write down what came of an attempt, for the delivery and for its endpoint.

    410 Gone disables the endpoint; one that has accepted nothing for a day is paused, and what waits for
    it is kept; a delivery that alone is refused for a day is given up.
    """
    if outcome.accepted:
        await c.execute(_DELIVERED, {"id": claimed.delivery_id, "status": outcome.status_code})
        failures = (await c.execute(_WELL, {"id": claimed.endpoint_id})).scalar() or 0
        if failures >= HOLD_AFTER_FAILURES:  # it is back: what waited need not wait longer
            await c.execute(_ALL_DUE, {"id": claimed.endpoint_id})
        return
    gone = outcome.status_code == GONE
    error = outcome.error or f"the receiver answered {outcome.status_code}"
    told = {"id": claimed.endpoint_id, "error": error, "gone": gone, "patience": GIVE_UP_AFTER}
    state = (await c.execute(_ILL, told)).scalar_one()
    delivery = (await c.execute(_AGE, {"id": claimed.delivery_id, "patience": GIVE_UP_AFTER})).one()
    if gone or (delivery.old and state == "active"):
        await _fail(c, claimed.delivery_id, outcome)
        return
    chance = randomness.randbelow(1000) / 1000
    pause = retry_after_s(delivery.attempts, chance, outcome.retry_after_s)
    later = {"id": claimed.delivery_id, "status": outcome.status_code, "error": error, "pause": pause}
    await c.execute(_LATER, later)


async def _fail(c: AsyncConnection, delivery_id: UUID, outcome: Outcome) -> None:
    error = outcome.error or f"the receiver answered {outcome.status_code}"
    await c.execute(_FAILED, {"id": delivery_id, "status": outcome.status_code, "error": error})
