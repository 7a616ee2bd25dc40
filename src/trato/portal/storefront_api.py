"""What the page of a shop tells through the widget: where its visitor is, and that an order is complete."""

from time import monotonic
from typing import Any, Final

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import throttle
from trato.access.edge import client_ip, public
from trato.brands import service as brands
from trato.brands.service import AccountRecord
from trato.db.edge import Shared
from trato.kit.clock import now
from trato.kit.errors import NotFound
from trato.portal import edge, queries, sessions
from trato.portal.edge import Visiting, portal_of
from trato.portal.limits import Rate
from trato.portal.service import running
from trato.storefront import schemas, service

router = APIRouter(prefix="/visitor", tags=["visitor"], dependencies=[public()])

# A page tells where it is when that changes.
PLACES: Final = Rate("places", burst=30, per_s=0.5)
# An order is told once by its page; a mobile network stands before many customers.
ORDERS: Final = Rate("orders", burst=60, per_s=0.5)


@router.put("/context", status_code=204)
async def place(visit: Visiting, shared: Shared, body: schemas.ContextBody) -> None:
    """Keep where the visitor is on the site, beside their running conversation; 409 before they wrote."""
    portal_of(shared).limiter.take(PLACES, visit.guest.sender, monotonic())
    told = body.context.model_dump(mode="json", exclude_defaults=True)
    async with shared.db.begin() as c:
        conversation_id = await running(c, visit.guest)
        fresh = await service.place(c, conversation_id, told, body.page, now(), actor=visit.guest.actor)
    if fresh:
        shared.wake.ring("events")


@router.post("/orders", response_model=schemas.OrderTaken)
async def order(request: Request, shared: Shared, body: schemas.OrderBody) -> Any:
    """Count an order that the site's page tells, once by its number; with a visitor's token also the help.

    Only a page of a site that the account lists may tell one: a request without `Origin` is refused too.
    """
    edge.limit_network(request, shared)
    portal_of(shared).limiter.take(ORDERS, throttle.network(client_ip(request)), monotonic())
    async with shared.db.connect() as c:
        record = await brands.account_by_public_key(c, body.account)
    if not record.enabled or not record.connector.capabilities.visitors:
        raise NotFound("There is no such account.", todo="Check the key in the page's script tag.")
    if edge.check_origin(request, record) is None:
        raise edge.OriginRefused(
            "Only a page of the site may tell an order.", todo="Call it from the page, in the browser."
        )
    async with shared.db.begin() as c:
        fresh = await service.take_order(
            shared,
            c,
            record.id,
            number=body.number,
            total=body.total,
            currency=body.currency,
            keys=await _keys(c, request, record),
            searched_at=body.searched_at,
            at=now(),
        )
    if fresh:
        shared.wake.ring("events")
    return {"state": "counted" if fresh else "known"}


async def _keys(c: AsyncConnection, request: Request, record: AccountRecord) -> list[str]:
    """Return the names of the visitor's conversations; none where nobody says who they are."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return []
    opened = await sessions.resume(c, record, token.strip(), now())
    if opened is None:
        return []
    return [name.removeprefix("visitor:") for name in await queries.actors(c, opened.guest)]
