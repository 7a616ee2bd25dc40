"""Who would get a contact now, over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter

from trato.access.edge import Caller, require
from trato.db.edge import Moment
from trato.routing import preview
from trato.routing import setup_schemas as schemas

router = APIRouter(tags=["queues"])

Looker = Annotated[Caller, require("supervisor", "queues:read", "presence:read", "contacts:read")]


@router.post("/routing/preview", response_model=schemas.PreviewView)
async def who_would(_: Looker, c: Moment, body: schemas.PreviewBody) -> Any:
    """Say who would get a contact now, in order, and why the others would not; nothing is offered."""
    return await preview.now(
        c,
        queue_id=body.queue_id,
        language=body.language,
        channel=body.channel,
        contact_id=body.contact_id,
    )
