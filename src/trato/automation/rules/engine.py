"""Runs the rules over the event log: each once for each event, in the transaction that moves the cursor."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.automation.rules import actions, service
from trato.automation.rules.actions import Refused, Running
from trato.automation.rules.context import Context, around
from trato.automation.rules.schemas import RULE_EVENTS
from trato.automation.tables import rule_run
from trato.db.edge import TOPICS, Services
from trato.decide.rules import Guard, holds
from trato.kit.errors import DomainError
from trato.kit.ids import new_id
from trato.live.consumers import Consumer, Handle
from trato.live.queries import Event

log = structlog.get_logger()

CONSUMER: Final = "automation"
GUARD: Final = Guard()

# How deep an event lies in a chain of rules: one more than the run that caused it.
_DEPTH = text("""
    SELECT coalesce(max(depth), 1) + 1 FROM rule_run
    WHERE rule_id = CAST(:rule AS uuid) AND at > now() - interval '1 hour'
      AND (conversation_id = :conversation OR case_id = :case)
""")
_RECENT = text("""
    SELECT count(*) FROM rule_run
    WHERE at > now() - interval '1 hour' AND (conversation_id = :conversation OR case_id = :case)
      AND outcome <> 'refused'
""")
_DONE = text("""
    SELECT EXISTS (SELECT FROM rule_run WHERE rule_id = :rule AND outcome <> 'refused'
                   AND CASE WHEN CAST(:conversation AS uuid) IS NULL THEN case_id = :case
                            ELSE conversation_id = :conversation END)
""")
_TOLD = text("""
    SELECT EXISTS (SELECT FROM rule_run WHERE rule_id = :rule AND at > now() - interval '1 hour'
                   AND (conversation_id = :conversation OR case_id = :case) AND outcome = 'refused')
""")


def consumer(services: Services) -> Consumer:
    """Return who runs the rules."""
    return Consumer(CONSUMER, services.db, services.wake, handling(services), types=RULE_EVENTS)


def handling(services: Services) -> Handle:
    """Return what is done with events."""

    async def handle(c: AsyncConnection, events: Sequence[Event]) -> None:
        rules = await service.every(c, active=True)
        for event in events:
            await _about(c, services, event, [one for one in rules if event.type in one["on_events"]])
        services.wake.ring(*TOPICS)

    return handle


async def _about(
    c: AsyncConnection, services: Services, event: Event, rules: Sequence[Mapping[str, Any]]
) -> None:
    for rule in rules:
        # Looked at anew for each: the one before may have changed it.
        context = await around(c, event)
        if holds(rule["condition"], context.values):
            await _run(c, Running(services, rule, event.position, context), event)


async def _run(c: AsyncConnection, run: Running, event: Event) -> None:
    rule, context = run.rule, run.context
    about = {"rule": rule["id"], "conversation": context.conversation_id, "case": context.case_id}
    if rule["once"] and await c.scalar(_DONE, about):
        return
    actor = event.envelope["actor"]
    depth = await _depth(c, actor, context)
    refusal = GUARD.refusal(
        rule=str(rule["id"]), actor=actor, depth=depth, recent=await c.scalar(_RECENT, about) or 0
    )
    if refusal == "own" or (refusal is not None and await c.scalar(_TOLD, about)):
        return  # told once an hour: the record of an endless chain would be endless too
    run_id = await _begin(c, run, event, depth)
    if run_id is None:
        return
    if refusal is not None:
        steps = [{"do": "rule", "outcome": "refused", "why": refusal}]
    else:
        steps = [await _step(c, run, action) for action in rule["actions"]]
    query = update(rule_run).where(rule_run.c.id == run_id)
    await c.execute(query.values(steps=steps, outcome=_outcome(steps)))


async def _depth(c: AsyncConnection, actor: str, context: Context) -> int:
    if not actor.startswith("rule:"):
        return 1
    asked = {
        "rule": actor.removeprefix("rule:"),
        "conversation": context.conversation_id,
        "case": context.case_id,
    }
    return int(await c.scalar(_DEPTH, asked) or 1)


async def _begin(c: AsyncConnection, run: Running, event: Event, depth: int) -> UUID | None:
    """Note a run; None when this rule has met this event already."""
    query = (
        insert(rule_run)
        .values(
            id=new_id(),
            rule_id=run.rule["id"],
            rule_version=run.rule["version"],
            position=event.position,
            type=event.type,
            conversation_id=run.context.conversation_id,
            case_id=run.context.case_id,
            depth=depth,
            outcome="done",
        )
        .on_conflict_do_nothing(index_elements=["rule_id", "position"])
        .returning(rule_run.c.id)
    )
    found: UUID | None = await c.scalar(query)
    return found


async def _step(c: AsyncConnection, run: Running, action: Mapping[str, Any]) -> dict[str, Any]:
    """Do one action; what goes wrong in it undoes it alone, and is in the record."""
    try:
        async with c.begin_nested():
            ready = await actions.prepare(c, run, action)
            await ready.do()
    except Refused as refused:
        return {"do": action["do"], "outcome": "refused", "why": refused.why}
    except DomainError as error:
        return {"do": action["do"], "outcome": "refused", "why": "not_possible", "text": error.message}
    except Exception:
        log.exception("rule.failed", rule=str(run.rule["id"]), action=action["do"])
        return {"do": action["do"], "outcome": "failed"}
    return {"do": action["do"], "outcome": "done", "text": ready.text}


def _outcome(steps: Sequence[Mapping[str, Any]]) -> str:
    outcomes = {step["outcome"] for step in steps}
    if outcomes == {"done"}:
        return "done"
    if "done" in outcomes:
        return "partly"
    return "failed" if "failed" in outcomes else "refused"
