"""What colleagues say to each other of a case: internal messages, for its members, never for a customer.

They are messages of direction `internal` with `payload.side`, kept in the conversation in which the case was
last spoken of. So all that keeps a note from customers, erases it, finds it and moves it holds for them too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations import cases
from trato.db.edge import Services
from trato.decide.notify import SIDE
from trato.flow import replies
from trato.flow.replies import Author, Writing
from trato.kit import paging
from trato.kit.errors import Conflict
from trato.live import service as live
from trato.notifications import following

_SAID: Final = "m.case_id = :case AND m.direction = 'internal' AND m.payload ? 'side'"
_PAGE: Final = text(f"""
    SELECT m.id, m.created_at, message_view(m) AS view FROM message m
    WHERE {_SAID} AND (CAST(:at AS timestamptz) IS NULL OR (m.created_at, m.id) < (:at, CAST(:id AS uuid)))
    ORDER BY m.created_at DESC, m.id DESC LIMIT :limit
""")
# Who left is in again once they say something, or are called, after it.
_MEMBERS: Final = text(f"""
    WITH said AS MATERIALIZED (
        SELECT m.id, m.author_id, m.created_at FROM message m WHERE {_SAID}
    ), stands (agent_id, rank) AS (
        SELECT owner_id, 1 FROM cases WHERE id = :case
        UNION ALL SELECT assignee_id, 2 FROM conversation WHERE case_id = :case AND status = 'open'
        UNION ALL SELECT unnest(CAST(:followers AS uuid[])), 3
        UNION ALL SELECT k.agent_id, 4 FROM said s JOIN message_mention k ON k.message_id = s.id
            LEFT JOIN side_reading r ON r.case_id = :case AND r.agent_id = k.agent_id
            WHERE r.left_at IS NULL OR s.created_at > r.left_at
        UNION ALL SELECT s.author_id, 5 FROM said s
            LEFT JOIN side_reading r ON r.case_id = :case AND r.agent_id = s.author_id
            WHERE r.left_at IS NULL OR s.created_at > r.left_at
    )
    SELECT a.id AS agent_id, a.name,
           (ARRAY['owner', 'holder', 'follower', 'called', 'wrote'])[min(s.rank)] AS why
    FROM stands s JOIN agent a ON a.id = s.agent_id AND a.active AND a.kind = 'person'
    GROUP BY a.id, a.name ORDER BY min(s.rank), lower(a.name), a.id
""")
_READ: Final = text(f"""
    SELECT r.read_until, (SELECT count(*) FROM message m WHERE {_SAID}
        AND m.author_id IS DISTINCT FROM CAST(:agent AS uuid)
        AND m.created_at > coalesce(r.read_until, '-infinity')) AS unread
    FROM (SELECT) one LEFT JOIN side_reading r ON r.case_id = :case AND r.agent_id = CAST(:agent AS uuid)
""")
_KNOWN: Final = text(f"SELECT message_view(m) FROM message m WHERE {_SAID} AND m.client_id = :client")
_PLACE: Final = text("""
    SELECT id FROM conversation WHERE case_id = :case ORDER BY last_message_at DESC, id DESC LIMIT 1
""")
_NOTE_READ: Final = text("""
    INSERT INTO side_reading AS r (case_id, agent_id, read_until) VALUES (:case, :agent, :until)
    ON CONFLICT (case_id, agent_id) DO UPDATE
    SET read_until = greatest(r.read_until, excluded.read_until)
""")
_LEAVE: Final = text(f"""
    INSERT INTO side_reading (case_id, agent_id, left_at)
    SELECT :case, :agent, greatest(now(), (SELECT max(m.created_at) FROM message m WHERE {_SAID}))
    ON CONFLICT (case_id, agent_id) DO UPDATE SET left_at = excluded.left_at
""")


async def chat(
    c: AsyncConnection, case_id: UUID, agent_id: UUID | None, *, cursor: str | None, limit: int
) -> dict[str, Any]:
    """Return what was said of a case among colleagues, who they are, and how much of it one has not read.

    The latest page comes first, in it the oldest first. Raises `NotFound`.
    """
    await cases.get_case(c, case_id)
    at, row_id = paging.decode(cursor, paging.moment, paging.row_id)
    asked = {"case": case_id, "at": at, "id": row_id, "limit": limit + 1}
    rows = (await c.execute(_PAGE, asked)).all()
    page = paging.page(rows, limit, lambda row: (row.created_at, row.id))
    who = await members(c, case_id)
    read = (await c.execute(_READ, {"case": case_id, "agent": agent_id})).one()
    inside = agent_id in {one["agent_id"] for one in who}
    return {
        "items": [row.view for row in reversed(page["items"])],
        "next_cursor": page["next_cursor"],
        "members": who,
        "unread": read.unread if inside else 0,
        "read_until": read.read_until,
    }


async def members(c: AsyncConnection, case_id: UUID) -> list[dict[str, Any]]:
    """Return who is in the talk about a case, and what for."""
    followers = await following.of_case(c, case_id)
    rows = await c.execute(_MEMBERS, {"case": case_id, "followers": followers})
    return [dict(row) for row in rows.mappings()]


async def say(
    services: Services,
    c: AsyncConnection,
    case_id: UUID,
    author: Author,
    words: str,
    *,
    client_id: str,
    mentions: Sequence[UUID],
) -> dict[str, Any]:
    """Say something to the members and return the message; the same `client_id` gives the same one.

    Whoever writes is a member, and who is called by name. Raises `NotFound`, `Invalid` without words or for a
    colleague who is gone, `Conflict` for a case that is part of another or was never spoken of.
    """
    matter = await cases.get_case(c, case_id)
    if matter["merged_into"] is not None:
        raise Conflict("This case is part of another one.", todo="Write in that one.")
    known: dict[str, Any] | None = await c.scalar(_KNOWN, {"case": case_id, "client": client_id})
    if known is not None:
        return known
    place: UUID | None = await c.scalar(_PLACE, {"case": case_id})
    if place is None:
        raise Conflict("Nobody has spoken of this case yet.", todo="Hang a conversation on it first.")
    there = {one["agent_id"] for one in await members(c, case_id)}
    told = sorted((there | set(mentions)) - {author.agent_id})
    payload: Mapping[str, Any] = {SIDE: {"to": [str(one) for one in told]}}
    writing = Writing(text=words, client_id=client_id, note=True, mentions=mentions, payload=payload)
    return await replies.write(services, c, place, author, writing)


async def note_read(c: AsyncConnection, case_id: UUID, agent_id: UUID, until: datetime) -> None:
    """Note up to when an agent has read; it never goes back. Raises `NotFound`."""
    await cases.get_case(c, case_id)
    await c.execute(_NOTE_READ, {"case": case_id, "agent": agent_id, "until": until})


async def leave(c: AsyncConnection, case_id: UUID, agent_id: UUID, *, actor: str) -> None:
    """Take an agent out who was called or wrote, and tell the others; raises `NotFound`.

    Who owns the case, has a conversation of it or follows it stays in for that.
    """
    matter = await cases.get_case(c, case_id)
    await c.execute(_LEAVE, {"case": case_id, "agent": agent_id})
    await live.append(
        c,
        "side_chat.left",
        audience="staff",
        actor=actor,
        contact_id=UUID(str(matter["contact_id"])),
        case_id=case_id,
        data={"case_id": str(case_id), "agent_id": str(agent_id)},
    )
