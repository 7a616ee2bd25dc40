"""The page that leads to a person, and the form on it: a conversation begins without a script too."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID, uuid5

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
from trato.kit.errors import Conflict, DomainError, Invalid, TooMany, Unavailable
from trato.kit.ids import new_id
from trato.kit.text import clean, one_line, typed
from trato.kit.words import translated
from trato.portal import callback_api, edge, queries, service, sessions
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

_ONCE: Final = re.compile(r"[0-9a-f]{32}")
_STATUS: Final = {TooMany: 429, Conflict: 409, Unavailable: 503}

Slug = Annotated[str, Query(max_length=200)]
# Told on the page itself, with what was written: nobody types it again.
Typed = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote into the form; the same `once` is the same press of its button."""

    text: str = ""
    address: str = ""
    name: str = ""
    once: str = ""


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
    text: Typed = "",
    address: Typed = "",
    name: Typed = "",
    once: Typed = "",
) -> Response:
    """Begin a conversation with what was written, once; a person answers where the reader said."""
    network = edge.limit_network(request, shared)
    frames.known(language)
    written = Written(typed(text), address, name, once if _ONCE.fullmatch(once) else new_id().hex)
    async with shared.db.connect() as c:
        frame = await frames.opened(request, c, language, await frames.allowed(request, shared))
        how = await _how(c, frame)
    try:
        if frame.chat_account is None or how is None:
            raise Unavailable("Nobody can be written to here yet.", todo="Look for another way on this page.")  # noqa: TRY301  shown below, with the rest
        await _take(shared, frame.chat_account, language, how, written, network)
    except (Invalid, TooMany, Conflict, Unavailable) as refused:
        return await _page(request, shared, language, Carried(), written=written, refused=refused)
    return RedirectResponse(within(request, f"{language}/person?sent"), 303)


async def _take(
    shared: Services, record: AccountRecord, language: str, how: callbacks.How, written: Written, network: str
) -> None:
    """Take it in as a visitor's who left the page; what is there already stays as it is.

    Raises `Invalid`, `TooMany`, `Conflict` and `Unavailable` for what was not taken.
    """
    address = _checked(record, how, written)
    said = clean(written.text).strip()
    visitor_id = uuid5(record.id, written.once)
    client_id = str(
        uuid5(visitor_id, said)
    )  # whoever goes back and writes something else says something else
    guest = sessions.passing(record, visitor_id, language=language, now=now())
    async with shared.db.connect() as c:
        before = await queries.said(c, guest, client_id)
        if before is not None and await _agreed(c, before, address):
            return
    await edge.count(shared, _WRITTEN, network)
    await edge.count(shared, _TO, address)
    async with shared.db.begin() as c:
        await sessions.keep_passing(c, guest)
        event = await service.message_from(
            c, record, guest, client_id=client_id, text=said, attachment_ids=(), now=now()
        )
    sender = replace(event.sender, name=one_line(written.name, 200))
    received = await arrivals.take_in(shared, record, replace(event, sender=sender))
    conversation_id = received.conversation_id
    if conversation_id is None:
        raise Invalid("This message could not be kept as it is.", todo="Write it in another way.")
    async with shared.db.begin() as c:
        if received.outcome != "duplicate" or not await _agreed(c, conversation_id, address):
            await callbacks.agree(c, conversation_id, how=how, address=address, slot=None, actor=guest.actor)
            await callback_api.note(c, guest, record.kind, conversation_id, how, address)
    shared.wake.ring("events", "routing", "jobs")


async def _agreed(c: AsyncConnection, conversation_id: UUID, address: str) -> bool:
    """Say whether it is agreed already that somebody answers there."""
    found = await callbacks.of_conversations(c, [conversation_id])
    return any(view["address"] == address for view in found.values())


def _room(record: AccountRecord | None) -> int:
    return min(MAX_TEXT, record.connector.capabilities.max_text) if record else MAX_TEXT


def _checked(record: AccountRecord, how: callbacks.How, written: Written) -> str:
    """Return the address as it is kept; raises `Invalid` for it and for words that cannot be sent."""
    said = clean(written.text).strip()
    if not said:
        raise Invalid("There is nothing to send.", field="text", todo="Write something or attach a file.")
    if len(said) > _room(record):
        raise Invalid("The text is too long.", field="text", todo="Send it in parts or as a file.")
    return emails.checked(written.address) if how == "email" else callbacks.checked_phone(written.address)


def _why(frame: Frame, how: callbacks.How | None, written: Written, refused: DomainError) -> tuple[str, str]:
    """Return at which field a refusal is told, none for the whole form, and in which words."""
    words = frame.words
    if isinstance(refused, TooMany):
        return "", words["write_too_many"].format(frame.later(refused.retry_after_s))
    field = refused.field if isinstance(refused, Invalid) else ""
    if field == "text":
        length = len(clean(written.text).strip())
        long = words["wrong_text_long"].format(_room(frame.chat_account), length)
        return "text", long if length else words["wrong_text"]
    if field in ("address", "email"):
        return "address", words["wrong_address" if how == "email" else "wrong_phone"]
    told = [translated(part, frame.language) for part in (refused.sentence, refused.next_step) if part]
    return "", " ".join(told)


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
    written: Written | None = None,
    refused: DomainError | None = None,
    sent: bool = False,
) -> Response:
    allowed = await frames.allowed(request, shared)
    async with shared.db.connect() as c:
        frame = await frames.opened(request, c, language, allowed)
        wait = await shown_wait(shared, c, frame)
        if written is None:
            say = await sentence_of(c, language, carried, allowed)
            written = Written(say, once=new_id().hex)
        how = await _how(c, frame)
    wrong, problem = _why(frame, how, written, refused) if refused else ("", "")
    return frames.page(
        frame,
        "person.html",
        title=frame.words["sent_title" if sent else "person"],
        paths={one: carried.path(frame.base, one) for one in LANGUAGES},
        kept=False,
        status=_STATUS.get(type(refused), 422) if refused else 200,
        say=written.text,
        opens_chat=carried.said is not None and not refused,
        mails=_mails(frame),
        wait=wait,
        how=how,
        written=written,
        room=_room(frame.chat_account),
        wrong=wrong,
        problem=problem,
        sent=sent,
        hours=opening(frame),
        zone=zone(frame.organisation),
    )


def _mails(frame: Frame) -> list[str]:
    # of whatever channel takes mail: an address is one when it can be written to
    addresses = [str(record.settings.get("address") or "") for record in frame.accounts]
    return [address for address in addresses if "@" in address]
