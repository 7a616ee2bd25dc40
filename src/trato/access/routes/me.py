"""One's own account: name, password, second factor, passkeys."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from trato.access import (
    audit,
    passkeys,
    passwords,
    queries,
    schemas,
    second_factor,
    sessions,
    sign_in,
    users,
    views,
)
from trato.access.edge import Agent, Caller, ports, relying_party, require
from trato.access.errors import ConfirmIdentity
from trato.access.ports import Ports
from trato.db.edge import TOPICS, Read, Shared, Tx
from trato.kit import clock

router = APIRouter(prefix="/me", tags=["me"])
GivenPorts = Annotated[Ports, Depends(ports)]
RecentAgent = Annotated[Caller, require("agent", recent=True)]
ISSUER = "Trato"


@router.patch("", response_model=views.UserView)
async def change(body: schemas.OwnChange, caller: Agent, tx: Tx, given: GivenPorts) -> dict[str, Any]:
    """Change one's own name, language and signature."""
    return await users.change_own(
        tx,
        given,
        caller.author,
        caller.user_id,
        name=body.name,
        language=body.language,
        signature=body.signature,
    )


@router.put("/picture", response_model=views.AgentView)
async def picture(body: schemas.OwnPicture, caller: Agent, tx: Tx, given: GivenPorts) -> dict[str, Any]:
    """Change the picture that customers see of oneself."""
    return await users.change_picture(tx, given, caller.author, caller.user_id, body.picture)


@router.post("/password", status_code=204)
async def password(body: schemas.OwnPassword, caller: Agent, shared: Shared, given: GivenPorts) -> None:
    """Choose another password, knowing the present one; ends one's other sessions."""
    if caller.session_id is None:
        raise ConfirmIdentity
    now = clock.now()
    await sign_in.confirm(shared, caller.session_id, caller.user_id, body.current_password, now=now)
    async with shared.db.begin() as c:
        row = await queries.user_row(c, caller.user_id, lock=True)
        passwords.check_rules(body.password, email=row.email, name=row.name)
        hashed = await passwords.hash_password(body.password)
        await users.set_password(c, caller.user_id, hashed, now=now)
        await sessions.end_all(c, caller.user_id, but=caller.session_id)
        await audit.record(c, caller.actor, "password.changed", f"user:{caller.user_id}", ip=caller.ip)
        await users.announce(c, given, caller.author, caller.user_id)
    shared.wake.ring(*TOPICS)


@router.post("/totp", response_model=views.TotpView)
async def totp_begin(caller: RecentAgent, shared: Shared, tx: Tx) -> dict[str, str]:
    """Make a second factor to scan; it counts once a code of it was confirmed."""
    return await second_factor.begin(tx, shared.secrets, caller.user_id, issuer=ISSUER, now=clock.now())


@router.post("/totp/confirm", response_model=views.RecoveryCodes)
async def totp_confirm(body: schemas.TotpCode, caller: RecentAgent, shared: Shared, tx: Tx) -> dict[str, Any]:
    """Confirm the second factor with its first code; returns the recovery codes, shown once."""
    codes = await second_factor.confirm(
        tx, shared.secrets, caller.author, caller.user_id, body.code, now=clock.now()
    )
    return {"recovery_codes": codes}


@router.delete("/totp", status_code=204)
async def totp_remove(caller: RecentAgent, tx: Tx) -> None:
    """Take one's own second factor away."""
    await second_factor.remove(tx, caller.author, caller.user_id)


@router.get("/passkeys", response_model=views.PasskeyPage)
async def passkeys_of_mine(caller: Agent, read: Read) -> dict[str, Any]:
    """List one's own passkeys."""
    return {"items": await passkeys.of_user(read, caller.user_id)}


@router.post("/passkeys/options", response_model=views.CeremonyView)
async def passkey_begin(caller: RecentAgent, request: Request, shared: Shared, tx: Tx) -> dict[str, Any]:
    """Start to create a passkey."""
    return await passkeys.creation(
        tx, shared.secrets, relying_party(request), caller.user_id, now=clock.now()
    )


@router.post("/passkeys", status_code=201, response_model=views.PasskeyView)
async def passkey_create(
    body: schemas.PasskeyCreation, caller: RecentAgent, request: Request, shared: Shared, tx: Tx
) -> dict[str, Any]:
    """Keep the passkey that the browser made."""
    return await passkeys.create(
        tx,
        shared.secrets,
        relying_party(request),
        caller.author,
        caller.user_id,
        challenge=body.challenge,
        credential=body.credential,
        name=body.name,
        now=clock.now(),
    )


@router.delete("/passkeys/{passkey_id}", status_code=204)
async def passkey_remove(passkey_id: UUID, caller: RecentAgent, tx: Tx) -> None:
    """Forget one of one's own passkeys."""
    await passkeys.remove(tx, caller.author, caller.user_id, passkey_id)
