"""Views that people keep: who sees them and may change them, each person's order, and what they name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.decide.views import NAMING, Condition, Viewer, seen_by
from trato.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from trato.kit.ids import new_id
from trato.live import service as live
from trato.live import versions
from trato.views import names
from trato.views.tables import custom_view, custom_view_place

OWN_MOST: Final = 50  # that one person keeps, those that they share with them
SHARED_MOST: Final = 100  # in the whole house


@dataclass(frozen=True, slots=True)
class Person:
    """Who looks at views or changes them; `over` may change what others share, and sees every team's."""

    user_id: UUID
    agent_id: UUID | None
    actor: str
    over: bool = False


_TEAM = text("SELECT team_id FROM agent_profile WHERE agent_id = :agent")
# Those of the one who looks, then what is shared with them; in their own order, the others behind by name.
_SEEN = text("""
    SELECT v.*, u.name AS owner_name FROM custom_view v JOIN users u ON u.id = v.user_id
    LEFT JOIN custom_view_place p ON p.view_id = v.id AND p.user_id = :user
    WHERE (v.removed_at IS NULL OR :removed)
      AND (v.user_id = :user OR v.shared = 'everybody'
           OR (v.shared = 'team' AND (:over OR v.team_id = CAST(:team AS uuid))))
      AND (CAST(:id AS uuid) IS NULL OR v.id = :id)
    ORDER BY p.position NULLS LAST, lower(v.name), v.id
""")


async def viewer_of(c: AsyncConnection, person: Person) -> Viewer:
    """Return whom `me` and `mine` mean for somebody."""
    if person.agent_id is None:
        return Viewer()
    team_id = await c.scalar(_TEAM, {"agent": person.agent_id})
    return Viewer(str(person.agent_id), None if team_id is None else str(team_id))


async def every(c: AsyncConnection, person: Person) -> list[dict[str, Any]]:
    """Return the views that somebody has: their own and those shared with them, in their order."""
    return await _shown(c, person, await _rows(c, person))


async def get(c: AsyncConnection, person: Person, view_id: UUID, *, removed: bool = False) -> dict[str, Any]:
    """Return a view; raises `NotFound` for one that is gone, or is not shared with who asks."""
    rows = await _rows(c, person, view_id, removed=removed)
    if not rows:
        raise NotFound(
            "There is no such view, or it is not shared with you.",
            todo="Ask who gave you the link to share it.",
        )
    return (await _shown(c, person, rows))[0]


async def conditions_of(c: AsyncConnection, person: Person, view_id: UUID) -> tuple[Condition, ...]:
    """Return the conditions of a view as they are for who looks; raises `NotFound`."""
    found = await get(c, person, view_id)
    return seen_by(read(found["conditions"]), await viewer_of(c, person))


def read(stored: Sequence[Mapping[str, Any]]) -> tuple[Condition, ...]:
    """Return conditions as they are kept and sent, as values."""
    return tuple(
        Condition(one["field"], tuple(one["values"]), one["none"], one["over_min"]) for one in stored
    )


async def create(c: AsyncConnection, person: Person, values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a new view; raises `Conflict` when there are too many, `Invalid` for a team that is not theirs."""
    await _room(c, person, shared=values["shared"] != "nobody")
    view_id = new_id()
    columns = await _columns(c, person, values)
    await c.execute(insert(custom_view).values(id=view_id, user_id=person.user_id, **columns))
    return await _told(c, person, view_id)


async def change(
    c: AsyncConnection,
    person: Person,
    view_id: UUID,
    values: Mapping[str, Any],
    *,
    expected: int | None = None,
) -> dict[str, Any]:
    """Change a view; what is left out stays. Raises `NotFound`, `NotAllowed`, `Conflict`, `Invalid`."""
    before = await _changeable(c, person, view_id)
    await versions.check(c, custom_view, view_id, expected, action="view.changed")
    if values.get("shared", "nobody") != "nobody" and before["shared"] == "nobody":
        await _room(c, person, shared=True)
    if "shared" in values and before["user_id"] != person.user_id and values["shared"] == "nobody":
        raise NotAllowed(
            "Only who made a view can take it back for themselves.",
            todo="Delete it, or share it with a team.",
        )
    columns = await _columns(c, person, values, before)
    if columns:
        query = update(custom_view).where(custom_view.c.id == view_id)
        await c.execute(query.values(**columns, version=custom_view.c.version + 1))
    return await _told(c, person, view_id)


async def remove(c: AsyncConnection, person: Person, view_id: UUID, *, gone: bool = True) -> dict[str, Any]:
    """Delete a view, or bring a deleted one back; raises `NotFound` and `NotAllowed`."""
    await _changeable(c, person, view_id, removed=not gone)
    if not gone:
        await _room(c, person, shared=False)
    values = {"removed_at": func.now() if gone else None, "version": custom_view.c.version + 1}
    await c.execute(update(custom_view).where(custom_view.c.id == view_id).values(**values))
    return await _told(c, person, view_id)


async def put_in_order(c: AsyncConnection, person: Person, view_ids: Sequence[UUID]) -> None:
    """Keep somebody's order of their views; one that they do not see is left out."""
    seen = {row.id for row in await _rows(c, person)}
    place = custom_view_place
    await c.execute(delete(place).where(place.c.user_id == person.user_id))
    rows = [
        {"user_id": person.user_id, "view_id": view_id, "position": n}
        for n, view_id in enumerate(dict.fromkeys(view_ids))
        if view_id in seen
    ]
    if rows:
        await c.execute(insert(place), rows)


async def _rows(
    c: AsyncConnection, person: Person, view_id: UUID | None = None, *, removed: bool = False
) -> Sequence[Any]:
    asked = {
        "user": person.user_id,
        "team": (await viewer_of(c, person)).team,
        "over": person.over,
        "removed": removed,
        "id": view_id,
    }
    return (await c.execute(_SEEN, asked)).all()


async def _shown(c: AsyncConnection, person: Person, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return views as the API shows them, with what they name and is not in use any more."""
    named = {row.id: _ids(read(row.conditions)) for row in rows}
    teams = {("team", str(row.team_id)) for row in rows if row.team_id is not None}
    in_use = await names.in_use(c, set().union(teams, *named.values()))
    return [
        {
            "id": row.id,
            "name": row.name,
            "conditions": row.conditions,
            "shared": row.shared,
            "team_id": row.team_id,
            "user_id": row.user_id,
            "owner_name": row.owner_name,
            "mine": row.user_id == person.user_id,
            "may_change": row.user_id == person.user_id or person.over,
            "gone": [
                {"field": field, "id": one, "name": row.names.get(one, "")}
                for field, one in sorted(named[row.id])
                if (field, one) not in in_use
            ],
            "names": {
                one: in_use.get((field, one)) or row.names.get(one, "") for field, one in named[row.id]
            },
            "version": row.version,
            "created_at": row.created_at,
            "removed": row.removed_at is not None,
        }
        for row in rows
    ]


def _ids(conditions: Sequence[Condition]) -> set[tuple[str, str]]:
    """Return the things that conditions name, as field and id."""
    return {
        (one.field, value)
        for one in conditions
        if one.field in NAMING
        for value in one.values
        if names.is_id(value)
    }


async def _changeable(
    c: AsyncConnection, person: Person, view_id: UUID, *, removed: bool = False
) -> Mapping[str, Any]:
    found = await get(c, person, view_id, removed=removed)
    if not found["may_change"]:
        raise NotAllowed(
            "Only who made a view, and supervisors, change it.", todo="Make one of your own from it."
        )
    row = await c.execute(select(custom_view).where(custom_view.c.id == view_id).with_for_update())
    return dict(row.mappings().one())


async def _room(c: AsyncConnection, person: Person, *, shared: bool) -> None:
    """Raise `Conflict` when somebody keeps as many views as they can, or as many are shared as can be."""
    # Two who make one at the same moment wait for each other, so that the limit holds.
    await c.execute(text("SELECT pg_advisory_xact_lock(hashtext('custom_view'))"))
    there = select(func.count()).select_from(custom_view).where(custom_view.c.removed_at.is_(None))
    own = await c.scalar(there.where(custom_view.c.user_id == person.user_id))
    if own is not None and own >= OWN_MOST:
        raise Conflict(
            "You have as many views as one can keep.", todo="Delete one that you do not use any more."
        )
    all_shared = await c.scalar(there.where(custom_view.c.shared != "nobody")) if shared else 0
    if all_shared is not None and all_shared >= SHARED_MOST:
        raise Conflict(
            "As many views are shared as can be.",
            todo="Keep it for yourself, or ask a supervisor to delete one.",
        )


async def _columns(
    c: AsyncConnection, person: Person, values: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what is written for a change: the team that is meant, and the names of what is named."""
    columns = {name: values[name] for name in ("name", "conditions", "shared") if name in values}
    if "shared" in columns or "team_id" in values:
        shared = columns.get("shared", (before or {}).get("shared"))
        columns["team_id"] = (
            await _team(c, person, values.get("team_id"), before) if shared == "team" else None
        )
    if "conditions" in columns:
        kept = dict((before or {}).get("names", {}))
        ids = _ids(read(columns["conditions"]))
        known = {one: name for (_, one), name in (await names.in_use(c, ids)).items()}
        columns["names"] = {one: known.get(one, kept.get(one, "")) for _, one in ids}
    return columns


async def _team(
    c: AsyncConnection, person: Person, asked: UUID | None, before: Mapping[str, Any] | None
) -> UUID:
    """Return the team to share with: one's own, or for supervisors any; raises `Invalid`."""
    own = (await viewer_of(c, person)).team
    team_id = asked or (before or {}).get("team_id") or (None if own is None else UUID(own))
    if team_id is None:
        raise Invalid(
            "You are in no team.",
            field="team_id",
            todo="Share it with everybody, or ask to be put in a team.",
        )
    kept = before is not None and team_id == before["team_id"]
    if not kept and not person.over and str(team_id) != own:
        raise Invalid("That is not your team.", field="team_id", todo="Share it with yours.")
    if not kept and not await names.in_use(c, {("team", str(team_id))}):
        raise Invalid("There is no such team.", field="team_id", todo="Choose another.")
    return UUID(str(team_id))


async def _told(c: AsyncConnection, person: Person, view_id: UUID) -> dict[str, Any]:
    """Tell that a view changed, never how it is called: the log goes to everybody here. Return it."""
    found = await get(c, person, view_id, removed=True)
    told = {"id": str(view_id), "version": found["version"], "removed": found["removed"]}
    await live.append(c, "view.changed", audience="staff", actor=person.actor, data={"view": told})
    return found
