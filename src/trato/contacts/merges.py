"""Two contacts who are one person: merged with the evidence, suggested, and exactly undone."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Uuid, bindparam, insert, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.contacts.service import PREFERENCE, tell
from trato.contacts.tables import contact, contact_merge
from trato.db.schema import all_tables
from trato.kit.clock import now
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id

# What one contact takes over from the other when it has none of its own.
_KNOWN = ("name", "language", "time_zone", "blocked_at")
_SAID = (*PREFERENCE, "preference_source")


@cache
def _movable() -> tuple[str, ...]:
    """Return every table whose rows belong to a contact: a merge moves them and remembers which."""
    own = {contact.name, contact_merge.name}
    return tuple(
        table.name
        for table in all_tables().sorted_tables
        if table.name not in own and "contact_id" in table.c and table.c.contact_id.foreign_keys
    )


async def merge(
    c: AsyncConnection,
    kept_id: UUID,
    merged_id: UUID,
    evidence: Mapping[str, Any],
    *,
    actor: str,
    by: UUID | None,
) -> dict[str, Any]:
    """Make two contacts one; `evidence` says why and is shown. Undone exactly by `undo_merge`."""
    if kept_id == merged_id:
        raise Invalid("A contact cannot be merged with itself.", field="other_id")
    rows = await _lock(c, kept_id, merged_id)
    kept, merged = rows[kept_id], rows[merged_id]
    if kept["merged_into"] or merged["merged_into"]:
        raise Conflict("One of them is already part of another contact.", todo="Reload the page.")
    moved = {table: await _move(c, table, kept_id, merged_id) for table in _movable()}
    filled = _filled(kept, merged)
    merge_id = new_id()
    await c.execute(
        insert(contact_merge).values(
            id=merge_id,
            kept_id=kept_id,
            merged_id=merged_id,
            evidence=dict(evidence),
            moved={**moved, contact.name: {name: kept[name] for name in filled}},
            merged_by=by,
        )
    )
    await _change(c, merged_id, {"merged_into": kept_id})
    await _change(c, kept_id, filled)
    await _tell_moved(c, moved, actor)
    await tell(c, merged_id, actor)
    return {"merge_id": merge_id, "contact": await tell(c, kept_id, actor)}


async def undo_merge(c: AsyncConnection, merge_id: UUID, *, actor: str) -> dict[str, Any]:
    """Take a merge back: the rows that it moved return, with all that was said in their conversations since.

    What else came since stays with the kept one. Raises `Conflict` when a later merge stands in the way.
    """
    row = (
        await c.execute(select(contact_merge).where(contact_merge.c.id == merge_id).with_for_update())
    ).first()
    if row is None:
        raise NotFound("There is no such merge.")
    if row.undone_at is not None:
        raise Conflict("This merge was undone already.", todo="Reload the page.")
    rows = await _lock(c, row.kept_id, row.merged_id)
    if rows[row.kept_id]["merged_into"]:
        raise Conflict("The contact is part of another one since.", todo="Undo that merge first.")
    for table, ids in row.moved.items():
        if table in _movable():
            await _put(c, table, row.merged_id, ids, only_from=row.kept_id)
    conversations = row.moved.get("conversation", ())
    await _put(c, "message", row.merged_id, conversations, only_from=row.kept_id, by="conversation_id")
    await c.execute(update(contact_merge).where(contact_merge.c.id == merge_id).values(undone_at=now()))
    await _change(c, row.merged_id, {"merged_into": None})
    await _change(c, row.kept_id, _as_before(rows[row.kept_id], rows[row.merged_id], row.moved))
    await _tell_moved(c, row.moved, actor)
    kept = await tell(c, row.kept_id, actor)
    return {"kept": kept, "restored": await tell(c, row.merged_id, actor)}


async def _lock(c: AsyncConnection, *ids: UUID) -> dict[UUID, RowMapping]:
    """Lock contacts and then their conversations, in the order in which mail comes in; raises `NotFound`."""
    locked = await c.execute(
        select(contact).where(contact.c.id.in_(ids)).order_by(contact.c.id).with_for_update(key_share=True)
    )
    rows = {row["id"]: row for row in locked.mappings()}
    if len(rows) != len(ids):
        raise NotFound("There is no such contact.")
    query = text("SELECT FROM conversation WHERE contact_id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE")
    await c.execute(query.bindparams(bindparam("ids", type_=ARRAY(Uuid))), {"ids": list(ids)})
    return rows


def _filled(kept: RowMapping, merged: RowMapping) -> dict[str, Any]:
    """Return what the kept contact takes over: what it does not say itself. A block stays a block."""
    filled = {name: merged[name] for name in _KNOWN if merged[name] and not kept[name]}
    if merged["preference_source"] and _weight(merged) > _weight(kept):
        filled |= {name: merged[name] for name in _SAID}
    return filled


def _weight(row: RowMapping) -> int:
    """Return how much a preference counts: what the contact said, before what others noted or learned."""
    source = row["preference_source"]
    return 2 if source == "contact" else int(source is not None)


def _as_before(kept: RowMapping, merged: RowMapping, moved: Mapping[str, Any]) -> dict[str, Any]:
    """Return, as they were, the kept contact's columns that a merge had filled and nobody changed since."""
    before: Mapping[str, Any] = moved.get(contact.name, {})
    return {name: value for name, value in before.items() if kept[name] == merged[name]}


async def _change(c: AsyncConnection, contact_id: UUID, values: Mapping[str, Any]) -> None:
    await c.execute(
        update(contact).where(contact.c.id == contact_id).values(**values, version=contact.c.version + 1)
    )


async def merges_of(c: AsyncConnection, contact_id: UUID) -> list[dict[str, Any]]:
    """Return the merges that made this contact, newest first, undone ones left out."""
    rows = await c.execute(
        select(
            contact_merge.c.id,
            contact_merge.c.merged_id,
            contact_merge.c.evidence,
            contact_merge.c.created_at,
            contact.c.name.label("merged_name"),
        )
        .join(contact, contact.c.id == contact_merge.c.merged_id)
        .where(contact_merge.c.kept_id == contact_id, contact_merge.c.undone_at.is_(None))
        .order_by(contact_merge.c.created_at.desc())
    )
    return [dict(row) for row in rows.mappings()]


async def merge_suggestions(c: AsyncConnection, contact_id: UUID) -> list[dict[str, Any]]:
    """Return contacts who may be the same person, each with the evidence; nothing is merged by itself."""
    rows = await c.execute(
        text("""
            WITH me AS (SELECT * FROM contact WHERE id = :id),
            mine AS (SELECT * FROM address WHERE contact_id = :id)
            SELECT contact_view(c) AS contact,
                   jsonb_strip_nulls(jsonb_build_object(
                     'same_name', CASE WHEN lower(c.name) = (SELECT lower(name) FROM me) THEN c.name END,
                     'same_mailbox', (SELECT min(a.value) FROM address a JOIN mine ON a.kind = 'email'
                        AND mine.kind = 'email' AND split_part(a.key, '@', 1) = split_part(mine.key, '@', 1)
                        WHERE a.contact_id = c.id))) AS evidence
            FROM contact c
            WHERE c.id <> :id AND c.merged_into IS NULL AND c.id IN (
                SELECT id FROM contact
                WHERE name LIKE '% %' AND merged_into IS NULL AND lower(name) = (SELECT lower(name) FROM me)
                UNION ALL
                SELECT a.contact_id FROM mine JOIN address a
                    ON a.kind = 'email' AND split_part(a.key, '@', 1) = split_part(mine.key, '@', 1)
                WHERE mine.kind = 'email' AND length(split_part(mine.key, '@', 1)) >= 6)
            ORDER BY c.created_at DESC LIMIT 5
        """),
        {"id": contact_id},
    )
    return [dict(row) for row in rows.mappings()]


async def _move(c: AsyncConnection, table: str, kept_id: UUID, merged_id: UUID) -> list[str]:
    rows = await c.execute(
        text(f"UPDATE {table} SET contact_id = :kept WHERE contact_id = :merged RETURNING id"),
        {"kept": kept_id, "merged": merged_id},
    )
    return [str(row.id) for row in rows]


async def _put(
    c: AsyncConnection, table: str, to: UUID, ids: Sequence[str], *, only_from: UUID, by: str = "id"
) -> None:
    query = text(f"UPDATE {table} SET contact_id = :to WHERE {by} = ANY(:ids) AND contact_id = :only_from")
    await c.execute(
        query.bindparams(bindparam("ids", type_=ARRAY(Uuid))),
        {"to": to, "ids": [UUID(i) for i in ids], "only_from": only_from},
    )


async def _tell_moved(c: AsyncConnection, moved: Mapping[str, Sequence[str]], actor: str) -> None:
    """Tell the desk of every conversation and case that changed hands, in one statement each."""
    for table, kind, view in (
        ("conversation", "conversation", "conversation_view"),
        ("cases", "case", "case_view"),
    ):
        query = text(f"""
            SELECT append_event(:type, 'staff', :actor, t.contact_id, NULL, NULL,
                                jsonb_build_object(CAST(:kind AS text), {view}(t)))
            FROM {table} t WHERE id = ANY(:ids)
        """).bindparams(bindparam("ids", type_=ARRAY(Uuid)))
        ids = [UUID(i) for i in moved.get(table, ())]
        await c.execute(query, {"type": f"{kind}.changed", "kind": kind, "actor": actor, "ids": ids})
