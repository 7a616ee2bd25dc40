"""The conditions of a view as SQL, and what is known of a conversation for deciding the same in memory.

`decide.views` says what a condition means; a test of both over the same rows holds them together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide.views import ENDED_WITHIN, NOBODY, SOON, TIMES, Condition, Known, statuses

# One row a conversation `v`. What costs a look elsewhere is a column that is computed where it is asked for.
KNOWN: Final = """
    SELECT v.id, v.status, v.spam, v.channel, CAST(v.account_id AS text) AS account,
           CAST(v.brand_id AS text) AS brand, v.assignee_id, CAST(v.assignee_id AS text) AS assignee,
           v.language, v.trouble, v.waiting_since, v.last_message_at, v.snoozed_until, v.closed_at, v.case_id,
           CAST(k.owner_id AS text) AS owner, k.status AS matter, k.promised_at,
           s.due_at, s.near_at, CAST(q.id AS text) AS queue,
           coalesce(w.priority, 0) + coalesce(q.priority, 0) AS priority,
           CASE WHEN v.assignee_id IS NOT NULL
                THEN ARRAY(SELECT CAST(p.team_id AS text) FROM agent_profile p
                           WHERE p.agent_id = v.assignee_id AND p.team_id IS NOT NULL)
                ELSE ARRAY(SELECT CAST(t.team_id AS text) FROM queue_team t WHERE t.queue_id = q.id)
           END AS teams,
           ARRAY(SELECT CAST(g.tag_id AS text) FROM conversation_tag g WHERE g.conversation_id = v.id
                 UNION SELECT CAST(g.tag_id AS text) FROM case_tag g WHERE g.case_id = v.case_id) AS labels,
           ARRAY(SELECT CAST(n.agent_id AS text) FROM message_mention n JOIN message m ON m.id = n.message_id
                 WHERE m.conversation_id = v.id) AS mentions
    FROM conversation v
    LEFT JOIN cases k ON k.id = v.case_id
    LEFT JOIN sla_clock s ON s.conversation_id = v.id AND s.settled_at IS NULL
    LEFT JOIN waiting w ON w.conversation_id = v.id
    LEFT JOIN queue q ON q.id = coalesce(w.queue_id, (
        SELECT i.queue_id FROM interaction i
        WHERE i.conversation_id = v.id AND i.state IN ('offered', 'accepted', 'wrap_up')
        ORDER BY i.offered_at DESC LIMIT 1
    ), (SELECT a.queue_id FROM queue_account a WHERE a.account_id = v.account_id))
"""
# What a conversation has of a field, as `decide.views` has it; `:now` is the moment.
_PROMISED: Final = "CASE WHEN f.matter IN ('open', 'waiting') THEN f.promised_at END"
_HAS: Final[Mapping[str, str]] = {
    "status": "f.status",
    "channel": "f.channel",
    "account": "f.account",
    "brand": "f.brand",
    "queue": f"coalesce(f.queue, '{NOBODY}')",
    "assignee": f"coalesce(f.assignee, '{NOBODY}')",
    "owner": f"coalesce(f.owner, '{NOBODY}')",
    "language": "coalesce(f.language, 'none')",
    "trouble": "coalesce(f.trouble, 'none')",
    "matter": "coalesce(f.matter, 'none')",
    "priority": "CASE sign(f.priority) WHEN 1 THEN 'raised' WHEN -1 THEN 'lowered' ELSE 'usual' END",
    "promise": f"""CASE WHEN f.due_at < :now OR {_PROMISED} < :now THEN 'broken'
        WHEN coalesce(f.near_at, f.due_at) <= :now AND f.due_at IS NOT NULL THEN 'near'
        WHEN {_PROMISED} < :soon THEN 'near' ELSE 'none' END""",
}
# Of these it may have several. Whether it has one of them is looked for, and not picked from all that it has:
# among a hundred thousand conversations that makes a second of it or a fifth. `{of}` narrows them down.
_HAS_SOME: Final[Mapping[str, str]] = {
    "label": """(EXISTS (SELECT FROM conversation_tag x WHERE x.conversation_id = f.id {of})
        OR EXISTS (SELECT FROM case_tag x WHERE x.case_id = f.case_id {of}))""",
    "mention": """EXISTS (SELECT FROM message_mention x JOIN message m ON m.id = x.message_id
        WHERE m.conversation_id = f.id {of})""",
}
_NAMED_BY: Final[Mapping[str, str]] = {"label": "x.tag_id", "mention": "x.agent_id"}
_SINCE: Final[Mapping[str, str]] = {"waiting": "f.waiting_since", "quiet": "f.last_message_at"}


@dataclass(frozen=True, slots=True)
class Matching:
    """A condition over rows `f` of `KNOWN`, and its values."""

    sql: str
    values: Mapping[str, Any]


def matching(conditions: Sequence[Condition], now: datetime, prefix: str = "c") -> Matching:
    """Return a view's conditions (those of `seen_by`) as SQL; `prefix` keeps the values of several apart."""
    found = [_one(one, f"{prefix}{n}", now) for n, one in enumerate(conditions)]
    within = ", ".join(f"'{one}'" for one in sorted(statuses(conditions))) or "NULL"
    parts = [f"f.status IN ({within})", *(one.sql for one in found)]
    values: dict[str, Any] = {}
    for one in found:
        values |= one.values
    return Matching(" AND ".join(f"({part})" for part in parts), values)


def _one(condition: Condition, name: str, now: datetime) -> Matching:
    if condition.field in TIMES:
        before = now - timedelta(minutes=condition.over_min)
        return Matching(f"{_SINCE[condition.field]} < :{name}", {name: before})
    values: dict[str, Any] = {name: list(condition.values)}
    asked = f"CAST(:{name} AS text[])"
    if condition.field == "team":
        found = f"(f.teams && {asked} OR ('{NOBODY}' = ANY({asked}) AND f.teams = '{{}}'))"
    elif condition.field in _HAS_SOME:
        has = _HAS_SOME[condition.field]
        values = {name: _ids(condition.values)}
        found = has.format(of=f"AND {_NAMED_BY[condition.field]} = ANY(CAST(:{name} AS uuid[]))")
        if NOBODY in condition.values:
            found = f"({found} OR NOT {has.format(of='')})"
    else:
        found = f"{_HAS[condition.field]} = ANY({asked})"
    return Matching(f"NOT ({found})" if condition.none else found, values)


def _ids(values: Sequence[str]) -> list[UUID]:
    """Return those that are ids, written as ids are; anything else is nothing's."""
    found = []
    for value in values:
        try:
            one = UUID(value)
        except ValueError:
            continue
        if str(one) == value:
            found.append(one)
    return found


def bounds(now: datetime) -> dict[str, Any]:
    """Return the values that `known_within` and the conditions share."""
    return {"now": now, "soon": now + SOON, "ended": now - ENDED_WITHIN}


def known_within(states: Sequence[str]) -> str:
    """Return SQL of what is known of all that is in one of these states and may stand in a view.

    Each state is named for itself, for its index; of what has ended only what ended lately.
    """
    lively = [f"'{one}'" for one in sorted(states) if one != "closed"]
    parts = [f"v.status IN ({', '.join(lively)})"] if lively else []
    if "closed" in states:
        parts.append("(v.status = 'closed' AND v.closed_at > :ended)")
    return f"{KNOWN} WHERE NOT v.spam AND ({' OR '.join(parts) or 'false'})"


async def known_of(c: AsyncConnection, conversation_ids: Sequence[UUID]) -> dict[UUID, Known]:
    """Return what is known of some conversations, by id; one that is not there is left out."""
    rows = await c.execute(text(f"{KNOWN} WHERE v.id = ANY(:ids)"), {"ids": list(conversation_ids)})
    return {row.id: _known(row) for row in rows}


def _known(row: Any) -> Known:
    return Known(
        status=row.status,
        spam=row.spam,
        channel=row.channel,
        account=row.account,
        brand=row.brand,
        queue=row.queue,
        teams=frozenset(row.teams),
        labels=frozenset(row.labels),
        assignee=row.assignee,
        owner=row.owner,
        language=row.language,
        trouble=row.trouble,
        priority=row.priority,
        matter=row.matter,
        mentions=frozenset(row.mentions),
        promised_at=row.promised_at,
        due_at=row.due_at,
        near_at=row.near_at,
        waiting_since=row.waiting_since,
        last_message_at=row.last_message_at,
        closed_at=row.closed_at,
    )
