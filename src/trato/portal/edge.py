"""What every request of a visitor passes: the account's origins, the session, and how much one may ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Annotated

from fastapi import Depends, Request

from trato.access import throttle
from trato.access.edge import client_ip, origin_of, own_origins
from trato.access.throttle import Limit
from trato.brands import service as brands
from trato.brands.service import AccountRecord
from trato.db.edge import Services, services
from trato.kit.clock import now
from trato.kit.errors import NotAllowed, NotFound, TooMany
from trato.portal import sessions
from trato.portal.limits import Limiter, Rate
from trato.portal.queries import Guest

EXTRA = "portal"  # its place in `Services.extras`
MAX_STREAMS = 8  # open at once by one visitor; a browser opens one

REQUESTS = Rate("requests", burst=60, per_s=5)
NETWORK = Rate("network", burst=600, per_s=50)  # an office or a mobile network behind one address
MESSAGES = Rate("messages", burst=20, per_s=0.5)
UPLOADS = Rate("uploads", burst=10, per_s=0.1)


class OriginRefused(NotAllowed):
    """A page asks from a site that the account does not list."""

    kind = "origin-not-allowed"


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a visitor whose session and origin were checked."""

    guest: Guest
    record: AccountRecord
    token: str


class Portal:
    """What the portal keeps in the memory of this process."""

    def __init__(self) -> None:
        self.limiter = Limiter()
        self._streams: dict[str, int] = {}

    @contextmanager
    def stream_of(self, who: str) -> Iterator[None]:
        """Count an open stream; raises `TooMany` when this visitor has enough."""
        if self._streams.get(who, 0) >= MAX_STREAMS:
            raise TooMany("There are too many streams open.", retry_after_s=5)
        self._streams[who] = self._streams.get(who, 0) + 1
        try:
            yield
        finally:
            self._streams[who] -= 1
            if not self._streams[who]:
                del self._streams[who]


def portal_of(shared: Services) -> Portal:
    """Return this process's portal, made on first use."""
    found: Portal = shared.extras.setdefault(EXTRA, Portal())
    return found


def check_origin(request: Request, record: AccountRecord) -> str | None:
    """Return the origin of the page that asks; raises `OriginRefused` for a site that is not listed.

    No Origin header: no foreign page (RFC 6454, Fetch), so there is nothing to refuse.
    """
    origin = request.headers.get("origin")
    if origin is None:
        return None
    allowed = {origin_of(str(listed)) for listed in record.settings.get("origins") or ()}
    if origin.lower() not in allowed | own_origins(request):
        raise OriginRefused(
            "This site may not use this account.", todo="Add its origin to the channel's settings."
        )
    return origin


def limit_network(request: Request, shared: Services) -> str:
    """Take one request from the network's bucket and return the network's name."""
    name = throttle.network(client_ip(request))
    portal_of(shared).limiter.take(NETWORK, name, monotonic())
    return name


async def count(shared: Services, limit: Limit, *of: str) -> None:
    """Count a try against a limit that all processes share; raises `TooMany`."""
    async with shared.db.begin() as c:
        await throttle.hit(c, limit, *of, now=now())


async def visiting(request: Request, shared: Annotated[Services, Depends(services)]) -> Visit:
    """Return who asks; raises `NotSignedIn`, `OriginRefused`, `NotFound` or `TooMany`."""
    limit_network(request, shared)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    given = token.strip() if scheme.lower() == "bearer" else None
    async with shared.db.connect() as c:
        guest = await sessions.recognised(c, given, now())
        record = await brands.get_account(c, guest.account_id)
    if not record.enabled:
        raise NotFound("There is no such account.")
    check_origin(request, record)
    portal_of(shared).limiter.take(REQUESTS, guest.sender, monotonic())
    return Visit(guest, record, given or "")


Visiting = Annotated[Visit, Depends(visiting)]
