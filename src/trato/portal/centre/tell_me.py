"""“Tell me when it works”: one field on any page, a link in a mail that says whose address it is."""

from datetime import timedelta
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import emails
from trato.access.edge import public
from trato.access.throttle import Limit
from trato.db.edge import TOPICS, Services, Shared
from trato.decide.incidents import text_in
from trato.flow import system_mail
from trato.flow.system_mail import SystemMail
from trato.incidents import followers, queries
from trato.kit.clock import now
from trato.kit.errors import Conflict, DomainError, Invalid, NotFound, TooMany
from trato.knowledge import help_centres
from trato.portal import edge
from trato.portal.centre import frame as frames
from trato.portal.centre.frame import Frame
from trato.portal.centre.places import PLACED, within

router = APIRouter(include_in_schema=False, dependencies=[PLACED])

_ASKED: Final = Limit("incident-asks", 200, timedelta(hours=1))  # by network: many share a mobile one
_MAILED: Final = Limit("incident-mails-to", 5, timedelta(days=1))  # by address: nobody's mailbox is flooded


@router.post("/help/{language}/status/{incident_id}/follow", dependencies=[public(own_pages=True)])
async def ask(
    request: Request,
    shared: Shared,
    language: str,
    incident_id: UUID,
    email: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    """Keep the address and send its owner a link; nothing on the page says whether we know it."""
    network = edge.limit_network(request, shared)
    frames.known(language)
    try:
        await edge.count(shared, _ASKED, network)
        await by_mail(shared, incident_id, email, language)
    except (Invalid, TooMany, Conflict) as refused:
        return await _refused(request, shared, language, incident_id, email, refused)
    return RedirectResponse(within(request, f"{language}/status/asked"), 303)


async def _refused(
    request: Request, shared: Services, language: str, incident_id: UUID, email: str, refused: DomainError
) -> Response:
    """Say why nobody is told, with the address as it was written; where no mail can be sent, ask for none."""
    async with shared.db.connect() as c:
        frame = await frames.opened(request, c, language, await frames.allowed(request, shared))
        title = text_in((await queries.get(c, incident_id))["titles"], language)
    if isinstance(refused, TooMany):
        problem, status = frame.words["tell_too_many"].format(frame.later(refused.retry_after_s)), 429
    elif isinstance(refused, Invalid):
        problem, status = frame.words["report_wrong_email"], 422
    else:
        problem, status = frame.words["tell_by_writing" if not frame.mails else "tell_over"], 409
    asks = not isinstance(refused, Conflict)
    return _page(frame, "refused", status=status, about=title, email=email, problem=problem, asks=asks)


async def by_mail(shared: Services, incident_id: UUID, email: str, language: str) -> None:
    """Send an address the link by which its owner says that they want to be told.

    Raises `Invalid`, `NotFound`, `TooMany`, and `Conflict` for what is over or where no mail can be sent.
    """
    email = emails.checked(email)
    await edge.count(shared, _MAILED, emails.key(email))
    async with shared.db.begin() as c:
        request_id = await followers.ask(c, incident_id, email, language)
        found = await queries.get(c, incident_id)
        account = await system_mail.mail_account(c, found["brand_id"])
        if account is None:
            raise Conflict("No mail can be sent from here yet.", todo="Ask for it in the conversation.")
        words = frames.words()[language]
        title = text_in(found["titles"], language)
        home = await help_centres.home(c, shared.public.url, found["brand_id"])
        link = f"{home}/{language}/status/confirm/{followers.token(shared, request_id, now())}"
        body = "\n\n".join((words["tell_mail"].format(title), link, words["tell_mail_not_you"]))
        mail = SystemMail(shared)
        subject = words["tell_subject"].format(title)
        await mail.send_link(c, email, subject, body, language, otherwise=account.id)
    shared.wake.ring(*TOPICS)


@router.get("/help/{language}/status/{incident_id}/follow", dependencies=[public()])
async def back(request: Request, shared: Shared, language: str, incident_id: UUID) -> Response:
    """Lead to the page of the form whose address somebody opened."""
    edge.limit_network(request, shared)
    return RedirectResponse(within(request, f"{frames.known(language)}/status#i-{incident_id}"), 303)


@router.get("/help/{language}/status/asked", dependencies=[public()])
async def asked(request: Request, shared: Shared, language: str) -> Response:
    """Say that the mail is on its way."""
    edge.limit_network(request, shared)
    frames.known(language)
    async with shared.db.connect() as c:
        frame = await frames.opened(request, c, language, await frames.allowed(request, shared))
    return _page(frame, "asked")


@router.get("/help/{language}/status/confirm/{token}", dependencies=[public()])
async def look(request: Request, shared: Shared, language: str, token: str) -> Response:
    """Show the button: programs that read mails follow links, people press buttons."""
    edge.limit_network(request, shared)
    frames.known(language)
    async with shared.db.begin() as c:
        frame = await frames.opened(request, c, language, await frames.allowed(request, shared))
        return await _standing(shared, c, frame, token)


@router.post("/help/{language}/status/confirm/{token}", dependencies=[public(own_pages=True)])
async def decide(
    request: Request,
    shared: Shared,
    language: str,
    token: str,
    act: Annotated[Literal["yes", "no"], Form()],
) -> Response:
    """Note that they want to be told, or no more."""
    edge.limit_network(request, shared)
    frames.known(language)
    async with shared.db.begin() as c:
        frame = await frames.opened(request, c, language, await frames.allowed(request, shared))
        try:
            found = await followers.named(shared, c, token, now())
        except NotFound:
            return _page(frame, "gone", status=404)
        if act == "no":
            await followers.take_back(c, found)
            return _page(frame, "taken_back")
        incident = await queries.get(c, found.incident_id)
        if incident["state"] == "open":
            account = await system_mail.mail_account(c, incident["brand_id"])
            await followers.confirm(c, found, account.kind if account else None)
        answer = await _standing(shared, c, frame, token)
    shared.wake.ring(*TOPICS)
    return answer


async def _standing(shared: Services, c: AsyncConnection, frame: Frame, token: str) -> Response:
    try:
        found = await followers.named(shared, c, token, now())
    except NotFound:
        return _page(frame, "gone", status=404)
    incident = await queries.get(c, found.incident_id)
    if incident["state"] != "open":
        return _page(frame, "over")
    title = text_in(incident["titles"], frame.language)
    return _page(frame, "confirmed" if found.follower_id else "confirm", about=title, email=found.email)


def _page(
    frame: Frame,
    state: str,
    *,
    status: int = 200,
    about: str = "",
    email: str = "",
    problem: str = "",
    asks: bool = False,
) -> Response:
    return frames.page(
        frame,
        "tell_me.html",
        title=frame.words[f"tell_{state}_title"],
        paths=frame.paths("/status"),
        kept=False,
        status=status,
        state=state,
        said=frame.words[f"tell_{state}"].format(about, email),
        problem=problem,
        asks=asks,
        email=email,
    )
