"""What time does to cases: reminders before a date breaks, dates that broke, snoozes that end, touches."""

from datetime import timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations import case_moves, case_tasks, cases, doors, progress
from trato.db.edge import TOPICS, Services
from trato.db.periodic import Periodic

KIND: Final = "cases.reminders"
EVERY: Final = timedelta(minutes=1)
AT_ONCE: Final = 200  # the rest a minute later
ACTOR: Final = "system"

# Who is reminded: who owns the case, else who has its conversation in hand; else it is nobody's, and
# supervisors see it.
_KEEPER = """
    coalesce(
        (SELECT a.id FROM agent a WHERE a.id = k.owner_id AND a.active),
        (SELECT v.assignee_id FROM conversation v JOIN agent a ON a.id = v.assignee_id AND a.active
         WHERE v.case_id = k.id AND v.status <> 'closed'
         ORDER BY v.last_message_at DESC NULLS LAST LIMIT 1)) AS keeper
"""
_PROMISES = text(f"""
    SELECT k.id, k.promise, k.promised_at, {_KEEPER} FROM cases k
    WHERE k.remind_at <= now() AND k.status IN ('open', 'waiting')
    ORDER BY k.id LIMIT :limit FOR NO KEY UPDATE OF k SKIP LOCKED
""")
_STEPS = text(f"""
    SELECT s.id, s.case_id, s.title, s.due_at, {_KEEPER} FROM case_step s JOIN cases k ON k.id = s.case_id
    WHERE s.remind_at <= now() AND s.state <> 'done' AND k.status IN ('open', 'waiting')
    ORDER BY k.id, s.id LIMIT :limit FOR NO KEY UPDATE OF k SKIP LOCKED
""")
_BROKEN = text("""
    SELECT t.id, t.case_id, t.kind, t.title, t.due_at FROM task t JOIN cases k ON k.id = t.case_id
    WHERE t.state = 'open' AND t.due_at <= now() AND t.broken_at IS NULL
    ORDER BY k.id, t.id LIMIT :limit FOR NO KEY UPDATE OF k SKIP LOCKED
""")
_MARK = text("UPDATE task SET broken_at = now(), version = version + 1 WHERE id = :id")
# Somebody who puts a task off until the contact writes means: after this moment.
_AWAKE = text("""
    UPDATE task SET snoozed_until = NULL, until_reply = false, snoozed_at = NULL, version = version + 1
    WHERE id IN (
        SELECT t.id FROM task t WHERE t.state = 'open' AND t.snoozed_at IS NOT NULL AND (
            t.snoozed_until <= now() OR t.until_reply AND EXISTS (
                SELECT FROM conversation v WHERE v.case_id = t.case_id AND v.last_inbound_at > t.snoozed_at))
        ORDER BY t.id LIMIT :limit FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id
""")
_CASES_AWAKE = text("""
    SELECT id FROM cases WHERE snoozed_until <= now() AND status = 'waiting'
    ORDER BY id LIMIT :limit FOR NO KEY UPDATE SKIP LOCKED
""")


def reminding(services: Services) -> Periodic:
    """Return the job that does all of it; a step that fails does not stop the others."""

    async def run() -> None:
        errors = []
        for step in (
            remind_of_promises,
            remind_of_steps,
            mark_broken,
            wake_tasks,
            wake_cases,
            progress.mark_ended,
        ):
            try:
                async with services.db.begin() as c:
                    await step(c)
                services.wake.ring(*TOPICS)
            except Exception as error:  # noqa: BLE001  raised below, when all had their turn
                errors.append(error)
        if errors:
            raise ExceptionGroup("steps of the reminders failed", errors)

    return Periodic(KIND, EVERY, services.db, run)


async def remind_of_promises(c: AsyncConnection) -> None:
    """Make the tasks of promises whose time has come."""
    for row in (await c.execute(_PROMISES, {"limit": AT_ONCE})).all():
        await c.execute(text("UPDATE cases SET remind_at = NULL WHERE id = :id"), {"id": row.id})
        await case_tasks.make(
            c,
            case_id=row.id,
            kind="promise",
            title=row.promise,
            due_at=row.promised_at,
            owner_id=row.keeper,
            actor=ACTOR,
        )


async def remind_of_steps(c: AsyncConnection) -> None:
    """Make the tasks of steps whose time has come."""
    for row in (await c.execute(_STEPS, {"limit": AT_ONCE})).all():
        await c.execute(text("UPDATE case_step SET remind_at = NULL WHERE id = :id"), {"id": row.id})
        await case_tasks.make(
            c,
            case_id=row.case_id,
            kind="step",
            step_id=row.id,
            title=row.title,
            due_at=row.due_at,
            owner_id=row.keeper,
            actor=ACTOR,
        )


async def mark_broken(c: AsyncConnection) -> None:
    """Mark what is past its date; a broken promise is noted in its case."""
    for row in (await c.execute(_BROKEN, {"limit": AT_ONCE})).all():
        await c.execute(_MARK, {"id": row.id})
        await case_tasks.told(c, row.id, ACTOR)
        if row.kind != "follow_up":
            data = {"kind": row.kind, "title": row.title, "due_at": row.due_at.isoformat()}
            await case_moves.record(c, row.case_id, "promise_broken", actor=ACTOR, data=data)
        if row.kind == "promise" and await doors.unanswered(c, row.case_id):
            await doors.tell(c, row.case_id, "broken", actor=ACTOR)


async def wake_tasks(c: AsyncConnection) -> None:
    """Bring back what was put off until now, or until the contact wrote."""
    for task_id in list((await c.execute(_AWAKE, {"limit": AT_ONCE})).scalars()):
        await case_tasks.told(c, task_id, ACTOR)


async def wake_cases(c: AsyncConnection) -> None:
    """Open the cases that waited until now."""
    for case_id in list((await c.execute(_CASES_AWAKE, {"limit": AT_ONCE})).scalars()):
        await cases.change_case(c, case_id, {"status": "open", "waiting_for": None}, actor=ACTOR)
