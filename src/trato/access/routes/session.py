"""Signing in and out, and the sessions that one has open."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from trato.access import passkeys, queries, schemas, sessions, sign_in, throttle, users, views
from trato.access.cookies import SESSION, only, set_signed_in, set_signed_out
from trato.access.edge import (
    Agent,
    client,
    client_ip,
    identify,
    ports,
    public,
    relying_party,
    session_view,
)
from trato.access.ports import Ports
from trato.access.sign_in import SecondFactor, SignedIn
from trato.db.edge import Read, Services, Shared, Tx
from trato.kit import clock
from trato.kit.errors import NotSignedIn

router = APIRouter(tags=["session"])
GivenPorts = Annotated[Ports, Depends(ports)]


@router.get("/session", response_model=views.SessionView, dependencies=[public()])
async def current(request: Request, shared: Shared, given: GivenPorts) -> dict[str, Any]:
    """Say who is signed in; the problem for nobody says whether this installation was set up."""
    caller = await identify(request, shared)
    if caller is None or caller.session_id is None:
        async with shared.db.connect() as c:
            request.state.set_up = await queries.is_set_up(c)
        raise NotSignedIn("You are not signed in.", todo="Sign in and try again.")
    return await session_view(shared, given, caller.user_id, caller.csrf)


@router.post(
    "/session",
    response_model=views.SessionView | views.SecondFactorView,
    dependencies=[public(own_pages=True)],
)
async def start(
    body: schemas.SignIn, request: Request, response: Response, shared: Shared, given: GivenPorts
) -> dict[str, Any]:
    """Sign in with address and password, or learn which second factor is asked."""
    outcome = await sign_in.by_password(shared, client(request), body.email, body.password, now=clock.now())
    if isinstance(outcome, SecondFactor):
        return {"second_factor": outcome.factors, "challenge": outcome.challenge}
    return await signed_in(shared, given, response, outcome)


@router.post("/session/totp", response_model=views.SessionView, dependencies=[public(own_pages=True)])
async def second_step(
    body: schemas.SecondFactorCode, request: Request, response: Response, shared: Shared, given: GivenPorts
) -> dict[str, Any]:
    """Finish a sign-in with a code of the second factor, or one recovery code."""
    outcome = await sign_in.by_code(shared, client(request), body.challenge, body.code, now=clock.now())
    return await signed_in(shared, given, response, outcome)


@router.post(
    "/session/passkey/options", response_model=views.CeremonyView, dependencies=[public(own_pages=True)]
)
async def passkey_options(
    body: schemas.PasskeyRequest, request: Request, shared: Shared, tx: Tx
) -> dict[str, Any]:
    """Start a sign-in by passkey; the browser offers those that it has for this site."""
    del body  # a passkey is enough by itself, also where it serves as second factor
    now = clock.now()
    await throttle.hit(tx, sign_in.CEREMONIES, throttle.network(client_ip(request)), now=now)
    return await passkeys.request(tx, shared.secrets, relying_party(request), now=now)


@router.post("/session/passkey", response_model=views.SessionView, dependencies=[public(own_pages=True)])
async def passkey(
    body: schemas.PasskeyProof, request: Request, response: Response, shared: Shared, given: GivenPorts
) -> dict[str, Any]:
    """Sign in with what the passkey signed."""
    outcome = await sign_in.by_passkey(
        shared,
        client(request),
        relying_party(request),
        challenge=body.challenge,
        credential=body.credential,
        now=clock.now(),
    )
    return await signed_in(shared, given, response, outcome)


@router.delete("/session", status_code=204)
async def sign_out(request: Request, response: Response, caller: Agent, tx: Tx) -> None:
    """End this session."""
    token = only(request, SESSION)
    if token is not None and caller.session_id is not None:
        await sessions.end(tx, caller.session_id)
    set_signed_out(response)


@router.post("/session/confirm", status_code=204)
async def confirm(body: schemas.Confirmation, caller: Agent, shared: Shared) -> None:
    """Show the password again, for changes that ask for a recent proof."""
    if caller.session_id is not None:
        await sign_in.confirm(shared, caller.session_id, caller.user_id, body.password, now=clock.now())


@router.get("/sessions", response_model=views.SessionPage)
async def every(caller: Agent, read: Read) -> dict[str, Any]:
    """List one's own open sessions."""
    items = await sessions.of_user(
        read, caller.user_id, current=caller.session_id or caller.user_id, now=clock.now()
    )
    return {"items": items}


@router.delete("/sessions/{session_id}", status_code=204)
async def end_one(session_id: UUID, caller: Agent, tx: Tx, given: GivenPorts) -> None:
    """End one of one's own sessions."""
    await sessions.end_one_of(tx, session_id, caller.user_id)
    await users.announce(tx, given, caller.author, caller.user_id)


@router.delete("/sessions", status_code=204)
async def end_others(caller: Agent, tx: Tx, given: GivenPorts) -> None:
    """End all of one's own sessions but this one."""
    await sessions.end_all(tx, caller.user_id, but=caller.session_id)
    await users.announce(tx, given, caller.author, caller.user_id)


async def signed_in(shared: Services, given: Ports, response: Response, outcome: SignedIn) -> dict[str, Any]:
    """Set the cookies of a new session and return its view."""
    set_signed_in(response, token=outcome.token, device=outcome.device)
    return await session_view(shared, given, outcome.user_id, outcome.csrf)
