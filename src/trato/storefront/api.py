"""What shops' pages told, for the desk: beside a conversation, and what orders came after help."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from trato.access.edge import Caller, require
from trato.db.edge import Read, Shared
from trato.kit.clock import now
from trato.storefront import schemas, service

router = APIRouter(tags=["storefront"])


@router.get("/conversations/{conversation_id}/page-context", response_model=schemas.PageContextView)
async def page_context(
    _: Annotated[Caller, require("agent", "conversations:read")], c: Read, conversation_id: UUID
) -> Any:
    """Return where the visitor is on the shop's site, as its page says, and the orders that followed."""
    return await service.of_conversation(c, conversation_id)


@router.get("/storefront/orders", response_model=schemas.OrderReport)
async def orders(
    _: Annotated[Caller, require("supervisor", "conversations:read")],
    shared: Shared,
    c: Read,
    days: Annotated[int, Query(ge=1, le=366)] = 30,
) -> Any:
    """Count the orders that the sites told in the last days, and those that came after help, by its kind."""
    return await service.report(shared, c, days, now())
