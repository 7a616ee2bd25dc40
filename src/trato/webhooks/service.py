"""Changes to endpoints: made, changed, paused, resumed, replayed, removed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from trato.kit.errors import Conflict, NotFound
from trato.kit.ids import new_id
from trato.kit.secret_box import SecretBox
from trato.live import queries as log_queries
from trato.webhooks import queries, signing
from trato.webhooks.target import check_url

SOME_LOST = "some events were deleted before this endpoint got them"

_MAKE = text("""
    INSERT INTO webhook_endpoint (id, url, description, secret, event_types, position)
    SELECT :id, :url, :description, :secret, :event_types, last FROM event_position
""").bindparams(bindparam("event_types", type_=ARRAY(Text)))
_CHANGE = text("""
    UPDATE webhook_endpoint SET url = coalesce(:url, url), description = coalesce(:description, description),
           event_types = coalesce(:event_types, event_types) WHERE id = :id
""").bindparams(bindparam("event_types", type_=ARRAY(Text)))


async def make(
    c: AsyncConnection,
    secrets: SecretBox,
    *,
    url: str,
    description: str,
    event_types: Sequence[str],
    allow_private: bool,
) -> tuple[dict[str, Any], str]:
    """Make an endpoint that gets what happens from now on; return it and its secret, shown this once.

    Raises Invalid for a URL where webhooks may not go.
    """
    check_url(url, allow_private=allow_private)
    endpoint_id, secret = new_id(), signing.new_secret()
    await c.execute(
        _MAKE,
        {
            "id": endpoint_id,
            "url": url,
            "description": description,
            "secret": secrets.seal(secret.encode()),
            "event_types": list(event_types),
        },
    )
    return await queries.endpoint(c, endpoint_id), secret


async def change(
    c: AsyncConnection,
    endpoint_id: UUID,
    *,
    url: str | None = None,
    description: str | None = None,
    event_types: Sequence[str] | None = None,
    state: str | None = None,
    allow_private: bool,
) -> dict[str, Any]:
    """Change an endpoint; `state` "paused" stops it, "active" resumes it. Raises NotFound and Invalid."""
    before = await _locked(c, endpoint_id)
    if url is not None:
        check_url(url, allow_private=allow_private)
    told = {"url": url, "description": description, "event_types": event_types, "id": endpoint_id}
    await c.execute(_CHANGE, told)
    if state == "paused" and before["state"] == "active":
        await c.execute(
            text("UPDATE webhook_endpoint SET state = 'paused' WHERE id = :id"), {"id": endpoint_id}
        )
    elif state == "active":
        await _resume(c, endpoint_id, before["position"])
    return await queries.endpoint(c, endpoint_id)


async def _resume(c: AsyncConnection, endpoint_id: UUID, position: int) -> None:
    lost = not await log_queries.reachable(c, position)
    await c.execute(
        text(
            "UPDATE webhook_endpoint SET state = 'active', failures = 0, failing_since = NULL,"
            " last_error = :error WHERE id = :id"
        ),
        {"id": endpoint_id, "error": SOME_LOST if lost else None},
    )
    await c.execute(
        text(
            "UPDATE webhook_delivery SET next_attempt_at = now(), created_at = now()"
            " WHERE endpoint_id = :id AND state = 'waiting' AND next_attempt_at IS NOT NULL"
        ),
        {"id": endpoint_id},
    )


async def remove(c: AsyncConnection, endpoint_id: UUID) -> None:
    """Remove an endpoint and forget its secret; raises NotFound."""
    await _locked(c, endpoint_id)
    await c.execute(
        text("UPDATE webhook_endpoint SET removed_at = now(), secret = '' WHERE id = :id"),
        {"id": endpoint_id},
    )


async def replay_from(c: AsyncConnection, endpoint_id: UUID, from_position: int) -> dict[str, Any]:
    """Send every event from a position on, each under the id that it had before.

    Raises NotFound, and Conflict when those events are no longer kept or the endpoint does not run.
    """
    await _running(c, endpoint_id)
    if not await log_queries.reachable(c, from_position - 1):
        raise Conflict("Events from that position on are no longer kept.", todo="Choose a later position.")
    await c.execute(
        text(
            "UPDATE webhook_endpoint SET position = :before, failures = 0, failing_since = NULL"
            " WHERE id = :id"
        ),
        {"id": endpoint_id, "before": from_position - 1},
    )
    await c.execute(  # the flow of events comes by them; not due before
        text(
            "UPDATE webhook_delivery SET state = 'waiting', attempts = 0, next_attempt_at = NULL"
            " WHERE endpoint_id = :id AND position >= :from"
        ),
        {"id": endpoint_id, "from": from_position},
    )
    return await queries.endpoint(c, endpoint_id)


async def replay_one(c: AsyncConnection, endpoint_id: UUID, delivery_id: UUID) -> dict[str, Any]:
    """Send one delivery again, under its id; raises NotFound, and Conflict as `replay_from` does."""
    await _running(c, endpoint_id)
    found = await c.execute(
        text(
            "UPDATE webhook_delivery SET state = 'waiting', attempts = 0, next_attempt_at = now(),"
            " created_at = now(), settled_at = NULL WHERE id = :id AND endpoint_id = :endpoint_id"
            " RETURNING position"
        ),
        {"id": delivery_id, "endpoint_id": endpoint_id},
    )
    position = found.scalar()
    if position is None:
        raise NotFound("That delivery does not exist.")
    if not await log_queries.reachable(c, position - 1):
        raise Conflict("The event of that delivery is no longer kept.")
    return await queries.endpoint(c, endpoint_id)


async def delete_old_deliveries(c: AsyncConnection, keep: timedelta, limit: int = 10_000) -> int:
    """Delete deliveries settled longer ago than `keep`; return how many."""
    deleted = await c.execute(
        text(
            "DELETE FROM webhook_delivery WHERE id IN (SELECT id FROM webhook_delivery"
            " WHERE settled_at < now() - CAST(:keep AS interval) LIMIT :limit)"
        ),
        {"keep": keep, "limit": limit},
    )
    return int(deleted.rowcount)


async def _locked(c: AsyncConnection, endpoint_id: UUID) -> dict[str, Any]:
    await c.execute(text("SELECT FROM webhook_endpoint WHERE id = :id FOR UPDATE"), {"id": endpoint_id})
    return await queries.endpoint(c, endpoint_id)


async def _running(c: AsyncConnection, endpoint_id: UUID) -> None:
    if (await _locked(c, endpoint_id))["state"] != "active":
        raise Conflict("This webhook does not run.", todo="Resume it first.")
