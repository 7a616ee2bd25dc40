"""What the desk reads: the inbox, one conversation, its messages, a whole snapshot."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit import paging
from trato.kit.errors import Invalid, NotFound
from trato.live import service as live

SNAPSHOT_USUAL = 500  # conversations of a snapshot when there is a choice
SNAPSHOT_MOST = 5_000  # what must not be left out of it: a desk can bear no more, and says so
MESSAGES = 100
_BIGINT_DIGITS = 19

# Each tab is a condition over a conversation `v`; `:agent` is who looks. What is open is named, never told by
# what it is not: an index finds the few open ones among all that were ever closed.
_TABS: Mapping[str, str] = {
    "mine": "v.status IN ('open', 'snoozed') AND NOT v.spam AND v.assignee_id = CAST(:agent AS uuid)",
    "team": "v.status IN ('open', 'snoozed') AND NOT v.spam",
    "waiting": "v.status = 'open' AND NOT v.spam AND v.assignee_id IS NULL AND v.waiting_since IS NOT NULL",
    "spam": "v.spam",
    "trouble": "v.trouble IS NOT NULL",
    "closed": "v.status = 'closed' AND NOT v.spam",
    "all": "true",
}
LIVE_TABS = ("mine", "team", "waiting", "trouble")
# Each part has an index of its own, which one condition over all would not use. The last message is searched
# only in what is open: an index over what every message changes would cost each of them too much.
_SEARCH = """
    AND v.id IN (
        SELECT id FROM conversation WHERE contact_id IN (
            SELECT id FROM contact WHERE name ILIKE :pattern
            UNION ALL SELECT contact_id FROM address WHERE value ILIKE :pattern)
        UNION ALL SELECT id FROM conversation WHERE subject <> '' AND subject ILIKE :pattern
        UNION ALL SELECT id FROM conversation WHERE case_id IN (
            SELECT id FROM cases WHERE title ILIKE :pattern
            UNION ALL SELECT id FROM cases WHERE number = CAST(:number AS bigint))
        UNION ALL SELECT id FROM conversation WHERE status IN ('open', 'snoozed') AND preview ILIKE :pattern)
"""


async def inbox(
    c: AsyncConnection,
    *,
    tab: str,
    agent_id: UUID | None,
    q: str = "",
    cursor: str | None = None,
    limit: int = paging.PAGE,
) -> dict[str, Any]:
    """Return a page of conversations, newest first, with the people, cases and interactions they name.

    The closed ones come by when they were closed, all others by their latest message.

    Raises `Invalid` for a tab or cursor that does not exist. `c` must see one moment (REPEATABLE READ).
    """
    if tab not in _TABS:
        raise Invalid(
            "There is no tab called {tab}.",
            field="tab",
            todo="Choose one of {tabs}.",
            values={"tab": tab, "tabs": ", ".join(_TABS)},
        )
    after, row_id = paging.decode(cursor, paging.moment, paging.row_id)
    # No index follows the latest message, so that taking one writes no index: the open ones are few, and the
    # closed ones stand in the order of their end.
    at = "v.closed_at" if tab == "closed" else "v.last_message_at"
    rows = (
        await c.execute(
            text(f"""
                SELECT v.id, {at} AS at, conversation_view(v) AS view
                FROM conversation v
                WHERE {_TABS[tab]} {_SEARCH if q else ""}
                  AND (CAST(:at AS timestamptz) IS NULL
                       OR ({at}, v.id) < (:at, CAST(:id AS uuid)))
                ORDER BY {at} DESC, v.id DESC LIMIT :limit
            """),
            {
                "agent": agent_id,
                "at": after,
                "id": row_id,
                "limit": limit + 1,
                "pattern": like(q),
                "number": _number(q),
            },
        )
    ).all()
    found = [row.view for row in rows[:limit]]
    return {
        "items": found,
        "next_cursor": paging.page(rows, limit, lambda row: (row.at, row.id))["next_cursor"],
        "position": await live.position(c),
        **await beside(c, found),
    }


def _number(q: str) -> int | None:
    """Return the number of a case that the words may be, as people say it."""
    digits = q.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < _BIGINT_DIGITS else None


def like(q: str) -> str:
    """Return the pattern that finds the words anywhere, with LIKE's own signs taken literally."""
    cleaned = q.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{cleaned}%"


async def beside(c: AsyncConnection, conversations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the contacts, cases and open interactions that some conversations name."""
    ids = {
        "contacts": [v["contact_id"] for v in conversations],
        "cases": [v["case_id"] for v in conversations if v["case_id"]],
        "conversations": [v["id"] for v in conversations],
    }
    return {
        "contacts": await _views(
            c, "SELECT contact_view(t) FROM contact t WHERE id = ANY(:ids)", ids["contacts"]
        ),
        "cases": await _views(c, "SELECT case_view(t) FROM cases t WHERE id = ANY(:ids)", ids["cases"]),
        "interactions": await _views(
            c,
            "SELECT interaction_view(t) FROM interaction t WHERE conversation_id = ANY(:ids)"
            " AND state IN ('offered', 'accepted', 'wrap_up')",
            ids["conversations"],
        ),
    }


async def _views(c: AsyncConnection, sql: str, ids: Sequence[str]) -> list[dict[str, Any]]:
    if not ids:
        return []
    rows = await c.execute(text(sql), {"ids": sorted({UUID(str(i)) for i in ids})})
    return list(rows.scalars())


# What the live tabs show: first the viewer's own, what needs a hand, who waits (the longest first) and what
# colleagues have; then the rest, the newest first.
_SNAPSHOT = text(f"""
    WITH ranked AS (
        SELECT id, waiting_since, last_message_at,
               CASE WHEN v.assignee_id = CAST(:agent AS uuid) THEN 0 WHEN v.trouble IS NOT NULL THEN 1
                    WHEN {_TABS["waiting"]} THEN 2 WHEN v.assignee_id IS NOT NULL THEN 3 ELSE 4 END AS rank
        FROM conversation v WHERE ({_TABS["team"]}) OR {_TABS["trouble"]}
    ), placed AS (
        SELECT id, rank, row_number() OVER (
            ORDER BY rank, CASE rank WHEN 2 THEN waiting_since END, last_message_at DESC, id) AS place
        FROM ranked
    )
    SELECT conversation_view(v) AS view, (SELECT count(*) FROM placed) AS total
    FROM placed JOIN conversation v USING (id)
    WHERE place <= :usual OR (rank < 4 AND place <= :most) ORDER BY place
""")
_WRAP_UPS = text("SELECT interaction_view(i) FROM interaction i WHERE state = 'wrap_up' ORDER BY id")
_WRAPPED = text("""
    SELECT conversation_view(v) FROM conversation v WHERE id IN (
        SELECT conversation_id FROM interaction WHERE state = 'wrap_up' AND agent_id = CAST(:agent AS uuid))
""")
_COUNTS = text(f"""
    SELECT {", ".join(f"count(*) FILTER (WHERE {_TABS[tab]}) AS {tab}" for tab in LIVE_TABS)}
    FROM conversation v WHERE ({_TABS["team"]}) OR {_TABS["trouble"]}
""")


async def snapshot(c: AsyncConnection, agent_id: UUID | None) -> dict[str, Any]:
    """Return what the live tabs of an agent show and all that belongs to it, at one moment, with its place.

    Spam is left out. When there is too much, what waits, what is assigned and what needs a hand is in it all
    the same and `truncated` says that the tabs go on in `inbox`; `counts` are of everything. What the agent
    wraps up is in it too, with whose it is; of others it is told that they do.
    """
    limits = {"agent": agent_id, "usual": SNAPSHOT_USUAL, "most": SNAPSHOT_MOST}
    rows = (await c.execute(_SNAPSHOT, limits)).all()
    found = [row.view for row in rows]
    known = {view["id"] for view in found}
    wrapped = (await c.execute(_WRAPPED, {"agent": agent_id})).scalars()
    found += [view for view in wrapped if view["id"] not in known]
    also = await beside(c, found)
    known = {view["id"] for view in also["interactions"]}
    theirs = [view for view in (await c.execute(_WRAP_UPS)).scalars() if view["id"] not in known]
    return {
        "position": await live.position(c),
        "conversations": found,
        "truncated": bool(rows) and rows[0].total > len(rows),
        "counts": await counts(c, agent_id),
        **also,
        "interactions": also["interactions"] + theirs,
    }


async def counts(c: AsyncConnection, agent_id: UUID | None) -> dict[str, int]:
    """Return how many conversations stand in each live tab of an agent."""
    return dict((await c.execute(_COUNTS, {"agent": agent_id})).mappings().one())


async def get_conversation(c: AsyncConnection, conversation_id: UUID) -> dict[str, Any]:
    """Return a conversation as the API shows it; raises `NotFound`."""
    view = await c.scalar(
        text("SELECT conversation_view(v) FROM conversation v WHERE id = :id"), {"id": conversation_id}
    )
    if view is None:
        raise NotFound("There is no such conversation.")
    found: dict[str, Any] = view
    return found


async def whole_conversation(c: AsyncConnection, conversation_id: UUID) -> dict[str, Any]:
    """Return a conversation with its people, case, newest messages and interactions, at one moment."""
    view = await get_conversation(c, conversation_id)
    also = await beside(c, [view])
    participants = await c.execute(
        text(
            "SELECT role, name, address FROM participant WHERE conversation_id = :id ORDER BY created_at, id"
        ),
        {"id": conversation_id},
    )
    page = await messages(c, conversation_id)
    return {
        "conversation": view,
        "contact": also["contacts"][0],
        "case": also["cases"][0] if also["cases"] else None,
        "interactions": also["interactions"],
        "participants": [dict(row) for row in participants.mappings()],
        "messages": page["items"],
        "messages_cursor": page["next_cursor"],
        "position": await live.position(c),
    }


async def messages(
    c: AsyncConnection, conversation_id: UUID, *, cursor: str | None = None, limit: int = MESSAGES
) -> dict[str, Any]:
    """Return a page of messages, oldest first; each next page holds earlier ones."""
    return await _message_page(c, "m.conversation_id = :id", conversation_id, cursor, limit)


async def _message_page(
    c: AsyncConnection, where: str, row_id: UUID, cursor: str | None, limit: int
) -> dict[str, Any]:
    at, before = paging.decode(cursor, paging.moment, paging.row_id)
    rows = (
        await c.execute(
            text(f"""
                SELECT m.id, m.created_at, message_view(m) AS view FROM message m
                WHERE {where} AND (CAST(:at AS timestamptz) IS NULL
                                   OR (m.created_at, m.id) < (:at, CAST(:before AS uuid)))
                ORDER BY m.created_at DESC, m.id DESC LIMIT :limit
            """),
            {
                "id": row_id,
                "at": at,
                "before": before,
                "limit": limit + 1,
            },
        )
    ).all()
    found = paging.page(rows, limit, lambda row: (row.created_at, row.id))
    return {**found, "items": [row.view for row in reversed(found["items"])]}


async def get_message(c: AsyncConnection, message_id: UUID) -> dict[str, Any]:
    """Return a message as the API shows it; raises `NotFound`."""
    view = await c.scalar(text("SELECT message_view(m) FROM message m WHERE id = :id"), {"id": message_id})
    if view is None:
        raise NotFound("There is no such message.")
    found: dict[str, Any] = view
    return found


async def message_html(c: AsyncConnection, message_id: UUID) -> str:
    """Return the sanitised HTML of a message; raises `NotFound`."""
    found: str | None = await c.scalar(text("SELECT html FROM message WHERE id = :id"), {"id": message_id})
    if found is None:
        raise NotFound("This message has no HTML.")
    return found


async def original_key(c: AsyncConnection, message_id: UUID) -> str:
    """Return where the original of a message is stored; raises `NotFound`."""
    found: str | None = await c.scalar(text("SELECT raw_key FROM message WHERE id = :id"), {"id": message_id})
    if found is None:
        raise NotFound("No original of this message was kept.")
    return found


async def get_attachment(c: AsyncConnection, attachment_id: UUID) -> dict[str, Any]:
    """Return an attachment's row, with where it is stored; raises `NotFound`."""
    row = (
        (await c.execute(text("SELECT * FROM attachment WHERE id = :id"), {"id": attachment_id}))
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound("There is no such attachment.")
    return dict(row)


async def inline_attachments(c: AsyncConnection, message_id: UUID) -> dict[str, UUID]:
    """Return the files of a message that its HTML shows, by content id."""
    rows = await c.execute(
        text("SELECT content_id, id FROM attachment WHERE message_id = :id AND content_id IS NOT NULL"),
        {"id": message_id},
    )
    return {row.content_id: row.id for row in rows}
