"""What people do with a case: its words, its owner, its promise, its steps, where it stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations import case_moves, case_tasks
from trato.conversations.tables import case, case_step
from trato.decide.lifecycle import CaseStatus, case_transition
from trato.decide.promises import remind_at
from trato.fields import values as fields
from trato.kit import paging
from trato.kit.clock import now
from trato.kit.errors import Invalid, NotFound
from trato.kit.ids import new_id
from trato.kit.text import clean, one_line
from trato.live import service as live

_CONTACTS = ("contact", "visitor")  # kinds of actors who are the customer


async def get_case(c: AsyncConnection, case_id: UUID) -> dict[str, Any]:
    """Return a case as the API shows it; raises `NotFound`."""
    view = await c.scalar(text("SELECT case_view(k) FROM cases k WHERE id = :id"), {"id": case_id})
    if view is None:
        raise NotFound("There is no such case.")
    found: dict[str, Any] = view
    return found


async def list_cases(
    c: AsyncConnection, contact_id: UUID | None, *, cursor: str | None = None, limit: int = paging.PAGE
) -> dict[str, Any]:
    """Return a page of the cases of a contact, or of everybody, newest first."""
    (before,) = paging.decode(cursor, paging.number)
    of_contact = "" if contact_id is None else "AND contact_id = :id"
    rows = await c.execute(
        text(f"""
            SELECT case_view(k) FROM cases k
            WHERE (CAST(:before AS bigint) IS NULL OR number < :before) {of_contact}
            ORDER BY number DESC LIMIT :limit
        """),
        {"before": before, "limit": limit + 1} | ({} if contact_id is None else {"id": contact_id}),
    )
    return paging.page(list(rows.scalars()), limit, lambda view: (view["number"],))


async def create_case(
    c: AsyncConnection, *, brand_id: UUID, contact_id: UUID, title: str, expectation: str, actor: str
) -> dict[str, Any]:
    """Open a case."""
    case_id = new_id()
    await c.execute(
        insert(case).values(
            id=case_id,
            brand_id=brand_id,
            contact_id=contact_id,
            title=one_line(title, 200),
            expectation=clean(expectation, 2_000),
            updated_at=func.now(),
        )
    )
    return await told(c, case_id, actor)


async def lock(c: AsyncConnection, case_id: UUID) -> RowMapping:
    """Return a case's row, held until the transaction ends; raises `NotFound`."""
    row = (await c.execute(select(case).where(case.c.id == case_id).with_for_update())).mappings().first()
    if row is None:
        raise NotFound("There is no such case.")
    return row


async def change_case(
    c: AsyncConnection, case_id: UUID, changes: Mapping[str, Any], *, actor: str, by: UUID | None = None
) -> dict[str, Any]:
    """Change a case; a status moves only as `decide.lifecycle` allows. Raises `NotFound`, `Invalid`.

    `by` is the agent who changes it: who promises a date is named with it.
    """
    before = await lock(c, case_id)
    allowed = ("title", "expectation", "waiting_for", "owner_id", "door_id")
    values = {name: changes[name] for name in allowed if name in changes}
    if "title" in values:
        values["title"] = one_line(values["title"] or "", 200)
    if {"promised_at", "promise"} & changes.keys():
        values |= await _promised(c, before, changes, actor=actor, by=by)
    if changes.get("status") not in {None, before["status"]}:
        values |= _moved(CaseStatus(before["status"]), CaseStatus(changes["status"]), actor)
    values |= _snoozed(before, values, changes)
    if values.get("status") == CaseStatus.RESOLVED:
        await fields.check_filled(c, case_id, actor=actor)
    await write(c, case_id, values)
    await _record(c, before, values, actor=actor, by=by)
    if values.get("status") == CaseStatus.RESOLVED:
        await case_tasks.settle(c, case_id, "done", actor=actor, by=by)
    return await told(c, case_id, actor)


async def _promised(
    c: AsyncConnection, before: RowMapping, changes: Mapping[str, Any], *, actor: str, by: UUID | None
) -> dict[str, Any]:
    due: datetime | None = changes.get("promised_at", before["promised_at"])
    what = one_line(changes.get("promise", before["promise"]) or "", 200)
    if (due, what) == (before["promised_at"], before["promise"]):
        return {}
    made_on = now()
    values: dict[str, Any]
    if due is None:
        values = {"promise": "", "promised_by": None, "promised_on": None, "remind_at": None}
    elif due == before["promised_at"]:
        values = {"promise": what}
    else:
        values = {
            "promise": what,
            "promised_by": by,
            "promised_on": made_on,
            "remind_at": remind_at(made_on, due),
        }
    if due != before["promised_at"]:  # what reminded of the former date has served
        await case_tasks.settle(c, before["id"], "dropped", actor=actor, kind="promise")
    return {"promised_at": due, **values}


async def confirm(c: AsyncConnection, case_id: UUID, *, actor: str) -> dict[str, Any]:
    """Note that the contact says it is solved, wherever the case stands; a closed one stays closed."""
    before = await lock(c, case_id)
    if before["resolved_by"] == "contact" and before["status"] != CaseStatus.OPEN:
        return await get_case(c, case_id)  # said twice
    values: dict[str, Any] = {"resolved_by": "contact", "resolved_at": func.now()}
    if before["status"] != CaseStatus.CLOSED:
        values |= {"status": CaseStatus.RESOLVED, "waiting_for": None, "snoozed_until": None}
    await write(c, case_id, values)
    await case_moves.record(c, case_id, "confirmed", actor=actor)
    await case_tasks.settle(c, case_id, "done", actor=actor)
    return await told(c, case_id, actor)


async def dispute(c: AsyncConnection, case_id: UUID, words: str, *, actor: str) -> dict[str, Any]:
    """Note that the contact says it is not solved: the case is open again."""
    await lock(c, case_id)
    values = {"status": CaseStatus.OPEN, "resolved_at": None, "resolved_by": None}
    await write(c, case_id, {**values, "waiting_for": None, "snoozed_until": None})
    await case_moves.record(c, case_id, "reopened", actor=actor, data={"what": one_line(words, 200)})
    return await told(c, case_id, actor)


async def note_resolution(c: AsyncConnection, case_id: UUID, done: str, *, asked: bool) -> None:
    """Keep what was done, and whether the contact was asked about it."""
    await write(c, case_id, {"resolution": done, "asked_at": func.now() if asked else None})


def _moved(before: CaseStatus, after: CaseStatus, actor: str) -> dict[str, Any]:
    if not case_transition(before, after):
        if before is CaseStatus.CLOSED:
            raise Invalid("A closed case can only be opened again.", field="status")
        raise Invalid("A case is resolved before it is closed.", field="status")
    if after is CaseStatus.RESOLVED:
        who = "contact" if actor.partition(":")[0] in _CONTACTS else "agent"
        return {"status": after, "resolved_at": func.now(), "resolved_by": who}
    if after is CaseStatus.CLOSED:
        return {"status": after}
    return {"status": after, "resolved_at": None, "resolved_by": None}


def _snoozed(
    before: RowMapping, values: Mapping[str, Any], changes: Mapping[str, Any]
) -> dict[str, datetime | None]:
    """Return until when the case waits: only one that waits does, and for a time to come."""
    if values.get("status", before["status"]) != CaseStatus.WAITING:
        return {"snoozed_until": None}
    if "snoozed_until" not in changes:
        return {}
    until: datetime | None = changes["snoozed_until"]
    if until is not None and until <= now():
        raise Invalid("Until when?", field="snoozed_until", todo="Give a time to come.")
    return {"snoozed_until": until}


async def _record(
    c: AsyncConnection, before: RowMapping, values: Mapping[str, Any], *, actor: str, by: UUID | None
) -> None:
    """Note what moved, with what it was before."""
    case_id = before["id"]
    if "promised_at" in values:
        data = {"at": _text(values["promised_at"]), "what": values.get("promise", before["promise"])}
        data |= {"before": _text(before["promised_at"])}
        await case_moves.record(c, case_id, "promise", actor=actor, by=by, data=data)
    if values.get("owner_id", before["owner_id"]) != before["owner_id"]:
        data = {"owner_id": _text(values["owner_id"]), "before": _text(before["owner_id"])}
        await case_moves.record(c, case_id, "owner", actor=actor, by=by, data=data)
    if "status" in values:
        after = str(values["status"])
        kind = "resolved" if after == CaseStatus.RESOLVED else "status"
        data = {"status": after, "before": before["status"]}
        await case_moves.record(c, case_id, kind, actor=actor, by=by, data=data)


def _text(value: datetime | UUID | None) -> str | None:
    return value.isoformat() if isinstance(value, datetime) else None if value is None else str(value)


async def set_steps(
    c: AsyncConnection,
    case_id: UUID,
    steps: Sequence[Mapping[str, Any]],
    *,
    actor: str,
    by: UUID | None = None,
) -> dict[str, Any]:
    """Write the steps of a case, in order; steps that are not named any more go. Raises `NotFound`."""
    await lock(c, case_id)
    known = {row.id: row for row in await c.execute(select(case_step).where(case_step.c.case_id == case_id))}
    kept = [step["id"] for step in steps if step.get("id") in known]
    await c.execute(delete(case_step).where(case_step.c.case_id == case_id, case_step.c.id.not_in(kept)))
    moved: list[dict[str, Any]] = []
    for position, step in enumerate(steps):
        old = known.get(step.get("id"))
        values = _step(old, step, position)
        if old is None:
            await c.execute(insert(case_step).values(id=new_id(), case_id=case_id, **values))
        else:
            await c.execute(update(case_step).where(case_step.c.id == old.id).values(**values))
            if values["state"] == "done" or values["due_at"] != old.due_at:
                state = "done" if values["state"] == "done" else "dropped"
                await case_tasks.settle(c, case_id, state, actor=actor, by=by, step_id=old.id)
        if old is None or (old.state, old.title, old.due_at) != (
            values["state"],
            values["title"],
            values["due_at"],
        ):
            moved.append(
                {"title": values["title"], "state": values["state"], "due_at": _text(values["due_at"])}
            )
    gone = [row.title for row in known.values() if row.id not in kept]
    if moved or gone:
        data = {"steps": moved, "gone": gone}
        await case_moves.record(c, case_id, "steps", actor=actor, by=by, data=data)
    await write(c, case_id, {})
    return await told(c, case_id, actor)


def _step(old: Any, step: Mapping[str, Any], position: int) -> dict[str, Any]:
    """Return the columns of a step; a date that is new, or a step that is open again, is reminded of."""
    done = step["state"] == "done"
    due: datetime | None = step.get("due_at")
    if done or due is None:
        remind = None
    elif old is not None and old.due_at == due and old.state != "done":
        remind = old.remind_at
    else:
        remind = remind_at(now(), due)
    return {
        "position": position,
        "title": one_line(step["title"], 200),
        "state": step["state"],
        "due_at": due,
        "remind_at": remind,
        "done_at": (old.done_at if old and old.done_at else now()) if done else None,
    }


async def write(c: AsyncConnection, case_id: UUID, values: Mapping[str, Any]) -> None:
    """Write columns of a case as its next version."""
    await c.execute(
        update(case)
        .where(case.c.id == case_id)
        .values(**values, version=case.c.version + 1, updated_at=func.now())
    )


async def told(c: AsyncConnection, case_id: UUID, actor: str) -> dict[str, Any]:
    """Append that a case changed; return it as the API shows it."""
    view = await get_case(c, case_id)
    await live.append(
        c,
        "case.changed",
        audience="staff",
        actor=actor,
        contact_id=UUID(view["contact_id"]),
        case_id=case_id,
        data={"case": view},
    )
    return view
