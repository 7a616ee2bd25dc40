"""Who looks after what is missing: supervisors, administrators, and agents who own an article."""

from typing import Annotated

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.edge import Caller, require
from trato.access.roles import Role
from trato.kit.errors import NotAllowed

Reader = Annotated[Caller, require("agent", "articles:read")]
Writer = Annotated[Caller, require("agent", "articles:write")]
# Programs that answer in conversations.
Teller = Annotated[Caller, require("agent", "conversations:write")]
# What shows cases and what was said in them.
ReaderOfCases = Annotated[Caller, require("agent", "articles:read", "cases:read", "conversations:read")]
WriterFromCases = Annotated[Caller, require("agent", "articles:write", "cases:read", "conversations:read")]

_OWNS = text("SELECT EXISTS (SELECT FROM article WHERE owner_id = :agent AND removed_at IS NULL)")


async def check(c: AsyncConnection, caller: Caller) -> None:
    """Raise `NotAllowed` for somebody who looks after no article."""
    if caller.role >= Role.SUPERVISOR:
        return
    if caller.agent_id is None or not await c.scalar(_OWNS, {"agent": caller.agent_id}):
        raise NotAllowed(
            "What is missing is for supervisors and for owners of articles.",
            todo="Ask a supervisor to make you the owner of an article.",
        )
