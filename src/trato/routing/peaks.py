"""Planned peaks: what is expected, who it takes, skills lent until it is over, and how it went."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import audit
from trato.decide.staffing import Load, agents_needed, forecast, servers_needed
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.live import versions
from trato.routing import profiles
from trato.routing.waiting_tables import peak, peak_loan

Values = Mapping[str, Any]

_IN: Final = """
    (cardinality(CAST(:queues AS uuid[])) = 0 AND {queue} IS NULL OR {queue} = ANY (CAST(:queues AS uuid[])))
"""
_TARGET: Final = text("""
    SELECT coalesce(min(target_s), 60) AS target_s, coalesce(max(target_percent), 80) AS target_percent
    FROM queue WHERE id = ANY (CAST(:queues AS uuid[]))
""")
# Who can serve one of the queues all the time: by what they know, or with what they are lent for it.
_STAFF: Final = text("""
    SELECT count(*) AS agents FROM agent a
    WHERE a.active AND a.user_id IS NOT NULL AND (
        cardinality(CAST(:queues AS uuid[])) = 0 OR EXISTS (
            SELECT FROM queue q WHERE q.id = ANY (CAST(:queues AS uuid[])) AND NOT EXISTS (
                SELECT FROM queue_skill s WHERE s.queue_id = q.id AND NOT EXISTS (
                    SELECT FROM agent_skill k WHERE k.agent_id = a.id AND k.skill_id = s.skill_id
                      AND k.level >= s.level AND (k.until IS NULL OR k.until >= :ends_at))
                AND NOT EXISTS (
                    SELECT FROM peak_loan l WHERE l.peak_id = :id AND l.agent_id = a.id
                      AND l.skill_id = s.skill_id AND l.level >= s.level))))
""")
# Whoever was in line in that time: those who were served, those who still wait, those who left unserved.
_REPORT: Final = text(f"""
    WITH seen AS (
        SELECT i.conversation_id, i.queued_at, i.accepted_at
        FROM interaction i JOIN conversation v ON v.id = i.conversation_id
        LEFT JOIN queue_account a ON a.account_id = v.account_id
        WHERE i.queued_at >= :starts_at AND i.queued_at < :ends_at
          AND {_IN.format(queue="coalesce(i.queue_id, a.queue_id)")}
        UNION ALL
        SELECT w.conversation_id, w.since, NULL FROM waiting w
        WHERE w.since >= :starts_at AND w.since < :ends_at AND {_IN.format(queue="w.queue_id")}
        UNION ALL
        SELECT v.id, v.created_at, NULL
        FROM conversation v LEFT JOIN queue_account a ON a.account_id = v.account_id
        WHERE v.created_at >= :starts_at AND v.created_at < :ends_at AND v.status = 'closed' AND NOT v.spam
          AND v.last_inbound_at IS NOT NULL AND {_IN.format(queue="a.queue_id")}
    ), came AS (
        SELECT conversation_id, min(queued_at) AS queued_at, min(accepted_at) AS accepted_at
        FROM seen GROUP BY conversation_id
    ), waits AS (
        SELECT c.*, v.status, extract(epoch FROM c.accepted_at - c.queued_at)::float8 AS wait_s
        FROM came c JOIN conversation v ON v.id = c.conversation_id
    )
    SELECT count(*) AS arrived, count(accepted_at) AS answered,
           count(*) FILTER (WHERE wait_s <= :target_s) AS within_target,
           avg(wait_s)::float8 AS mean_wait_s,
           percentile_cont(0.9) WITHIN GROUP (ORDER BY wait_s) AS p90_wait_s,
           count(*) FILTER (WHERE accepted_at IS NULL AND status = 'closed') AS abandoned,
           count(*) FILTER (WHERE accepted_at IS NULL AND status <> 'closed') AS waiting,
           (SELECT count(*) FROM callback k WHERE k.created_at >= :starts_at AND k.created_at < :ends_at
              AND {_IN.format(queue="k.queue_id")}) AS callbacks
    FROM waits
""")
# What somebody knows for good, or as well until later, stays as it is.
_KNOWN: Final = text("""
    SELECT EXISTS (SELECT FROM agent_skill WHERE agent_id = :agent_id AND skill_id = :skill_id
                   AND (until IS NULL OR level >= :level AND until >= :ends_at))
""")


async def every(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return all peaks, the latest first, each with what it needs."""
    rows = (await c.execute(select(peak).order_by(peak.c.starts_at.desc()).limit(200))).mappings()
    return [await _view(c, dict(row)) for row in rows.all()]


async def get(c: AsyncConnection, peak_id: UUID) -> dict[str, Any]:
    """Return a peak with what it needs; raises `NotFound`."""
    return await _view(c, await _row(c, peak_id))


async def create(c: AsyncConnection, values: Values, *, actor: str) -> dict[str, Any]:
    """Plan a peak; raises `Invalid`."""
    _check(values)
    peak_id = new_id()
    kept = {name: value for name, value in values.items() if name != "loans"}
    await c.execute(insert(peak).values(id=peak_id, **kept))
    await _lend(c, peak_id, values.get("loans", ()))
    await audit.record(c, actor, "peak.created", str(peak_id), {"name": values["name"]})
    return await get(c, peak_id)


async def change(
    c: AsyncConnection, peak_id: UUID, values: Values, *, expected: int | None, actor: str
) -> dict[str, Any]:
    """Change what is planned; raises `NotFound`, `Invalid`, `Conflict` once it has been applied."""
    await versions.check(c, peak, peak_id, expected, action="peak.changed")
    before = await _row(c, peak_id)
    if before["state"] != "planned":
        raise Conflict("This peak is no plan any more.", todo="Plan another one.")
    _check({**before, **values})
    kept = {name: value for name, value in values.items() if name != "loans"}
    await c.execute(update(peak).where(peak.c.id == peak_id).values(version=peak.c.version + 1, **kept))
    if "loans" in values:
        await c.execute(delete(peak_loan).where(peak_loan.c.peak_id == peak_id))
        await _lend(c, peak_id, values["loans"])
    await audit.record(c, actor, "peak.changed", str(peak_id), {"fields": sorted(values)})
    return await get(c, peak_id)


async def apply(c: AsyncConnection, peak_id: UUID, now: datetime, *, actor: str) -> dict[str, Any]:
    """Lend the skills, until the end of the peak and no longer; again changes nothing.

    Raises `NotFound`, and `Conflict` for one that was cancelled or is over.
    """
    found = await _row(c, peak_id, lock=True)
    if found["state"] == "cancelled" or found["ends_at"] <= now:
        raise Conflict("This peak is no plan any more.", todo="Plan another one.")
    if found["state"] == "planned":
        for loan in await _loans(c, peak_id):
            if not await c.scalar(_KNOWN, {**loan, "ends_at": found["ends_at"]}):
                values = {"level": loan["level"], "until": found["ends_at"]}
                await profiles.set_skill(c, loan["agent_id"], loan["skill_id"], values, actor=actor)
        await c.execute(
            update(peak).where(peak.c.id == peak_id).values(state="applied", version=peak.c.version + 1)
        )
        await audit.record(c, actor, "peak.applied", str(peak_id), {"name": found["name"]})
    return await get(c, peak_id)


async def cancel(c: AsyncConnection, peak_id: UUID, *, actor: str) -> dict[str, Any]:
    """Give a peak up; what was lent for it is taken back. Raises `NotFound`."""
    found = await _row(c, peak_id, lock=True)
    if found["state"] == "applied":
        for loan in await _loans(c, peak_id):
            await _take_back(c, loan, found["ends_at"], actor)
    await c.execute(
        update(peak).where(peak.c.id == peak_id).values(state="cancelled", version=peak.c.version + 1)
    )
    await audit.record(c, actor, "peak.cancelled", str(peak_id), {"name": found["name"]})
    return await get(c, peak_id)


async def report(c: AsyncConnection, peak_id: UUID) -> dict[str, Any]:
    """Return how a peak went, or goes; raises `NotFound`."""
    found = await _row(c, peak_id)
    target = await _target(c, found)
    values = {
        "queues": found["queue_ids"],
        "starts_at": found["starts_at"],
        "ends_at": found["ends_at"],
        "target_s": target["target_s"],
    }
    row = (await c.execute(_REPORT, values)).mappings().one()
    hours = (found["ends_at"] - found["starts_at"]).total_seconds() / 3600
    return {**row, **target, "expected": round(found["contacts_per_hour"] * hours)}


def _check(values: Values) -> None:
    if values["ends_at"] <= values["starts_at"]:
        raise Invalid("It ends before it begins.", field="ends_at", todo="Give a later end.")


async def _row(c: AsyncConnection, peak_id: UUID, *, lock: bool = False) -> dict[str, Any]:
    query = select(peak).where(peak.c.id == peak_id)
    row = (await c.execute(query.with_for_update() if lock else query)).mappings().first()
    if row is None:
        raise NotFound("There is no such peak.")
    return dict(row)


async def _loans(c: AsyncConnection, peak_id: UUID) -> list[dict[str, Any]]:
    columns = (peak_loan.c.agent_id, peak_loan.c.skill_id, peak_loan.c.level)
    query = select(*columns).where(peak_loan.c.peak_id == peak_id).order_by(*columns[:2])
    return [dict(row) for row in (await c.execute(query)).mappings()]


async def _lend(c: AsyncConnection, peak_id: UUID, loans: Sequence[Values]) -> None:
    if not loans:
        return
    try:
        async with c.begin_nested():
            await c.execute(insert(peak_loan), [{"peak_id": peak_id, **loan} for loan in loans])
    except IntegrityError as error:
        raise Invalid(
            "One of the loans names an agent or a skill that is not there, or twice.",
            todo="Choose each agent and skill once.",
            field="loans",
        ) from error


async def _take_back(c: AsyncConnection, loan: Values, until: datetime, actor: str) -> None:
    lent = text("""
        SELECT EXISTS (SELECT FROM agent_skill
                       WHERE agent_id = :agent_id AND skill_id = :skill_id AND until = :until)
    """)
    keys = {"agent_id": loan["agent_id"], "skill_id": loan["skill_id"]}
    if await c.scalar(lent, {**keys, "until": until}):
        await profiles.set_skill(c, loan["agent_id"], loan["skill_id"], None, actor=actor)


async def _target(c: AsyncConnection, found: Values) -> dict[str, Any]:
    return dict((await c.execute(_TARGET, {"queues": found["queue_ids"]})).mappings().one())


async def _view(c: AsyncConnection, found: dict[str, Any]) -> dict[str, Any]:
    target = await _target(c, found)
    load = Load(
        found["contacts_per_hour"], found["handle_s"], target["target_percent"] / 100, target["target_s"]
    )
    values = {"id": found["id"], "queues": found["queue_ids"], "ends_at": found["ends_at"]}
    staffed = int(await c.scalar(_STAFF, values) or 0)
    with_them = asdict(forecast(load, int(staffed * found["at_once"])))
    finite = with_them["mean_wait_s"] != float("inf")
    return {
        **found,
        "loans": await _loans(c, found["id"]),
        "need": {
            "erlangs": load.erlangs,
            "servers": servers_needed(load),
            "agents": agents_needed(load, at_once=found["at_once"]),
            "staffed": staffed,
            "within_target": with_them["within_target"],
            "mean_wait_s": with_them["mean_wait_s"] if finite else None,
            "occupancy": with_them["occupancy"],
            **target,
        },
    }
