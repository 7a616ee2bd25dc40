"""Two cases that are one, and one that is two: merged, split, and exactly undone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Uuid, bindparam, insert, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations import case_moves, cases
from trato.conversations.case_tables import case_link, case_merge
from trato.conversations.tables import case
from trato.db.schema import all_tables
from trato.kit.clock import now
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.kit.text import one_line

# What the kept case takes over when it says nothing of its own.
_PROMISE = ("promised_at", "promise", "promised_by", "promised_on", "remind_at")
_TAKEN = ("expectation", "owner_id")
_ENDED = ("resolved", "closed")
Moved = dict[str, list[str]]


@cache
def _movable() -> tuple[str, ...]:
    """Return every table whose rows belong to a case: a merge moves them and remembers which."""
    own = {case_merge.name, case_link.name}
    return tuple(
        table.name
        for table in all_tables().sorted_tables
        if table.name not in own and "case_id" in table.c and "id" in table.c and table.c.case_id.foreign_keys
    )


_LINK = text("""
    INSERT INTO case_link (case_id, related_id, made_by) VALUES (:first, :second, :by) ON CONFLICT DO NOTHING
""")
_UNLINK = text("DELETE FROM case_link WHERE case_id = :first AND related_id = :second")


async def merge(
    c: AsyncConnection, kept_id: UUID, merged_id: UUID, *, actor: str, by: UUID | None
) -> dict[str, Any]:
    """Make two cases of one contact one. Undone exactly by `undo`.

    Raises `Invalid`, `Conflict`, `NotFound`.
    """
    if kept_id == merged_id:
        raise Invalid("A case cannot be merged with itself.", field="other_id")
    rows = await _lock(c, kept_id, merged_id)
    kept, merged = rows[kept_id], rows[merged_id]
    if kept["contact_id"] != merged["contact_id"]:
        raise Invalid("This case belongs to another contact.", field="other_id")
    if kept["status"] == "closed":
        raise Conflict("This case is closed.", todo="Open it again first.")
    filled = _filled(kept, merged)
    offset = await _steps_end(c, kept_id)
    await _shift(c, merged_id, offset)
    moved = {table: await _move(c, table, merged_id, kept_id) for table in _movable()}
    before = {
        "kept": _kept(kept, filled),
        "other": {name: merged[name] for name in ("status", "resolved_by", "resolved_at", "remind_at")},
        "filled": _kept(merged, filled),
        "offset": offset,
    }
    merge_id = await _remember(c, "merge", kept_id, merged_id, moved, before, by)
    await cases.write(c, merged_id, {"status": "closed", "merged_into": kept_id, "remind_at": None})
    await cases.write(c, kept_id, filled)
    data = {"what": f"{merged['number']} {merged['title']}", "merge_id": str(merge_id)}
    await case_moves.record(c, kept_id, "merged", actor=actor, by=by, data=data)
    await _tell(c, moved, actor)
    merged_view = await cases.told(c, merged_id, actor)
    return {"merge_id": merge_id, "case": await cases.told(c, kept_id, actor), "other": merged_view}


async def split(
    c: AsyncConnection,
    case_id: UUID,
    *,
    title: str,
    chosen: Mapping[str, Sequence[UUID]],
    actor: str,
    by: UUID | None,
) -> dict[str, Any]:
    """Open a case of its own for what was chosen, by table; undone by `undo`. Raises `Invalid`, `NotFound`.

    A conversation takes its messages of this case and its interactions with it.
    """
    if not any(chosen.values()):
        raise Invalid("There is nothing to split off.", todo="Choose what belongs to the other matter.")
    row = await cases.lock(c, case_id)
    opened = await cases.create_case(
        c,
        brand_id=row["brand_id"],
        contact_id=row["contact_id"],
        title=title,
        expectation="",
        actor=actor,
    )
    opened_id = UUID(opened["id"])
    moved: Moved = {}
    for table, ids in chosen.items():
        found = await _move(c, table, case_id, opened_id, ids=list(ids))
        if len(found) != len(set(ids)):
            raise Invalid("Something of it belongs to another case.", todo="Reload the page.")
        moved[table] = found
    conversations = [UUID(i) for i in moved.get("conversation", ())]
    for table in ("message", "interaction"):
        along = await _move(c, table, case_id, opened_id, ids=conversations, column="conversation_id")
        moved[table] = [*moved.get(table, ()), *along]
    merge_id = await _remember(c, "split", case_id, opened_id, moved, {}, by)
    data = {"what": f"{opened['number']} {one_line(title, 200)}", "merge_id": str(merge_id)}
    await case_moves.record(c, case_id, "split", actor=actor, by=by, data=data)
    await cases.write(c, case_id, {})
    await _tell(c, moved, actor)
    other = await cases.told(c, opened_id, actor)
    return {"merge_id": merge_id, "case": await cases.told(c, case_id, actor), "other": other}


async def undo(c: AsyncConnection, merge_id: UUID, *, actor: str, by: UUID | None) -> dict[str, Any]:
    """Take a merge or a split back: each row that it moved returns.

    After a merge what else came since stays with the kept case, but for what was said in the conversations
    that return; after a split all that came since goes along with what returns.

    Raises `NotFound`, `Conflict`.
    """
    row = (await c.execute(select(case_merge).where(case_merge.c.id == merge_id).with_for_update())).first()
    if row is None:
        raise NotFound("There is no such merge.")
    if row.undone_at is not None:
        raise Conflict("This merge was undone already.", todo="Reload the page.")
    rows = await _lock(c, row.kept_id, row.other_id, merged=row.other_id if row.kind == "merge" else None)
    if row.kind == "merge":
        await _part(c, row, rows[row.kept_id])
    else:
        await _join(c, row)
    await c.execute(update(case_merge).where(case_merge.c.id == merge_id).values(undone_at=now()))
    await case_moves.record(c, row.kept_id, f"{row.kind}_undone", actor=actor, by=by)
    await _tell(c, row.moved, actor)
    other = await cases.told(c, row.other_id, actor)
    return {"merge_id": merge_id, "case": await cases.told(c, row.kept_id, actor), "other": other}


async def _part(c: AsyncConnection, row: Any, kept: RowMapping) -> None:
    """Give the merged case back what was its own, and the kept one what it had before."""
    for table, ids in row.moved.items():
        if table in _movable():
            await _move(c, table, row.kept_id, row.other_id, ids=[UUID(i) for i in ids])
    conversations = [UUID(i) for i in row.moved.get("conversation", ())]
    await _move(c, "message", row.kept_id, row.other_id, ids=conversations, column="conversation_id")
    await _shift(c, row.other_id, -int(row.before["offset"]))
    was = row.before["kept"]
    changed = _kept(kept, was)
    same = {name: _value(was[name]) for name in was if changed[name] == row.before["filled"][name]}
    await cases.write(c, row.kept_id, same)
    other = {name: _value(value) for name, value in row.before["other"].items()}
    promise = {name: _value(row.before["filled"][name]) for name in _PROMISE if name in row.before["filled"]}
    await cases.write(c, row.other_id, {**other, **promise, "merged_into": None})


async def _join(c: AsyncConnection, row: Any) -> None:
    """Bring all of a case that was split off back, and leave its number as another name of the whole."""
    offset = await _steps_end(c, row.kept_id)
    mine = {UUID(i) for i in row.moved.get("case_step", ())}
    query = text("UPDATE case_step SET position = position + :by WHERE case_id = :id AND NOT id = ANY(:mine)")
    values = {"by": offset, "id": row.other_id, "mine": list(mine)}
    await c.execute(query.bindparams(bindparam("mine", type_=ARRAY(Uuid))), values)
    for table in _movable():
        await _move(c, table, row.other_id, row.kept_id)
    await cases.write(c, row.other_id, {"status": "closed", "merged_into": row.kept_id, "remind_at": None})
    await cases.write(c, row.kept_id, {})


def _filled(kept: RowMapping, merged: RowMapping) -> dict[str, Any]:
    filled = {name: merged[name] for name in _TAKEN if merged[name] and not kept[name]}
    if merged["promised_at"] and not kept["promised_at"]:
        filled |= {name: merged[name] for name in _PROMISE}
    if merged["status"] not in _ENDED and kept["status"] in _ENDED:
        filled |= {"status": "open", "resolved_at": None, "resolved_by": None}
    return filled


def _kept(row: RowMapping, names: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns of a case as JSON keeps them."""
    return {name: _text(row[name]) for name in names}


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return str(value) if isinstance(value, UUID) else value


def _value(kept: Any) -> Any:
    return datetime.fromisoformat(kept["at"]) if isinstance(kept, dict) else kept


async def _remember(
    c: AsyncConnection,
    kind: str,
    kept_id: UUID,
    other_id: UUID,
    moved: Moved,
    before: Mapping[str, Any],
    by: UUID | None,
) -> UUID:
    merge_id = new_id()
    was = {**before, **({"other": {n: _text(v) for n, v in before["other"].items()}} if before else {})}
    await c.execute(
        insert(case_merge).values(
            id=merge_id, kind=kind, kept_id=kept_id, other_id=other_id, moved=moved, before=was, made_by=by
        )
    )
    return merge_id


async def _lock(c: AsyncConnection, *ids: UUID, merged: UUID | None = None) -> dict[UUID, RowMapping]:
    """Lock cases in one order; raises `NotFound`, and `Conflict` for one that is part of another by now."""
    query = select(case).where(case.c.id.in_(ids)).order_by(case.c.id).with_for_update()
    rows = {row["id"]: row for row in (await c.execute(query)).mappings()}
    if len(rows) != len(set(ids)):
        raise NotFound("There is no such case.")
    if any(row["merged_into"] and row["id"] != merged for row in rows.values()):
        raise Conflict("One of them is already part of another case.", todo="Reload the page.")
    return rows


async def _move(
    c: AsyncConnection,
    table: str,
    from_id: UUID,
    to_id: UUID,
    *,
    ids: Sequence[UUID] | None = None,
    column: str = "id",
) -> list[str]:
    """Move rows of a case to another: all, or those named; returns the ids of those that moved.

    Of two open reminders of a promise one stays where it is: a case has one.
    """
    named = "" if ids is None else f"AND {column} = ANY(:ids)"
    one = """
        AND NOT (kind = 'promise' AND state = 'open' AND EXISTS (
            SELECT FROM task o WHERE o.case_id = :to AND o.kind = 'promise' AND o.state = 'open'))
    """
    query = text(f"""
        UPDATE {table} SET case_id = :to WHERE case_id = :from {named} {one if table == "task" else ""}
        RETURNING id
    """)
    values: dict[str, Any] = {"to": to_id, "from": from_id}
    if ids is not None:
        query = query.bindparams(bindparam("ids", type_=ARRAY(Uuid)))
        values["ids"] = list(ids)
    return [str(row.id) for row in await c.execute(query, values)]


async def _steps_end(c: AsyncConnection, case_id: UUID) -> int:
    query = text("SELECT coalesce(max(position) + 1, 0) FROM case_step WHERE case_id = :id")
    return int(await c.scalar(query, {"id": case_id}) or 0)


async def _shift(c: AsyncConnection, case_id: UUID, by: int) -> None:
    query = text("UPDATE case_step SET position = position + :by WHERE case_id = :id")
    await c.execute(query, {"by": by, "id": case_id})


async def _tell(c: AsyncConnection, moved: Mapping[str, Sequence[str]], actor: str) -> None:
    """Tell the desk of every conversation and task that belongs to another case now."""
    for table, kind in (("conversation", "conversation"), ("task", "task")):
        await c.execute(
            text(f"UPDATE {table} SET version = version + 1 WHERE id = ANY(:ids)").bindparams(
                bindparam("ids", type_=ARRAY(Uuid))
            ),
            {"ids": [UUID(i) for i in moved.get(table, ())]},
        )
        query = text(f"""
            SELECT append_event(:type, 'staff', :actor, k.contact_id, NULL, k.id,
                                jsonb_build_object(CAST(:kind AS text), {kind}_view(t)))
            FROM {table} t JOIN cases k ON k.id = t.case_id WHERE t.id = ANY(:ids)
        """).bindparams(bindparam("ids", type_=ARRAY(Uuid)))
        ids = [UUID(i) for i in moved.get(table, ())]
        await c.execute(query, {"type": f"{kind}.changed", "kind": kind, "actor": actor, "ids": ids})


async def merges_of(c: AsyncConnection, case_id: UUID) -> list[dict[str, Any]]:
    """Return what made this case as it is, newest first, undone ones left out."""
    query = text("""
        SELECT m.id, m.kind, m.other_id, k.number AS other_number, k.title AS other_title, m.created_at
        FROM case_merge m JOIN cases k ON k.id = m.other_id
        WHERE m.kept_id = :id AND m.undone_at IS NULL ORDER BY m.created_at DESC
    """)
    return [dict(row) for row in (await c.execute(query, {"id": case_id})).mappings()]


async def relate(
    c: AsyncConnection, case_id: UUID, other_id: UUID, *, linked: bool, actor: str, by: UUID | None
) -> list[dict[str, Any]]:
    """Say that two cases have to do with one another, or no more; returns the related ones."""
    if case_id == other_id:
        raise Invalid("A case is not related to itself.", field="other_id")
    await _lock(c, case_id, other_id)
    first, second = sorted((case_id, other_id))
    pair = {"first": first, "second": second, "by": by}
    query = _LINK if linked else _UNLINK
    done = await c.execute(query, pair if linked else {"first": first, "second": second})
    if done.rowcount:
        for one, other in ((case_id, other_id), (other_id, case_id)):
            number = (await cases.get_case(c, other))["number"]
            kind = "related" if linked else "unrelated"
            await case_moves.record(c, one, kind, actor=actor, by=by, data={"what": str(number)})
            await cases.write(c, one, {})
            await cases.told(c, one, actor)
    return await related(c, case_id)


async def related(c: AsyncConnection, case_id: UUID) -> list[dict[str, Any]]:
    """Return the cases that have to do with this one, the newest first."""
    query = text("""
        SELECT case_view(k) FROM cases k WHERE id IN (
            SELECT related_id FROM case_link WHERE case_id = :id
            UNION ALL SELECT case_id FROM case_link WHERE related_id = :id)
        ORDER BY number DESC
    """)
    return list((await c.execute(query, {"id": case_id})).scalars())
