"""Conversations, messages, files and cases over HTTP: what the desk reads, and changes of cases."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from trato.access.edge import Caller, public, require
from trato.conversations import cases, files, queries, schemas, serving, thread
from trato.conversations.tables import case
from trato.db.edge import Moment, Read, Shared, Tx
from trato.kit.paging import PAGE, Cursor, Limit
from trato.live import versions
from trato.live.versions import Expected

router = APIRouter(tags=["conversations"])
pages = APIRouter(include_in_schema=False)  # outside /api/v1: what frames and images load by signed URL

Reader = Annotated[Caller, require("agent", "conversations:read")]
# What carries the people and the cases beside the conversations.
ReaderOfAll = Annotated[Caller, require("agent", "conversations:read", "contacts:read", "cases:read")]
Writer = Annotated[Caller, require("agent", "conversations:write")]
CaseReader = Annotated[Caller, require("agent", "cases:read")]
CaseWriter = Annotated[Caller, require("agent", "cases:write")]


@router.get("/inbox", response_model=schemas.InboxView)
async def inbox(
    caller: ReaderOfAll,
    c: Moment,
    tab: str = "mine",
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Any:
    """Return a page of conversations of one tab, newest first."""
    return await queries.inbox(c, tab=tab, agent_id=caller.agent_id, q=q, cursor=cursor, limit=limit)


@router.get("/inbox/counts", response_model=schemas.CountsView)
async def counts(caller: Reader, c: Read) -> Any:
    """Return how many conversations stand in each tab."""
    return await queries.counts(c, caller.agent_id)


@router.get("/conversations/{conversation_id}", response_model=schemas.WholeConversation)
async def get_conversation(caller: ReaderOfAll, c: Moment, conversation_id: UUID) -> Any:
    """Return a conversation with its people, case, interactions and newest messages.

    `read_until` is up to when you have read what was said with this person, over all channels.
    """
    whole = await queries.whole_conversation(c, conversation_id)
    contact_id = UUID(str(whole["contact"]["id"]))
    return {**whole, "read_until": await thread.read_until(c, contact_id, caller.agent_id)}


@router.get("/conversations/{conversation_id}/messages", response_model=schemas.MessagePage)
async def get_messages(
    _: Reader, c: Read, conversation_id: UUID, cursor: Cursor = None, limit: Limit = 100
) -> Any:
    """Return a page of messages, the newest page first and in it the oldest message first."""
    await queries.get_conversation(c, conversation_id)
    return await queries.messages(c, conversation_id, cursor=cursor, limit=limit)


@router.get("/messages/{message_id}/html-url", response_model=schemas.UrlView)
async def html_url(_: Reader, c: Read, shared: Shared, message_id: UUID, *, images: bool = False) -> Any:
    """Return a signed URL, good for an hour, that shows the message's HTML in a sandboxed frame."""
    await queries.message_html(c, message_id)
    return {"url": files.sign(shared, f"/mail/{message_id}", {"images": "1"} if images else {})}


@pages.get("/mail/{message_id}", dependencies=[public()])
async def show_html(
    request: Request, c: Read, shared: Shared, message_id: UUID, images: str = ""
) -> Response:
    """Show sanitised HTML under a policy of its own: no scripts, no forms, remote images only when asked."""
    files.check(shared, request)
    html = await queries.message_html(c, message_id)
    inline = await queries.inline_attachments(c, message_id)
    return files.html_page(shared, html, inline, images=images == "1")


@router.get("/messages/{message_id}/original", response_class=StreamingResponse)
async def original(_: Reader, shared: Shared, message_id: UUID) -> Response:
    """Send a message as it came, as a download; kept as long as the message."""
    async with shared.db.connect() as c:
        key = await queries.original_key(c, message_id)
    return await files.original(shared, key)


@router.head("/attachments/{attachment_id}", include_in_schema=False)
@router.get(
    "/attachments/{attachment_id}",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/octet-stream": {}}, "description": "The file."},
        206: {"content": {"application/octet-stream": {}}, "description": "The part that `Range` names."},
    },
)
async def download(_: Reader, request: Request, shared: Shared, attachment_id: UUID) -> Response:
    """Send a file, or the part that `Range` asks for: pictures and audio as such, all else as a download."""
    async with shared.db.connect() as c:  # given back before the store is asked, which may be slow
        row = await queries.get_attachment(c, attachment_id)
    return await serving.send(shared, request, row)


@pages.head("/files/{attachment_id}", dependencies=[public()])
@pages.get("/files/{attachment_id}", dependencies=[public()])
async def signed_file(request: Request, shared: Shared, attachment_id: UUID) -> Response:
    """Send a file by signed URL: a picture that a mail shows, what a customer was sent."""
    files.check(shared, request)
    async with shared.db.connect() as c:
        row = await queries.get_attachment(c, attachment_id)
    return await serving.send(shared, request, row, readers="cross-origin")


@router.get("/cases", response_model=schemas.CasePage)
async def list_cases(
    _: CaseReader, c: Read, contact_id: UUID | None = None, cursor: Cursor = None, limit: Limit = PAGE
) -> Any:
    """Return the cases of a contact, or of everybody, newest first."""
    return await cases.list_cases(c, contact_id, cursor=cursor, limit=limit)


@router.post("/cases", response_model=schemas.CaseView, status_code=201)
async def create_case(caller: CaseWriter, c: Tx, body: schemas.CaseBody) -> Any:
    """Open a case."""
    return await cases.create_case(c, **body.model_dump(), actor=caller.actor)


@router.get("/cases/{case_id}", response_model=schemas.CaseView)
async def get_case(_: CaseReader, c: Read, case_id: UUID) -> Any:
    """Return a case."""
    return await cases.get_case(c, case_id)


@router.patch("/cases/{case_id}", response_model=schemas.CaseView)
async def change_case(
    caller: CaseWriter, c: Tx, case_id: UUID, body: schemas.CaseChange, expected: Expected
) -> Any:
    """Change a case; what is left out stays."""
    await versions.check(c, case, case_id, expected, action="case.changed")
    changes = body.model_dump(exclude_unset=True)
    return await cases.change_case(c, case_id, changes, actor=caller.actor, by=caller.agent_id)


@router.put("/cases/{case_id}/steps", response_model=schemas.CaseView)
async def set_steps(
    caller: CaseWriter, c: Tx, case_id: UUID, body: schemas.StepsBody, expected: Expected
) -> Any:
    """Write all steps of a case, in order."""
    await versions.check(c, case, case_id, expected, action="case.changed")
    steps = [step.model_dump() for step in body.steps]
    return await cases.set_steps(c, case_id, steps, actor=caller.actor, by=caller.agent_id)
