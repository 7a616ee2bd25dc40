"""What is to do about cases: made, changed, put off and finished by agents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations import case_moves, case_tasks, cases
from trato.conversations.case_surroundings import beside
from trato.conversations.case_tables import task
from trato.conversations.tables import case_step
from trato.kit import paging
from trato.kit.clock import now
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.text import one_line

Whose = Literal["mine", "nobodys", "everybodys"]
Which = Literal["open", "later", "finished"]

_WHOSE: Mapping[str, str] = {
    "mine": "t.owner_id = CAST(:agent AS uuid)",
    "nobodys": "t.owner_id IS NULL",
    "everybodys": "true",
}
_ASLEEP = "(coalesce(t.snoozed_until > now(), false) OR t.until_reply)"
_WHICH: Mapping[str, str] = {
    "open": f"t.state = 'open' AND NOT {_ASLEEP}",
    "later": f"t.state = 'open' AND {_ASLEEP}",
    "finished": "t.state <> 'open'",
}


async def page(
    c: AsyncConnection,
    *,
    agent_id: UUID | None,
    whose: Whose,
    which: Which,
    cursor: str | None = None,
    limit: int = paging.PAGE,
) -> dict[str, Any]:
    """Return a page of tasks with the cases and contacts that they name.

    What is open comes by its date, the earliest first and what has none last; what is finished newest first.
    """
    at, row_id = paging.decode(cursor, paging.moment, paging.row_id)
    finished = which == "finished"
    place = "coalesce(t.done_at, t.created_at)" if finished else "coalesce(t.due_at, 'infinity')"
    # A date without end is no date of Python's: its place is told as the last instant there is.
    shown = place if finished else "least(coalesce(t.due_at, 'infinity'), '9999-12-31Z')"
    order, after = ("DESC", "<") if finished else ("ASC", ">")
    rows = (
        await c.execute(
            text(f"""
                SELECT t.id, {shown} AS place, task_view(t) AS view FROM task t
                WHERE {_WHOSE[whose]} AND {_WHICH[which]}
                  AND (CAST(:at AS timestamptz) IS NULL OR ({shown}, t.id) {after} (:at, CAST(:id AS uuid)))
                ORDER BY {shown} {order}, t.id {order} LIMIT :limit
            """),
            {"agent": agent_id, "at": at, "id": row_id, "limit": limit + 1},
        )
    ).all()
    found = paging.page(rows, limit, lambda row: (row.place, row.id))
    items = [row.view for row in found["items"]]
    return {**found, "items": items, **await beside(c, items)}


async def of_case(c: AsyncConnection, case_id: UUID) -> list[dict[str, Any]]:
    """Return the tasks of a case: what is open by its date, then what is finished, the newest first."""
    query = text("""
        SELECT task_view(t) FROM task t WHERE case_id = :id
        ORDER BY state <> 'open', CASE WHEN state = 'open' THEN due_at END NULLS LAST,
                 coalesce(done_at, created_at) DESC, id LIMIT 100
    """)
    return list((await c.execute(query, {"id": case_id})).scalars())


async def add(
    c: AsyncConnection,
    case_id: UUID,
    *,
    title: str,
    due_at: datetime | None,
    owner_id: UUID | None,
    actor: str,
    by: UUID | None,
) -> dict[str, Any]:
    """Note something to do about a case."""
    await cases.lock(c, case_id)
    await check_owner(c, owner_id)
    view = await case_tasks.make(
        c,
        case_id=case_id,
        title=one_line(title, 200),
        due_at=due_at,
        owner_id=owner_id,
        created_by=by,
        actor=actor,
    )
    data = {"task_id": view["id"], "title": view["title"], "due_at": view["due_at"]}
    await case_moves.record(c, case_id, "task", actor=actor, by=by, data=data)
    return view


async def add_elsewhere(
    c: AsyncConnection,
    *,
    place: str,
    title: str,
    due_at: datetime | None,
    owner_id: UUID | None,
    actor: str,
    by: UUID | None,
) -> dict[str, Any]:
    """Note something to do that is about no case, done at a place of the desk (a path). Raises `Invalid`."""
    await check_owner(c, owner_id)
    values = {"title": one_line(title, 200), "due_at": due_at, "owner_id": owner_id, "created_by": by}
    return await case_tasks.make(c, kind="elsewhere", place=place, actor=actor, **values)


async def is_open(c: AsyncConnection, task_id: UUID) -> bool:
    """Say whether a task is still to be done."""
    return await c.scalar(select(task.c.state).where(task.c.id == task_id)) == "open"


async def hold(c: AsyncConnection, task_id: UUID) -> None:
    """Lock the case of a task, before the task itself as everybody does; raises `NotFound`."""
    row = (await c.execute(select(task.c.case_id).where(task.c.id == task_id))).first()
    if row is None:
        raise NotFound("There is no such task.")
    if row.case_id is not None:
        await cases.lock(c, row.case_id)


async def change(
    c: AsyncConnection, task_id: UUID, changes: Mapping[str, Any], *, actor: str, by: UUID | None
) -> dict[str, Any]:
    """Change, put off, finish or take up again; what is left out stays. Raises `NotFound`, `Invalid`.

    To finish the task of a promise keeps the promise, and the task of a step does the step.
    """
    await hold(c, task_id)
    before = (await c.execute(select(task).where(task.c.id == task_id).with_for_update())).mappings().one()
    allowed = ("title", "due_at", "owner_id")
    values = {name: changes[name] for name in allowed if name in changes}
    if "owner_id" in values:
        await check_owner(c, values["owner_id"])
    reminds = before["kind"] in {"promise", "step"}
    if reminds and {"title", "due_at"} & values.keys():
        raise Invalid("The date of a reminder is that of its promise or step.", todo="Change it in the case.")
    if changes.get("until_reply") and before["case_id"] is None:
        raise Invalid("Nobody writes about a task without a case.", field="until_reply", todo="Give a time.")
    if {"snoozed_until", "until_reply"} & changes.keys():
        values |= _put_off(changes)
    if changes.get("due_at"):
        values["broken_at"] = None
    ends = changes.get("state") not in {None, before["state"]}
    if ends:
        values |= _ended(str(changes["state"]), by)
        if changes["state"] == "open" and reminds:
            raise Conflict("This reminder has served.", todo="Promise a new date in the case.")
    await c.execute(update(task).where(task.c.id == task_id).values(**values, version=task.c.version + 1))
    view = await case_tasks.told(c, task_id, actor)
    if ends and changes["state"] == "done" and before["case_id"] is not None:
        await _done(c, view, actor=actor, by=by)
    return view


def _put_off(changes: Mapping[str, Any]) -> dict[str, Any]:
    until: datetime | None = changes.get("snoozed_until")
    waits = bool(changes.get("until_reply"))
    if until is not None and until <= now():
        raise Invalid("Until when?", field="snoozed_until", todo="Give a time to come.")
    asleep = until is not None or waits
    return {"snoozed_until": until, "until_reply": waits, "snoozed_at": func.now() if asleep else None}


def _ended(state: str, by: UUID | None) -> dict[str, Any]:
    awake = {"snoozed_until": None, "until_reply": False, "snoozed_at": None}
    if state == "done":
        return {"state": state, "done_at": func.now(), "done_by": by, **awake}
    return {"state": state, "done_at": None, "done_by": None, **awake}


async def _done(c: AsyncConnection, view: Mapping[str, Any], *, actor: str, by: UUID | None) -> None:
    """Tell the case what a finished task means to it."""
    case_id = UUID(view["case_id"])
    data = {"task_id": view["id"], "title": view["title"]}
    if view["kind"] == "promise":
        await case_moves.record(c, case_id, "promise_kept", actor=actor, by=by, data=data)
        kept = {"promised_at": None, "promise": "", "promised_by": None, "promised_on": None}
        await cases.write(c, case_id, {**kept, "remind_at": None})
    elif view["kind"] == "step":
        done = {"state": "done", "done_at": now(), "remind_at": None}
        await c.execute(update(case_step).where(case_step.c.id == UUID(view["step_id"])).values(**done))
        data = {"steps": [{"title": view["title"], "state": "done"}], "gone": []}
        await case_moves.record(c, case_id, "steps", actor=actor, by=by, data=data)
        await cases.write(c, case_id, {})
    else:
        await case_moves.record(c, case_id, "task_done", actor=actor, by=by, data=data)
        return
    await cases.told(c, case_id, actor)


async def check_owner(c: AsyncConnection, agent_id: UUID | None) -> None:
    """Raise `Invalid` for somebody who does not work here."""
    if agent_id is None:
        return
    query = text("SELECT EXISTS (SELECT FROM agent WHERE id = :id AND active)")
    if not await c.scalar(query, {"id": agent_id}):
        raise Invalid("There is no such colleague.", field="owner_id", todo="Choose somebody of the list.")
