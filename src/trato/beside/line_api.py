"""A contact's line over HTTP: any stretch of what was said, with what happened around it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from trato.access.edge import Caller, require
from trato.beside import happened, schemas
from trato.contacts import service as contacts
from trato.conversations import thread
from trato.db.edge import Moment
from trato.kit.paging import Cursor, Limit

router = APIRouter(tags=["conversations"])

Reader = Annotated[Caller, require("agent", "conversations:read")]


@router.get("/contacts/{contact_id}/timeline", response_model=schemas.WholeTimeline)
async def timeline(
    _: Reader,
    c: Moment,
    contact_id: UUID,
    cursor: Cursor = None,
    before: Annotated[UUID | None, Query(description="a message: what came before it")] = None,
    after: Annotated[UUID | None, Query(description="a message: what came after it")] = None,
    around: Annotated[UUID | None, Query(description="a message: it, and what is beside it")] = None,
    at: Annotated[AwareDatetime | None, Query(description="an instant: what is around it")] = None,
    limit: Limit = 100,
) -> Any:
    """Return some of a contact's messages over all channels, oldest first; without a place the newest.

    With them comes what happened between `since` and `until` around all of the contact's conversations:
    where one began and ended, transfers, consults, and what the contact tried alone.
    """
    await contacts.get_contact(c, contact_id)
    where = thread.Where(cursor=cursor or None, before=before, after=after, around=around, at=at)
    found = await thread.timeline(c, contact_id, where, limit=limit)
    return {**found, **await happened.within(c, contact_id, found["since"], found["until"])}
