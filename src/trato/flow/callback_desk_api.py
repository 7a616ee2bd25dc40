"""Callbacks as the desk sees them: who asked to be written or called, and that it was done."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from trato.access.edge import Agent, Caller, require
from trato.db.edge import Read, Tx
from trato.flow import callbacks
from trato.kit.errors import NotFound
from trato.kit.paging import Page

router = APIRouter(tags=["conversations"])

Reader = Annotated[Caller, require("agent", "conversations:read")]


class CallbackView(BaseModel):
    """Somebody who left the page and is written or called: when their turn comes, or in the slot.

    `how`: `here` in the chat, `email` or `phone` at the `address`.
    """

    id: UUID
    conversation_id: UUID
    how: Literal["here", "email", "phone"]
    address: str | None
    slot_start: datetime | None
    slot_end: datetime | None
    state: Literal["waiting", "scheduled", "done", "cancelled"]
    created_at: datetime
    done_at: datetime | None
    version: int


class Callbacks(Page[CallbackView]):
    """Those who are still to be written or called, the next ones first."""


@router.get("/callbacks", response_model=Callbacks)
async def outstanding(_: Reader, c: Read) -> Any:
    """List whom we have to write or call."""
    return {"items": await callbacks.outstanding(c)}


@router.get("/conversations/{conversation_id}/callback", response_model=CallbackView)
async def of_conversation(_: Reader, c: Read, conversation_id: UUID) -> Any:
    """Show what was agreed with this contact; 404 when nothing was."""
    found = (await callbacks.of_conversations(c, [conversation_id])).get(conversation_id)
    if found is None:
        raise NotFound("There is no callback to be done here.")
    return found


@router.post("/conversations/{conversation_id}/callback/done", response_model=CallbackView)
async def done(caller: Agent, c: Tx, conversation_id: UUID) -> Any:
    """Note that the contact was called or written."""
    return await callbacks.finish(c, conversation_id, actor=caller.actor)
