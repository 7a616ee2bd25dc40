"""Replies that wait for their moment, over HTTP: keep, look, send now, put off, take back."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from trato.access.edge import Caller, require
from trato.conversations import queries
from trato.db.edge import Read, Shared, Tx
from trato.flow import again, replies, scheduled
from trato.flow.desk_api import author_of, hold, writing_of
from trato.flow.replies import Writing
from trato.flow.schemas import ForwardBody, PlanBody, ScheduleBody, ScheduledPage, ScheduledView

router = APIRouter(tags=["desk"])

Reader = Annotated[Caller, require("agent", "conversations:read")]
Writer = Annotated[Caller, require("agent", "conversations:write")]


@router.post("/conversations/{conversation_id}/scheduled", response_model=ScheduledView, status_code=201)
async def schedule(caller: Writer, c: Tx, shared: Shared, conversation_id: UUID, body: ScheduleBody) -> Any:
    """Keep a reply until its moment; it can be taken back until then.

    Without `send_at` it waits for the seconds that its account gives to undo. One that was planned is held
    back when the contact has written by then, unless `even_if_written` says that it goes out all the same.
    The same `client_id` gives the same one.
    """
    if (before := await again.scheduled(c, conversation_id, body.client_id)) is not None:
        return before
    await hold(c, conversation_id, caller)
    moment = scheduled.Moment(body.send_at, even_if_written=body.even_if_written)
    return await scheduled.schedule(shared, c, conversation_id, author_of(caller), writing_of(body), moment)


@router.post(
    "/conversations/{conversation_id}/scheduled-forwards", response_model=ScheduledView, status_code=201
)
async def forward(caller: Writer, c: Tx, shared: Shared, conversation_id: UUID, body: ForwardBody) -> Any:
    """Send a message on to a third party once the account's seconds to undo are over.

    The same `client_id` gives the same one.
    """
    if (before := await again.scheduled(c, conversation_id, body.client_id)) is not None:
        return before
    writing = Writing(text=body.text, client_id=body.client_id, to=body.to, cc=body.cc)
    author, keep = author_of(caller), scheduled.for_undo
    return await replies.forward(shared, c, conversation_id, author, writing, body.message_id, keep=keep)


@router.get("/conversations/{conversation_id}/scheduled", response_model=ScheduledPage)
async def find_scheduled(_: Reader, c: Read, conversation_id: UUID) -> Any:
    """Return what waits for its moment in a conversation, the next first."""
    await queries.get_conversation(c, conversation_id)
    return {"items": await scheduled.waiting(c, conversation_id)}


@router.post("/scheduled-messages/{message_id}/plan", response_model=ScheduledView)
async def plan(caller: Writer, c: Tx, message_id: UUID, body: PlanBody) -> Any:
    """Have it go out at another moment, or now; 409 when it is out already."""
    return await scheduled.plan(
        c, message_id, body.send_at, even_if_written=body.even_if_written, actor=caller.actor
    )


@router.post("/scheduled-messages/{message_id}/take-back", response_model=ScheduledView)
async def take_back(caller: Writer, c: Tx, message_id: UUID) -> Any:
    """Take it back: the answer holds what was written, for the last time; 409 when it is out already."""
    return await scheduled.take_back(c, message_id, actor=caller.actor)
