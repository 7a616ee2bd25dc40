"""Turns what happens into what agents are told: a durable reader of the event log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.db.edge import TOPICS, Services
from trato.decide import notify
from trato.decide.notify import Settled, Standing, Told
from trato.kit import clock
from trato.kit.ids import new_id
from trato.live.consumers import Consumer, Handle
from trato.live.queries import Event
from trato.notifications import pushing, wishes

CONSUMER: Final = "notifications"

_PLACES = text("""
    SELECT v.id, v.case_id, v.contact_id, v.assignee_id, k.owner_id, ARRAY(
        SELECT f.agent_id FROM followed f
        WHERE f.kind = 'conversation' AND f.about_id = v.id OR f.kind = 'case' AND f.about_id = v.case_id
    ) AS followers
    FROM conversation v LEFT JOIN cases k ON k.id = v.case_id WHERE v.id = ANY(:ids)
""")
# What is about a case is read in the conversation where it was last spoken of.
_LAST_OF_CASES = text("""
    SELECT DISTINCT ON (case_id) case_id, id FROM conversation WHERE case_id = ANY(:ids)
    ORDER BY case_id, last_message_at DESC NULLS LAST
""")
_OWNERS = text("SELECT id, owner_id, contact_id FROM cases WHERE id = ANY(:ids)")
_ACTORS = text("""
    SELECT 'user:' || user_id AS actor, id FROM agent WHERE user_id = ANY(:ids)
    UNION ALL SELECT 'key:' || k.id, a.id FROM api_key k JOIN agent a ON a.user_id = k.created_by
    WHERE k.id = ANY(:ids)
""")
_SUPERVISORS = text("""
    SELECT a.id FROM agent a JOIN users u ON u.id = a.user_id
    WHERE a.active AND u.active AND u.role IN ('supervisor', 'administrator')
""")
_TELL = text("""
    INSERT INTO notification AS n (id, agent_id, kind, key, position, conversation_id, case_id, contact_id,
                                   message_id, about_id, actor_id, expires_at)
    SELECT :id, a.id, :kind, :key, :position, :conversation, :case, :contact, :message, :about, :actor,
           :expires
    FROM agent a WHERE a.id = :agent AND a.active AND a.kind = 'person'
    ON CONFLICT (agent_id, kind, key) DO UPDATE
    SET position = excluded.position, message_id = excluded.message_id, actor_id = excluded.actor_id,
        conversation_id = excluded.conversation_id, told_at = now(), read_at = NULL, mailed_at = NULL,
        count = CASE WHEN n.read_at IS NULL THEN n.count + 1 ELSE 1 END
    WHERE :again AND n.position < excluded.position
    RETURNING n.id, n.count
""")
_SETTLE = text("""
    UPDATE notification SET read_at = now()
    WHERE kind = :kind AND key = :key AND read_at IS NULL AND position <= :position
      AND (CAST(:agent AS uuid) IS NULL OR agent_id = :agent)
    RETURNING agent_id
""")
_SAY = text("""
    SELECT tell_notified(:agent, (SELECT n FROM notification n WHERE n.id = CAST(:id AS uuid)), :ways)
""").bindparams(bindparam("ways", type_=JSONB))


@dataclass(frozen=True, slots=True)
class _Place:
    conversation_id: UUID | None
    case_id: UUID | None
    contact_id: UUID | None
    standing: Standing


def consumer(services: Services) -> Consumer:
    """Return who tells agents."""
    return Consumer(CONSUMER, services.db, services.wake, handling(services), types=notify.TYPES)


def handling(services: Services) -> Handle:
    """Return what is done with events."""

    async def handle(c: AsyncConnection, events: Sequence[Event]) -> None:
        placed = await _places(c, events)
        named, given = _named(events), _given(events)
        for event, place in zip(events, placed, strict=True):
            found = notify.news(event.type, event.data, place.standing)
            for told in found.told:
                if told.kind in ("noted", "talked") and (told.message_id, told.agent_id) in named:
                    continue
                if told.kind == "answered" and event.position < given.get((told.agent_id, told.key), 0):
                    continue
                await _tell(c, event, place, told)
            for settled in found.settled:
                await _settle(c, settled, event.position)
        services.wake.ring(*TOPICS)

    return handle


def _named(events: Sequence[Event]) -> set[tuple[UUID, UUID]]:
    """Return who is mentioned in which note: they are told of that, not of the note as well."""
    mentions = [one.data for one in events if one.type == "note.mentioned"]
    return {(UUID(one["message"]["id"]), UUID(agent)) for one in mentions for agent in one["agent_ids"]}


def _given(events: Sequence[Event]) -> dict[tuple[UUID, str], int]:
    """Return when whom was given which conversation: what was written before is no answer to them."""
    work = [(one.position, one.data["interaction"]) for one in events if one.type == "interaction.changed"]
    return {
        (UUID(one["agent_id"]), str(one["conversation_id"])): position
        for position, one in work
        if one["state"] == "accepted"
    }


async def _tell(c: AsyncConnection, event: Event, place: _Place, told: Told) -> None:
    values = {
        "id": new_id(),
        "agent": told.agent_id,
        "kind": told.kind,
        "key": told.key,
        "again": told.again,
        "position": event.position,
        "conversation": place.conversation_id,
        "case": place.case_id,
        "contact": place.contact_id,
        "message": told.message_id,
        "about": told.about_id,
        "actor": place.standing.actor,
        "expires": told.expires_at,
    }
    row = (await c.execute(_TELL, values)).first()
    if row is None:
        return
    ways = await wishes.ways_now(c, told.agent_id, told.kind, clock.now())
    await _say(c, told.agent_id, row.id, sorted(ways))
    if "push" in ways:
        await pushing.queue(c, told.agent_id, row.id)


async def _settle(c: AsyncConnection, settled: Settled, position: int) -> None:
    asked = {
        "kind": settled.kind,
        "key": settled.key,
        "agent": settled.agent_id,
        "position": position,
    }
    for agent_id in set((await c.execute(_SETTLE, asked)).scalars()):
        await _say(c, agent_id, None, [])


async def _say(c: AsyncConnection, agent_id: UUID, notification_id: UUID | None, ways: Sequence[str]) -> None:
    await c.execute(_SAY, {"agent": agent_id, "id": notification_id, "ways": list(ways)})


async def _places(c: AsyncConnection, events: Sequence[Event]) -> list[_Place]:
    """Return where each event stands and how people stand to it; asked once for all of them."""
    cases = {UUID(id_) for one in events if one.conversation_id is None and (id_ := one.envelope["case_id"])}
    last = (
        {row.case_id: row.id for row in await c.execute(_LAST_OF_CASES, {"ids": list(cases)})}
        if cases
        else {}
    )
    owners = {row.id: row for row in await c.execute(_OWNERS, {"ids": list(cases)})} if cases else {}
    ids = {one.conversation_id for one in events if one.conversation_id} | set(last.values())
    rows = {row.id: row for row in await c.execute(_PLACES, {"ids": list(ids)})} if ids else {}
    actors = await _actors(c, events)
    asked = any(one.type == "gesture.changed" for one in events)
    supervisors = frozenset((await c.execute(_SUPERVISORS)).scalars()) if asked else frozenset[UUID]()

    def place(event: Event) -> _Place:
        case_id = UUID(id_) if (id_ := event.envelope["case_id"]) else None
        row = rows.get(event.conversation_id or last.get(case_id))
        owned = owners.get(case_id)
        standing = Standing(
            actor=actors.get(event.envelope["actor"]),
            assignee=row.assignee_id if row else None,
            owner=row.owner_id if row else owned.owner_id if owned else None,
            followers=frozenset(row.followers) if row else frozenset(),
            supervisors=supervisors,
        )
        contact = row.contact_id if row else owned.contact_id if owned else None
        return _Place(row.id if row else None, case_id or (row.case_id if row else None), contact, standing)

    return [place(one) for one in events]


async def _actors(c: AsyncConnection, events: Sequence[Event]) -> Mapping[str, UUID]:
    """Return the agents who did these things; what is done by a key is done by who made it."""
    named = {one.envelope["actor"].partition(":") for one in events}
    ids = [UUID(id_) for kind, _, id_ in named if kind in ("user", "key")]
    if not ids:
        return {}
    return {row.actor: row.id for row in await c.execute(_ACTORS, {"ids": ids})}
