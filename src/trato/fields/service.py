"""What fields there are: made by an administrator, changed, put in order, retired and taken up again."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.roles import Role
from trato.fields.tables import field_definition
from trato.kit.clock import now
from trato.kit.errors import Conflict, Invalid, NotFound, TooLarge
from trato.kit.ids import new_id
from trato.live import service as live
from trato.live import versions

CHANGED: Final = "field.changed"
MAX_FIELDS: Final = 60  # of contacts, and of cases: the panel asks for all of them
_ORDER = (field_definition.c.about.desc(), field_definition.c.position, field_definition.c.key)


async def every(c: AsyncConnection, role: Role) -> list[dict[str, Any]]:
    """Return the fields that a role may see, retired ones too: of contacts first, each in their order."""
    rows = await c.execute(select(field_definition).order_by(*_ORDER))
    return [one for one in map(dict, rows.mappings()) if may_see(one, role)]


def may_see(definition: Mapping[str, Any], role: Role) -> bool:
    """Say whether a role may see what stands in a field."""
    return role >= Role.named(definition["visible_to"])


async def get(c: AsyncConnection, key: str) -> dict[str, Any]:
    """Return a field by its key; raises `NotFound`."""
    row = (await c.execute(select(field_definition).where(field_definition.c.key == key))).mappings().first()
    if row is None:
        raise NotFound("There is no such field.")
    return dict(row)


async def make(c: AsyncConnection, values: Mapping[str, Any], *, actor: str) -> dict[str, Any]:
    """Make a field. Raises `Conflict` for a key that is taken, `TooLarge` when there are enough."""
    about = values["about"]
    there = (field_definition.c.about == about, field_definition.c.retired_at.is_(None))
    count, last = (
        await c.execute(select(func.count(), func.max(field_definition.c.position)).where(*there))
    ).one()
    if count >= MAX_FIELDS:
        raise TooLarge("There are too many fields already.", todo="Retire some first.")
    kept = dict(values)
    kept["choices"] = [{**one, "retired": False} for one in values.get("choices") or ()]
    if kept.get("position") is None:
        kept["position"] = (last or 0) + 1
    _check(kept)
    try:
        async with c.begin_nested():
            await c.execute(insert(field_definition).values(id=new_id(), **kept))
    except IntegrityError as error:
        raise Conflict("There is a field with this key.", todo="Use it, or choose another key.") from error
    return await _told(c, kept["key"], actor)


async def change(
    c: AsyncConnection,
    key: str,
    changes: Mapping[str, Any],
    *,
    actor: str,
    expected: int | None = None,
) -> dict[str, Any]:
    """Change a field; what is left out stays. A choice that is not named any more is retired.

    Raises `NotFound`, `Invalid`, `ChangedMeanwhile`.
    """
    before = await get(c, key)
    await versions.check(c, field_definition, before["id"], expected, action=CHANGED)
    values = {name: changes[name] for name in changes if name != "retired"}
    if "choices" in values:
        values["choices"] = _choices(before, values["choices"])
    if "retired" in changes:
        values["retired_at"] = (before["retired_at"] or now()) if changes["retired"] else None
    _check({**before, **values})
    await c.execute(
        update(field_definition)
        .where(field_definition.c.id == before["id"])
        .values(**values, version=field_definition.c.version + 1)
    )
    return await _told(c, key, actor)


def _choices(before: Mapping[str, Any], wanted: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    if before["kind"] != "choice":
        raise Invalid("Only a field of kind choice has choices.", field="choices")
    if not wanted:
        raise Invalid("A choice needs something to choose from.", field="choices")
    kept = {one["key"] for one in wanted}
    gone = [{**one, "retired": True} for one in before["choices"] if one["key"] not in kept]
    return [*({**one, "retired": False} for one in wanted), *gone]


def _check(values: Mapping[str, Any]) -> None:
    if values["visible_to"] != "agent" and (values["required"] or values["found"]):
        raise Invalid(
            "What agents must fill in, or can find, they have to see.",
            todo="Show it to everybody, or have it neither required nor found.",
            field="visible_to",
        )
    keys = [one["key"] for one in values["choices"]]
    if len(keys) != len(set(keys)):
        raise Invalid("Each choice has a key of its own.", field="choices")


async def _told(c: AsyncConnection, key: str, actor: str) -> dict[str, Any]:
    """Append that a field is another now; what not everybody may see does not go to everybody's desk."""
    view = await get(c, key)
    data = {
        **view,
        "id": str(view["id"]),
        "created_at": view["created_at"].isoformat(),
        "retired_at": view["retired_at"].isoformat() if view["retired_at"] else None,
    }
    if view["visible_to"] != "agent":  # what it is called, and may hold, says much already
        data |= {"labels": {}, "choices": []}
    await live.append(c, "field.changed", audience="staff", actor=actor, data={"field": data})
    return view
