"""The staff's stream of live events."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from trato.access.edge import Caller, require, still_allowed
from trato.db.edge import Shared
from trato.live import catalogue
from trato.live.audience import Staff
from trato.live.hub import hub_of
from trato.live.stream import EventStream, cursor_of

router = APIRouter(tags=["live"])


@router.get(
    "/live",
    status_code=200,  # FastAPI cannot read it from a response class of our own
    response_class=EventStream,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Server-sent events."}},
)
async def live(
    request: Request,
    caller: Annotated[Caller, require("agent", "events:read")],
    shared: Shared,
    after: Annotated[str | None, Query(max_length=20)] = None,
) -> EventStream:
    """Follow what happens, as server-sent events (WHATWG HTML, 9.2).

    Each event has `id` (its position), `event` (its type) and as `data` the object `{id, type, at, actor,
    contact_id, conversation_id, case_id, data}`, where the inner `data` holds whole entities: keep them by
    id, the higher `version` wins. The stream begins behind `Last-Event-ID`, or `?after=` with the
    `position` of a snapshot, and may repeat an event but never leaves one out. `event: reset` says that
    the log does not reach back so far: take a new snapshot. Events without id (`typing`) are not repeated.
    A comment each 15 s shows that the stream lives. An API key is told only of what its scopes let it
    read: `events:read` opens the stream, `contacts:read` the events of contacts, and so on.
    """
    del after  # read with `Last-Event-ID`, which wins over it

    async def may_listen() -> bool:
        return await still_allowed(caller, shared)

    # A machine that listens with a key does not mean that its maker is there.
    audience = (
        Staff(agent_id=caller.agent_id)
        if caller.session_id is not None
        else Staff(types=catalogue.seen_with(caller.scopes))
    )
    return EventStream(hub_of(shared).subscribe(audience, cursor_of(request)), may_listen)
