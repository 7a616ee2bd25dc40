"""Who may do what, in one place: every route declares its requirement, and this checks it.

A route says `caller: Annotated[Caller, require("supervisor", "users:read")]`, or `public()` among its
dependencies. A test walks all routes of the app and fails for one that declares nothing.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant

from trato.access import api_keys, cookies, idempotency, queries, sessions
from trato.access.errors import ConfirmIdentity, ForeignOrigin
from trato.access.guard.hosts import is_loopback_name, split_host
from trato.access.guard.proxies import RELAYED
from trato.access.passkeys import RelyingParty
from trato.access.ports import EXTRA, Ports
from trato.access.roles import SCOPES, Role, RoleName
from trato.access.sign_in import Client
from trato.access.users import Author
from trato.db.edge import Services, services
from trato.kit import clock
from trato.kit.errors import Invalid, NotAllowed, NotSignedIn

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Changes that outlive a stolen session need a proof not older than this.
RECENT = timedelta(minutes=60)
NO_ORIGIN = "invalid:"  # what no browser sends


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a signed-in user, or an API key that acts for the user who made it."""

    user_id: UUID
    agent_id: UUID | None
    role: Role
    name: str
    language: str
    ip: str | None
    session_id: UUID | None = None
    csrf: str = ""
    recent: bool = False  # showed who they are not long ago
    key_id: UUID | None = None
    scopes: frozenset[str] = frozenset()

    @property
    def actor(self) -> str:
        """Return the caller as events and the audit log name them."""
        return f"key:{self.key_id}" if self.key_id is not None else f"user:{self.user_id}"

    @property
    def author(self) -> Author:
        """Return the caller as the author of a change."""
        return Author(self.actor, self.ip)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a route asks of its caller; as a dependency it returns the caller or refuses.

    `scopes` open the route to API keys that have all of them; without one it is for signed-in people only.
    """

    role: Role
    scopes: frozenset[str] = frozenset()
    recent: bool = False

    async def __call__(self, request: Request, shared: Annotated[Services, Depends(services)]) -> Caller:
        """Return the caller.

        Raises `NotSignedIn`, `NotAllowed`, `ForeignOrigin`, `ConfirmIdentity`; `Invalid` for a query.
        """
        caller = await identify(request, shared)
        if caller is None:
            raise NotSignedIn("You are not signed in.", todo="Sign in and try again.")
        if caller.session_id is not None:
            check_same_site(request, csrf=caller.csrf)
        elif not self.scopes or not self.scopes <= caller.scopes:
            raise NotAllowed("This API key does not have the scope that is needed.")
        if caller.role < self.role:
            raise NotAllowed("Your role does not allow this.", todo="Ask an administrator.")
        if self.recent and not caller.recent:
            raise ConfirmIdentity
        check_query(request)
        await _claim(request, shared, caller)
        return caller


@dataclass(frozen=True, slots=True)
class Public:
    """Declares that anybody may call a route.

    `own_pages`: browsers may call it from our own pages only, for sign-in and what leads to it.
    """

    own_pages: bool = False

    async def __call__(self, request: Request) -> None:
        """Raise `ForeignOrigin` when another site's page calls a route of our own pages."""
        if self.own_pages:
            check_same_site(request, csrf=None)


def require(role: RoleName, *scopes: str, recent: bool = False) -> Any:
    """Return the dependency for callers of at least this role, and for keys with all `scopes` when given.

    An answer that carries several kinds of things names the scope of each.
    """
    if unknown := set(scopes) - SCOPES.keys():
        message = f"not in the list of scopes: {unknown}"
        raise ValueError(message)
    return Depends(Requirement(Role.named(role), frozenset(scopes), recent))


def public(*, own_pages: bool = False) -> Any:
    """Return the dependency that declares a route public."""
    return Depends(Public(own_pages))


Agent = Annotated[Caller, require("agent")]
Supervisor = Annotated[Caller, require("supervisor")]
Administrator = Annotated[Caller, require("administrator")]


def declared(dependant: Dependant) -> Iterator[Requirement | Public]:
    """Yield what a route's dependencies declare, for the test that walks all routes."""
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, (Requirement, Public)):
            yield dependency.call
        yield from declared(dependency)


async def identify(request: Request, shared: Services) -> Caller | None:
    """Return who asks, None for nobody. A request with an API key is never taken for its browser's user."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return await _by_key(request, shared, authorization)
    token = cookies.only(request, cookies.SESSION)
    if token is None:
        return None
    async with shared.db.begin() as c:
        now = clock.now()
        found = await sessions.find(c, token, now=now)
    if found is None:
        return None
    if found.new_token is not None:
        request.state.new_session_token = found.new_token
    caller = Caller(
        user_id=found.user_id,
        agent_id=found.agent_id,
        role=Role.named(found.role),
        name=found.name,
        language=found.language,
        ip=client_ip(request),
        session_id=found.id,
        csrf=found.csrf,
        recent=found.proved_at + RECENT > now,
    )
    request.state.actor = caller.actor
    return caller


async def _by_key(request: Request, shared: Services, authorization: str) -> Caller | None:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.startswith("trato_"):
        return None
    async with shared.db.begin() as c:
        found = await api_keys.find(c, token.strip(), now=clock.now())
    if found is None:
        return None
    caller = Caller(
        user_id=found.user_id,
        agent_id=found.agent_id,
        role=Role.named(found.role),
        name=found.name,
        language=found.language,
        ip=client_ip(request),
        key_id=found.id,
        scopes=found.scopes,
    )
    request.state.actor = caller.actor
    return caller


async def still_allowed(caller: Caller, shared: Services) -> bool:
    """Say whether a caller may go on: streams ask it now and then, since they outlive the first check."""
    async with shared.db.connect() as c:
        now = clock.now()
        if caller.session_id is not None:
            return await sessions.alive(c, caller.session_id, now=now)
        return caller.key_id is not None and await api_keys.alive(c, caller.key_id, now=now)


async def _claim(request: Request, shared: Services, caller: Caller) -> None:
    """Claim a POST that names an Idempotency-Key; `guard.answers` keeps what is answered."""
    key = request.headers.get(idempotency.HEADER)
    if key is None or request.method != "POST" or hasattr(request.state, "claim"):
        return
    if request.headers.get("content-type", "").startswith("multipart/"):
        return  # a file is its own key: storing it twice is harmless
    body = await request.body()
    async with shared.db.begin() as c:
        request.state.claim = await idempotency.claim(
            c,
            shared.secrets,
            caller=caller.actor,
            route=str(request.url.path) + "?" + request.url.query,
            key=key,
            body=body,
            now=clock.now(),
        )


def check_query(request: Request) -> None:
    """Refuse a question with a parameter that the route does not know, so that a typing error is told.

    Raises `Invalid`.
    """
    dependant = getattr(request.scope.get("route"), "dependant", None)
    if not request.query_params or dependant is None:
        return
    known = set(_query_names(dependant))
    for name in request.query_params:
        if name not in known:
            raise Invalid(
                "This parameter is not known here.",
                todo="Look at the description of the API for the parameters of this route.",
                field=name[:100],
            )


def _query_names(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _query_names(inner)


def check_same_site(request: Request, *, csrf: str | None) -> None:
    """Refuse an unsafe request that a foreign page may have caused; raises `ForeignOrigin`.

    Three independent signs: Sec-Fetch-Site (Fetch Metadata), Origin (RFC 6454), and the session's token in
    a header that foreign pages cannot set. `csrf=None`: there is no session yet, so no token.
    """
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForeignOrigin
    said = request.headers.get("origin")
    if said is not None and said.lower() not in own_origins(request):
        raise ForeignOrigin
    if csrf is not None:
        given = request.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(given.encode(), csrf.encode()):
            raise ForeignOrigin


def own_origins(request: Request) -> frozenset[str]:
    """Return the origins of our own pages: the public one, and the one that this request came to."""
    shared: Services = request.app.state.services
    return frozenset({origin_of(shared.public.url), request_origin(request)})


def origin_of(url: str) -> str:
    """Return the origin of a URL as browsers write it: without default port, in lower case."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return NO_ORIGIN
    default = {"http": 80, "https": 443}.get(parts.scheme)
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port not in (None, default) else "")


def request_origin(request: Request) -> str:
    """Return the origin that the browser asked, as the guard for proxies has resolved it."""
    return origin_of(f"{request.scope['scheme']}://{request.headers.get('host', '')}")


def relying_party(request: Request) -> RelyingParty:
    """Return for whom passkeys are valid: the public site, or this machine's own name for itself.

    Raises `Conflict` when the site is known by a numeric address only.
    """
    if is_loopback_name(split_host(request.scope)):
        return RelyingParty.of(request_origin(request))
    shared: Services = request.app.state.services
    return RelyingParty.of(origin_of(shared.public.url))


def client_ip(request: Request) -> str | None:
    """Return the client's address, as the guard for proxies has resolved it."""
    return request.client.host if request.client is not None else None


def relayed(request: Request) -> bool:
    """Say whether a proxy that is not trusted handed this request on, so that `client_ip` is only its own."""
    return bool(getattr(request.state, RELAYED, False))


def client(request: Request) -> Client:
    """Return where a sign-in comes from."""
    return Client(
        ip=client_ip(request),
        user_agent=request.headers.get("user-agent"),
        device=cookies.only(request, cookies.DEVICE),
        session_token=cookies.only(request, cookies.SESSION),
    )


def ports(shared: Annotated[Services, Depends(services)]) -> Ports:
    """Return what the layers above gave to access."""
    found: Ports = shared.extras.get(EXTRA, Ports())
    return found


async def session_view(shared: Services, given: Ports, user_id: UUID, csrf: str) -> dict[str, Any]:
    """Return the body that says who is signed in."""
    async with shared.db.connect() as c:
        user = await queries.user(c, user_id)
        agent = await queries.agent(c, user["agent_id"]) if user["agent_id"] is not None else None
        organisation = await given.organisation(c) if given.organisation is not None else None
    return {
        "user": user,
        "agent": agent,
        "organisation": organisation,
        "csrf": csrf,
        "set_up": True,
        "language": user["language"],
    }
