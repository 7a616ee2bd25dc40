"""What access needs from the layers above it; the composition root fills it in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

EXTRA = "access"  # its place in `Services.extras`


class SystemMail(Protocol):
    """The named account that sends the system's own mail."""

    async def send_link(self, c: AsyncConnection, to: str, subject: str, text: str, language: str) -> None:
        """Queue one plain text mail in the caller's transaction; no account being named is not an error."""
        ...

    async def able(self, c: AsyncConnection) -> bool:
        """Say whether an account is named for it, so that such a mail goes anywhere."""
        ...


class HandOver(Protocol):
    """Gives away the open work of an agent who leaves."""

    async def __call__(self, c: AsyncConnection, agent_id: UUID, to_agent_id: UUID | None) -> None:
        """Move it to another agent, or back to the waiting line when there is none."""
        ...


class Announce(Protocol):
    """Tells the others that something changed."""

    async def __call__(
        self, c: AsyncConnection, event_type: str, actor: str, data: Mapping[str, Any]
    ) -> None:
        """Append the event in the caller's transaction; `data` holds the whole entity."""
        ...


class Organisation(Protocol):
    """Reads the organisation for the session's view."""

    async def __call__(self, c: AsyncConnection) -> Mapping[str, Any] | None:
        """Return name, language and time zone, None before the set-up."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Each is None where a process does not have it, such as in a command."""

    mail: SystemMail | None = None
    hand_over: HandOver | None = None
    announce: Announce | None = None
    organisation: Organisation | None = None

    async def changed(self, c: AsyncConnection, event_type: str, actor: str, data: Mapping[str, Any]) -> None:
        """Announce a change when somebody listens."""
        if self.announce is not None:
            await self.announce(c, event_type, actor, data)
