"""The forms of a contact's own case: answer with files, "it is solved", open again."""

import asyncio
import hashlib
from time import monotonic
from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from trato.access import throttle
from trato.access.edge import client_ip, public
from trato.channel_sdk import File as SentFile
from trato.db.edge import Services, Shared
from trato.flow import resolution
from trato.kit.errors import Conflict, DomainError, Invalid, TooLarge, TooMany, Unavailable
from trato.kit.text import clean, typed
from trato.kit.words import translated
from trato.portal import customers, edge
from trato.portal import files as kinds
from trato.portal.centre import frame as frames
from trato.portal.centre.places import PLACED
from trato.portal.customers import Customer
from trato.portal.my_cases import case_pages, talk, view
from trato.portal.schemas import MAX_ATTACHMENTS

router = APIRouter(include_in_schema=False, dependencies=[public(own_pages=True), PLACED])

MAX_TEXT: Final = 20_000
MAX_BYTES: Final = case_pages.MEGABYTES * 1_000_000
_STATUS: Final = {TooLarge: 413, TooMany: 429, Conflict: 409, Unavailable: 503}

Once = Annotated[str, Form(pattern=r"^[0-9a-f]{32}$")]


@router.post("/help/{language}/cases/{number}/answer")
async def answer(
    request: Request,
    shared: Shared,
    language: str,
    number: int,
    once: Once,
    text: Annotated[str, Form(max_length=100_000)] = "",
    files: Annotated[list[UploadFile], File()] = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """Take an answer and its files into the case; sent twice it is one. What is refused stays on the page."""
    customer = await _customer(request, shared, language)
    if customer is None:
        return view.go(request, language)
    async with shared.db.connect() as c:
        case = await case_pages.own(c, customer, number)
    try:
        _limit(shared, customer, request)
        said, sent = await _said_and_sent(text, files)
        await talk.answer(shared, customer, case, said, sent, once=once)
    except (Invalid, TooLarge, TooMany, Conflict, Unavailable) as refused:
        return await _refused(request, shared, language, customer, number, refused, text=text, once=once)
    return view.go(request, language, f"/{case['number']}?done=answered")


@router.post("/help/{language}/cases/{number}/solved")
async def solved(request: Request, shared: Shared, language: str, number: int) -> Response:
    """Close the case: the contact says that it is solved."""
    customer = await _customer(request, shared, language)
    if customer is None:
        return view.go(request, language)
    async with shared.db.connect() as c:
        case = await case_pages.own(c, customer, number)
    await talk.solved(shared, case["id"])
    return view.go(request, language, f"/{case['number']}?done=closed")


@router.post("/help/{language}/cases/{number}/reopen")
async def reopen(
    request: Request,
    shared: Shared,
    language: str,
    number: int,
    reason: Annotated[str, Form(max_length=100_000)] = "",
    once: Annotated[str, Form(pattern=r"^\d{1,9}$")] = "0",
) -> Response:
    """Open the case again, with what is missing; sent twice it is said once.

    From a page that is old, of a case that was opened meanwhile, the words come in all the same.
    """
    customer = await _customer(request, shared, language)
    if customer is None:
        return view.go(request, language)
    async with shared.db.connect() as c:
        case = await case_pages.own(c, customer, number)
    try:
        _limit(shared, customer, request)
        said = _reason(reason)
        words = hashlib.sha256(said.encode()).hexdigest()[:16]  # two tabs of one page may say two things
        opened = await resolution.dispute(shared, case["id"], said, once=f"reopen-{once}-{words}")
    except (Invalid, TooMany, Unavailable) as refused:
        return await _refused(request, shared, language, customer, number, refused, text=reason)
    return view.go(request, language, f"/{case['number']}?done={'reopened' if opened else 'answered'}")


async def _customer(request: Request, shared: Services, language: str) -> Customer | None:
    edge.limit_network(request, shared)
    frames.known(language)
    return await customers.customer_of(request, shared)


def _limit(shared: Services, customer: Customer, request: Request) -> None:
    who = f"{customer.contact_id} {throttle.network(client_ip(request))}"
    edge.portal_of(shared).limiter.take(edge.MESSAGES, who, monotonic())


async def _said_and_sent(text: str, files: list[UploadFile]) -> tuple[str, list[SentFile]]:
    said = clean(typed(text)).strip()
    if len(said) > MAX_TEXT:
        raise Invalid("The text is too long.", todo="Send it in parts or as a file.")
    sent = await _files(files)
    if not said and not sent:
        raise Invalid("There is nothing to send.", todo="Write something or attach a file.")
    return said, sent


def _reason(given: str) -> str:
    said = clean(typed(given), resolution.MAX_DONE).strip()
    if not said:
        raise Invalid("What is missing?", todo="Tell it, so that whoever attends to it knows.")
    return said


async def _files(given: list[UploadFile]) -> list[SentFile]:
    chosen = [one for one in given if one.filename or one.size]
    if len(chosen) > MAX_ATTACHMENTS:
        raise Invalid("There are too many files.", todo="Send them in several messages.")
    found = []
    for one in chosen:
        data = await one.read(MAX_BYTES + 1)
        checked = await asyncio.to_thread(kinds.check, one.filename or "", data, max_bytes=MAX_BYTES)
        found.append(SentFile(checked.filename, checked.content_type, data))
    return found


async def _refused(
    request: Request,
    shared: Services,
    language: str,
    customer: Customer,
    number: int,
    refused: DomainError,
    **written: Any,
) -> Response:
    parts = (refused.sentence, refused.next_step)
    problem = " ".join(_said(part, refused, language) for part in parts if part)
    status = _STATUS.get(type(refused), 422)
    return await case_pages.case_page(
        request, shared, language, customer, number, status=status, problem=problem, **written
    )


def _said(sentence: str, refused: DomainError, language: str) -> str:
    told = translated(sentence, language)
    return told.format_map(refused.values) if refused.values else told
