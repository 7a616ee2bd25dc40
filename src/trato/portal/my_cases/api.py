"""What the chat of a site asks for somebody whom that site has vouched for: the way to their own cases."""

from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter

from trato.access.edge import public
from trato.access.throttle import Limit
from trato.db.edge import Shared
from trato.kit.clock import now
from trato.kit.errors import NotAllowed
from trato.knowledge import help_centres
from trato.portal import edge, schemas, service
from trato.portal.edge import Visiting
from trato.portal.my_cases import sign_in
from trato.portal.recognition import external_address

router = APIRouter(prefix="/visitor", tags=["visitor"], dependencies=[public()])

_LINKS: Final = Limit("cases-links", 20, timedelta(hours=1))  # by visitor


@router.post("/cases-link", response_model=schemas.CasesLinkView, status_code=201)
async def cases_link(visit: Visiting, shared: Shared) -> Any:
    """Return a link to the visitor's own cases and to what is for customers alone: once, within two minutes.

    403 for a visitor without a proven identity.
    """
    if visit.guest.external_id is None:
        raise NotAllowed("Your site has not said who you are.", todo="Sign in there first.")
    await edge.count(shared, _LINKS, visit.guest.sender)
    address = external_address(visit.record.brand_id, visit.guest.external_id)
    at = now()
    async with shared.db.begin() as c:
        link = await sign_in.hand_over(c, shared.secrets, "external", address, at)
        home = await help_centres.home(c, shared.public.url, visit.record.brand_id)
    language = service.language_of(visit.guest.language or "")
    url = f"{home}/{language}/cases/link/{link}"
    return {"url": url, "expires_at": at + sign_in.HANDED_OVER_FOR}
