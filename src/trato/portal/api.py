"""The visitor API: what the widget on a shop's page asks, by bearer token, from listed sites only."""

import asyncio
from datetime import timedelta
from time import monotonic
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from trato.access import emails
from trato.access.edge import public
from trato.access.throttle import Limit
from trato.brands import service as brands
from trato.contacts import service as contacts
from trato.conversations import serving, uploads
from trato.db.edge import Services, Shared, Tx
from trato.flow import arrivals, resolution, system_mail
from trato.kit import bounded
from trato.kit.clock import now
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.words import translated
from trato.live import service as live
from trato.live.audience import Visitor
from trato.live.hub import hub_of
from trato.live.stream import cursor_of
from trato.portal import (
    edge,
    files,
    known,
    queries,
    schemas,
    service,
    sessions,
    streams,
    transcript,
    views,
    wait,
)
from trato.portal.edge import Visiting, portal_of
from trato.portal.identity import Identity, IdentityRefused, verify
from trato.portal.pages import router as pages
from trato.portal.recognition import recognise
from trato.portal.sessions import Opened
from trato.portal.trail_api import trail_days
from trato.trail import service as trail

__all__ = ["pages", "router"]

_NEW_SESSIONS = Limit("visitor-sessions", 300, timedelta(hours=1))  # by network: many share a mobile one
_TRANSCRIPTS = Limit("transcripts", 3, timedelta(hours=1))  # by visitor
_MAILED = Limit("transcripts-to", 5, timedelta(days=1))  # by address: nobody's mailbox is flooded
_PROOFS = Limit("identity-refused", 30, timedelta(hours=1))  # by network: guessing

router = APIRouter(prefix="/visitor", tags=["visitor"], dependencies=[public()])


@router.post("/session", response_model=schemas.SessionView)
async def open_session(request: Request, shared: Shared, body: schemas.SessionBody) -> Any:
    """Begin or resume; an identity that does not prove leaves the visitor anonymous and says why.

    Where the session was somebody else's by a former proof, an anonymous one begins.
    """
    network = edge.limit_network(request, shared)
    async with shared.db.connect() as c:
        record = await brands.account_by_public_key(c, body.account)
    if not record.connector.capabilities.visitors:
        raise NotFound("There is no such account.", todo="Check the key in the page's script tag.")
    origin = edge.check_origin(request, record)
    async with shared.db.begin() as c:
        opened = await sessions.resume(c, record, body.token, now())

    async def anonymous() -> Opened:
        await edge.count(shared, _NEW_SESSIONS, network)
        language = service.language_of(body.language)
        async with shared.db.begin() as c:
            return await sessions.begin(c, record, language=language, origin=origin, now=now())

    opened, problem = await _proven(shared, record, opened or await anonymous(), body.identity, network)
    if problem and body.identity and opened.guest.external_id not in {None, body.identity.user_id}:
        opened = await anonymous()  # the site says that it is not who was here, whoever it is
    async with shared.db.snapshot() as c:
        view = await service.session_view(c, record, opened.guest)
        can_mail = await system_mail.mail_account(c, record.brand_id) is not None
        standing = await wait.of_visitor(shared, c, record, opened.guest)
        incidents = await known.of_visitor(c, record, opened.guest)
        trail_shared = await trail.is_shared(c, await queries.actors(c, opened.guest))
    return {
        **view,
        "trail": {"shared": trail_shared, "days": trail_days(shared)},
        "token": opened.token,
        "identity_problem": problem,
        "transcript": can_mail,
        "wait": standing,
        "incidents": incidents,
    }


async def _proven(
    shared: Services,
    record: brands.AccountRecord,
    opened: Opened,
    given: schemas.IdentityBody | None,
    network: str,
) -> tuple[Opened, str | None]:
    if given is None:
        return opened, None
    identity = Identity(**given.model_dump())
    secrets = record.opened(shared.secrets).secrets
    try:
        usable = [str(secrets.get(name) or "") for name in ("identity_secret", "previous_identity_secret")]
        verify(usable, record.public_key, identity, now())
    except IdentityRefused as refused:
        await edge.count(shared, _PROOFS, network)
        return opened, translated(refused.sentence, service.language_of(opened.guest.language or ""))
    async with shared.db.begin() as c:
        opened = await recognise(c, record, opened, identity, now())
    shared.wake.ring("events")
    return opened, None


@router.post("/messages", response_model=schemas.SentView)
async def say(visit: Visiting, shared: Shared, body: schemas.MessageBody) -> Any:
    """Say something; when this answers it is durable, and the same `client_id` again changes nothing."""
    portal_of(shared).limiter.take(edge.MESSAGES, visit.guest.sender, monotonic())
    async with shared.db.connect() as c:
        event = await service.message_from(c, visit.record, visit.guest, **body.model_dump(), now=now())
    received = await arrivals.take_in(shared, visit.record, event)
    if received.message_id is None:
        raise Invalid(
            "This message could not be kept as it is.", todo="Write it in another way.", field="text"
        )
    async with shared.db.begin() as c:
        carried = await service.carry_preference(c, visit.guest, visit.record.kind)
        if received.conversation_id is not None:
            holders = await queries.actors(c, visit.guest)
            told = await trail.attach(c, holders, received.conversation_id, actor=visit.guest.actor)
            carried = carried or told
    if carried:
        shared.wake.ring("events")
    async with shared.db.connect() as c:
        conversation = await queries.current(c, visit.guest)
        message = await queries.message(c, visit.guest, received.message_id)
        if conversation is None or message is None:
            raise NotFound("This message is not yours.")
        return {
            "message": message,
            "conversation": queries.conversation_view(conversation),
            "people": await queries.people(c),
            "wait": await wait.of_visitor(shared, c, visit.record, visit.guest),
        }


@router.get("/live", response_class=Response)
async def follow(request: Request, visit: Visiting, shared: Shared) -> Response:
    """Stream the conversation's events, from `Last-Event-ID` on (WHATWG HTML, server-sent events)."""
    async with shared.db.connect() as c:
        conversation_id = await service.running(c, visit.guest)
    subscription = hub_of(shared).subscribe(Visitor(conversation_id, views.project), cursor_of(request))

    async def may_listen() -> bool:
        async with shared.db.connect() as c:
            return await sessions.holds(c, visit.token, visit.guest, now())

    return streams.VisitorStream(subscription, may_listen, portal_of(shared).stream_of(visit.guest.sender))


@router.post("/attachments", response_model=schemas.AttachmentView, status_code=201)
async def upload(
    request: Request, visit: Visiting, shared: Shared, filename: Annotated[str, Query(max_length=400)]
) -> Any:
    """Keep a file, its bytes being the body, until a message names it; its type is what it holds."""
    portal_of(shared).limiter.take(edge.UPLOADS, visit.guest.sender, monotonic())
    limit = service.max_file_bytes(visit.record)
    data = await _body(request, limit)
    checked = await asyncio.to_thread(files.check, filename, data, max_bytes=limit)
    return await uploads.store(
        shared,
        data,
        filename=checked.filename,
        content_type=checked.content_type,
        folder=str(visit.record.id),
        uploaded_by=visit.guest.actor,
    )


async def _body(request: Request, limit: int) -> bytes:
    body = await bounded.whole(request.stream(), limit)
    if body is None:
        raise files.too_large(limit)
    return body


@router.get("/attachments/{attachment_id}", response_class=Response)
async def download(visit: Visiting, request: Request, shared: Shared, attachment_id: UUID) -> Response:
    """Send a file of the visitor's own conversation, as a download whatever it claims to be."""
    async with shared.db.connect() as c:
        row = await queries.attachment(c, visit.guest, attachment_id)
    if row is None:
        raise NotFound("There is no such file.")
    return await serving.send(shared, request, row, show=False)


@router.post("/typing", status_code=204)
async def typing(visit: Visiting, shared: Shared) -> None:
    """Tell the desk that the visitor writes; nothing is stored."""
    async with shared.db.connect() as c:
        conversation_id = await service.running(c, visit.guest)
        contact_id = await contacts.owner_of(c, "visitor", visit.guest.sender)
        name = (await contacts.get_contact(c, contact_id))["name"] if contact_id else ""
    live.typing(shared.wake, conversation_id, who="contact", name=name)


@router.post("/read", status_code=204)
async def seen(visit: Visiting, c: Tx, body: schemas.SeenBody) -> None:
    """Note that answers reached the visitor's screen, or were read."""
    await service.seen(c, visit.guest, body.message_id, body.state)


@router.patch("/preference", response_model=schemas.PreferenceView)
async def prefer(visit: Visiting, c: Tx, body: schemas.PreferenceBody) -> Any:
    """Note how the visitor likes to be helped; obeyed on every channel from now on."""
    return await service.prefer(c, visit.guest, body.model_dump(exclude_unset=True), visit.record.kind)


@router.post("/end", status_code=204)
async def end(visit: Visiting, c: Tx) -> None:
    """End the conversation; writing again goes on."""
    await service.end(c, visit.guest)


@router.post("/answer", status_code=204)
async def answer(visit: Visiting, shared: Shared, body: schemas.AnswerBody) -> None:
    """Take the answer to "is it solved?"; the same answer again changes nothing."""
    portal_of(shared).limiter.take(edge.MESSAGES, visit.guest.sender, monotonic())
    async with shared.db.connect() as c:
        case_id = await queries.asked_case(c, visit.guest, body.message_id)
    if case_id is None:  # answered already, here or by a colleague's screen
        return
    if body.solved:
        async with shared.db.begin() as c:
            await resolution.confirm(c, case_id)
        shared.wake.ring("events", "routing")
    else:
        await resolution.dispute(shared, case_id, body.text, once=str(body.message_id))


@router.post("/owner", status_code=204)
async def go_to_owner(visit: Visiting, shared: Shared, body: schemas.OwnerBody) -> None:
    """Take the matter of the conversation to its owner; 409 when there is none to go to, or it is there."""
    portal_of(shared).limiter.take(edge.MESSAGES, visit.guest.sender, monotonic())
    async with shared.db.connect() as c:
        current = await queries.current(c, visit.guest)
    if current is None or current["case_id"] is None:
        raise Conflict("There is no conversation yet.", todo="Write something first.")
    await service.go_to_owner(shared, current["case_id"], body.text)


@router.post("/transcript", status_code=202)
async def send_transcript(visit: Visiting, shared: Shared, body: schemas.TranscriptBody) -> None:
    """Mail a copy of this conversation to the address that the visitor wrote."""
    email = emails.checked(body.email)
    await edge.count(shared, _TRANSCRIPTS, visit.guest.sender)
    await edge.count(shared, _MAILED, emails.key(email))
    async with shared.db.begin() as c:
        await transcript.send(shared, c, visit.record, visit.guest, email)
    shared.wake.ring("events", "jobs")
