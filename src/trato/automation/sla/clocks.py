"""The clocks of promised times: started, paused and settled by what the event log tells.

A durable consumer does it, so that no message of a contact waits for it. A timer tells when a clock comes
near or breaks by itself.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.automation.sla import policies
from trato.automation.tables import sla_clock
from trato.db.engine import Database
from trato.db.jobs import Handler, enqueue
from trato.decide import sla
from trato.decide.hours import Calendar
from trato.decide.sla import Clock, Target
from trato.kit.clock import now
from trato.kit.ids import new_id
from trato.live import service as live
from trato.live.queries import Event
from trato.routing import hours

Row = Mapping[str, Any] | RowMapping

CONSUMER: Final = "sla"
TYPES: Final = ("conversation.changed", "case.changed", "calendar.changed", "organisation.changed")
TICK: Final = "sla.tick"

# Whom a case waits for is written freely: these are the contact, in the languages of the desk.
THEIR_TURN: Final = frozenset({"", "contact", "customer", "contacto", "cliente", "contato"})

# News of an incident answers nobody, nor does what goes on to somebody else.
_REPLY = "conversation_id = :id AND direction = 'out' AND NOT payload ?| ARRAY['beside', 'apart']"
_REPLIED_BEFORE = text(f"SELECT EXISTS (SELECT FROM message WHERE {_REPLY} AND created_at < :at)")
_REPLIED_SINCE = text(f"SELECT min(created_at) FROM message WHERE {_REPLY} AND created_at >= :at")


async def handle(c: AsyncConnection, events: Sequence[Event]) -> None:
    """Bring the clocks up to what these events say; for the consumer of this name."""
    for event in events:
        at = datetime.fromisoformat(event.envelope["at"])
        if event.type == "conversation.changed":
            await _conversation(c, event.data["conversation"], at)
        elif event.type == "case.changed":
            await _case(c, event.data["case"], at)
        elif event.type == "calendar.changed":
            await _calendar(c, UUID(event.data["calendar"]["id"]))
        elif event.type == "organisation.changed":
            await _calendar(c, None)


async def _conversation(c: AsyncConnection, seen: Mapping[str, Any], at: datetime) -> None:
    conversation_id = UUID(seen["id"])
    running = await _open(c, sla_clock.c.conversation_id == conversation_id)
    since = seen["waiting_since"] if seen["status"] != "closed" and not seen["spam"] else None
    if since is None:
        if running is not None:
            replied = await c.scalar(_REPLIED_SINCE, {"id": conversation_id, "at": running["started_at"]})
            await _settle(c, running, replied or at, dropped=replied is None)
        return
    if running is not None:
        return
    policy = await policies.choose_for(c, conversation_id=conversation_id)
    if policy is None:
        return
    began = datetime.fromisoformat(since)
    before = await c.scalar(_REPLIED_BEFORE, {"id": conversation_id, "at": began})
    await _start(c, policy, "next_reply" if before else "first_reply", began, conversation_id=conversation_id)


async def _case(c: AsyncConnection, seen: Mapping[str, Any], at: datetime) -> None:
    case_id = UUID(seen["id"])
    running = await _open(c, sla_clock.c.case_id == case_id)
    if seen["status"] in ("resolved", "closed"):
        if running is not None:
            solved = datetime.fromisoformat(seen["resolved_at"]) if seen["resolved_at"] else at
            await _settle(c, running, solved)
        return
    if running is None:
        running = await _start_case(c, case_id, seen, at)
    if running is None:
        return
    theirs = seen["status"] == "waiting" and (seen["waiting_for"] or "").strip().casefold() in THEIR_TURN
    if theirs != (running["running_since"] is None):
        calendar = await hours.find(c, running["calendar_id"], at=at)
        clock = _value(running)
        turned = sla.pause(calendar, clock, at) if theirs else sla.resume(calendar, clock, at)
        await _write(c, running, turned, at, calendar)


async def _start_case(
    c: AsyncConnection, case_id: UUID, seen: Mapping[str, Any], at: datetime
) -> dict[str, Any] | None:
    policy = await policies.choose_for(c, case_id=case_id)
    if policy is None:
        return None
    ran = await c.scalar(select(sla_clock.c.id).where(sla_clock.c.case_id == case_id).limit(1))
    began = datetime.fromisoformat(seen["created_at"]) if ran is None else at
    return await _start(c, policy, "resolution", began, case_id=case_id)


async def _calendar(c: AsyncConnection, calendar_id: UUID | None) -> None:
    """Count anew, by the hours as they are now, what runs by a calendar; None: by the organisation's own."""
    query = select(sla_clock).where(
        sla_clock.c.calendar_id == calendar_id,
        sla_clock.c.settled_at.is_(None),
        sla_clock.c.running_since.is_not(None),
    )
    calendar = await hours.find(c, calendar_id, at=now())
    for row in (await c.execute(query.with_for_update())).mappings().all():
        clock = _value(row)
        stopped = Clock(clock.within, clock.near_share, clock.spent)
        await _write(c, row, sla.resume(calendar, stopped, row["running_since"]), now(), calendar)


async def _open(c: AsyncConnection, condition: Any) -> dict[str, Any] | None:
    query = select(sla_clock).where(condition, sla_clock.c.settled_at.is_(None)).with_for_update()
    row = (await c.execute(query)).mappings().first()
    return None if row is None else dict(row)


async def _start(
    c: AsyncConnection, policy: Mapping[str, Any], target: Target, began: datetime, **about: UUID
) -> dict[str, Any] | None:
    within_s = policy[f"{target}_s"]
    if within_s is None:
        return None
    calendar = await hours.find(c, policy["calendar_id"], at=began)
    clock = sla.start(calendar, began, timedelta(seconds=within_s), policy["near_percent"] / 100)
    query = (
        insert(sla_clock)
        .values(
            id=new_id(),
            policy_id=policy["id"],
            calendar_id=policy["calendar_id"],
            target=target,
            within_s=within_s,
            near_percent=policy["near_percent"],
            started_at=began,
            state="ok",
            **about,
        )
        .returning(sla_clock)
    )
    row = (await c.execute(query)).mappings().one()
    return await _write(c, row, clock, now(), calendar)


async def _write(
    c: AsyncConnection, row: Row, clock: Clock, at: datetime, calendar: Calendar
) -> dict[str, Any]:
    """Keep a clock that goes on, tell of it, and have its timer set; does nothing when it is as it was."""
    values = {
        "spent_s": clock.spent.total_seconds(),
        "running_since": clock.running_since,
        "near_at": clock.near_at,
        "due_at": clock.due_at,
        "closed": [[s.start.isoformat(), s.end.isoformat()] for s in sla.closed_before_due(calendar, clock)],
        "state": sla.state(clock, at),
    }
    if all(row[name] == value for name, value in values.items()):
        return dict(row)
    written = await _tell(c, row["id"], values)
    if (next_at := sla.changes_at(clock, at)) is not None:
        await enqueue(c, TICK, {"id": str(row["id"])}, key=str(row["id"]), run_at=_after(next_at))
    return written


async def _settle(c: AsyncConnection, row: Mapping[str, Any], at: datetime, *, dropped: bool = False) -> None:
    kept = "met" if sla.met(_value(row), at) else "missed"
    await _tell(c, row["id"], {"state": "dropped" if dropped else kept, "settled_at": at})


async def _tell(c: AsyncConnection, clock_id: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
    query = (
        update(sla_clock)
        .where(sla_clock.c.id == clock_id)
        .values(**values, version=sla_clock.c.version + 1)
        .returning(sla_clock)
    )
    row = dict((await c.execute(query)).mappings().one())
    await live.append(
        c,
        "sla.changed",
        audience="staff",
        conversation_id=row["conversation_id"],
        case_id=row["case_id"],
        data={"sla": _json(view(row))},
    )
    return row


async def tick(c: AsyncConnection, clock_id: UUID, at: datetime) -> None:
    """Tell what time has done to a clock, if it has; and have its timer set again."""
    row = await _open(c, sla_clock.c.id == clock_id)
    if row is None or row["running_since"] is None:
        return
    clock = _value(row)
    if sla.state(clock, at) != row["state"]:
        await _tell(c, clock_id, {"state": sla.state(clock, at)})
    if (next_at := sla.changes_at(clock, at)) is not None:
        await enqueue(c, TICK, {"id": str(clock_id)}, key=str(clock_id), run_at=_after(next_at))


def ticking(db: Database) -> Handler:
    """Return what runs the jobs of the timers."""

    async def run(data: dict[str, Any], attempt: int) -> None:
        del attempt
        async with db.begin() as c:
            await tick(c, UUID(data["id"]), now())

    return run


async def running(c: AsyncConnection, *, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Return clocks that are not settled, in the order of their ids."""
    query = select(sla_clock).where(sla_clock.c.settled_at.is_(None)).order_by(sla_clock.c.id).limit(limit)
    if after is not None:
        query = query.where(sla_clock.c.id > after)
    return [view(row) for row in (await c.execute(query)).mappings()]


def view(row: Row) -> dict[str, Any]:
    """Return a clock as the API and events show it."""
    names = (
        *("id", "policy_id", "target", "conversation_id", "case_id", "started_at", "near_at", "due_at"),
        *("closed", "state", "settled_at", "version"),
    )
    stands = row["running_since"] is None and row["settled_at"] is None
    left_s = max(0.0, row["within_s"] - row["spent_s"]) if stands else None
    return {**{name: row[name] for name in names}, "left_s": left_s}


def _json(values: Mapping[str, Any]) -> dict[str, Any]:
    from trato.automation.sla.schemas import SlaClockView

    return SlaClockView(**values).model_dump(mode="json")


def _value(row: Row) -> Clock:
    return Clock(
        timedelta(seconds=row["within_s"]),
        row["near_percent"] / 100,
        timedelta(seconds=row["spent_s"]),
        row["running_since"],
        row["near_at"],
        row["due_at"],
    )


def _after(at: datetime) -> datetime:
    """Return the moment at which a change at `at` has surely happened: it is broken only after it is due."""
    return at + timedelta(milliseconds=1)
