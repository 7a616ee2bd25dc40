"""Signing in: limits first, then the proof, then the session; each step commits by itself.

The steps are transactions of their own on purpose: an attempt counts although it fails, and the slow
work on the password holds no connection.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import (
    audit,
    challenges,
    devices,
    emails,
    passkeys,
    passwords,
    queries,
    second_factor,
    sessions,
    throttle,
    users,
)
from trato.access.errors import WrongCode, WrongCredentials
from trato.access.throttle import Limit
from trato.db.edge import Services

NETWORK = Limit("sign-in-network", 60, timedelta(minutes=15))
PAIR = Limit("sign-in-pair", 8, timedelta(minutes=15))
ACCOUNT = Limit("sign-in-account", 50, timedelta(hours=1))
DEVICE = Limit("sign-in-device", 12, timedelta(minutes=15))
CODES = Limit("sign-in-codes", 20, timedelta(hours=1))
CONFIRM = Limit("confirm", 10, timedelta(minutes=15))
CEREMONIES = Limit("ceremonies", 60, timedelta(minutes=15))
LINKS = Limit("links", 60, timedelta(minutes=15))

Factor = Literal["totp", "passkey"]


@dataclass(frozen=True, slots=True)
class Client:
    """Where an attempt comes from."""

    ip: str | None
    user_agent: str | None = None
    device: str | None = None  # the known-device cookie
    session_token: str | None = None  # a session that this sign-in replaces


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session was opened: the cookies to set."""

    user_id: UUID
    token: str
    csrf: str
    device: str


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """The password was right and more is asked."""

    factors: Sequence[Factor]
    challenge: str


async def by_password(
    shared: Services, client: Client, email: str, password: str, *, now: datetime
) -> SignedIn | SecondFactor:
    """Check address and password; raises `WrongCredentials` in the same time whatever is wrong."""
    limits = _limits(shared, client, email)
    async with shared.db.begin() as c:
        for limit, of in limits:
            await throttle.hit(c, limit, of, now=now)
    async with shared.db.connect() as c:
        row = await queries.user_by_email(c, email)
    usable = row is not None and row.active
    right, fresh = await passwords.verify(password, row.password_hash if row and usable else None)
    if not right or row is None:
        async with shared.db.begin() as c:
            await _note_failure(c, row, client)
        raise WrongCredentials
    async with shared.db.begin() as c:
        still = await queries.user_row(c, row.id, lock=True)
        if still.password_hash != row.password_hash or not still.active:
            raise WrongCredentials  # changed while we were checking the former one
        if fresh is not None:
            await users.set_password(c, row.id, fresh, now=now)
        if row.totp_secret is not None:
            factors: list[Factor] = ["totp", "passkey"] if row.passkeys else ["totp"]
            asked = await challenges.create(c, shared.secrets, "second-factor", user_id=row.id, now=now)
            return SecondFactor(factors, asked)
        await _forgive(c, limits)
        return await open_session(c, shared, client, row.id, strong=False, now=now)


async def by_code(shared: Services, client: Client, challenge: str, code: str, *, now: datetime) -> SignedIn:
    """Finish a sign-in with a code of the second factor or a recovery code; raises `WrongCode`."""
    async with shared.db.begin() as c:
        asked = await challenges.attempt(c, shared.secrets, "second-factor", challenge, now=now)
        if asked is not None:
            await throttle.hit(c, CODES, str(asked.user_id), now=now)
    if asked is None or asked.user_id is None:
        raise WrongCode
    async with shared.db.begin() as c:
        row = await queries.user_row(c, asked.user_id, lock=True)
        if row.active and await second_factor.prove(c, shared.secrets, row, code, ip=client.ip, now=now):
            taken = await challenges.take(c, shared.secrets, "second-factor", challenge, now=now)
            if taken is not None:
                await throttle.forget(c, CODES, str(row.id))
                await _forgive(c, _limits(shared, client, row.email))
                return await open_session(c, shared, client, row.id, strong=True, now=now)
        await audit.record(c, f"user:{row.id}", "sign_in.wrong_code", f"user:{row.id}", ip=client.ip)
    raise WrongCode


async def by_passkey(
    shared: Services,
    client: Client,
    party: passkeys.RelyingParty,
    *,
    challenge: str,
    credential: dict[str, Any],
    now: datetime,
) -> SignedIn:
    """Sign in whoever owns the passkey; the challenge is used up, right or wrong."""
    async with shared.db.begin() as c:
        await throttle.hit(c, NETWORK, throttle.network(client.ip), now=now)
        asked = await challenges.take(c, shared.secrets, "passkey-sign-in", challenge, now=now)
    if asked is None:
        raise WrongCredentials
    async with shared.db.begin() as c:
        user_id = await passkeys.prove(c, party, expected=asked.value, credential=credential, now=now)
        await throttle.refund(c, NETWORK, throttle.network(client.ip))
        return await open_session(c, shared, client, user_id, strong=True, now=now)


async def confirm(shared: Services, session_id: UUID, user_id: UUID, password: str, *, now: datetime) -> None:
    """Let a signed-in person show again who they are; raises `WrongCredentials`."""
    async with shared.db.begin() as c:
        await throttle.hit(c, CONFIRM, str(user_id), now=now)
        row = await queries.user_row(c, user_id)
    right, _ = await passwords.verify(password, row.password_hash)
    if not right:
        raise WrongCredentials
    async with shared.db.begin() as c:
        await throttle.forget(c, CONFIRM, str(user_id))
        await sessions.prove(c, session_id, now=now)


async def open_session(
    c: AsyncConnection, shared: Services, client: Client, user_id: UUID, *, strong: bool, now: datetime
) -> SignedIn:
    """Open a new session in place of the one the browser came with, if any (no fixation)."""
    if client.session_token is not None:
        await sessions.end_token(c, client.session_token)
    row = await queries.user_row(c, user_id)
    token, csrf = await sessions.start(
        c, user_id, strong=strong, ip=client.ip, user_agent=client.user_agent, now=now
    )
    await audit.record(
        c, f"user:{user_id}", "session.started", f"user:{user_id}", {"strong": strong}, client.ip
    )
    return SignedIn(user_id, token, csrf, devices.issue(shared.secrets, row.email))


def _limits(shared: Services, client: Client, email: str) -> list[tuple[Limit, str]]:
    """Return the budgets that an attempt spends: a known device has its own, strangers share theirs."""
    device = devices.recognise(shared.secrets, email, client.device)
    if device is not None:
        return [(DEVICE, device)]
    who, network = emails.key(email), throttle.network(client.ip)
    return [(NETWORK, network), (PAIR, f"{who} {network}"), (ACCOUNT, who)]


async def _forgive(c: AsyncConnection, limits: Sequence[tuple[Limit, str]]) -> None:
    """Give back what a successful attempt spent; never more, so that one's own account buys no guesses."""
    for limit, of in limits:
        if limit in (PAIR, DEVICE):
            await throttle.forget(c, limit, of)
        else:
            await throttle.refund(c, limit, of)


async def _note_failure(c: AsyncConnection, row: Row[Any] | None, client: Client) -> None:
    """Write a failed attempt to the audit log; what was typed may be a password, so it is not kept."""
    target = f"user:{row.id}" if row is not None else "user:unknown"
    await audit.record(c, "system", "sign_in.failed", target, ip=client.ip)
