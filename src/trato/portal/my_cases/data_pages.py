"""A contact's own data: how they like to be helped, a copy of everything, and to be erased."""

from datetime import timedelta
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Query, Request, Response

from trato.access import audit
from trato.access.edge import client_ip, public
from trato.access.throttle import Limit
from trato.contacts import service as contacts
from trato.db.edge import Services, Shared
from trato.decide.erasure import GRACE
from trato.decide.spoken import say_day
from trato.kit.clock import now
from trato.kit.errors import Conflict, TooMany
from trato.portal import customers, edge, preference_page, service
from trato.portal.centre import frame as frames
from trato.portal.centre.places import PLACED, place_of
from trato.portal.customers import Customer
from trato.portal.my_cases import data_mail, sign_in_pages, view
from trato.privacy import exporting
from trato.privacy import service as privacy
from trato.privacy.api import sent

router = APIRouter(include_in_schema=False, dependencies=[PLACED])

_EXPORTS: Final = Limit("exports", 10, timedelta(hours=1))  # by contact

Flag = Annotated[str | None, Query(max_length=1)]


@router.get("/help/{language}/cases/preference", dependencies=[public()])
async def preference(request: Request, shared: Shared, language: str, saved: Flag = None) -> Response:
    """Show how the contact likes to be helped."""
    customer = await _customer(request, shared, language)
    if customer is None:
        return view.go(request, language)
    async with shared.db.connect() as c:
        contact = await contacts.get_contact(c, customer.contact_id)
        words = preference_page.words_of(contact, language)
        return await view.show(
            request,
            c,
            language,
            "preference.html",
            title=words["title"],
            below="/preference",
            customer=customer,
            done=words["saved"] if saved is not None else "",
            asked=words,
            chosen=service.preference_view(contact),
            channels=await service.channels_of(c, language),
        )


@router.post("/help/{language}/cases/preference", dependencies=[public(own_pages=True)])
async def prefer(
    request: Request,
    shared: Shared,
    language: str,
    prefers: Annotated[Literal["unknown", "alone", "person"], Form()] = "unknown",
    channel: Annotated[str, Form(max_length=40)] = "",
    tone: Annotated[Literal["", "usted", "tu", "vos"], Form()] = "",
) -> Response:
    """Write down how the contact likes to be helped; it holds on every channel."""
    customer = await _customer(request, shared, language)
    if customer is None:
        return view.go(request, language)
    async with shared.db.begin() as c:
        await service.check_channel(c, channel)
        said = {"prefers": prefers, "channel": channel or None, "tone": tone or None}
        await service.tell_preference(c, customer.contact_id, said, "contact", preference_page.WHERE)
    shared.wake.ring("events", "routing")
    return view.go(request, language, "/preference?saved")


@router.get("/help/{language}/cases/data", dependencies=[public()])
async def data(request: Request, shared: Shared, language: str, kept: Flag = None) -> Response:
    """Show what the contact can do with their data, and when they are erased if they asked for it."""
    customer = await _customer(request, shared, language)
    if customer is None:
        return view.go(request, language)
    done = view.words()[language]["erase_cancelled"] if kept is not None else ""
    return await _page(request, shared, language, customer, done=done)


@router.get("/help/{language}/cases/data/export", dependencies=[public()])
@router.get("/help/{language}/cases/data/erase", dependencies=[public()])
@router.get("/help/{language}/cases/data/keep", dependencies=[public()])
async def back(request: Request, shared: Shared, language: str) -> Response:
    """Lead to the page of a form whose address somebody opened: it stood there after a refusal."""
    edge.limit_network(request, shared)
    return view.go(request, frames.known(language), "/data")


@router.post("/help/{language}/cases/data/export", dependencies=[public(own_pages=True)])
async def export(request: Request, shared: Shared, language: str) -> Response:
    """Send a ZIP with everything; only to who showed not long ago who they are."""
    customer = await _customer(request, shared, language)
    if customer is None:
        return view.go(request, language)
    if not customer.is_recent(now()):
        return await sign_in_pages.door(request, shared, language, why="recent")
    try:
        await edge.count(shared, _EXPORTS, str(customer.contact_id))
    except TooMany:
        return await _page(request, shared, language, customer, why="too_many", status=429)
    async with shared.db.begin() as c:
        who = customer.actor
        await audit.record(c, who, "contact.exported", who, ip=client_ip(request))
    return await sent(exporting.archive(shared, customer.contact_id))


@router.post("/help/{language}/cases/data/erase", dependencies=[public(own_pages=True)])
async def erase(
    request: Request,
    shared: Shared,
    language: str,
    sure: Annotated[str, Form(pattern="^(yes)?$")] = "",
) -> Response:
    """Plan that the contact is erased; they are told by mail, since it may not have been them."""
    customer = await _customer(request, shared, language)
    if customer is None:
        return view.go(request, language)
    if not customer.is_recent(now()):
        return await sign_in_pages.door(request, shared, language, why="recent")
    if not sure:
        return await _page(request, shared, language, customer, why="erase_unconfirmed", status=422)
    async with shared.db.begin() as c:
        before = await privacy.current(c, customer.contact_id)
        planned = await privacy.ask(
            c, customer.contact_id, actor=customer.actor, now=now(), ip=client_ip(request)
        )
        if before is None or before["id"] != planned["id"]:
            place = place_of(request)
            await data_mail.tell(shared, c, customer.contact_id, planned["due_at"], language, place)
    shared.wake.ring("events", "jobs")
    return view.go(request, language, "/data")


@router.post("/help/{language}/cases/data/keep", dependencies=[public(own_pages=True)])
async def keep(request: Request, shared: Shared, language: str) -> Response:
    """Think better of it: nothing is erased."""
    customer = await _customer(request, shared, language)
    if customer is None:
        return view.go(request, language)
    try:
        async with shared.db.begin() as c:
            await privacy.cancel(
                c, customer.contact_id, actor=customer.actor, now=now(), ip=client_ip(request)
            )
    except Conflict:  # there was nothing to take back
        return view.go(request, language, "/data")
    shared.wake.ring("events")
    return view.go(request, language, "/data?kept")


async def _customer(request: Request, shared: Services, language: str) -> Customer | None:
    edge.limit_network(request, shared)
    frames.known(language)
    return await customers.customer_of(request, shared)


async def _page(
    request: Request,
    shared: Services,
    language: str,
    customer: Customer,
    *,
    why: str = "",
    done: str = "",
    status: int = 200,
) -> Response:
    said = view.words()[language]
    async with shared.db.connect() as c:
        planned = await privacy.current(c, customer.contact_id)
        zone = await view.zone(c)
        waits = planned is not None and planned["state"] == "waiting"
        due = planned["due_at"].astimezone(zone).date() if planned and waits else None
        return await view.show(
            request,
            c,
            language,
            "data.html",
            title=said["data"],
            below="/data",
            customer=customer,
            status=status,
            problem=said[why] if why else "",
            done=done,
            due=said["erase_due"].format(say_day(due, language)) if due else "",
            grace=said["erase_grace"].format(GRACE.days),
        )
