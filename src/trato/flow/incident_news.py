"""Tells everybody who waited that an incident is over, or is back: once, where they chose, matter named.

Who is told was written down when it was resolved. A batch is one transaction: each message and the mark that
its person was told are there together, or neither is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import RowMapping, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands import service as brands
from trato.conversations import service as conversations
from trato.db.edge import TOPICS, Services
from trato.db.jobs import Handler, Retry, back_off_s
from trato.decide.incidents import Way, choose_way
from trato.flow import incident_words, replies
from trato.incidents import queries, service
from trato.kit.errors import DomainError

log = structlog.get_logger()

BATCH: Final = 50
# What is not sent yet stands in the table that every worker looks through: few enough to do so quickly.
AHEAD: Final = 500
PAUSE_S: Final = 1.0
_BY: Final = replies.Author(actor="system", name="")

_NEXT = text("""
    SELECT person_id, asked, channel, address, conversation_id, language, round FROM incident_telling
    WHERE incident_id = :id AND state = 'waiting' AND person_id <> ALL(:put_off)
    ORDER BY person_id LIMIT :limit FOR UPDATE SKIP LOCKED
""")
# Who was merged since is told as who they are now.
_PEOPLE = text("""
    WITH RECURSIVE root AS (
        SELECT k.id AS given, k.id, k.merged_into FROM contact k WHERE k.id = ANY(:ids)
        UNION ALL
        SELECT r.given, k.id, k.merged_into FROM root r JOIN contact k ON k.id = r.merged_into
    )
    SELECT r.given, k.id, k.name, k.language, k.tone, k.preferred_channel,
           k.blocked_at IS NOT NULL AS blocked, k.id <> r.given AND EXISTS (SELECT FROM incident_telling t
                                       WHERE t.incident_id = :id AND t.person_id = k.id
                                         AND t.round = ANY(:rounds)) AS same
    FROM root r JOIN contact k ON k.id = r.id WHERE r.merged_into IS NULL
""")
# Of each account the conversation that is open, else the one it touches, else the last.
_CONVERSATIONS = text("""
    SELECT DISTINCT ON (v.contact_id, v.account_id) v.id, v.contact_id, v.account_id, v.channel, v.status,
           v.last_message_at, v.language,
           bool_or(v.id = ANY(:touched)) OVER (PARTITION BY v.contact_id, v.account_id) AS touched
    FROM conversation v JOIN account a ON a.id = v.account_id AND a.enabled AND a.removed_at IS NULL
    WHERE v.contact_id = ANY(:ids) AND v.brand_id = :brand_id AND NOT v.spam AND v.last_inbound_at IS NOT NULL
    ORDER BY v.contact_id, v.account_id, v.status = 'closed', v.id = ANY(:touched) DESC,
             v.last_message_at DESC
""")
_ADDRESSES = text("""
    SELECT contact_id, kind, value FROM address WHERE contact_id = ANY(:ids)
    ORDER BY verified_at IS NULL, created_at
""")
# The matter of the conversation that it touches, else what they have open.
_MATTERS = text("""
    SELECT DISTINCT ON (k.contact_id) k.contact_id, k.id, k.number, k.title FROM cases k
    WHERE k.contact_id = ANY(:ids) AND k.brand_id = :brand_id AND k.merged_into IS NULL AND (
        k.status IN ('open', 'waiting')
        OR EXISTS (SELECT FROM conversation v WHERE v.case_id = k.id AND v.id = ANY(:touched)))
    ORDER BY k.contact_id,
             EXISTS (SELECT FROM conversation v WHERE v.case_id = k.id AND v.id = ANY(:touched)) DESC,
             k.updated_at DESC
""")
_TOLD = text("""
    UPDATE incident_telling SET state = :state, problem = :problem, message_id = :message_id, told_at =
        CASE WHEN :state = 'told' THEN now() END
    WHERE incident_id = :id AND person_id = :person_id AND round = :round
""")
_UNSENT = text(
    "SELECT count(*) FROM (SELECT FROM job WHERE kind = 'send' AND state = 'waiting' LIMIT :most) j"
)
_LEFT = text("SELECT count(*) FROM incident_telling WHERE incident_id = :id AND state = 'waiting'")


@dataclass(frozen=True, slots=True)
class _Around:
    """What the people of a batch have in common, and what is known of each."""

    incident: Mapping[str, Any]
    brand: Mapping[str, Any]
    done: Mapping[str, str]
    accounts: Sequence[brands.AccountRecord]
    people: Mapping[UUID, RowMapping]
    conversations: Mapping[UUID, Sequence[RowMapping]]
    addresses: Mapping[UUID, Sequence[RowMapping]]
    matters: Mapping[UUID, RowMapping]


def telling(services: Services) -> Handler:
    """Return the job that tells them, batch by batch; cut off anywhere it goes on where it was."""

    async def run(data: dict[str, Any], attempt: int) -> None:
        incident_id = UUID(data["incident_id"])
        put_off: list[UUID] = []
        while True:
            async with services.db.connect() as c:
                if int(await c.scalar(_UNSENT, {"most": AHEAD}) or 0) >= AHEAD:
                    raise Retry(PAUSE_S, "what is written already goes out first", counts=False)
            async with services.db.begin() as c:
                seen, late = await tell_batch(services, c, incident_id, put_off)
            services.wake.ring(*TOPICS)
            put_off += late
            if seen < BATCH:
                break
        await _tell_desk(services, incident_id)
        async with services.db.connect() as c:
            if await c.scalar(_LEFT, {"id": incident_id}):
                raise Retry(back_off_s(attempt), "some were busy with somebody else")

    return run


async def _tell_desk(services: Services, incident_id: UUID) -> None:
    async with services.db.begin() as c:
        await service.tell(c, incident_id, actor="system")
    services.wake.ring("events")


async def tell_batch(
    services: Services, c: AsyncConnection, incident_id: UUID, put_off: Sequence[UUID] = ()
) -> tuple[int, list[UUID]]:
    """Tell the next few in the caller's transaction; returns how many were looked at, and who comes later."""
    asked = {"id": incident_id, "put_off": list(put_off), "limit": BATCH}
    rows = (await c.execute(_NEXT, asked)).mappings().all()
    if not rows:
        return 0, []
    around = await _around(c, incident_id, rows)
    late: list[UUID] = []
    for row in rows:
        try:
            async with c.begin_nested():
                state, problem, message_id = await _tell(services, c, around, row)
        except DomainError as error:
            state, problem, message_id = "unreachable", error.message, None
        except DBAPIError:  # somebody holds the conversation: later, and nobody waits for it
            log.warning("incident.telling_put_off", incident=str(incident_id), person=str(row["person_id"]))
            late.append(row["person_id"])
            continue
        values = {"id": incident_id, "person_id": row["person_id"], "round": row["round"], "state": state}
        await c.execute(_TOLD, values | {"problem": problem, "message_id": message_id})
    return len(rows), late


async def _around(c: AsyncConnection, incident_id: UUID, rows: Sequence[RowMapping]) -> _Around:
    incident = await queries.get(c, incident_id)
    given = [row["person_id"] for row in rows]
    rounds = sorted({row["round"] for row in rows})
    turned = [one["texts"] for one in incident["updates"] if one["kind"] in {"resolved", "reopened"}]
    found = (await c.execute(_PEOPLE, {"ids": given, "id": incident_id, "rounds": rounds})).mappings()
    people = {row["given"]: row for row in found}
    asked = {
        "ids": [row["id"] for row in people.values()],
        "brand_id": incident["brand_id"],
        "touched": [row["conversation_id"] for row in rows if row["conversation_id"]],
    }
    every = await brands.list_accounts(c)
    return _Around(
        incident=incident,
        brand=next(one for one in await brands.list_brands(c) if one["id"] == incident["brand_id"]),
        done=turned[-1] if turned else {},
        accounts=[one for one in every if one.enabled and one.brand_id == incident["brand_id"]],
        people=people,
        conversations=_by_contact(await c.execute(_CONVERSATIONS, asked)),
        addresses=_by_contact(await c.execute(_ADDRESSES, asked)),
        matters={row["contact_id"]: row for row in (await c.execute(_MATTERS, asked)).mappings()},
    )


def _by_contact(found: Any) -> dict[UUID, list[RowMapping]]:
    grouped: dict[UUID, list[RowMapping]] = {}
    for row in found.mappings():
        grouped.setdefault(row["contact_id"], []).append(row)
    return grouped


async def _tell(
    services: Services, c: AsyncConnection, around: _Around, row: RowMapping
) -> tuple[str, str | None, UUID | None]:
    person = around.people[row["person_id"]]
    if person["same"]:
        return "same", None, None
    if person["blocked"]:
        return "unreachable", "blocked", None
    way = choose_way(
        _ways(around, row, person["id"]), chosen=row["channel"], preferred=person["preferred_channel"]
    )
    if way is None:
        return "unreachable", "no way", None
    matter = around.matters.get(person["id"])
    subject, words = incident_words.over(
        around.incident,
        around.done,
        language=row["language"] or person["language"],
        first=around.brand["language"],
        tone=person["tone"] or around.brand["tone"],
        name=person["name"],
        asked=row["asked"],
        matter=(matter["number"], matter["title"]) if matter and matter["title"] else None,
        again=around.incident["state"] == "open",
    )
    return "told", None, await _write(services, c, around, person["id"], way, subject, words)


def _ways(around: _Around, row: RowMapping, contact_id: UUID) -> list[Way]:
    """Return by which ways somebody can be reached: their conversations, and addresses to write to first."""
    ways = [
        Way(
            channel=one["channel"],
            account_id=one["account_id"],
            conversation_id=one["id"],
            touched=one["touched"],
            last_at=one["last_message_at"],
        )
        for one in around.conversations.get(contact_id, ())
    ]
    known = [(one["kind"], one["value"]) for one in around.addresses.get(contact_id, ())]
    for record in around.accounts:
        able = record.connector.capabilities
        theirs = [value for kind, value in known if kind == able.address_kind]
        if able.starts and theirs:
            own = row["address"] if row["address"] in theirs else theirs[0]
            ways.append(Way(channel=record.kind, account_id=record.id, address=own))
    return ways


async def _write(
    services: Services,
    c: AsyncConnection,
    around: _Around,
    contact_id: UUID,
    way: Way,
    subject: str,
    words: str,
) -> UUID:
    incident_id = around.incident["id"]
    payload = {"beside": True, "incident": str(incident_id)}
    once = f"incident-{incident_id}-{around.incident['round']}"
    if way.conversation_id is not None:
        writing = replies.Writing(text=words, client_id=once, payload=payload, beside=True)
        return await _into(services, c, around, contact_id, way.conversation_id, writing)
    matter = around.matters.get(contact_id)
    started = await replies.start(
        services,
        c,
        _BY,
        replies.Writing(
            text=words,
            client_id=f"{once}-{contact_id}",
            subject=subject,
            to=[way.address or ""],
            payload=payload,
            beside=True,
        ),
        account_id=way.account_id,
        contact_id=contact_id,
        case_id=matter["id"] if matter else None,
    )
    conversation_id = UUID(str(started["conversation"]["id"]))
    await conversations.set_status(c, conversation_id, "closed", snoozed_until=None, actor=_BY.actor)
    return UUID(str(started["message"]["id"]))


async def _into(
    services: Services,
    c: AsyncConnection,
    around: _Around,
    contact_id: UUID,
    conversation_id: UUID,
    writing: replies.Writing,
) -> UUID:
    """Write into a conversation; what had ended stays ended: it is only told once more."""
    rows = around.conversations[contact_id]
    closed = next(one["status"] for one in rows if one["id"] == conversation_id) == "closed"
    if closed:
        await conversations.set_status(c, conversation_id, "open", snoozed_until=None, actor=_BY.actor)
    message = await replies.write(services, c, conversation_id, _BY, writing)
    if closed:
        await conversations.set_status(c, conversation_id, "closed", snoozed_until=None, actor=_BY.actor)
    return UUID(str(message["id"]))
