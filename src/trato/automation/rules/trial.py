"""A rule tried on what happened: which events it would have met, what it would have done. Writes nothing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.automation.rules import actions
from trato.automation.rules.actions import Refused, Running
from trato.automation.rules.context import Context, around
from trato.db.edge import Services
from trato.decide.rules import holds
from trato.live import queries

MOST_EVENTS: Final = 2_000
MOST_HITS: Final = 100

_SINCE = text("""
    SELECT position FROM event WHERE type = ANY(:types) AND position IS NOT NULL
      AND at > now() - CAST(:days AS interval)
    ORDER BY position DESC OFFSET :most LIMIT 1
""")
_FIRST = text("""
    SELECT min(position) FROM event WHERE position IS NOT NULL AND at > now() - CAST(:days AS interval)
""")


async def trial(
    c: AsyncConnection, services: Services, rule: Mapping[str, Any], *, days: int
) -> dict[str, Any]:
    """Return what a rule would have met in these days, at most 2,000 events back, as things are now.

    `c` should be a transaction that only reads. A conversation that a rule meets once is counted once.
    """
    asked = {"types": rule["on_events"], "days": timedelta(days=days), "most": MOST_EVENTS}
    before = await c.scalar(_SINCE, asked)
    first = await c.scalar(_FIRST, {"days": asked["days"]})
    after = before if before is not None else (first or 1) - 1
    events = await queries.everything(c, after, types=rule["on_events"], limit=MOST_EVENTS)
    hits: list[dict[str, Any]] = []
    met: set[UUID | None] = set()
    held = 0
    for event in events:
        context = await around(c, event)
        about = context.conversation_id or context.case_id
        if (rule["once"] and about in met) or not holds(rule["condition"], context.values):
            continue
        met.add(about)
        held += 1
        run = Running(services, rule, event.position, context)
        hits = [*hits[1 - MOST_HITS :], await _hit(c, run, event.type)]
    hits.reverse()
    return {"events": len(events), "held": held, "complete": before is None, "hits": hits}


async def _hit(c: AsyncConnection, run: Running, kind: str) -> dict[str, Any]:
    context = run.context
    return {
        "at": context.at,
        "type": kind,
        "conversation_id": context.conversation_id,
        "case_id": context.case_id,
        "contact_name": context.contact_name,
        "about": _about(context),
        "steps": [await _step(c, run, action) for action in run.rule["actions"]],
    }


def _about(context: Context) -> str:
    if context.case is not None:
        return f"{context.case['number']}: {context.case['title']}"
    return context.conversation["preview"] if context.conversation is not None else ""


async def _step(c: AsyncConnection, run: Running, action: Mapping[str, Any]) -> dict[str, Any]:
    try:
        ready = await actions.prepare(c, run, action)
    except Refused as refused:
        return {"do": action["do"], "outcome": "refused", "why": refused.why}
    return {"do": action["do"], "outcome": "would", "text": ready.text}
