"""What the widget notices on a host page that opted in: that it fails, and nothing of its visitor."""

from time import monotonic
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from trato.access import throttle
from trato.access.edge import client_ip, public
from trato.brands import service as brands
from trato.db.edge import Shared
from trato.kit.clock import now
from trato.kit.errors import Invalid, NotFound
from trato.portal import edge
from trato.portal.edge import portal_of
from trato.portal.limits import Rate
from trato.trail import failures

router = APIRouter(prefix="/visitor", tags=["visitor"], dependencies=[public()])

# A page tells each of its failures once; an office behind one address sees it many times.
FAILURES: Final = Rate("failures", burst=60, per_s=0.5)

Address = Annotated[str, StringConstraints(max_length=4_000)]


class FailureBody(BaseModel):
    """A failure: where, of what kind, what failed; `visitor` is a number that the browser made up."""

    model_config = ConfigDict(extra="forbid")

    account: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    visitor: UUID
    page: Address
    kind: failures.Kind
    what: Address = ""
    detail: Annotated[int, Field(ge=0, le=10_000_000)] | None = None


@router.post("/failures", status_code=204)
async def failed(request: Request, shared: Shared, body: FailureBody) -> None:
    """Count it; several visitors who meet the same make a suspected incident. No address is kept."""
    edge.limit_network(request, shared)
    network = throttle.network(client_ip(request))
    portal_of(shared).limiter.take(FAILURES, network, monotonic())
    async with shared.db.connect() as c:
        record = await brands.account_by_public_key(c, body.account)
    if not record.enabled or not record.connector.capabilities.visitors:
        raise NotFound("There is no such account.", todo="Check the key in the page's script tag.")
    edge.check_origin(request, record)
    failure = failures.fit(body.page, body.kind, body.what, body.detail)
    if failure is None:
        raise Invalid("Which page is it?", field="page", todo="Give its address.")
    moment = now()
    who = failures.nameless(shared, moment, network, str(body.visitor))
    async with shared.db.begin() as c:
        told = await failures.note(
            c, record.id, failure, who, failures.nameless(shared, moment, network), moment
        )
    if told:
        shared.wake.ring("events")
