"""Gestures: what is given to make up for what went wrong, within a written latitude or with approval."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import audit
from trato.conversations import case_moves, cases
from trato.conversations.case_surroundings import beside
from trato.conversations.case_tables import gesture, latitude
from trato.conversations.follow_ups import check_owner
from trato.decide.latitude import Money, needs_approval
from trato.kit import paging
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.kit.text import one_line

_TELL = text("SELECT gesture_view(g), tell_gesture(g, :actor) FROM gesture g WHERE id = :id")


async def latitude_of(c: AsyncConnection, agent_id: UUID | None) -> Money | None:
    """Return what an agent may give without asking; None when that is nothing."""
    row = (await c.execute(select(latitude).where(latitude.c.agent_id == agent_id))).first()
    return Money(row.amount, row.currency) if row else None


async def set_latitude(c: AsyncConnection, agent_id: UUID, given: Money | None, *, actor: str) -> None:
    """Write down what an agent may give without asking; raises `Invalid` for somebody who is not here."""
    await check_owner(c, agent_id)
    if given is None:
        await c.execute(latitude.delete().where(latitude.c.agent_id == agent_id))
    else:
        values = {"amount": given.amount, "currency": given.currency}
        wish = upsert(latitude).values(agent_id=agent_id, **values)
        await c.execute(wish.on_conflict_do_update(index_elements=[latitude.c.agent_id], set_=values))
    said = f"{given.amount} {given.currency}" if given else ""
    await audit.record(c, actor, "latitude.changed", str(agent_id), {"latitude": said})


async def give(
    c: AsyncConnection,
    case_id: UUID,
    wanted: Money,
    what: str,
    *,
    by: UUID,
    supervises: bool,
    actor: str,
) -> dict[str, Any]:
    """Give something, or ask a supervisor for it when it is above the agent's latitude."""
    await cases.lock(c, case_id)
    asks = needs_approval(wanted, await latitude_of(c, by), supervises=supervises)
    gesture_id = new_id()
    await c.execute(
        insert(gesture).values(
            id=gesture_id,
            case_id=case_id,
            amount=wanted.amount,
            currency=wanted.currency,
            what=one_line(what, 200),
            state="asked" if asks else "given",
            given_by=by,
        )
    )
    return await _told(c, gesture_id, "gesture_asked" if asks else "gesture", actor=actor, by=by)


async def decide(
    c: AsyncConnection, gesture_id: UUID, *, approve: bool, reason: str, by: UUID | None, actor: str
) -> dict[str, Any]:
    """Approve or refuse what an agent asked for, once. Raises `NotFound`, `Conflict`, `Invalid`.

    A refusal says why: whoever asked reads it, and may have to tell the contact.
    """
    why = one_line(reason, 200)
    if not approve and not why:
        raise Invalid("Why not?", field="reason", todo="Say it in a few words: whoever asked reads it.")
    case_id = await c.scalar(select(gesture.c.case_id).where(gesture.c.id == gesture_id))
    if case_id is None:
        raise NotFound("There is no such gesture.")
    await cases.lock(c, case_id)
    decided = await c.execute(
        update(gesture)
        .where(gesture.c.id == gesture_id, gesture.c.state == "asked")
        .values(
            state="given" if approve else "refused",
            decided_by=by,
            decided_at=func.now(),
            reason=why,
            version=gesture.c.version + 1,
        )
        .returning(gesture.c.id)
    )
    if decided.first() is None:
        raise Conflict("This was decided already.", todo="Reload the page.")
    kind = "gesture" if approve else "gesture_refused"
    return await _told(c, gesture_id, kind, actor=actor, by=by)


async def _told(
    c: AsyncConnection, gesture_id: UUID, kind: str, *, actor: str, by: UUID | None
) -> dict[str, Any]:
    view: dict[str, Any] = await c.scalar(_TELL, {"id": gesture_id, "actor": actor})
    case_id = UUID(view["case_id"])
    data = {"what": f"{view['amount']} {view['currency']}: {view['what']}", "gesture_id": view["id"]}
    await case_moves.record(c, case_id, kind, actor=actor, by=by, data=data)
    await cases.write(c, case_id, {})
    await cases.told(c, case_id, actor)
    return view


async def of_case(c: AsyncConnection, case_id: UUID) -> list[dict[str, Any]]:
    """Return the gestures of a case, newest first."""
    query = text(
        "SELECT gesture_view(g) FROM gesture g WHERE case_id = :id ORDER BY created_at DESC, id DESC"
    )
    return list((await c.execute(query, {"id": case_id})).scalars())


async def asked(c: AsyncConnection, *, cursor: str | None = None, limit: int = paging.PAGE) -> dict[str, Any]:
    """Return a page of what waits for a supervisor, oldest first, with its cases and contacts."""
    at, row_id = paging.decode(cursor, paging.moment, paging.row_id)
    query = text("""
        SELECT g.id, g.created_at, gesture_view(g) AS view FROM gesture g
        WHERE state = 'asked'
          AND (CAST(:at AS timestamptz) IS NULL OR (g.created_at, g.id) > (:at, CAST(:id AS uuid)))
        ORDER BY g.created_at, g.id LIMIT :limit
    """)
    rows = (await c.execute(query, {"at": at, "id": row_id, "limit": limit + 1})).all()
    found = paging.page(rows, limit, lambda row: (row.created_at, row.id))
    items = [row.view for row in found["items"]]
    return {**found, "items": items, **await beside(c, items)}


def money(amount: Decimal, currency: str) -> Money:
    """Return an amount to the hundredth, as it is kept."""
    return Money(amount.quantize(Decimal("0.01")), currency)
