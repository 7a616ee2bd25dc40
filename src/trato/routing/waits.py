"""How long contacts wait: where each stands, what can be told of it, and how far off that was.

The place is by the due instant among those of the same queue. What the lines look like is read once for all
of a process and used for some seconds; the places of those who look are read together, in one statement.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.edge import Services
from trato.decide import waits as decide
from trato.decide.waits import Estimate, Service, Told
from trato.routing import opening
from trato.routing.opening import Hours

EXTRA: Final = "waits"  # its place in `Services.extras`
FRESH_S: Final = 4.0
ERROR_OF_DAYS: Final = 7
KEPT_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Line:
    """A queue's line (the common one has no queue) as it stands."""

    queue_id: UUID | None
    waiting: int
    longest_s: float
    service: Service
    hours: Hours
    offer_after_s: int

    def told(self, estimate: Estimate | None, now: datetime) -> Told:
        """Say an estimate to somebody in this line."""
        return decide.told(
            estimate,
            now,
            is_open=self.hours.is_open,
            opens_at=self.hours.opens_at,
            closes_at=self.hours.closes_at,
        )


@dataclass(frozen=True, slots=True)
class Wait:
    """Where somebody stands: `position` from 1, None for who is not in line yet; and what is told of it."""

    line: Line
    position: int | None
    estimate: Estimate | None
    told: Told

    @property
    def is_long(self) -> bool:
        """Say whether other ways than waiting should be offered."""
        return self.estimate is None or self.estimate.high_s > self.line.offer_after_s


# Counted from when the first of those who are here came: a line that nobody served says nothing of its pace.
_LINES = text("""
    WITH lines AS (
        SELECT id FROM queue UNION ALL SELECT NULL
    ), here AS (
        SELECT q.id AS queue_id, count(*) AS agents, sum(p.capacity) AS slots,
               sum(greatest(p.capacity - p.load, 0)) AS free, min(p.since) AS since
        FROM lines q
        JOIN presence p ON p.state = 'available'
        JOIN agent a ON a.id = p.agent_id AND a.active
        WHERE NOT EXISTS (
            SELECT FROM queue_skill s WHERE s.queue_id = q.id AND NOT EXISTS (
                SELECT FROM agent_skill k
                WHERE k.agent_id = p.agent_id AND k.skill_id = s.skill_id AND k.level >= s.level
                  AND (k.until IS NULL OR k.until > now())))
        GROUP BY q.id
    ), done AS (
        SELECT coalesce(i.queue_id, a.queue_id) AS queue_id, i.queued_at, i.accepted_at, i.ended_at
        FROM interaction i
        JOIN conversation v ON v.id = i.conversation_id
        LEFT JOIN queue_account a ON a.account_id = v.account_id
        WHERE i.accepted_at > now() - interval '2 hours'
    ), recent AS (
        SELECT d.queue_id, d.accepted_at,
               greatest(d.queued_at, h.since, now() - interval '30 minutes') AS came
        FROM done d JOIN here h ON h.queue_id IS NOT DISTINCT FROM d.queue_id
        WHERE d.accepted_at > greatest(h.since, now() - interval '30 minutes') AND d.queued_at < d.accepted_at
    ), line AS (
        SELECT queue_id, count(*) FILTER (WHERE offer_id IS NULL) AS waiting, min(since) AS oldest
        FROM waiting GROUP BY queue_id
    ), spans AS (
        SELECT queue_id, tstzrange(came, accepted_at) AS span FROM recent WHERE came < accepted_at
        UNION ALL
        SELECT l.queue_id, tstzrange(greatest(l.oldest, h.since, now() - interval '30 minutes'), now())
        FROM line l JOIN here h ON h.queue_id IS NOT DISTINCT FROM l.queue_id
        WHERE greatest(l.oldest, h.since) < now()
    ), served AS (
        SELECT queue_id, sum(extract(epoch FROM upper(part) - lower(part)))::float8 AS served_s
        FROM (SELECT queue_id, unnest(range_agg(span)) AS part FROM spans GROUP BY queue_id) parts
        GROUP BY queue_id
    ), released AS (
        SELECT queue_id, count(*) AS releases FROM recent GROUP BY queue_id
    ), handled AS (
        SELECT queue_id, count(*) AS handled,
               sum(extract(epoch FROM ended_at - accepted_at))::float8 AS handled_s
        FROM done WHERE ended_at >= accepted_at GROUP BY queue_id
    )
    SELECT q.id AS queue_id, coalesce(l.waiting, 0) AS waiting,
           coalesce(greatest(extract(epoch FROM now() - l.oldest), 0), 0)::float8 AS longest_s,
           coalesce(r.releases, 0) AS releases, coalesce(s.served_s, 0) AS served_s,
           coalesce(d.handled, 0) AS handled, coalesce(d.handled_s, 0) AS handled_s,
           coalesce(h.agents, 0) AS agents, coalesce(h.slots, 0) AS slots, coalesce(h.free, 0) AS free,
           w.offer_after_s
    FROM lines q
    LEFT JOIN here h ON h.queue_id IS NOT DISTINCT FROM q.id
    LEFT JOIN line l ON l.queue_id IS NOT DISTINCT FROM q.id
    LEFT JOIN released r ON r.queue_id IS NOT DISTINCT FROM q.id
    LEFT JOIN served s ON s.queue_id IS NOT DISTINCT FROM q.id
    LEFT JOIN handled d ON d.queue_id IS NOT DISTINCT FROM q.id
    CROSS JOIN LATERAL waiting_rules(q.id) w
""")
# The due instant without the queue's target, which all in one line share; who is being offered comes next.
_PLACES = text("""
    WITH mine AS (
        SELECT conversation_id, queue_id, offer_id FROM waiting WHERE conversation_id = ANY (:ids)
    ), line AS (
        SELECT w.conversation_id, row_number() OVER (
            PARTITION BY w.queue_id
            ORDER BY w.since - interval '5 minutes' * w.priority, w.conversation_id) AS place
        FROM waiting w
        WHERE w.offer_id IS NULL
          AND EXISTS (SELECT FROM mine m WHERE m.queue_id IS NOT DISTINCT FROM w.queue_id)
    )
    SELECT m.conversation_id, m.queue_id, coalesce(l.place, 0) AS place
    FROM mine m LEFT JOIN line l USING (conversation_id)
""")
_QUEUE = text("SELECT queue_id FROM queue_account WHERE account_id = :account_id")
_REMEMBER = text("""
    INSERT INTO wait_estimate (conversation_id, queue_id, position, estimate_s, low_s, high_s)
    SELECT * FROM jsonb_to_recordset(:rows) AS r (
        conversation_id uuid, queue_id uuid, position integer, estimate_s float8, low_s float8, high_s float8)
""").bindparams(bindparam("rows", type_=JSONB))
_SETTLE = text("""
    WITH ended AS (
        SELECT e.id, extract(epoch FROM i.accepted_at - e.told_at)::float8 AS actual_s
        FROM wait_estimate e
        LEFT JOIN LATERAL (
            SELECT accepted_at FROM interaction i
            WHERE i.conversation_id = e.conversation_id AND i.accepted_at >= e.told_at
            ORDER BY accepted_at LIMIT 1) i ON true
        WHERE e.outcome IS NULL AND (i.accepted_at IS NOT NULL OR NOT EXISTS (
            SELECT FROM waiting w WHERE w.conversation_id = e.conversation_id))
    )
    UPDATE wait_estimate e SET actual_s = ended.actual_s,
           outcome = CASE WHEN ended.actual_s IS NULL THEN 'left' ELSE 'accepted' END
    FROM ended WHERE ended.id = e.id
""")
_FORGET = text("DELETE FROM wait_estimate WHERE told_at < now() - make_interval(days => :days)")
_TOLD = text("""
    SELECT queue_id, estimate_s, low_s, high_s, actual_s FROM wait_estimate
    WHERE outcome = 'accepted' AND told_at > now() - make_interval(days => :days)
""")
_NAMES = text("SELECT id, name FROM queue ORDER BY name")


async def lines(shared: Services, c: AsyncConnection, now: datetime) -> Mapping[UUID | None, Line]:
    """Return every line by its queue, as it was at most some seconds ago."""
    kept: tuple[float, Mapping[UUID | None, Line]] | None = shared.extras.get(EXTRA)
    if kept is not None and monotonic() - kept[0] < FRESH_S:
        return kept[1]
    found = await read_lines(c, now)
    shared.extras[EXTRA] = (monotonic(), found)
    return found


async def read_lines(c: AsyncConnection, now: datetime) -> dict[UUID | None, Line]:
    """Return every line by its queue, as it is now."""
    when = await opening.of_queues(c, now)
    rows = (await c.execute(_LINES)).mappings()
    return {row["queue_id"]: _line(dict(row), when) for row in rows}


def _line(row: Mapping[str, Any], when: Mapping[UUID | None, Hours]) -> Line:
    return Line(
        row["queue_id"],
        row["waiting"],
        row["longest_s"],
        Service(
            row["releases"],
            row["served_s"],
            row["handled"],
            row["handled_s"],
            row["agents"],
            int(row["slots"]),
            int(row["free"]),
        ),
        when.get(row["queue_id"], opening.ALWAYS),
        row["offer_after_s"],
    )


async def of_conversations(
    shared: Services, c: AsyncConnection, ids: Iterable[UUID], now: datetime
) -> dict[UUID, Wait]:
    """Return how each of these conversations waits; those that are not in line are left out."""
    places = (await c.execute(_PLACES, {"ids": list(ids)})).all()
    if not places:
        return {}
    known = await lines(shared, c, now)
    found = {}
    for row in places:
        line = known.get(row.queue_id)
        if line is None:  # a queue that was made a moment ago: its line is read with the next look
            continue
        estimate = decide.expected(line.service, row.place - 1) if row.place else decide.BEING_OFFERED
        found[row.conversation_id] = Wait(line, max(1, row.place), estimate, line.told(estimate, now))
    return found


async def of_newcomer(shared: Services, c: AsyncConnection, account_id: UUID, now: datetime) -> Wait | None:
    """Return how somebody would wait who writes to an account now."""
    queue_id = await queue_of(c, account_id)
    line = (await lines(shared, c, now)).get(queue_id)
    if line is None:
        return None
    estimate = decide.expected(line.service, line.waiting)
    return Wait(line, None, estimate, line.told(estimate, now))


async def queue_of(c: AsyncConnection, account_id: UUID) -> UUID | None:
    """Return the queue in which what comes in by an account waits; None is the common line."""
    found: UUID | None = await c.scalar(_QUEUE, {"account_id": account_id})
    return found


async def remember(c: AsyncConnection, told: Mapping[UUID, Wait]) -> None:
    """Keep what these contacts were told, to measure it against what comes true."""
    rows = [
        {
            "conversation_id": str(conversation_id),
            "queue_id": str(wait.line.queue_id) if wait.line.queue_id else None,
            "position": wait.position,
            "estimate_s": wait.estimate.wait_s,
            "low_s": wait.estimate.low_s,
            "high_s": wait.estimate.high_s,
        }
        for conversation_id, wait in told.items()
        if wait.estimate is not None and wait.position is not None
    ]
    if rows:
        await c.execute(_REMEMBER, {"rows": rows})


async def settle(c: AsyncConnection) -> None:
    """Note how long it took those who were told something and wait no more; forget what is old."""
    await c.execute(_SETTLE)
    await c.execute(_FORGET, {"days": KEPT_DAYS})


async def figures(c: AsyncConnection, now: datetime) -> list[dict[str, Any]]:
    """Return every line with what a newcomer would be told, and the error of what was told in a week."""
    names = {row.id: row.name for row in await c.execute(_NAMES)}
    pairs: dict[UUID | None, list[tuple[Estimate, float]]] = {}
    for row in await c.execute(_TOLD, {"days": ERROR_OF_DAYS}):
        estimate = Estimate(row.estimate_s, row.low_s, row.high_s)
        pairs.setdefault(row.queue_id, []).append((estimate, row.actual_s))
    known = await read_lines(c, now)
    order: Sequence[UUID | None] = [None, *names]
    return [_figure(known[key], names.get(key), pairs.get(key, []), now) for key in order if key in known]


def _figure(
    line: Line, name: str | None, pairs: list[tuple[Estimate, float]], now: datetime
) -> dict[str, Any]:
    estimate = decide.expected(line.service, line.waiting)
    return {
        "queue_id": line.queue_id,
        "name": name,
        "waiting": line.waiting,
        "longest_s": line.longest_s,
        "agents": line.service.agents,
        "free": line.service.free,
        "is_open": line.hours.is_open,
        "estimate_s": estimate.wait_s if estimate else None,
        "told": said(line.told(estimate, now)),
        "error": decide.error(pairs),
    }


def said(told: Told) -> dict[str, Any]:
    """Return what is told as the API shows it."""
    return {
        "code": told.code,
        "low_min": told.low_min,
        "high_min": told.high_min,
        "opens_at": told.opens_at,
    }
