"""The page that leads to a person, and the form on it: a conversation begins without a script too."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import emails
from trato.access.edge import public
from trato.access.throttle import Limit
from trato.brands.service import AccountRecord
from trato.db.edge import Services, Shared
from trato.flow import arrivals, callbacks, system_mail
from trato.kit.clock import now
from trato.kit.errors import Invalid, Unavailable
from trato.kit.ids import new_id
from trato.kit.text import clean, one_line
from trato.portal import callback_api, edge, service, sessions
from trato.portal.centre import frame as frames
from trato.portal.centre.carry import Carried, question_of, sentence_of
from trato.portal.centre.frame import Frame
from trato.portal.centre.places import PLACED, within
from trato.portal.centre.shown import opening, shown_wait, zone
from trato.portal.service import LANGUAGES

router = APIRouter(include_in_schema=False, dependencies=[PLACED])

MAX_TEXT: Final = 4_000
_WRITTEN: Final = Limit("written-in-help-centre", 20, timedelta(hours=1))  # by network
_TO: Final = Limit("written-in-help-centre-by", 10, timedelta(days=1))  # by address

Slug = Annotated[str, Query(max_length=200)]


@router.api_route("/help/{language}/person", methods=["GET", "HEAD"], dependencies=[public()])
async def person(
    request: Request,
    shared: Shared,
    language: str,
    q: str = "",
    article: Slug = "",
    said: UUID | None = None,
    sent: Annotated[str | None, Query(max_length=1)] = None,
) -> Response:
    """Show how to reach a person, with the wait as it is now and what was said so far."""
    edge.limit_network(request, shared)
    frames.known(language)
    carried = Carried(question_of(q), clean(article), said)
    return await _page(request, shared, language, carried, sent=sent is not None)


@router.post("/help/{language}/person", dependencies=[public(own_pages=True)])
async def write(
    request: Request,
    shared: Shared,
    language: str,
    text: Annotated[str, Form(max_length=MAX_TEXT)] = "",
    address: Annotated[str, Form(max_length=254)] = "",
    name: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Begin a conversation with what was written; a person answers where the reader said."""
    network = edge.limit_network(request, shared)
    frames.known(language)
    async with shared.db.connect() as c:
        frame = await frames.opened(request, c, language, await frames.allowed(request, shared))
        how = await _how(c, frame)
    record = frame.chat_account
    if record is None or how is None:
        raise Unavailable("Nobody can be written to here yet.", todo="Look for another way on this page.")
    try:
        given = _checked(how, address, text)
    except Invalid as wrong:
        return await _page(
            request,
            shared,
            language,
            Carried(),
            text=text,
            problem=frame.words["wrong_text" if wrong.field == "text" else "wrong_address"],
        )
    await edge.count(shared, _WRITTEN, network)
    await edge.count(shared, _TO, given)
    await _begin(shared, record, language, how, given, text, one_line(name, 200))
    return RedirectResponse(within(request, f"{language}/person?sent"), 303)


def _checked(how: callbacks.How, given: str, text: str) -> str:
    """Return the address as it is kept; raises `Invalid` for it and for words that say nothing."""
    if not text.strip():
        raise Invalid("There is nothing to send.", field="text", todo="Write something or attach a file.")
    return emails.checked(given) if how == "email" else callbacks.checked_phone(given)


async def _begin(
    shared: Services,
    record: AccountRecord,
    language: str,
    how: callbacks.How,
    address: str,
    text: str,
    name: str,
) -> None:
    """Say it as a visitor who left the page: they keep their place and are answered at the address."""
    async with shared.db.begin() as c:
        guest = (await sessions.begin(c, record, language=language, origin=None, now=now())).guest
    async with shared.db.connect() as c:
        event = await service.message_from(
            c, record, guest, client_id=str(new_id()), text=text, attachment_ids=(), now=now()
        )
    sender = replace(event.sender, name=name)
    received = await arrivals.take_in(shared, record, replace(event, sender=sender))
    if received.conversation_id is None:
        raise Invalid("This message could not be kept as it is.", todo="Write it in another way.")
    async with shared.db.begin() as c:
        conversation_id = received.conversation_id
        await callbacks.agree(c, conversation_id, how=how, address=address, slot=None, actor=guest.actor)
        await callback_api.note(c, guest, record.kind, conversation_id, how, address)
    shared.wake.ring("events", "routing", "jobs")


async def _how(c: AsyncConnection, frame: Frame) -> callbacks.How | None:
    """Return how somebody is answered who left the page: by mail where there is an account, else by phone."""
    record = frame.chat_account
    if record is None:
        return None
    return "email" if await system_mail.mail_account(c, record.brand_id) is not None else "phone"


async def _page(
    request: Request,
    shared: Services,
    language: str,
    carried: Carried,
    *,
    text: str = "",
    problem: str = "",
    sent: bool = False,
) -> Response:
    allowed = await frames.allowed(request, shared)
    async with shared.db.connect() as c:
        frame = await frames.opened(request, c, language, allowed)
        wait = await shown_wait(shared, c, frame)
        say = text or await sentence_of(c, language, carried, allowed)
        how = await _how(c, frame)
    return frames.page(
        frame,
        "person.html",
        title=frame.words["sent_title" if sent else "person"],
        paths={one: carried.path(frame.base, one) for one in LANGUAGES},
        kept=False,
        status=422 if problem else 200,
        say=say,
        opens_chat=carried.said is not None and not problem,
        mails=_mails(frame),
        wait=wait,
        how=how,
        problem=problem,
        sent=sent,
        hours=opening(frame),
        zone=zone(frame.organisation),
    )


def _mails(frame: Frame) -> list[str]:
    # of whatever channel takes mail: an address is one when it can be written to
    addresses = [str(record.settings.get("address") or "") for record in frame.accounts]
    return [address for address in addresses if "@" in address]
