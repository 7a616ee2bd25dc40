"""Reads where agents are."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_PRESENCES = text("""
    SELECT presence_view(p) FROM presence p JOIN agent a ON a.id = p.agent_id
    WHERE a.active ORDER BY a.name, a.id
""")
_PRESENCE = text("SELECT presence_view(p) FROM presence p WHERE agent_id = :agent_id")


async def presences(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return the presence of every active agent, by name."""
    return list((await c.execute(_PRESENCES)).scalars())


async def presence(c: AsyncConnection, agent_id: UUID) -> dict[str, Any] | None:
    """Return one agent's presence."""
    view: dict[str, Any] | None = (await c.execute(_PRESENCE, {"agent_id": agent_id})).scalar()
    return view
