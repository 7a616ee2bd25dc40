"""Queues as supervisors set them up: what each asks for, what it promises, whose arrivals wait in it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, exists, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import audit
from trato.decide.relaxation import Step, flaw
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.live import service as live
from trato.live import versions
from trato.routing.named import check_name
from trato.routing.queue_tables import queue, queue_account, queue_skill, queue_team
from trato.routing.tables import waiting
from trato.routing.waiting_tables import queue_waiting

Values = Mapping[str, Any]

_BESIDE: Final = ("skills", "team_ids", "account_ids", "waiting")
_FLAWS: Final = {
    "out_of_order": "Each step comes later than the one before it.",
    "by_without_level": "Only a step for the level says by how much.",
    "after_anybody": "After anybody may help, nothing is left to relax.",
    "twice": "This is relaxed already by an earlier step.",
}
_EVERY: Final = text("SELECT queue_view(q) FROM queue q ORDER BY NOT q.active, lower(q.name), q.id")
_ONE: Final = text("SELECT queue_view(q) FROM queue q WHERE q.id = :id")
_USED: Final = text("SELECT EXISTS (SELECT FROM interaction WHERE queue_id = :id)")


async def every(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return all queues, by name, those out of use last."""
    return list((await c.execute(_EVERY)).scalars())


async def get(c: AsyncConnection, queue_id: UUID) -> dict[str, Any]:
    """Return a queue; raises `NotFound`."""
    view: dict[str, Any] | None = await c.scalar(_ONE, {"id": queue_id})
    if view is None:
        raise NotFound("There is no such queue.")
    return view


async def create(c: AsyncConnection, values: Values, *, actor: str) -> dict[str, Any]:
    """Add a queue; raises `Conflict` when the name is taken, `Invalid` for steps that cannot be meant."""
    check(values)
    await check_name(c, queue, values)
    queue_id = new_id()
    own = {name: value for name, value in values.items() if name not in _BESIDE}
    await c.execute(insert(queue).values(id=queue_id, **own))
    taken_from = await _set_beside(c, queue_id, values)
    await audit.record(c, actor, "queue.created", str(queue_id), {"name": values["name"]})
    return await _tell(c, queue_id, actor, taken_from)


async def change(
    c: AsyncConnection, queue_id: UUID, values: Values, *, expected: int | None, actor: str
) -> dict[str, Any]:
    """Change a queue; raises as `create`, `NotFound`, `ChangedMeanwhile`.

    What changes counts for those who wait in it already. A queue that goes out of use leaves its accounts
    and those who wait to the common line, with their places.
    """
    await versions.check(c, queue, queue_id, expected, action="queue.changed")
    check(values)
    await check_name(c, queue, values, queue_id)
    before = await get(c, queue_id)
    if not values:
        return before
    own = {name: value for name, value in values.items() if name not in _BESIDE}
    await c.execute(update(queue).where(queue.c.id == queue_id).values(**own, version=queue.c.version + 1))
    taken_from = await _set_beside(c, queue_id, values)
    if values.get("active", before["active"]) is False:
        await c.execute(text("SELECT close_queue(:id)"), {"id": queue_id})
    view = await _tell(c, queue_id, actor, taken_from)
    await audit.record(c, actor, "queue.changed", str(queue_id), {"fields": sorted(values)})
    return view


async def remove(c: AsyncConnection, queue_id: UUID, *, actor: str) -> None:
    """Remove a queue that nobody has ever waited in; raises `NotFound`, and `Conflict` for one in use."""
    view = await get(c, queue_id)
    in_line = await c.scalar(select(exists().where(waiting.c.queue_id == queue_id)))
    if in_line or await c.scalar(_USED, {"id": queue_id}):
        raise Conflict(
            "People have waited in this queue, and reports need it.",
            todo="Take it out of use: those who wait go to the common line.",
        )
    await c.execute(delete(queue).where(queue.c.id == queue_id))
    await audit.record(c, actor, "queue.removed", str(queue_id), {"name": view["name"]})
    await live.append(
        c, "queue.changed", audience="staff", actor=actor, data={"queue": view | {"removed": True}}
    )


def check(values: Values) -> None:
    """Raise `Invalid` for steps of relaxation that cannot be meant, and for a skill that is named twice."""
    steps = [Step(**step) for step in values.get("relaxation", ())]
    found = flaw(steps)
    if found is not None:
        place, why = found
        raise Invalid(
            _FLAWS[why], todo="Mend the steps of relaxation.", field=f"relaxation.{place}.{_FIELDS[why]}"
        )
    if _repeats([one["skill_id"] for one in values.get("skills", ())]):
        raise Invalid("A skill is named twice.", todo="Name each skill once.", field="skills")


_FIELDS: Final = {
    "out_of_order": "after_s",
    "by_without_level": "by",
    "after_anybody": "allow",
    "twice": "allow",
}


def _repeats(ids: Sequence[UUID]) -> bool:
    return len(set(ids)) < len(ids)


async def _set_beside(c: AsyncConnection, queue_id: UUID, values: Values) -> list[UUID]:
    """Write what stands in tables beside; return the queues that accounts were taken from."""
    if "skills" in values:
        await c.execute(delete(queue_skill).where(queue_skill.c.queue_id == queue_id))
        await _insert(c, queue_skill, [{"queue_id": queue_id, **one} for one in values["skills"]])
    if "team_ids" in values:
        await c.execute(delete(queue_team).where(queue_team.c.queue_id == queue_id))
        teams = sorted(set(values["team_ids"]))
        await _insert(c, queue_team, [{"queue_id": queue_id, "team_id": one} for one in teams])
    if values.get("waiting"):
        row = upsert(queue_waiting).values(queue_id=queue_id, **values["waiting"])
        await c.execute(row.on_conflict_do_update(index_elements=["queue_id"], set_=dict(values["waiting"])))
    if "account_ids" not in values:
        return []
    accounts = sorted(set(values["account_ids"]))
    q = queue_account.c
    taken_from = (
        await c.execute(
            select(q.queue_id).distinct().where(q.account_id.in_(accounts), q.queue_id != queue_id)
        )
    ).scalars()
    found = sorted(taken_from)
    await c.execute(delete(queue_account).where(q.queue_id == queue_id, q.account_id.not_in(accounts)))
    for account_id in accounts:
        row = upsert(queue_account).values(queue_id=queue_id, account_id=account_id)
        await c.execute(row.on_conflict_do_update(index_elements=["account_id"], set_={"queue_id": queue_id}))
    if found:
        await c.execute(update(queue).where(queue.c.id.in_(found)).values(version=queue.c.version + 1))
    return found


async def _insert(c: AsyncConnection, table: Any, rows: Sequence[Values]) -> None:
    if rows:
        await c.execute(insert(table), rows)


async def _tell(c: AsyncConnection, queue_id: UUID, actor: str, others: Sequence[UUID]) -> dict[str, Any]:
    for other in others:
        data = {"queue": await get(c, other)}
        await live.append(c, "queue.changed", audience="staff", actor=actor, data=data)
    view = await get(c, queue_id)
    await live.append(c, "queue.changed", audience="staff", actor=actor, data={"queue": view})
    return view
