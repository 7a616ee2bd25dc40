"""What an agent does once the talk is over and before the room is free again."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.kit.errors import Conflict, Invalid, NotFound

_CHANGE: Final = text("""
    SELECT change_wrap_up(:interaction_id, :agent_id, CAST(:disposition AS text), :more, :done, :actor)
""")


# Of the work on a conversation that goes on or is wrapped up: that of the agent who asks, else the latest.
_ENDING: Final = text("""
    SELECT disposition_required(i.conversation_id, i.queue_id) AS required,
           CASE i.state WHEN 'accepted'
               THEN wrap_up_s(i.conversation_id, i.queue_id, 'closed') END AS wrap_up_s,
           coalesce(i.disposition, i.disposition_offered) AS disposition, i.disposition AS said, i.state
    FROM interaction i
    WHERE i.conversation_id = :conversation_id AND i.state IN ('accepted', 'wrap_up')
    ORDER BY i.agent_id IS NOT DISTINCT FROM CAST(:agent_id AS uuid) DESC, i.state = 'accepted' DESC,
             i.offered_at DESC LIMIT 1
""")


@dataclass(frozen=True, slots=True)
class Ending:
    """What the end of work asks for: whether how it ended must be said, and what is known of it so far."""

    required: bool = False
    disposition: str | None = None


async def ending(c: AsyncConnection, conversation_id: UUID, agent_id: UUID | None) -> Ending:
    """Return what the end of the work on a conversation asks for at this moment.

    Before a wrap-up that follows nothing is required yet: it is said there.
    """
    row = await _ending(c, conversation_id, agent_id)
    return Ending(row.required and not row.wrap_up_s, row.disposition) if row else Ending()


async def check_said(c: AsyncConnection, conversation_id: UUID, disposition: str | None) -> None:
    """Raise `Invalid` when closing would end work without the disposition that its queue asks for."""
    row = await _ending(c, conversation_id, None)
    ends = row and row.state == "accepted" and not row.wrap_up_s
    if ends and row.required and not (disposition or row.said):
        raise _unsaid()


async def _ending(c: AsyncConnection, conversation_id: UUID, agent_id: UUID | None) -> Any:
    asked = {"conversation_id": conversation_id, "agent_id": agent_id}
    return (await c.execute(_ENDING, asked)).first()


def _unsaid() -> Invalid:
    return Invalid(
        "How did it end?", field="disposition", todo="Choose how it ended: this queue asks for it."
    )


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

    Raises `NotFound` when it is somebody else's, `Conflict` when it is over, or had more time before,
    `Invalid` when it would end without the disposition that its queue asks for.
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
        case "unsaid":
            raise _unsaid()
    interaction: dict[str, Any] = found["interaction"]
    return interaction
