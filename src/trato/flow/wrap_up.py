"""What an agent does once the talk is over and before the room is free again."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.errors import Conflict, NotFound

_CHANGE: Final = text("""
    SELECT change_wrap_up(:interaction_id, :agent_id, CAST(:disposition AS text), :more, :done, :actor)
""")


async def change(
    c: AsyncConnection,
    interaction_id: UUID,
    agent_id: UUID,
    *,
    disposition: str | None = None,
    more: bool = False,
    done: bool = False,
    actor: str,
) -> dict[str, Any]:
    """Note how it ended, give as much time again (`more`) or end it (`done`); return the interaction.

    Raises `NotFound` when it is somebody else's, `Conflict` when it is over, or had more time before.
    """
    values = {
        "interaction_id": interaction_id,
        "agent_id": agent_id,
        "disposition": disposition,
        "more": more,
        "done": done,
        "actor": actor,
    }
    found: dict[str, Any] = (await c.execute(_CHANGE, values)).scalar_one()
    match found["outcome"]:
        case "unknown":
            raise NotFound("You have nothing like that to wrap up.")
        case "over":
            raise Conflict("This wrap-up is over already.")
        case "extended":
            raise Conflict("This wrap-up had more time already.", todo="Note the rest in the case.")
    interaction: dict[str, Any] = found["interaction"]
    return interaction
