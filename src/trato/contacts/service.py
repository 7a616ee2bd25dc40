"""People: what we know of them, their preference, blocking, and merges that can be undone."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.contacts.tables import address, contact, contact_merge
from trato.db.schema import all_tables
from trato.kit.clock import now
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.kit.text import clean, fold, one_line
from trato.live import service as live

PREFERENCE = ("prefers", "preferred_channel", "tone")
CHANGEABLE = (*PREFERENCE, "name", "language", "time_zone")

_VIEW = text("SELECT contact_view(c) FROM contact c WHERE id = :id")


async def get_contact(c: AsyncConnection, contact_id: UUID) -> dict[str, Any]:
    """Return a contact as the API shows it; raises `NotFound`."""
    found = (await c.execute(_VIEW, {"id": contact_id})).scalar()
    if found is None:
        raise NotFound("there is no such contact")
    view: dict[str, Any] = found
    return view


async def create_contact(
    c: AsyncConnection, *, name: str, kind: str, value: str, actor: str, language: str | None = None
) -> dict[str, Any]:
    """Return the contact who owns an address, a new one when nobody does."""
    value = clean(value, 320).strip()
    if not value:
        raise Invalid("an address is needed", field="value")
    contact_id = await c.scalar(
        text(
            "SELECT (resolve_address(:kind, :value, :key, :name, :language, NULL, :new, :address)).contact_id"
        ),
        {
            "kind": kind,
            "value": value,
            "key": fold(value),
            "name": one_line(name, 120),
            "language": language,
            "new": new_id(),
            "address": new_id(),
        },
    )
    return await _changed(c, contact_id, actor)


async def change_contact(
    c: AsyncConnection, contact_id: UUID, changes: Mapping[str, Any], *, actor: str, source: str
) -> dict[str, Any]:
    """Change what we know; `source` says who told the preference (contact, agent, learned).

    What was learned never overrides what the contact said.
    """
    values = {name: changes[name] for name in CHANGEABLE if name in changes}
    if "name" in values:
        values["name"] = one_line(values["name"] or "", 120)
    if any(name in values for name in PREFERENCE):
        values["preference_source"] = source
        if source == "learned":
            said = await c.scalar(select(contact.c.preference_source).where(contact.c.id == contact_id))
            if said == "contact":
                values = {k: v for k, v in values.items() if k not in {*PREFERENCE, "preference_source"}}
    if values:
        await c.execute(
            update(contact).where(contact.c.id == contact_id).values(**values, version=contact.c.version + 1)
        )
    return await _changed(c, contact_id, actor)


async def verify_address(
    c: AsyncConnection, contact_id: UUID, kind: str, value: str, *, by: str
) -> dict[str, Any]:
    """Note that a contact has proven to own an address, added when it is new.

    Raises `Conflict` when another contact owns it: two people may be one, which a merge decides.
    """
    owner = await c.scalar(
        select(address.c.contact_id).where(address.c.kind == kind, address.c.key == fold(value))
    )
    if owner is None:
        await c.execute(
            insert(address).values(
                id=new_id(),
                contact_id=contact_id,
                kind=kind,
                value=value,
                key=fold(value),
                verified_at=func.now(),
                verified_by=by,
            )
        )
    elif owner == contact_id:
        await c.execute(
            update(address)
            .where(address.c.kind == kind, address.c.key == fold(value), address.c.verified_at.is_(None))
            .values(verified_at=func.now(), verified_by=by)
        )
    else:
        raise Conflict("this address belongs to another contact", todo="merge the two if they are one person")
    return await _changed(c, contact_id, by)


async def owner_of(c: AsyncConnection, kind: str, value: str) -> UUID | None:
    """Return who owns an address."""
    found: UUID | None = await c.scalar(
        select(address.c.contact_id).where(address.c.kind == kind, address.c.key == fold(value))
    )
    return found


async def set_blocked(c: AsyncConnection, contact_id: UUID, *, blocked: bool, actor: str) -> dict[str, Any]:
    """Block a sender, or undo it: what they write is kept among spam, and nobody is disturbed."""
    await c.execute(
        update(contact)
        .where(contact.c.id == contact_id)
        .values(blocked_at=now() if blocked else None, version=contact.c.version + 1)
    )
    return await _changed(c, contact_id, actor)


async def search(c: AsyncConnection, query: str, *, limit: int = 20) -> list[dict[str, Any]]:
    """Return contacts whose name or address holds the words, in upper or lower case."""
    pattern = "%" + query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows = await c.execute(
        text("""
            SELECT contact_view(c) FROM contact c
            WHERE merged_into IS NULL AND (c.name ILIKE :pattern
                OR EXISTS (SELECT FROM address a WHERE a.contact_id = c.id AND a.value ILIKE :pattern))
            ORDER BY c.created_at DESC LIMIT :limit
        """),
        {"pattern": pattern, "limit": limit},
    )
    return list(rows.scalars())


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
        raise Invalid("a contact cannot be merged with itself", field="other_id")
    locked = await c.execute(
        select(contact.c.id, contact.c.merged_into, contact.c.name)
        .where(contact.c.id.in_([kept_id, merged_id]))
        .order_by(contact.c.id)
        .with_for_update()
    )
    rows = {row.id: row for row in locked}
    if len(rows) != len({kept_id, merged_id}):
        raise NotFound("there is no such contact")
    if any(row.merged_into for row in rows.values()):
        raise Conflict("one of them is already part of another contact", todo="reload")
    moved = {table: await _move(c, table, kept_id, merged_id) for table in _movable()}
    merge_id = new_id()
    await c.execute(
        insert(contact_merge).values(
            id=merge_id,
            kept_id=kept_id,
            merged_id=merged_id,
            evidence=dict(evidence),
            moved=moved,
            merged_by=by,
        )
    )
    await c.execute(
        update(contact)
        .where(contact.c.id == merged_id)
        .values(merged_into=kept_id, version=contact.c.version + 1)
    )
    if not rows[kept_id].name:
        await c.execute(update(contact).where(contact.c.id == kept_id).values(name=rows[merged_id].name))
    await c.execute(update(contact).where(contact.c.id == kept_id).values(version=contact.c.version + 1))
    await _tell_moved(c, moved, actor)
    await _changed(c, merged_id, actor)
    return {"merge_id": merge_id, "contact": await _changed(c, kept_id, actor)}


async def undo_merge(c: AsyncConnection, merge_id: UUID, *, actor: str) -> dict[str, Any]:
    """Take a merge back: exactly the rows that it moved return; what came since stays with the kept one."""
    row = (
        await c.execute(select(contact_merge).where(contact_merge.c.id == merge_id).with_for_update())
    ).first()
    if row is None:
        raise NotFound("there is no such merge")
    if row.undone_at is not None:
        raise Conflict("this merge was undone already", todo="reload")
    for table, ids in row.moved.items():
        if table in _movable():
            await _put(c, table, row.merged_id, ids, only_from=row.kept_id)
    await c.execute(update(contact_merge).where(contact_merge.c.id == merge_id).values(undone_at=now()))
    await c.execute(
        update(contact)
        .where(contact.c.id == row.merged_id)
        .values(merged_into=None, version=contact.c.version + 1)
    )
    await _tell_moved(c, row.moved, actor)
    kept = await _changed(c, row.kept_id, actor)
    return {"kept": kept, "restored": await _changed(c, row.merged_id, actor)}


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
            WHERE c.id <> :id AND c.merged_into IS NULL AND (
                (c.name LIKE '% %' AND lower(c.name) = (SELECT lower(name) FROM me))
                OR EXISTS (SELECT FROM address a JOIN mine ON a.kind = 'email' AND mine.kind = 'email'
                           AND split_part(a.key, '@', 1) = split_part(mine.key, '@', 1)
                           WHERE a.contact_id = c.id AND length(split_part(a.key, '@', 1)) >= 6))
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


async def _put(c: AsyncConnection, table: str, to: UUID, ids: Sequence[str], *, only_from: UUID) -> None:
    query = text(f"UPDATE {table} SET contact_id = :to WHERE id = ANY(:ids) AND contact_id = :only_from")
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


async def _changed(c: AsyncConnection, contact_id: UUID, actor: str) -> dict[str, Any]:
    view = await get_contact(c, contact_id)
    await live.append(
        c, "contact.changed", audience="staff", actor=actor, contact_id=contact_id, data={"contact": view}
    )
    return view
