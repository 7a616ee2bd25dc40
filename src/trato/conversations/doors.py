"""The named owners of things: who answers for a shop, a product, a site, and within how many hours."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import audit
from trato.conversations import case_moves, cases
from trato.conversations.case_tables import door
from trato.conversations.follow_ups import check_owner
from trato.kit.errors import NotFound
from trato.kit.ids import new_id
from trato.live import service as live

News = Literal["taken", "answered", "broken"]

_VIEW = """
    SELECT d.id, d.kind, d.name, d.owner_id, a.name AS owner_name, d.answer_hours, d.for_all, d.active,
           d.version, d.created_at
    FROM door d JOIN agent a ON a.id = d.owner_id
"""


async def doors(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return all things that have an owner, by name."""
    return [dict(row) for row in (await c.execute(text(f"{_VIEW} ORDER BY d.name, d.id"))).mappings()]


async def get(c: AsyncConnection, door_id: UUID) -> dict[str, Any]:
    """Return a thing and its owner; raises `NotFound`."""
    row = (await c.execute(text(f"{_VIEW} WHERE d.id = :id"), {"id": door_id})).mappings().first()
    if row is None:
        raise NotFound("There is no such owner.")
    return dict(row)


async def add(c: AsyncConnection, values: Mapping[str, Any], *, actor: str) -> dict[str, Any]:
    """Name the owner of a thing; raises `Invalid` for somebody who does not work here."""
    await check_owner(c, values["owner_id"])
    door_id = new_id()
    await c.execute(insert(door).values(id=door_id, **values))
    await audit.record(c, actor, "door.added", str(door_id), {"name": values["name"]})
    return await get(c, door_id)


async def change(
    c: AsyncConnection, door_id: UUID, values: Mapping[str, Any], *, actor: str
) -> dict[str, Any]:
    """Change a thing or its owner; what is left out stays. Raises `NotFound`, `Invalid`."""
    if "owner_id" in values:
        await check_owner(c, values["owner_id"])
    await get(c, door_id)
    await c.execute(update(door).where(door.c.id == door_id).values(**values, version=door.c.version + 1))
    await audit.record(c, actor, "door.changed", str(door_id), {"changed": sorted(values)})
    return await get(c, door_id)


async def of_case(c: AsyncConnection, case_id: UUID) -> dict[str, Any] | None:
    """Return whose door a case stands at: that of its thing, else that of everything; None without one."""
    query = text(f"""
        {_VIEW} JOIN cases k ON k.id = :id
        WHERE d.active AND a.active AND (d.id = k.door_id OR d.for_all)
        ORDER BY d.id = k.door_id DESC NULLS LAST, d.created_at LIMIT 1
    """)
    row = (await c.execute(query, {"id": case_id})).mappings().first()
    return dict(row) if row else None


async def note_taken(c: AsyncConnection, case_id: UUID) -> None:
    """Note that a case was taken to its owner now."""
    await c.execute(text("UPDATE cases SET taken_to_owner_at = now() WHERE id = :id"), {"id": case_id})


_UNANSWERED = text("""
    SELECT EXISTS (
        SELECT FROM cases k WHERE k.id = :id AND k.taken_to_owner_at IS NOT NULL
          AND (CAST(:owner AS uuid) IS NULL OR k.owner_id = :owner)
          AND NOT EXISTS (SELECT FROM case_move m WHERE m.case_id = k.id AND m.kind = 'door_answered'
                            AND m.at >= k.taken_to_owner_at))
""")


async def unanswered(c: AsyncConnection, case_id: UUID, owner_id: UUID | None = None) -> bool:
    """Say whether a case was taken to its owner (to this one, if given), who has not answered since."""
    return bool(await c.scalar(_UNANSWERED, {"id": case_id, "owner": owner_id}))


async def note_answer(c: AsyncConnection, case_id: UUID, agent_id: UUID, *, actor: str) -> None:
    """Note that an agent wrote to the contact: the owner's first word is the answer that was promised."""
    if await unanswered(c, case_id, agent_id):
        await case_moves.record(c, case_id, "door_answered", actor=actor, by=agent_id)
        await tell(c, case_id, "answered", actor=actor)


async def tell(c: AsyncConnection, case_id: UUID, what: News, *, actor: str) -> None:
    """Append what happened to a case that stands at its owner's door."""
    view = await cases.get_case(c, case_id)
    await live.append(
        c,
        "case.door",
        audience="staff",
        actor=actor,
        contact_id=UUID(view["contact_id"]),
        case_id=case_id,
        data={"what": what, "case": view},
    )
