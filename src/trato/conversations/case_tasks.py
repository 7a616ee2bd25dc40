"""Tasks as rows: made, settled and told of; what they mean to their case is decided above."""

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, insert, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations.case_tables import task
from trato.kit.errors import NotFound
from trato.kit.ids import new_id

_TELL = text("SELECT task_view(t), tell_task(t, :actor) FROM task t WHERE id = :id").bindparams(
    bindparam("id", type_=Uuid)
)


async def make(c: AsyncConnection, *, actor: str, **values: Any) -> dict[str, Any]:
    """Make a task and tell of it; returns it as the API shows it."""
    task_id = new_id()
    await c.execute(insert(task).values(id=task_id, **values))
    return await told(c, task_id, actor)


async def told(c: AsyncConnection, task_id: UUID, actor: str) -> dict[str, Any]:
    """Append that a task changed; return it as the API shows it. Raises `NotFound`."""
    view: dict[str, Any] | None = await c.scalar(_TELL, {"id": task_id, "actor": actor})
    if view is None:
        raise NotFound("There is no such task.")
    return view


async def settle(
    c: AsyncConnection,
    case_id: UUID,
    state: str,
    *,
    actor: str,
    by: UUID | None = None,
    kind: str | None = None,
    step_id: UUID | None = None,
) -> int:
    """End the open reminders of a case (of one kind, of one step) as done or dropped; returns how many.

    What somebody wrote down to do stays: only its owner knows whether it is done.
    """
    wanted = [task.c.case_id == case_id, task.c.state == "open", task.c.kind != "follow_up"]
    if kind is not None:
        wanted.append(task.c.kind == kind)
    if step_id is not None:
        wanted.append(task.c.step_id == step_id)
    done = {"done_at": func.now(), "done_by": by} if state == "done" else {}
    settled = await c.execute(
        update(task)
        .where(*wanted)
        .values(state=state, version=task.c.version + 1, **done)
        .returning(task.c.id)
    )
    ids = list(settled.scalars())
    for task_id in ids:
        await told(c, task_id, actor)
    return len(ids)
