"""Users, API keys and the audit log, for administrators."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from trato.access import api_keys, audit, links, queries, schemas, service, users, views
from trato.access.edge import Caller, ports, require
from trato.access.ports import Ports
from trato.access.roles import SCOPES, Role, RoleName
from trato.db.edge import Read, Shared, Tx
from trato.kit import clock
from trato.kit.errors import Invalid, NotAllowed
from trato.kit.paging import PAGE_MAX, Cursor, Limit, decode, number

router = APIRouter(tags=["administration"])
GivenPorts = Annotated[Ports, Depends(ports)]
ReadsUsers = Annotated[Caller, require("supervisor", "users:read")]
WritesUsers = Annotated[Caller, require("administrator", "users:write")]
# A key cannot make keys: whoever holds one can never widen or outlive it.
TakesOver = Annotated[Caller, require("administrator", recent=True)]
WritesKeys = Annotated[Caller, require("administrator", recent=True)]
SeesKeys = Annotated[Caller, require("administrator")]
ReadsAudit = Annotated[Caller, require("administrator", "audit:read")]


@router.post("/invitations", status_code=201, response_model=views.Invited)
async def invite(
    body: schemas.Invitation, caller: WritesUsers, shared: Shared, tx: Tx, given: GivenPorts
) -> dict[str, Any]:
    """Invite somebody; the link is mailed when an account for that is named, and returned to be copied."""
    _no_administrators_by_key(caller, body.role)
    language = body.language or caller.language
    user, token = await users.invite(
        tx,
        given,
        caller.author,
        email=body.email,
        name=body.name,
        role=Role.named(body.role),
        capacity=body.capacity,
        language=language,
        now=clock.now(),
    )
    link = links.url(shared.public.url, token)
    await service.send_invitation(
        tx, given, inviter=caller.name, email=user["email"], name=body.name, language=language, link=link
    )
    return {"user": user, "link": link}


@router.get("/users", response_model=views.UserPage)
async def every(caller: ReadsUsers, read: Read) -> dict[str, Any]:
    """List all users."""
    del caller
    return {"items": await queries.users(read)}


@router.patch("/users/{user_id}", response_model=views.UserView)
async def change(
    user_id: UUID, body: schemas.UserChange, caller: WritesUsers, tx: Tx, given: GivenPorts
) -> dict[str, Any]:
    """Change a user's role, name and capacity; another role ends their sessions."""
    _no_administrators_by_key(caller, body.role)
    return await users.change(
        tx,
        given,
        caller.author,
        user_id,
        role=Role.named(body.role) if body.role is not None else None,
        capacity=body.capacity,
        name=body.name,
    )


@router.post("/users/{user_id}/deactivate", response_model=views.UserView)
async def deactivate(
    user_id: UUID,
    caller: WritesUsers,
    tx: Tx,
    given: GivenPorts,
    body: schemas.Deactivation | None = None,
) -> dict[str, Any]:
    """End all that a user can do, and hand their open work over."""
    if user_id == caller.user_id:
        raise Invalid("Nobody can deactivate themselves.", todo="Ask another administrator.")
    return await users.deactivate(
        tx,
        given,
        caller.author,
        user_id,
        hand_over_to=body.hand_over_to if body is not None else None,
        now=clock.now(),
    )


@router.post("/users/{user_id}/activate", response_model=views.UserView)
async def activate(user_id: UUID, caller: WritesUsers, tx: Tx, given: GivenPorts) -> dict[str, Any]:
    """Let a user in again."""
    return await users.activate(tx, given, caller.author, user_id)


@router.post("/users/{user_id}/link", status_code=201, response_model=views.MadeLink)
async def new_link(user_id: UUID, caller: TakesOver, shared: Shared, tx: Tx) -> dict[str, Any]:
    """Make a link to hand to a user who cannot receive mail: the invitation again, or another password."""
    token = await users.link_for(tx, caller.author, user_id, now=clock.now())
    return {"link": links.url(shared.public.url, token)}


@router.get("/api-keys", response_model=views.KeyPage)
async def keys(caller: SeesKeys, read: Read) -> dict[str, Any]:
    """List the keys that are not revoked, and the scopes that a key may have."""
    del caller
    return {"items": await api_keys.every(read), "scopes": SCOPES}


@router.post("/api-keys", status_code=201, response_model=views.MadeKey)
async def create_key(body: schemas.NewKey, caller: WritesKeys, tx: Tx) -> dict[str, Any]:
    """Make a key; `token` is shown this once."""
    view, token = await api_keys.create(
        tx,
        name=body.name,
        scopes=body.scopes,
        created_by=caller.user_id,
        expires_at=body.expires_at,
        now=clock.now(),
    )
    await audit.record(
        tx, caller.actor, "key.created", f"key:{view['id']}", {"scopes": view["scopes"]}, caller.ip
    )
    return {**view, "token": token}


@router.delete("/api-keys/{key_id}", status_code=204)
async def revoke_key(key_id: UUID, caller: SeesKeys, tx: Tx, given: GivenPorts) -> None:
    """Revoke a key; it stops with its next request."""
    maker = await api_keys.revoke(tx, key_id, now=clock.now())
    await users.announce(tx, given, caller.author, maker)
    await audit.record(tx, caller.actor, "key.revoked", f"key:{key_id}", ip=caller.ip)


@router.get("/audit", response_model=views.AuditPage)
async def audit_log(
    caller: ReadsAudit,
    read: Read,
    cursor: Cursor = None,
    limit: Limit = PAGE_MAX,
    action: Annotated[str | None, Query(max_length=100)] = None,
    target: Annotated[str | None, Query(max_length=100)] = None,
) -> dict[str, Any]:
    """Read the audit log, the latest first."""
    del caller
    (before,) = decode(cursor, number)
    return await queries.audit_page(read, before=before, limit=limit, action=action, target=target)


def _no_administrators_by_key(caller: Caller, role: RoleName | None) -> None:
    """Refuse what would let the holder of a key become an administrator."""
    if caller.key_id is not None and role == "administrator":
        raise NotAllowed("Only an administrator who is signed in can make another one.")
