"""What stands in the fields of a contact or a case: read by who may see it, written in place, asked for."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import queries as access
from trato.access.errors import ChangedMeanwhile
from trato.access.roles import Role
from trato.decide import fields as deciding
from trato.fields import service
from trato.fields.tables import field_definition, field_value
from trato.kit.errors import Invalid, NotFound
from trato.kit.ids import new_id
from trato.live import service as live

About = Literal["contact", "case"]

PEOPLE: Final = frozenset({"user", "key"})  # kinds of actors who can be asked to fill something in
_EXPECTS: Final = {
    "text": "This takes a line of text.",
    "number": "This takes a number.",
    "date": "This takes a date.",
    "choice": "This takes one of the choices.",
    "yes_no": "This takes yes or no.",
    "link": "This takes a link, such as https://example.com.",
}
# Of each field the row that was written last; see the table.
_OF = """
    SELECT d.id AS definition_id, d.key, d.about, d.kind, d.labels, d.choices, d.required, d.found,
           d.visible_to, d.retired_at, v.id AS value_id, v.value, coalesce(v.version, 0) AS version,
           v.actor, v.updated_at
    FROM field_definition d LEFT JOIN LATERAL (
        SELECT * FROM field_value WHERE definition_id = d.id AND {column} = :id
        ORDER BY updated_at DESC, id DESC LIMIT 1) v ON true
    WHERE d.about = :about AND {which}
    ORDER BY d.position, d.key
"""
_HELD: Final = {
    "contact": "SELECT id AS contact_id FROM contact WHERE id = :id FOR NO KEY UPDATE",
    "case": "SELECT contact_id FROM cases WHERE id = :id FOR NO KEY UPDATE",
}
_THERE: Final = {
    "contact": "SELECT 1 FROM contact WHERE id = :id",
    "case": "SELECT 1 FROM cases WHERE id = :id",
}
_MISSING: Final = {"contact": "There is no such contact.", "case": "There is no such case."}


async def of(c: AsyncConnection, about: About, row_id: UUID, role: Role) -> list[dict[str, Any]]:
    """Return the fields of a contact or a case that a role may see, filled in or not; raises `NotFound`."""
    if (await c.execute(text(_THERE[about]), {"id": row_id})).first() is None:
        raise NotFound(_MISSING[about])
    rows = await _rows(c, about, row_id, "d.retired_at IS NULL")
    return [_view(row, about, row_id) for row in rows if service.may_see(row, role)]


async def put(
    c: AsyncConnection,
    about: About,
    row_id: UUID,
    key: str,
    value: Any,
    *,
    actor: str,
    role: Role,
    expected: int | None = None,
) -> dict[str, Any]:
    """Put a value into a field, or empty it; raises `NotFound`, `Invalid`, `ChangedMeanwhile`.

    `expected` is the version that the change starts from, 0 where nobody has filled it in yet.
    """
    holder = (await c.execute(text(_HELD[about]), {"id": row_id})).first()
    if holder is None:
        raise NotFound(_MISSING[about])
    row = next(iter(await _rows(c, about, row_id, "d.key = :key", key=key)), None)
    if row is None or not service.may_see(row, role):
        raise NotFound("There is no such field.")
    if row["retired_at"] is not None:
        raise Invalid("This field is retired.", todo="Take it up again first.", field=key)
    if expected is not None and expected != row["version"]:
        by = await access.actor_name(c, row["actor"]) if row["actor"] else None
        raise ChangedMeanwhile(version=row["version"], by=by, at=row["updated_at"])
    kept = _normal(row, value)
    if kept != row["value"] or isinstance(kept, bool) != isinstance(row["value"], bool):
        await _write(c, row, about, row_id, kept, actor)
        row = (await _rows(c, about, row_id, "d.key = :key", key=key))[0]
        await _tell(c, row, about, row_id, holder.contact_id, actor)
    return _view(row, about, row_id)


async def unfilled(c: AsyncConnection, case_id: UUID) -> list[Mapping[str, Any]]:
    """Return the fields that a case, and its contact, need before it is resolved and do not have."""
    contact_id = await c.scalar(text("SELECT contact_id FROM cases WHERE id = :id"), {"id": case_id})
    which = "d.required AND d.retired_at IS NULL"
    of_contact = await _rows(c, "contact", contact_id, which)
    return [row for row in (*of_contact, *await _rows(c, "case", case_id, which)) if row["value"] is None]


async def check_filled(c: AsyncConnection, case_id: UUID, *, actor: str) -> None:
    """Raise `Invalid` when somebody who could fill in what is needed resolves a case without it."""
    if actor.partition(":")[0] not in PEOPLE:
        return
    missing = await unfilled(c, case_id)
    if missing:
        names = ", ".join(next(iter(row["labels"].values())) for row in missing)
        raise Invalid(
            "Before this is resolved, something has to be filled in: {fields}",
            values={"fields": names},
            todo="Fill it in beside the conversation and resolve it then.",
            field="fields",
        )


async def known(
    c: AsyncConnection, contact_id: UUID | None, case_id: UUID | None
) -> Mapping[str, Mapping[str, Any]]:
    """Return what stands in the fields of a contact and of a case that everybody may see, by key."""
    which = "d.retired_at IS NULL AND d.visible_to = 'agent' AND v.value IS NOT NULL"
    rows: list[Mapping[str, Any]] = []
    if contact_id is not None:
        rows += await _rows(c, "contact", contact_id, which)
    if case_id is not None:
        rows += await _rows(c, "case", case_id, which)
    return {row["key"]: row for row in rows}


async def copied(c: AsyncConnection, about: About, row_id: UUID) -> list[dict[str, Any]]:
    """Return all that stands in the fields of a contact or a case, for the copy of their data."""
    rows = await _rows(c, about, row_id, "v.value IS NOT NULL")
    return [
        {
            "field": row["key"],
            "name": next(iter(row["labels"].values()), row["key"]),
            "value": row["value"],
            "at": row["updated_at"],
        }
        for row in rows
    ]


async def holders(c: AsyncConnection, key: str, limit: int) -> tuple[About, Sequence[UUID]]:
    """Return whose field of a key holds something: contacts or cases, those written last first."""
    definition = await service.get(c, key)
    about: About = definition["about"]
    column = field_value.c.contact_id if about == "contact" else field_value.c.case_id
    query = (
        select(column)
        .where(field_value.c.definition_id == definition["id"])
        .group_by(column)
        .order_by(func.max(field_value.c.updated_at).desc())
        .limit(limit)
    )
    return about, (await c.scalars(query)).all()


async def _rows(
    c: AsyncConnection, about: About, row_id: UUID, which: str, **values: Any
) -> Sequence[Mapping[str, Any]]:
    query = text(_OF.format(column=f"{about}_id", which=which)).columns(
        value=field_value.c.value.type, labels=field_definition.c.labels.type
    )
    rows = await c.execute(query, {"id": row_id, "about": about, **values})
    return [dict(row) for row in rows.mappings()]


def _normal(row: Mapping[str, Any], value: Any) -> deciding.Value | None:
    allowed = {one["key"] for one in row["choices"] if not one.get("retired")}
    if row["kind"] == "choice" and value is not None and value == row["value"]:
        allowed.add(value)  # what was chosen before it was retired may stay
    try:
        return deciding.normal(row["kind"], value, allowed)
    except deciding.WrongValue as error:
        raise Invalid(_EXPECTS[error.code], field="value") from None


async def _write(
    c: AsyncConnection, row: Mapping[str, Any], about: About, row_id: UUID, value: Any, actor: str
) -> None:
    if row["value_id"] is None:
        of = {"definition_id": row["definition_id"], f"{about}_id": row_id}
        await c.execute(insert(field_value).values(id=new_id(), **of, value=value, actor=actor))
        return
    await c.execute(
        update(field_value)
        .where(field_value.c.id == row["value_id"])
        .values(value=value, actor=actor, updated_at=func.now(), version=field_value.c.version + 1)
    )


def _view(row: Mapping[str, Any], about: About, row_id: UUID) -> dict[str, Any]:
    return {
        "key": row["key"],
        "contact_id": row_id if about == "contact" else None,
        "case_id": row_id if about == "case" else None,
        "value": row["value"],
        "version": row["version"],
        "actor": row["actor"],
        "updated_at": row["updated_at"],
        "hidden": False,
    }


async def _tell(
    c: AsyncConnection, row: Mapping[str, Any], about: About, row_id: UUID, contact_id: UUID, actor: str
) -> None:
    """Append that a field was filled in; what not everybody may see does not go to everybody's desk."""
    hidden = row["visible_to"] != "agent"
    told = {
        **_view(row, about, row_id),
        f"{about}_id": str(row_id),
        "value": None if hidden else row["value"],
        "updated_at": row["updated_at"].isoformat(),
        "hidden": hidden,
    }
    if about == "case":
        data = {"case_field": told}
        await live.append(
            c,
            "case_field.changed",
            audience="staff",
            actor=actor,
            contact_id=contact_id,
            case_id=row_id,
            data=data,
        )
    else:
        data = {"contact_field": told}
        await live.append(
            c, "contact_field.changed", audience="staff", actor=actor, contact_id=contact_id, data=data
        )
