"""The record of a case: each move with who made it and when."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations.case_tables import case_move
from trato.kit import paging
from trato.kit.ids import new_id

_PAGE = text("""
    SELECT id, case_id, kind, actor, agent_id, data, at FROM case_move
    WHERE case_id = :case_id
      AND (CAST(:at AS timestamptz) IS NULL OR (at, id) < (:at, CAST(:id AS uuid)))
    ORDER BY at DESC, id DESC LIMIT :limit
""")


async def record(
    c: AsyncConnection,
    case_id: UUID,
    kind: str,
    *,
    actor: str,
    by: UUID | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append one move; `by` is the agent who made it, when it was one."""
    await c.execute(
        insert(case_move).values(
            id=new_id(), case_id=case_id, kind=kind, actor=actor, agent_id=by, data=dict(data or {})
        )
    )


async def page(
    c: AsyncConnection, case_id: UUID, *, cursor: str | None = None, limit: int = paging.PAGE
) -> dict[str, Any]:
    """Return a page of what happened to a case, newest first."""
    at, row_id = paging.decode(cursor, paging.moment, paging.row_id)
    values = {"case_id": case_id, "at": at, "id": row_id, "limit": limit + 1}
    rows = (await c.execute(_PAGE, values)).mappings().all()
    return paging.page([dict(row) for row in rows], limit, lambda row: (row["at"], row["id"]))
