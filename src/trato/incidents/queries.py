"""What can be asked of incidents: those of the desk, those that every page tells of, and their past."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide.incidents import is_announced, phase
from trato.kit import paging
from trato.kit.clock import now
from trato.kit.errors import NotFound

_VIEW: Final = """
    SELECT i.*,
           coalesce((SELECT jsonb_agg(jsonb_build_object('id', s.id, 'kind', s.kind, 'names', s.names)
                                      ORDER BY s.position, s.created_at)
                     FROM incident_service t JOIN service s ON s.id = t.service_id
                     WHERE t.incident_id = i.id), '[]') AS services,
           coalesce((SELECT jsonb_agg(jsonb_build_object('id', u.id, 'kind', u.kind, 'texts', u.texts,
                                      'at', u.at, 'by', u.by) ORDER BY u.at, u.id)
                     FROM incident_update u WHERE u.incident_id = i.id), '[]') AS updates
    FROM incident i
"""
_COUNTS: Final = text("""
    SELECT i.id,
           (SELECT count(*) FROM incident_link l WHERE l.incident_id = i.id AND l.state = 'linked') AS linked,
           (SELECT count(DISTINCT f.contact_id) FROM incident_follower f
            WHERE f.incident_id = i.id) AS followers,
           count(t.person_id) FILTER (WHERE t.state IN ('told', 'same')) AS told,
           count(t.person_id) FILTER (WHERE t.state = 'waiting') AS to_tell,
           count(t.person_id) FILTER (WHERE t.state = 'unreachable') AS unreachable
    FROM incident i LEFT JOIN incident_telling t ON t.incident_id = i.id AND t.round = i.round
    WHERE i.id = ANY(:ids) GROUP BY i.id
""")
_ONE: Final = text(f"{_VIEW} WHERE i.id = :id")
_OPEN: Final = text(f"{_VIEW} WHERE i.state IN ('open', 'suspected') ORDER BY i.began_at DESC, i.id DESC")
_PAST: Final = text(f"""
    {_VIEW} WHERE i.state IN ('resolved', 'dismissed')
      AND (CAST(:at AS timestamptz) IS NULL OR (i.began_at, i.id) < (:at, CAST(:before AS uuid)))
    ORDER BY i.began_at DESC, i.id DESC LIMIT :limit
""")
_TOLD_OF: Final = text(f"""
    {_VIEW} WHERE i.state = 'open' AND i.brand_id = :brand_id
    ORDER BY i.kind, array_position(ARRAY['critical', 'major', 'minor'], i.severity), i.began_at DESC
""")
_HISTORY: Final = text(f"""
    {_VIEW} WHERE i.state = 'resolved' AND i.brand_id = :brand_id
    ORDER BY i.began_at DESC, i.id DESC LIMIT :limit OFFSET :offset
""")


async def get(c: AsyncConnection, incident_id: UUID) -> dict[str, Any]:
    """Return an incident as `IncidentView`; raises `NotFound`."""
    rows = _rows(await c.execute(_ONE, {"id": incident_id}))
    if not rows:
        raise NotFound("There is no such incident.")
    return (await _counted(c, rows))[0]


async def open_ones(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return what is open, planned or suspected, the latest first."""
    return await _counted(c, _rows(await c.execute(_OPEN)))


async def past(c: AsyncConnection, *, cursor: str | None, limit: int) -> dict[str, Any]:
    """Return a page of what is over, the latest first."""
    at, before = paging.decode(cursor, paging.moment, paging.row_id)
    asked = {"at": at, "before": before, "limit": limit + 1}
    rows = (await c.execute(_PAST, asked)).mappings().all()
    found = paging.page(rows, limit, lambda row: (row["began_at"], row["id"]))
    return {**found, "items": await _counted(c, found["items"])}


async def told_of(c: AsyncConnection, brand_id: UUID, at: datetime) -> list[dict[str, Any]]:
    """Return what every page of a brand tells of now, what is worst first and planned work last."""
    rows = (await c.execute(_TOLD_OF, {"brand_id": brand_id})).mappings()
    return [
        {**row, "phase": phase(row["state"], row["starts_at"], at)}
        for row in rows
        if is_announced(row["state"], row["starts_at"], at)
    ]


async def standing(c: AsyncConnection, brand_id: UUID, at: datetime) -> list[dict[str, Any]]:
    """Return all that goes on or is planned of a brand, however far ahead."""
    rows = (await c.execute(_TOLD_OF, {"brand_id": brand_id})).mappings()
    return [{**row, "phase": phase(row["state"], row["starts_at"], at)} for row in rows]


async def history(c: AsyncConnection, brand_id: UUID, *, limit: int, offset: int = 0) -> list[dict[str, Any]]:
    """Return what is over, as readers may see it, the latest first."""
    asked = {"brand_id": brand_id, "limit": limit, "offset": offset}
    return [{**row, "phase": "resolved"} for row in (await c.execute(_HISTORY, asked)).mappings()]


async def _counted(c: AsyncConnection, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    ids = [row["id"] for row in rows]
    if not ids:
        return []
    counts = {row["id"]: dict(row) for row in (await c.execute(_COUNTS, {"ids": ids})).mappings()}
    at = now()
    return [{**row, **counts[row["id"]], "phase": phase(row["state"], row["starts_at"], at)} for row in rows]


def _rows(found: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in found.mappings()]
