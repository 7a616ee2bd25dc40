"""Policies: what is promised to whom."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.automation.tables import sla_policy
from trato.decide.sla import Matter, Policy, choose
from trato.kit.errors import Invalid, NotFound
from trato.kit.ids import new_id
from trato.live import versions
from trato.routing import hours

_MATTER = text("""
    SELECT v.brand_id, w.queue_id, v.channel, coalesce(w.priority, 0) AS priority
    FROM conversation v LEFT JOIN waiting w ON w.conversation_id = v.id WHERE v.id = :id
""")
_MATTER_OF_CASE = text("""
    SELECT k.brand_id, w.queue_id, v.channel, coalesce(w.priority, 0) AS priority
    FROM cases k
    LEFT JOIN LATERAL (SELECT id, channel FROM conversation WHERE case_id = k.id
                       ORDER BY created_at LIMIT 1) v ON true
    LEFT JOIN waiting w ON w.conversation_id = v.id WHERE k.id = :id
""")


async def every(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return the policies, the first to be chosen first."""
    query = (
        select(sla_policy)
        .where(sla_policy.c.removed_at.is_(None))
        .order_by(sla_policy.c.position, sla_policy.c.created_at, sla_policy.c.id)
    )
    return [dict(row) for row in (await c.execute(query)).mappings()]


async def get(c: AsyncConnection, policy_id: UUID) -> dict[str, Any]:
    """Return a policy; raises `NotFound`."""
    query = select(sla_policy).where(sla_policy.c.id == policy_id, sla_policy.c.removed_at.is_(None))
    row = (await c.execute(query)).mappings().first()
    if row is None:
        raise NotFound("There is no such policy.")
    return dict(row)


async def create(c: AsyncConnection, values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a new policy; raises `Invalid` for one that promises nothing, `NotFound` for its calendar."""
    await _check(c, values)
    query = insert(sla_policy).values(id=new_id(), **values).returning(sla_policy)
    return dict((await c.execute(query)).mappings().one())


async def change(
    c: AsyncConnection, policy_id: UUID, values: Mapping[str, Any], *, expected: int | None = None
) -> dict[str, Any]:
    """Change a policy for what begins from now on; raises as `create`."""
    await versions.check(c, sla_policy, policy_id, expected, action="sla_policy.changed")
    await _check(c, {**await get(c, policy_id), **values})
    query = (
        update(sla_policy)
        .where(sla_policy.c.id == policy_id)
        .values(**values, version=sla_policy.c.version + 1)
        .returning(sla_policy)
    )
    return dict((await c.execute(query)).mappings().one())


async def remove(c: AsyncConnection, policy_id: UUID) -> None:
    """Promise nothing by it any more; its clocks run on. Raises `NotFound`."""
    await get(c, policy_id)
    await c.execute(update(sla_policy).where(sla_policy.c.id == policy_id).values(removed_at=func.now()))


async def _check(c: AsyncConnection, values: Mapping[str, Any]) -> None:
    if not any(values[f"{target}_s"] for target in ("first_reply", "next_reply", "resolution")):
        raise Invalid(
            "This policy promises nothing.",
            todo="Give a time for the first reply, the next ones or the solution.",
            field="first_reply_s",
        )
    if values["calendar_id"] is not None:
        await hours.record(c, values["calendar_id"])


async def choose_for(
    c: AsyncConnection, *, conversation_id: UUID | None = None, case_id: UUID | None = None
) -> dict[str, Any] | None:
    """Return the policy that holds for a conversation or a case, None when nothing is promised."""
    known = {one["id"]: one for one in await every(c) if one["active"]}
    if not known:
        return None
    query, row_id = (_MATTER_OF_CASE, case_id) if conversation_id is None else (_MATTER, conversation_id)
    row = (await c.execute(query, {"id": row_id})).mappings().first()
    if row is None:
        return None
    fields = ("id", "brand_id", "queue_id", "channel", "priority_from")
    policies = [
        Policy(position=number, **{name: one[name] for name in fields})
        for number, one in enumerate(known.values())
    ]
    found = choose(policies, Matter(**row))
    return known[found.id] if found is not None else None
