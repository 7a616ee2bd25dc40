"""Who would get a contact now: the decision over the floor as it stands, without an offer to anybody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide.agents import Candidate, Profile
from trato.decide.explain import sentence
from trato.decide.preview import Absent, Passed, Preview, preview
from trato.decide.routing import Offer
from trato.decide.waiting import COMMON, Queue, Waiting
from trato.kit import clock
from trato.kit.errors import NotFound
from trato.kit.ids import new_id

_AGENTS: Final = text("""
    SELECT a.id, p.state, profile_of(a.id) AS profile, agent_for_leader(a.id) AS agent
    FROM agent a JOIN presence p ON p.agent_id = a.id WHERE a.active ORDER BY lower(a.name), a.id
""")
_QUEUE: Final = text("SELECT queue_for_leader(:id)")
_WEIGHT: Final = text("SELECT units, exclusive FROM channel_weight WHERE channel = :channel")
_NAMES: Final = text("SELECT id, name FROM skill")
# Whom a contact knows: who owns the case of their latest conversation, and who spoke last in it.
_KNOWN: Final = text("""
    SELECT v.language, k.owner_id AS owner, v.last_message_at AS at, coalesce(v.assignee_id, (
        SELECT i.agent_id FROM interaction i WHERE i.conversation_id = v.id AND i.accepted_at IS NOT NULL
        ORDER BY i.accepted_at DESC LIMIT 1)) AS spoke_last
    FROM contact c
    LEFT JOIN LATERAL (SELECT * FROM conversation o WHERE o.contact_id = c.id
                       ORDER BY o.last_message_at DESC NULLS LAST LIMIT 1) v ON true
    LEFT JOIN cases k ON k.id = v.case_id
    WHERE c.id = :id
""")


async def now(
    c: AsyncConnection,
    *,
    queue_id: UUID | None,
    language: str | None,
    channel: str,
    contact_id: UUID | None,
) -> dict[str, Any]:
    """Return who would be asked, in order, and why the others would not; raises `NotFound`.

    `c` should see one moment. Without a language, that of the contact's latest conversation counts.
    """
    queue = await _queue(c, queue_id)
    at = clock.now()
    waiting = await _waiting(c, at, queue, language, channel, contact_id)
    here: list[Candidate] = []
    absent: list[Absent] = []
    for row in await c.execute(_AGENTS):
        profile = Profile.of(row.profile)
        if row.agent is None:
            absent.append(Absent(row.id, "away" if row.state == "away" else "offline", profile))
        else:
            here.append(_candidate(row.id, profile, row.agent))
    names = {row.id: str(row.name) for row in await c.execute(_NAMES)}
    return _view(preview(waiting, here, absent, at, queue, names), queue)


async def _queue(c: AsyncConnection, queue_id: UUID | None) -> Queue:
    if queue_id is None:
        return COMMON
    told: Mapping[str, Any] | None = await c.scalar(_QUEUE, {"id": queue_id})
    if told is None:
        raise NotFound("There is no such queue.")
    return Queue.of(told)


async def _waiting(
    c: AsyncConnection,
    at: datetime,
    queue: Queue,
    language: str | None,
    channel: str,
    contact_id: UUID | None,
) -> Waiting:
    weight = (await c.execute(_WEIGHT, {"channel": channel})).first()
    waiting = Waiting(
        new_id(),
        at,
        queue_id=queue.queue_id,
        channel=channel,
        units=weight.units if weight else 1,
        exclusive=weight.exclusive if weight else False,
        language=language,
    )
    if contact_id is None:
        return waiting
    known = (await c.execute(_KNOWN, {"id": contact_id})).first()
    if known is None:
        raise NotFound("There is no such contact.")
    return waiting._replace(
        language=language or known.language,
        owner=known.owner,
        spoke_last=known.spoke_last,
        spoke_at=known.at if known.spoke_last else None,
    )


def _candidate(agent_id: UUID, profile: Profile, agent: Mapping[str, Any]) -> Candidate:
    idle_since = datetime.fromisoformat(agent["idle_since"])
    return Candidate(agent_id, agent["load"], agent["capacity"], idle_since, profile, agent["held"] or {})


def _view(found: Preview, queue: Queue) -> dict[str, Any]:
    return {
        "would": [_offer(one) for one in found.would],
        "others": [_passed(one) for one in found.others],
        "waits_for": found.waits_for,
        "patience_s": queue.patience_s if found.waits_for else None,
    }


def _offer(offer: Offer) -> dict[str, Any]:
    reasons = [{"code": reason.code, "values": dict(reason.values)} for reason in offer.reasons]
    return {
        "agent_id": offer.agent_id,
        "reason": sentence(offer.reasons),
        "decision": {"reasons": reasons},
    }


def _passed(one: Passed) -> dict[str, Any]:
    return {
        "agent_id": one.agent_id,
        "code": one.code,
        "values": dict(one.values),
        "later_s": int(one.later.total_seconds()) if one.later is not None else None,
    }
