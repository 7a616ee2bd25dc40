"""What a visitor's page reads: its own conversations, its contact's matter, and whether somebody is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import portraits
from trato.portal import views

MESSAGES = 100

People = Literal["available", "busy", "away"]


@dataclass(frozen=True, slots=True)
class Guest:
    """Who holds a session's token."""

    visitor_id: UUID
    account_id: UUID
    external_id: str | None
    language: str | None
    preference: Mapping[str, Any]
    expires_at: datetime
    last_seen_at: datetime

    @property
    def sender(self) -> str:
        """Return the address by which the visitor's contact is known."""
        return str(self.visitor_id)

    @property
    def actor(self) -> str:
        """Return who acts, as the event log and files note it."""
        return f"visitor:{self.visitor_id}"


_GUEST = text("""
    SELECT v.id AS visitor_id, v.account_id, v.external_id, v.language, v.preference,
           s.expires_at, s.last_seen_at
    FROM visitor_session s JOIN visitor v ON v.id = s.visitor_id
    WHERE s.token_hash = :token_hash AND s.expires_at > :now
""")
# A visitor's own: under its id, and under those of anonymous visitors who turned out to be the same.
_OWN = """
    v.account_id = :account_id AND v.conversation_key IN (
        SELECT id::text FROM visitor WHERE id = :visitor_id OR known_as = :visitor_id)
"""
_CURRENT = text(f"""
    SELECT v.id, v.case_id, v.contact_id, v.contact_read_at, v.closed_at,
           visitor_conversation_view(v) AS standing
    FROM conversation v WHERE {_OWN}
    ORDER BY v.status = 'closed', v.last_message_at DESC NULLS LAST, v.created_at DESC LIMIT 1
""")
_MESSAGES = text(f"""
    SELECT message_view(m) FROM message m JOIN conversation v ON v.id = m.conversation_id
    WHERE {_OWN} AND m.direction IN ('in', 'out') AND with_contact(m)
    ORDER BY m.created_at DESC, m.id DESC LIMIT :limit
""")
_MESSAGE = text(f"""
    SELECT message_view(m) FROM message m JOIN conversation v ON v.id = m.conversation_id
    WHERE m.id = :message_id AND {_OWN} AND with_contact(m)
""")
_SAID = text(f"""
    SELECT m.conversation_id FROM message m JOIN conversation v ON v.id = m.conversation_id
    WHERE {_OWN} AND m.client_id = :client_id
""")
_ATTACHMENT = text(f"""
    SELECT a.* FROM attachment a
    WHERE a.id = :attachment_id AND (a.uploaded_by = :actor OR EXISTS (
        SELECT FROM message m JOIN conversation v ON v.id = m.conversation_id
        WHERE m.id = a.message_id AND {_OWN} AND with_contact(m) AND (m.direction = 'in'
            OR m.direction = 'out' AND m.status IN ('sent', 'delivered', 'read'))))
""")
_PEOPLE = text("""
    SELECT coalesce(bool_or(load < capacity), false) AS free, count(*) > 0 AS anybody
    FROM presence WHERE state = 'available'
""")
# Who can take somebody on now, whoever has most room first; a first name is how people are called.
_PRESENT = text("""
    SELECT split_part(a.name, ' ', 1) AS name, a.portrait FROM presence p JOIN agent a ON a.id = p.agent_id
    WHERE p.state = 'available' AND p.load < p.capacity AND a.name <> ''
    ORDER BY p.capacity - p.load DESC, p.idle_since, a.id LIMIT 3
""")
_CASE = text("""
    SELECT k.id, k.number, k.title, k.status, k.promised_at,
           (SELECT s.title FROM case_step s WHERE s.case_id = k.id AND s.state = 'now'
            ORDER BY s.position LIMIT 1) AS step
    FROM cases k WHERE k.contact_id = :contact_id AND k.brand_id = :brand_id
      AND k.status IN ('open', 'waiting') ORDER BY k.updated_at DESC LIMIT 1
""")
_BRAND = text("SELECT name, tone FROM brand WHERE id = :id")


async def guest(c: AsyncConnection, token_hash: bytes, now: datetime) -> Guest | None:
    """Return who a token belongs to, None when it is unknown or has expired."""
    row = (await c.execute(_GUEST, {"token_hash": token_hash, "now": now})).mappings().first()
    return Guest(**row) if row else None


async def lock_preference(c: AsyncConnection, of: Guest) -> Mapping[str, Any]:
    """Return what the visitor said before there was a contact; whoever else asks waits for this transaction.

    So of a first message and a preference that come at once, one always sees the other.
    """
    query = text("SELECT preference FROM visitor WHERE id = :id FOR NO KEY UPDATE")
    found: Mapping[str, Any] = await c.scalar(query, {"id": of.visitor_id})
    return found


async def actors(c: AsyncConnection, of: Guest) -> list[str]:
    """Return under which names the visitor acted: its own, and those from before its identity was proven."""
    query = text("SELECT 'visitor:' || id FROM visitor WHERE id = :id OR known_as = :id")
    return list((await c.execute(query, {"id": of.visitor_id})).scalars())


def _own(of: Guest) -> dict[str, Any]:
    return {"account_id": of.account_id, "visitor_id": of.visitor_id}


async def current(c: AsyncConnection, of: Guest) -> dict[str, Any] | None:
    """Return the visitor's open conversation, else the last one; None before the first message."""
    row = (await c.execute(_CURRENT, _own(of))).mappings().first()
    return dict(row) if row else None


def conversation_view(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a conversation of `current` stands, as its visitor sees it."""
    return {"id": row["id"], "contact_read_at": row["contact_read_at"], **views.state(row["standing"])}


async def messages(c: AsyncConnection, of: Guest) -> list[dict[str, Any]]:
    """Return the newest of all that was said with this visitor, oldest first."""
    found = (await c.execute(_MESSAGES, _own(of) | {"limit": MESSAGES})).scalars()
    seen = [views.message(view) for view in found]
    return [view for view in reversed(seen) if view is not None]


async def message(c: AsyncConnection, of: Guest, message_id: UUID) -> dict[str, Any] | None:
    """Return one of the visitor's own messages or answers; None for all others."""
    view = (await c.execute(_MESSAGE, _own(of) | {"message_id": message_id})).scalar()
    return None if view is None else views.message(view)


async def said(c: AsyncConnection, of: Guest, client_id: str) -> UUID | None:
    """Return in which conversation one of the visitor's own messages is; None when it was never taken in."""
    found: UUID | None = await c.scalar(_SAID, _own(of) | {"client_id": client_id})
    return found


async def asked_case(c: AsyncConnection, of: Guest, message_id: UUID) -> UUID | None:
    """Return the case that one of the visitor's messages asks about; None when it asks nothing any more."""
    view = (await c.execute(_MESSAGE, _own(of) | {"message_id": message_id})).scalar()
    seen = None if view is None else views.message(view)
    return UUID(view["case_id"]) if view and seen and seen["asks"] and view["case_id"] else None


async def attachment(c: AsyncConnection, of: Guest, attachment_id: UUID) -> dict[str, Any] | None:
    """Return the row of a file that the visitor may fetch; None for all others."""
    values = _own(of) | {"attachment_id": attachment_id, "actor": of.actor}
    row = (await c.execute(_ATTACHMENT, values)).mappings().first()
    return dict(row) if row else None


async def uploads(c: AsyncConnection, of: Guest, ids: Sequence[UUID]) -> int:
    """Return how many of these files the visitor uploaded."""
    query = text("SELECT count(*) FROM attachment WHERE id = ANY(:ids) AND uploaded_by = :actor")
    return int(await c.scalar(query, {"ids": list(ids), "actor": of.actor}) or 0)


async def hand_over_uploads(c: AsyncConnection, of: Guest, proven: UUID) -> None:
    """Give the visitor who proved their identity the files that they uploaded before and did not send yet."""
    query = text("UPDATE attachment SET uploaded_by = :to WHERE message_id IS NULL AND uploaded_by = :actor")
    await c.execute(query, {"actor": of.actor, "to": f"visitor:{proven}"})


async def people(c: AsyncConnection) -> People:
    """Say honestly whether somebody can answer now."""
    row = (await c.execute(_PEOPLE)).one()
    if row.free:
        return "available"
    return "busy" if row.anybody else "away"


async def present(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return how those are called and look who can take somebody on now, a few of them."""
    rows = await c.execute(_PRESENT)
    return [{"name": row.name, "picture": portraits.path(row.portrait)} for row in rows]


async def open_case(c: AsyncConnection, contact_id: UUID, brand_id: UUID) -> dict[str, Any] | None:
    """Return the matter that a contact has open with a brand, the one touched last."""
    row = (await c.execute(_CASE, {"contact_id": contact_id, "brand_id": brand_id})).mappings().first()
    return dict(row) if row else None


async def brand(c: AsyncConnection, brand_id: UUID) -> dict[str, str]:
    """Return the brand's name and how it addresses people in Spanish."""
    return dict((await c.execute(_BRAND, {"id": brand_id})).mappings().one())


_SEEN = text(f"""
    SELECT count(record_delivery(v.account_id, :state || ':' || m.id, m.external_id, :state, now(), NULL))
    FROM message m JOIN conversation v ON v.id = m.conversation_id
    WHERE {_OWN} AND m.direction = 'out' AND m.status = ANY(:before) AND m.external_id IS NOT NULL
      AND (m.created_at, m.id) <= (SELECT created_at, id FROM message WHERE id = :message_id)
""")
_BEFORE = {"delivered": ["sent"], "read": ["sent", "delivered"]}


async def note_seen(c: AsyncConnection, of: Guest, message_id: UUID, state: str) -> int:
    """Note that all answers up to this one were delivered or read; return how many were new to that."""
    values = _own(of) | {"message_id": message_id, "state": state, "before": _BEFORE[state]}
    return int(await c.scalar(_SEEN, values) or 0)


async def waiting_in_case(c: AsyncConnection, case_id: UUID) -> UUID | None:
    """Return the conversation of a case that has waited longest in line; None when none does."""
    query = text(
        "SELECT w.conversation_id FROM waiting w JOIN conversation v ON v.id = w.conversation_id"
        " WHERE v.case_id = :case_id ORDER BY w.since LIMIT 1"
    )
    found: UUID | None = await c.scalar(query, {"case_id": case_id})
    return found
