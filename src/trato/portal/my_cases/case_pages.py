"""A contact's own cases to read: the list, one of them with all that was said, and its files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.edge import public
from trato.conversations import case_links, serving
from trato.db.edge import Services, Shared
from trato.decide.spoken import say_date, say_day
from trato.flow import doors
from trato.kit.clock import now
from trato.kit.errors import NotFound
from trato.kit.ids import new_id
from trato.portal import customers, edge, matter_page, service
from trato.portal.centre import frame as frames
from trato.portal.centre.places import PLACED, within
from trato.portal.customers import Customer
from trato.portal.files import ALLOWED
from trato.portal.my_cases import queries, sign_in_pages, talk, view

router = APIRouter(include_in_schema=False, dependencies=[public(), PLACED])

_MAX_PAGE: Final = 10_000
_MAX_NUMBER: Final = 2**63 - 1
TALK_BYTES: Final = 60_000  # of what was said, on one page; a page is 100 kB at most
MEGABYTES: Final = 10  # of a file
Number = Annotated[int, Query(ge=1, le=_MAX_PAGE)]


@router.get("/help/cases")
async def door(request: Request, shared: Shared) -> Response:
    """Lead to the cases in the reader's language."""
    edge.limit_network(request, shared)
    path = within(request, f"{frames.preferred(request)}/cases")
    headers = {**view.NOT_KEPT, "Vary": "Cookie, Accept-Language"}
    return RedirectResponse(path, 303, headers=headers)


@router.get("/help/{language}/cases")
async def own_cases(
    request: Request,
    shared: Shared,
    language: str,
    page: Number = 1,
    out: Annotated[str | None, Query(max_length=1)] = None,
    again: Annotated[str | None, Query(max_length=1)] = None,
) -> Response:
    """Show the cases of who is signed in; anybody else is asked for their address."""
    edge.limit_network(request, shared)
    frames.known(language)
    said = view.words()[language]
    customer = await customers.customer_of(request, shared)
    if customer is None or again is not None:
        return await sign_in_pages.door(
            request, shared, language, done=said["out_done"] if out is not None else ""
        )
    async with shared.db.snapshot() as c:
        rows, more = await queries.cases(c, customer.contact_id, page=page)
        zone = await view.zone(c)
        return await view.show(
            request,
            c,
            language,
            "list.html",
            title=said["cases"],
            customer=customer,
            cases=[_told(row, language, zone) for row in rows],
            number=page,
            more=more,
        )


@router.api_route("/help/{language}/cases/files/{attachment_id}", methods=["GET", "HEAD"])
async def own_file(request: Request, shared: Shared, language: str, attachment_id: UUID) -> Response:
    """Send a file that was said in one of the contact's own cases, as a download whatever it is."""
    edge.limit_network(request, shared)
    frames.known(language)
    customer = await customers.customer_of(request, shared)
    if customer is None:
        return view.go(request, language)
    async with shared.db.connect() as c:
        row = await queries.file(c, customer.contact_id, attachment_id)
    if row is None:
        raise NotFound("There is no such file.")
    found = await serving.send(shared, request, row, show=False)
    found.headers["Cache-Control"] = "private, no-store"
    return found


@router.get("/help/{language}/cases/{number}")
async def own_case(
    request: Request,
    shared: Shared,
    language: str,
    number: int,
    before: UUID | None = None,
    done: Annotated[str, Query(pattern="^(answered|closed|reopened)?$")] = "",
) -> Response:
    """Show one case with all that was said in it, from any channel, and what can be done."""
    edge.limit_network(request, shared)
    frames.known(language)
    customer = await customers.customer_of(request, shared)
    if customer is None:
        return view.go(request, language)
    said = view.words()[language]
    told = said[f"said_{done}"] if done else ""
    return await case_page(request, shared, language, customer, number, before=before, done=told)


@router.get("/help/{language}/cases/{number}/answer")
@router.get("/help/{language}/cases/{number}/solved")
@router.get("/help/{language}/cases/{number}/reopen")
async def back(request: Request, shared: Shared, language: str, number: int) -> Response:
    """Lead to the case whose form somebody opened by its address: it stood there after a refusal."""
    edge.limit_network(request, shared)
    return view.go(request, frames.known(language), f"/{number}")


async def own(c: AsyncConnection, customer: Customer, number: int) -> dict[str, Any]:
    """Return a case of this contact; raises `NotFound` for any other, as if there were none."""
    found = await queries.case(c, customer.contact_id, number) if 0 < number <= _MAX_NUMBER else None
    if found is None:
        raise NotFound("There is no such case.")
    return found


async def case_page(
    request: Request,
    shared: Services,
    language: str,
    customer: Customer,
    number: int,
    *,
    before: UUID | None = None,
    status: int = 200,
    once: str = "",
    **values: Any,
) -> Response:
    """Show one of the contact's cases; with what they wrote and why it was not taken, when it was not."""
    said = view.words()[language]
    async with shared.db.snapshot() as c:
        found = await own(c, customer, number)
        messages, more = await queries.talk(c, customer.contact_id, found["id"], before)
        zone = await view.zone(c)
        channels = {one["kind"]: one["name"] for one in await service.channels_of(c, language)}
        shown, cut = _fitting(messages)
        title = said["case_of"].format(found["number"])
        return await view.show(
            request,
            c,
            language,
            "case.html",
            title=f"{title}: {found['title']}" if found["title"] else title,
            below=f"/{found['number']}",
            customer=customer,
            status=status,
            case=_told(found, language, zone),
            wait=await matter_page.standing(shared, c, found["id"], language, zone),
            messages=[_message(one, language, zone, channels) for one in shown],
            earlier=str(shown[0]["id"]) if shown and (more or cut) else "",
            older_shown=before is not None,
            takes=await talk.takes(c, found, customer),
            reopens=found["status"] in ("resolved", "closed"),
            owner=await _owner(shared, c, found["id"]),
            once=once or new_id().hex,
            megabytes=MEGABYTES,
            accept=",".join(f".{one}" for one in (*ALLOWED, "jpeg")),
            **{"text": "", **values},
        )


def _fitting(messages: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
    """Return the newest messages that one page holds, at least one, and whether any were left out."""
    left, fitting = TALK_BYTES, list[dict[str, Any]]()
    for message in reversed(messages):
        size = len(str(message["text"]).encode()) + 400
        if size > left and fitting:
            break
        text = str(message["text"]).encode()[:TALK_BYTES].decode(errors="ignore")
        fitting.insert(0, {**message, "text": text, "cut": text != message["text"]})
        left -= size
    return fitting, len(fitting) < len(messages)


def _told(case: Mapping[str, Any], language: str, zone: ZoneInfo) -> dict[str, Any]:
    said = view.words()[language]
    due = case["promised_at"] and case["promised_at"].astimezone(zone)
    is_open = case["status"] in ("open", "waiting")
    promised = (
        said["promised"].format(day=say_date(due.date(), language), time=f"{due:%H:%M}")
        if due and is_open
        else ""
    )
    return {
        **case,
        "promised": promised,
        "updated": say_day(case["updated_at"].astimezone(zone).date(), language),
    }


def _message(
    message: Mapping[str, Any], language: str, zone: ZoneInfo, channels: Mapping[str, str]
) -> dict[str, Any]:
    at = datetime.fromisoformat(str(message["at"])).astimezone(zone)
    author = str(message["author"] or "").split(" ")[0]
    return {
        **message,
        "author": author,
        "at": f"{say_day(at.date(), language)}, {at:%H:%M}",
        "channel": channels.get(message["channel"], message["channel"]),
    }


async def _owner(shared: Services, c: AsyncConnection, case_id: UUID) -> dict[str, str] | None:
    """Return to whom the matter may be taken, and the page on which that is done."""
    found = await doors.way(c, case_id)
    if found is None:
        return None
    path = case_links.url(shared, case_id, now()).removeprefix(shared.public.url.rstrip("/"))
    return {"name": str(found["owner_name"]), "thing": str(found["name"]), "url": path}
