"""Closes, snoozes and opens a conversation, with what that means for the work on it and its place."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from trato.conversations import labels, queries, service
from trato.flow import assign, wrap_up

Status = Literal["open", "snoozed", "closed"]


async def set_status(
    c: AsyncConnection,
    conversation_id: UUID,
    status: Status,
    *,
    by: UUID | None,
    actor: str,
    snoozed_until: datetime | None = None,
    disposition: str | None = None,
) -> dict[str, Any]:
    """Close, snooze or open a conversation for an agent (`by`) and return it; closing ends the work on it.

    One that is opened is in line again; who wakes one that they had, has it again if there is room. Raises
    `NotFound`, and `Invalid` for a snooze without a time to come or an end that must be said and is not.
    """
    was = (await queries.get_conversation(c, conversation_id))["status"]
    if status != "open":
        await labels.check_disposition(c, disposition)
        if status == "closed":
            await wrap_up.check_said(c, conversation_id, disposition)
        await assign.end(c, conversation_id, reason=status, actor=actor, disposition=disposition)
    view = await service.set_status(c, conversation_id, status, snoozed_until=snoozed_until, actor=actor)
    if status == "open" and was != "open":
        return await _sought_again(c, view, by, woken=was == "snoozed", actor=actor)
    return view


async def _sought_again(
    c: AsyncConnection, view: dict[str, Any], by: UUID | None, *, woken: bool, actor: str
) -> dict[str, Any]:
    had_it = woken and by is not None and view["assignee_id"] == str(by)
    return await assign.give_back(c, UUID(str(view["id"])), to=by if had_it else None, actor=actor)
