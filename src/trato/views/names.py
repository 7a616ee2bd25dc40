"""How things that a view names are called, and which of them are still in use."""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Named = tuple[str, str]  # the field of a condition, and the id that it names

_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AGENTS: Final = "SELECT id, name FROM agent WHERE active"
# By field; each gives `id` and `name` of what is in use.
_IN_USE: Final[Mapping[str, str]] = {
    "account": "SELECT id, name FROM account WHERE removed_at IS NULL",
    "brand": "SELECT id, name FROM brand",
    "queue": "SELECT id, name FROM queue WHERE active",
    "team": "SELECT id, name FROM team",
    "label": "SELECT id, name FROM tag WHERE removed_at IS NULL",
    "assignee": _AGENTS,
    "owner": _AGENTS,
}


def is_id(value: str) -> bool:
    """Say whether a value of a condition is an id, and no word."""
    return _ID.fullmatch(value) is not None


async def in_use(c: AsyncConnection, named: Collection[Named]) -> dict[Named, str]:
    """Return those of some things that are in use, with how they are called now."""
    found: dict[Named, str] = {}
    for field in {field for field, _ in named}:
        ids = [UUID(one) for name, one in named if name == field]
        query = text(f"SELECT o.id, o.name FROM ({_IN_USE[field]}) o WHERE o.id = ANY(:ids)")
        found |= {(field, str(row.id)): row.name for row in await c.execute(query, {"ids": ids})}
    return found


async def choices(c: AsyncConnection) -> dict[str, list[dict[str, Any]]]:
    """Return what conditions can name, by field and name; agents are the same for two fields."""
    found: dict[str, list[dict[str, Any]]] = {}
    for field, sql in _IN_USE.items():
        if field == "owner":
            continue
        rows = await c.execute(text(f"SELECT o.id, o.name FROM ({sql}) o ORDER BY lower(o.name), o.id"))
        found[field] = [dict(row) for row in rows.mappings()]
    for field in ("channel", "language"):
        # What there is among the open ones, and of the channels those that are connected.
        also = " UNION SELECT kind FROM account WHERE removed_at IS NULL" if field == "channel" else ""
        query = f"SELECT DISTINCT {field} AS id FROM conversation WHERE status IN ('open', 'snoozed')" + also
        rows = await c.execute(text(query))
        found[field] = [{"id": one, "name": one} for one in sorted(one for one in rows.scalars() if one)]
    return found
