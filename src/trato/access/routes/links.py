"""What one-time links open: another password, an invitation."""

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response

from trato.access import links, queries, schemas, service, sign_in, throttle, users, views
from trato.access.edge import client, client_ip, ports, public
from trato.access.ports import Ports
from trato.access.routes.session import signed_in
from trato.db.edge import TOPICS, Services, Shared, Tx
from trato.kit import clock
from trato.kit.errors import Conflict

router = APIRouter(tags=["links"])
GivenPorts = Annotated[Ports, Depends(ports)]


@router.get("/links/{token}", response_model=views.OneTimeLink, dependencies=[public()])
async def look(token: str, request: Request, shared: Shared) -> dict[str, Any]:
    """Say what a link is for and for whom, without using it."""
    now = clock.now()
    async with shared.db.begin() as c:
        await throttle.hit(c, sign_in.LINKS, throttle.network(client_ip(request)), now=now)
    async with shared.db.connect() as c:
        link = await links.look(c, token, now=now)
        row = await queries.user_row(c, link.user_id) if link.user_id is not None else None
    return {
        "purpose": link.purpose,
        "email": row.email if row is not None else None,
        "name": row.name if row is not None else None,
    }


@router.post(
    "/password/forgot",
    status_code=202,
    response_model=views.Nothing,
    dependencies=[public(own_pages=True)],
)
async def forgot(
    body: schemas.Forgotten, request: Request, shared: Shared, given: GivenPorts, later: BackgroundTasks
) -> dict[str, Any]:
    """Mail a link when there is such a user; the answer and its time are the same when there is none.

    An installation that names no account for such mails says so, whoever asks.
    """
    async with shared.db.begin() as c:
        await throttle.hit(c, sign_in.LINKS, throttle.network(client_ip(request)), now=clock.now())
    async with shared.db.connect() as c:
        if given.mail is None or not await given.mail.able(c):
            raise Conflict(
                "Nothing can be sent: no account for the system's own mail has been named here.",
                todo="Ask an administrator for a link; on the server itself: trato users link ADDRESS.",
            )
    later.add_task(_send_reset, shared, given, body.email)
    return {}


@router.post("/password/reset", status_code=204, dependencies=[public(own_pages=True)])
async def reset(body: schemas.NewPassword, request: Request, tx: Tx, given: GivenPorts) -> None:
    """Choose another password; ends all sessions and does not open one."""
    await service.reset_password(tx, given, body.token, body.password, ip=client_ip(request), now=clock.now())


@router.post("/invitations/accept", response_model=views.SessionView, dependencies=[public(own_pages=True)])
async def accept(
    body: schemas.Acceptance, request: Request, response: Response, shared: Shared, given: GivenPorts
) -> dict[str, Any]:
    """Choose name and password with an invitation; opens a session."""
    now = clock.now()
    async with shared.db.begin() as c:
        user_id = await users.accept(
            c,
            given,
            token=body.token,
            name=body.name,
            password=body.password,
            language=body.language,
            ip=client_ip(request),
            now=now,
        )
        outcome = await sign_in.open_session(c, shared, client(request), user_id, strong=False, now=now)
    shared.wake.ring(*TOPICS)
    return await signed_in(shared, given, response, outcome)


async def _send_reset(shared: Services, given: Ports, email: str) -> None:
    async with shared.db.begin() as c:
        await service.send_reset(c, given, shared.public.url, email, now=clock.now())
    shared.wake.ring(*TOPICS)
