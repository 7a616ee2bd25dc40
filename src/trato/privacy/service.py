"""Asking to be erased, thinking better of it, and who sees that it was asked."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import audit
from trato.db.jobs import enqueue
from trato.decide.erasure import GRACE, erases_at
from trato.kit import paging
from trato.kit.errors import Conflict, NotFound
from trato.kit.ids import new_id
from trato.kit.text import clean
from trato.live import service as live
from trato.privacy.tables import erasure

KIND: Final = "privacy.erase"
MAX_REASON: Final = 500

_LOCK: Final = text("SELECT id, merged_into FROM contact WHERE id = :id FOR NO KEY UPDATE")
_VIEW: Final = """
    SELECT e.id, e.contact_id, k.name AS contact_name, e.state, e.asked_by, e.reason, e.created_at, e.due_at,
           e.settled_at, e.erased, e.version
    FROM erasure e JOIN contact k ON k.id = e.contact_id
"""
_OF_CONTACT: Final = text(
    f"{_VIEW} WHERE e.contact_id = :id ORDER BY e.state = 'waiting' DESC, e.id DESC LIMIT 1"
)
_PAGE: Final = text(f"""
    {_VIEW} WHERE (CAST(:before AS uuid) IS NULL OR e.id < :before) ORDER BY e.id DESC LIMIT :limit
""")


async def current(c: AsyncConnection, contact_id: UUID) -> dict[str, Any] | None:
    """Return the erasure that a contact waits for, else the last one; None when none was ever asked."""
    row = (await c.execute(_OF_CONTACT, {"id": contact_id})).mappings().first()
    return dict(row) if row else None


async def page(c: AsyncConnection, *, cursor: str | None, limit: int) -> dict[str, Any]:
    """Return a page of all erasures, the newest first."""
    (before,) = paging.decode(cursor, paging.row_id)
    rows = (await c.execute(_PAGE, {"before": before, "limit": limit + 1})).mappings().all()
    return paging.page([dict(row) for row in rows], limit, lambda row: (row["id"],))


async def ask(
    c: AsyncConnection,
    contact_id: UUID,
    *,
    actor: str,
    now: datetime,
    grace: timedelta = GRACE,
    reason: str = "",
    ip: str | None = None,
) -> dict[str, Any]:
    """Plan that a contact is erased once the grace is over; asked again, the first one stands.

    Raises `NotFound`, `Conflict` for one that is part of another contact.
    """
    locked = (await c.execute(_LOCK, {"id": contact_id})).one_or_none()
    if locked is None:
        raise NotFound("There is no such contact.")
    if locked.merged_into is not None:
        raise Conflict("This is part of another contact.", todo="Ask for that one.")
    before = await current(c, contact_id)
    if before is not None and before["state"] == "waiting":
        return before
    row_id, due = new_id(), erases_at(now, grace)
    told = clean(reason, MAX_REASON).strip()
    await c.execute(
        insert(erasure).values(id=row_id, contact_id=contact_id, asked_by=actor, reason=told, due_at=due)
    )
    await enqueue(c, KIND, {"id": str(row_id)}, key=str(row_id), run_at=due)
    await audit.record(
        c, actor, "erasure.asked", f"contact:{contact_id}", {"due_at": due.isoformat(), "reason": told}, ip=ip
    )
    return await tell(c, contact_id, actor)


async def cancel(
    c: AsyncConnection,
    contact_id: UUID,
    *,
    actor: str,
    now: datetime,
    reason: str = "",
    ip: str | None = None,
) -> dict[str, Any]:
    """Take back what was asked, while it waits. Raises `NotFound`, `Conflict` when nothing waits."""
    if (await c.execute(_LOCK, {"id": contact_id})).one_or_none() is None:
        raise NotFound("There is no such contact.")
    before = await current(c, contact_id)
    if before is None or before["state"] != "waiting":
        raise Conflict("No erasure waits for this contact.", todo="Reload the page.")
    told = clean(reason, MAX_REASON).strip()
    values: Mapping[str, Any] = {"state": "cancelled", "settled_at": now, "version": erasure.c.version + 1}
    if told:
        values = {**values, "reason": told}
    await c.execute(update(erasure).where(erasure.c.id == before["id"]).values(**values))
    await audit.record(c, actor, "erasure.cancelled", f"contact:{contact_id}", {"reason": told}, ip=ip)
    return await tell(c, contact_id, actor)


async def tell(c: AsyncConnection, contact_id: UUID, actor: str) -> dict[str, Any]:
    """Append that an erasure changed; return it."""
    view = await current(c, contact_id)
    if view is None:
        raise NotFound("No erasure was asked for this contact.")
    await live.append(
        c,
        "erasure.changed",
        audience="staff",
        actor=actor,
        contact_id=contact_id,
        data={"erasure": shown(view)},
    )
    return view


def shown(view: Mapping[str, Any]) -> dict[str, Any]:
    """Return an erasure as JSON has it."""
    return {
        name: value.isoformat()
        if isinstance(value, datetime)
        else str(value)
        if isinstance(value, UUID)
        else value
        for name, value in view.items()
    }
