"""Passkeys (WebAuthn Level 3): created by a signed-in user, enough by themselves to sign in."""

import json
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from trato.access import audit, challenges, queries, tables
from trato.access.errors import WrongCredentials
from trato.access.users import Author
from trato.kit.errors import Conflict, Invalid, NotFound
from trato.kit.ids import new_id
from trato.kit.secret_box import SecretBox

NAME = "Trato"


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """For whom a passkey is valid: a domain, and the one origin that may use it."""

    id: str
    origin: str

    @classmethod
    def of(cls, origin: str) -> "RelyingParty":
        """Return the relying party of an origin; raises `Conflict` for an address instead of a name."""
        host = urlsplit(origin).hostname or ""
        try:
            ip_address(host)
        except ValueError:
            return cls(host, origin)
        raise Conflict(
            "Passkeys need a site with a name, not a numeric address.",
            todo="Open the desk by its name, such as localhost.",
        )


async def creation(
    c: AsyncConnection, secrets: SecretBox, party: RelyingParty, user_id: UUID, *, now: datetime
) -> dict[str, Any]:
    """Start to create a passkey; returns its challenge's token and the browser's options."""
    row = await queries.user_row(c, user_id)
    key = tables.passkey
    known = await c.scalars(select(key.c.credential_id).where(key.c.user_id == user_id))
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=NAME,
        user_id=user_id.bytes,
        user_name=row.email,
        user_display_name=row.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=credential) for credential in known],
    )
    token = await challenges.create(
        c, secrets, "passkey-creation", user_id=user_id, value=options.challenge, now=now
    )
    return {"challenge": token, "options": json.loads(webauthn.options_to_json(options))}


async def create(
    c: AsyncConnection,
    secrets: SecretBox,
    party: RelyingParty,
    author: Author,
    user_id: UUID,
    *,
    challenge: str,
    credential: dict[str, Any],
    name: str,
    now: datetime,
) -> dict[str, Any]:
    """Keep a passkey that the browser made for our challenge; raises `Invalid` for any other."""
    asked = await challenges.take(c, secrets, "passkey-creation", challenge, now=now)
    if asked is None or asked.user_id != user_id:
        raise Invalid("The creation of the passkey took too long.", todo="Start it again.")
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=asked.value,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Invalid("The browser's passkey could not be verified.", todo="Start it again.") from error
    key = tables.passkey
    row = (
        await c.execute(
            upsert(key)
            .values(
                id=new_id(),
                user_id=user_id,
                credential_id=made.credential_id,
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                name=name,
            )
            .on_conflict_do_nothing(index_elements=[key.c.credential_id])
            .returning(key)
        )
    ).one_or_none()
    if row is None:
        raise Conflict("That passkey is known already.")
    await audit.record(c, author.actor, "passkey.created", f"user:{user_id}", {"name": name}, author.ip)
    return view(row)


async def request(
    c: AsyncConnection, secrets: SecretBox, party: RelyingParty, *, now: datetime
) -> dict[str, Any]:
    """Start to sign in with a passkey; no user is named, so nothing can be learned about any."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id, user_verification=UserVerificationRequirement.REQUIRED
    )
    token = await challenges.create(
        c, secrets, "passkey-sign-in", user_id=None, value=options.challenge, now=now
    )
    return {"challenge": token, "options": json.loads(webauthn.options_to_json(options))}


async def prove(
    c: AsyncConnection,
    party: RelyingParty,
    *,
    expected: bytes,
    credential: dict[str, Any],
    now: datetime,
) -> UUID:
    """Return the user whose passkey signed the expected challenge; raises `WrongCredentials`.

    A counter that does not grow reveals a copied authenticator (WebAuthn Level 3, section 6.1.1).
    """
    key, user = tables.passkey, tables.user
    try:
        credential_id = base64url_to_bytes(str(credential["id"]))
        handle = credential["response"].get("userHandle")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WrongCredentials from error
    row = (
        await c.execute(
            select(key)
            .join(user, user.c.id == key.c.user_id)
            .where(key.c.credential_id == credential_id, user.c.active)
            .with_for_update(of=key)
        )
    ).one_or_none()
    if row is None:
        raise WrongCredentials
    try:
        if handle is not None and base64url_to_bytes(str(handle)) != row.user_id.bytes:
            raise WrongCredentials
        signed = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=expected,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise WrongCredentials from error
    await c.execute(
        update(key).where(key.c.id == row.id).values(sign_count=signed.new_sign_count, last_used_at=now)
    )
    return UUID(str(row.user_id))


async def of_user(c: AsyncConnection, user_id: UUID) -> list[dict[str, Any]]:
    """Return a user's passkeys, the oldest first."""
    key = tables.passkey
    rows = await c.execute(select(key).where(key.c.user_id == user_id).order_by(key.c.id))
    return [view(row) for row in rows]


async def remove(c: AsyncConnection, author: Author, user_id: UUID, passkey_id: UUID) -> None:
    """Forget a passkey of this user; raises `NotFound`."""
    key = tables.passkey
    gone = await c.execute(delete(key).where(key.c.id == passkey_id, key.c.user_id == user_id))
    if not gone.rowcount:
        raise NotFound("That passkey does not exist.")
    await audit.record(c, author.actor, "passkey.removed", f"user:{user_id}", ip=author.ip)


def view(row: Any) -> dict[str, Any]:
    """Return what may be shown of a passkey."""
    return {
        "id": row.id,
        "name": row.name,
        "created_at": row.created_at,
        "last_used_at": row.last_used_at,
    }
