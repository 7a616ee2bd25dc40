"""Who may write: supervisors and administrators everywhere, an agent what they are the owner of."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.edge import Caller, require
from trato.access.roles import Role
from trato.kit.errors import NotAllowed
from trato.knowledge import queries

Reader = Annotated[Caller, require("agent", "articles:read")]
Writer = Annotated[Caller, require("agent", "articles:write")]
Editor = Annotated[Caller, require("supervisor", "articles:write")]


def may_write(caller: Caller, article: Mapping[str, Any]) -> bool:
    """Say whether somebody may change an article, its texts and its files."""
    owner_id = article["owner_id"]
    return caller.role >= Role.SUPERVISOR or (owner_id is not None and owner_id == caller.agent_id)


async def writable(c: AsyncConnection, caller: Caller, article_id: UUID) -> dict[str, Any]:
    """Return an article that somebody may change; raises `NotFound`, `NotAllowed`."""
    article = await queries.get_article(c, article_id)
    if not may_write(caller, article):
        raise NotAllowed(
            "Only the owner of this article and supervisors may change it.",
            todo="Ask a supervisor to make you its owner.",
        )
    return article
