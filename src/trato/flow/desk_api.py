"""What agents do, over HTTP: write, forward, start, send again, close, mark as spam."""

import contextlib
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, UploadFile
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.edge import Caller, require
from trato.contacts.schemas import ContactView
from trato.conversations import doors, queries, service, uploads
from trato.conversations.schemas import AttachmentView, ConversationView, MessageView
from trato.db.edge import Shared, Tx
from trato.flow import again, assign, blocking, ending, outbound, replies, scheduled
from trato.flow.schemas import (
    ConversationChange,
    ForwardBody,
    SettleBody,
    StartBody,
    Started,
    WriteBody,
)
from trato.kit.errors import Conflict
from trato.live import service as live

router = APIRouter(tags=["desk"])

Writer = Annotated[Caller, require("agent", "conversations:write")]
Blocker = Annotated[Caller, require("agent", "contacts:write")]


def author_of(caller: Caller) -> replies.Author:
    """Return the caller as the author of a message."""
    return replies.Author(
        actor=caller.actor, name=caller.name, agent_id=caller.agent_id, user_id=caller.user_id
    )


@router.post("/conversations/{conversation_id}/messages", response_model=MessageView, status_code=201)
async def write(caller: Writer, c: Tx, shared: Shared, conversation_id: UUID, body: WriteBody) -> Any:
    """Queue a reply or keep a note; the same `client_id` gives the same message.

    Who answers a conversation that nobody holds takes it; one that had ended is open again.
    """
    if (before := await again.message(c, conversation_id, body.client_id)) is not None:
        return before
    note = body.kind == "note"
    if not note:
        await hold(c, conversation_id, caller)
    view = await replies.write(shared, c, conversation_id, author_of(caller), writing_of(body))
    if not note and caller.agent_id is not None and view["case_id"] is not None:
        await doors.note_answer(c, UUID(str(view["case_id"])), caller.agent_id, actor=caller.actor)
    return view


def writing_of(body: WriteBody) -> replies.Writing:
    """Return what a body says as the text to write."""
    return replies.Writing(
        text=body.text,
        client_id=body.client_id,
        note=body.kind == "note",
        subject=body.subject,
        to=body.to,
        cc=body.cc,
        bcc=body.bcc,
        reply_all=body.reply_all,
        marks=body.marks,
        mentions=body.mentions,
        file_ids=body.attachment_ids,
    )


async def hold(c: AsyncConnection, conversation_id: UUID, caller: Caller) -> None:
    """Open a conversation that is answered and have its answerer take it, where nobody holds it."""
    view = await queries.get_conversation(c, conversation_id)
    ended = view["status"] == "closed"
    if ended:
        await service.set_status(c, conversation_id, "open", snoozed_until=None, actor=caller.actor)
    if caller.agent_id is not None and (ended or view["assignee_id"] is None):
        with contextlib.suppress(Conflict):  # at capacity: the answer goes out all the same
            await assign.take(c, conversation_id, caller.agent_id, actor=caller.actor)


@router.post("/conversations/{conversation_id}/forward", response_model=MessageView, status_code=201)
async def forward(caller: Writer, c: Tx, shared: Shared, conversation_id: UUID, body: ForwardBody) -> Any:
    """Send a message on to a third party; their answer comes back into this conversation."""
    if (before := await again.message(c, conversation_id, body.client_id)) is not None:
        return before
    writing = replies.Writing(text=body.text, client_id=body.client_id, to=body.to, cc=body.cc)
    return await replies.forward(shared, c, conversation_id, author_of(caller), writing, body.message_id)


@router.post("/conversations", response_model=Started, status_code=201)
async def start(caller: Writer, c: Tx, shared: Shared, body: StartBody) -> Any:
    """Write first to an existing or a new contact."""
    keep = _keep(body)
    before = await again.started(c, body.account_id, body.client_id, kept=keep is not None)
    if before is not None:
        return before
    writing = replies.Writing(
        text=body.text,
        client_id=body.client_id,
        subject=body.subject,
        to=body.to,
        cc=body.cc,
        bcc=body.bcc,
        marks=body.marks,
        file_ids=body.attachment_ids,
    )
    return await replies.start(
        shared,
        c,
        author_of(caller),
        writing,
        account_id=body.account_id,
        contact_id=body.contact_id,
        case_id=body.case_id,
        keep=keep,
    )


def _keep(body: StartBody) -> replies.Keep | None:
    """Return what keeps a first message that does not go at once."""
    if body.send_at is not None:
        return scheduled.for_moment(scheduled.Moment(body.send_at, even_if_written=body.even_if_written))
    return scheduled.for_undo if body.undo else None


@router.patch("/conversations/{conversation_id}", response_model=ConversationView)
async def change(caller: Writer, c: Tx, conversation_id: UUID, body: ConversationChange) -> Any:
    """Close, snooze, open again, hang on a case or rename; closing ends the agent's work on it."""
    view = await queries.get_conversation(c, conversation_id)
    if body.subject is not None:
        view = await service.change(c, conversation_id, {"subject": body.subject}, actor=caller.actor)
    if body.case_id is not None or body.new_case_title is not None:
        view = await service.attach_case(
            c, conversation_id, body.case_id, title=body.new_case_title or "", actor=caller.actor
        )
    if body.status is not None:
        view = await ending.set_status(
            c,
            conversation_id,
            body.status,
            by=caller.agent_id,
            actor=caller.actor,
            snoozed_until=body.snoozed_until,
            disposition=body.disposition,
        )
    return view


@router.post("/conversations/{conversation_id}/read", response_model=ConversationView)
async def read(caller: Writer, c: Tx, conversation_id: UUID) -> Any:
    """Note that the agent has read all of it."""
    return await service.mark_read(c, conversation_id, by="agent", actor=caller.actor)


@router.post("/conversations/{conversation_id}/typing", status_code=204)
async def typing(caller: Writer, shared: Shared, conversation_id: UUID) -> None:
    """Tell the contact and the colleagues that the agent is writing; kept nowhere."""
    live.typing(shared.wake, conversation_id, who="agent", name=caller.name)


@router.post("/conversations/{conversation_id}/spam", response_model=ConversationView)
async def mark_spam(caller: Writer, c: Tx, conversation_id: UUID) -> Any:
    """Move a conversation to the spam folder."""
    await assign.end(c, conversation_id, reason="spam", actor=caller.actor, disposition="spam")
    return await service.set_spam(c, conversation_id, spam=True, actor=caller.actor)


@router.delete("/conversations/{conversation_id}/spam", response_model=ConversationView)
async def unmark_spam(caller: Writer, c: Tx, conversation_id: UUID) -> Any:
    """Take a conversation out of the spam folder and put it in line."""
    await service.set_spam(c, conversation_id, spam=False, actor=caller.actor)
    return await assign.release(c, conversation_id, actor=caller.actor)


@router.post("/contacts/{contact_id}/block", response_model=ContactView, tags=["contacts"])
async def block(caller: Blocker, c: Tx, contact_id: UUID) -> Any:
    """Block a sender: what they write, and what is open of theirs, goes to spam."""
    return await blocking.block(c, contact_id, actor=caller.actor)


@router.delete("/contacts/{contact_id}/block", response_model=ContactView, tags=["contacts"])
async def unblock(caller: Blocker, c: Tx, contact_id: UUID) -> Any:
    """Undo the blocking of a sender; what it had moved to spam is back."""
    return await blocking.unblock(c, contact_id, actor=caller.actor, agent_id=caller.agent_id)


@router.post("/messages/{message_id}/retry", response_model=MessageView)
async def retry(_: Writer, c: Tx, message_id: UUID) -> Any:
    """Send a failed or uncertain message once more."""
    return await outbound.send_again(c, message_id)


@router.post("/messages/{message_id}/settle", response_model=MessageView)
async def settle(_: Writer, c: Tx, message_id: UUID, body: SettleBody) -> Any:
    """Write what was found out about a failed or uncertain message."""
    return await outbound.settle(c, message_id, body.as_)


@router.post("/attachments", response_model=AttachmentView, status_code=201)
async def upload(caller: Writer, shared: Shared, file: UploadFile) -> Any:
    """Store a file that a message will carry."""
    return await uploads.keep(shared, file, uploaded_by=caller.actor)
