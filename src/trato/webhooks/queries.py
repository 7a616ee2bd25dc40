"""What can be asked about endpoints and their deliveries."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.errors import NotFound
from trato.live.queries import END

_ENDPOINTS = """
    SELECT id, url, description, event_types, state, position, greatest(last - position, 0) AS behind,
           failing_since, last_error, created_at
    FROM webhook_endpoint, event_position WHERE removed_at IS NULL
"""


async def endpoints(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return all endpoints, the oldest first."""
    found = await c.execute(text(_ENDPOINTS + " ORDER BY created_at, id"))
    return [dict(row) for row in found.mappings()]


async def endpoint(c: AsyncConnection, endpoint_id: UUID) -> dict[str, Any]:
    """Return one endpoint; raises NotFound."""
    found = await c.execute(text(_ENDPOINTS + " AND id = :id"), {"id": endpoint_id})
    row = found.mappings().one_or_none()
    if row is None:
        raise NotFound("That webhook does not exist.")
    return dict(row)


async def deliveries(
    c: AsyncConnection, endpoint_id: UUID, *, state: str | None, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """Return deliveries before a position, the newest event first; raises NotFound for the endpoint."""
    await endpoint(c, endpoint_id)
    found = await c.execute(
        text(
            "SELECT id, position, type, state, attempts, next_attempt_at, status_code, error, created_at,"
            " settled_at FROM webhook_delivery WHERE endpoint_id = :id AND position < :before"
            " AND (CAST(:state AS text) IS NULL OR state = :state) ORDER BY position DESC LIMIT :limit"
        ),
        {"id": endpoint_id, "before": END if before is None else before, "state": state, "limit": limit},
    )
    return [dict(row) for row in found.mappings()]


async def lowest_position(c: AsyncConnection) -> int | None:
    """Return up to where every endpoint is done with the log: retention keeps what lies behind it."""
    lowest: int | None = await c.scalar(
        text("""
            SELECT least(
                (SELECT min(position) FROM webhook_endpoint
                 WHERE removed_at IS NULL AND state <> 'disabled'),
                (SELECT min(d.position) - 1 FROM webhook_delivery d
                 JOIN webhook_endpoint e ON e.id = d.endpoint_id
                 WHERE d.state = 'waiting' AND e.removed_at IS NULL AND e.state <> 'disabled'))
        """)
    )
    return lowest
