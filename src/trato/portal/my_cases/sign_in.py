"""Signing in without a password: a code or a link goes to an address, and whoever reads it there is let in.

Nothing here tells whether an address is known: that is looked up by the job that writes the mail, and once
more when the code or the link comes back. See docs/decisions/0030.
"""

import hashlib
import hmac
import json
import secrets as random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import emails
from trato.contacts import service as contacts
from trato.db.edge import Services
from trato.kit.ids import new_id, new_token, token_hash
from trato.kit.secret_box import SecretBox
from trato.kit.text import fold
from trato.portal import customers
from trato.portal.customers import MAIL
from trato.portal.tables import customer_sign_in

LIFE: Final = timedelta(minutes=15)
HANDED_OVER_FOR: Final = timedelta(minutes=2)  # a link that the chat of a site opens at once
DIGITS: Final = 6
ATTEMPTS: Final = 5  # of one code, whether it is right or wrong

Why = Literal["wrong", "locked", "over"]

_OPEN = (customer_sign_in.c.used_at.is_(None), customer_sign_in.c.attempts < ATTEMPTS)
_ADDRESS: Final = text("""
    SELECT a.id, a.contact_id, p.name FROM address a JOIN contact p ON p.id = a.contact_id
    WHERE a.kind = :kind AND a.key = :key
""")


@dataclass(frozen=True, slots=True)
class Asked:
    """A sign-in that was begun; what it holds goes to the browser and into the mail, and is kept nowhere."""

    browser: str
    code: str
    link: str
    address: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that is still good."""

    masked: str  # whose it is, as much as a stranger may know
    asks_address: bool


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody who is let in."""

    token: str
    contact_id: UUID


async def ask(c: AsyncConnection, box: SecretBox, address: str, now: datetime) -> Asked:
    """Begin a sign-in for an address, known or not. Raises `Invalid` for what is no address."""
    written = emails.checked(address)
    asked = Asked(
        browser=new_token(),
        code=f"{random.randbelow(10**DIGITS):0{DIGITS}}",
        link=new_token(),
        address=written,
    )
    await _remember(c, box, asked, MAIL, now + LIFE)
    return asked


async def hand_over(c: AsyncConnection, box: SecretBox, kind: str, address: str, now: datetime) -> str:
    """Return the token of a link for somebody whom their site has just vouched for; it is opened at once."""
    asked = Asked(browser=new_token(), code=new_token(), link=new_token(), address=address)
    await _remember(c, box, asked, kind, now + HANDED_OVER_FOR)
    return asked.link


async def _remember(c: AsyncConnection, box: SecretBox, asked: Asked, kind: str, until: datetime) -> None:
    row_id = new_id()
    await c.execute(
        insert(customer_sign_in).values(
            id=row_id,
            browser_hash=token_hash(asked.browser),
            address_hash=_address_hash(box, asked.address),
            sealed=box.seal(json.dumps([kind, asked.address]).encode()),
            code_hash=_code_hash(box, row_id, asked.code),
            link_hash=token_hash(asked.link),
            expires_at=until,
        )
    )


async def enter_by_code(services: Services, browser: str, code: str, now: datetime) -> Entered | Why:
    """Let in who types the code in the browser that asked for it, once.

    Each try counts before it is looked at, so that tries at the same moment are not more than others.
    """
    given = "".join(code.split())
    where = customer_sign_in.c.browser_hash == token_hash(browser)
    row = await _try(services, where, now)
    if isinstance(row, str):
        return row
    right = hmac.compare_digest(_code_hash(services.secrets, row["id"], given), row["code_hash"])
    return await _enter(services, row, now) if right else _wrong(row)


async def look_at_link(
    c: AsyncConnection, box: SecretBox, link: str, browser: str | None, now: datetime
) -> Opened | None:
    """Return what a link is for without using it, None for one that is over."""
    row = (
        await c.execute(
            select(customer_sign_in.c.sealed, customer_sign_in.c.browser_hash).where(
                customer_sign_in.c.link_hash == token_hash(link),
                customer_sign_in.c.expires_at > now,
                *_OPEN,
            )
        )
    ).one_or_none()
    if row is None:
        return None
    kind, address = json.loads(box.open(row.sealed))
    if kind != MAIL:
        owner = (await c.execute(_ADDRESS, {"kind": kind, "key": fold(address)})).one_or_none()
        return Opened(f"{owner.name[:1]}•••", asks_address=False) if owner else None
    return Opened(masked(address), asks_address=not _is_browser(row.browser_hash, browser))


async def enter_by_link(
    services: Services, link: str, browser: str | None, address: str, now: datetime
) -> Entered | Why:
    """Let in who opens the link, once.

    In another browser than the one that asked they also say to which address it came: whoever was handed the
    link by mistake, or by somebody who wants them to write into a stranger's account, stays outside.
    """
    row = await _try(services, customer_sign_in.c.link_hash == token_hash(link), now)
    if isinstance(row, str):
        return row
    kind, _ = json.loads(services.secrets.open(row["sealed"]))
    known = hmac.compare_digest(_address_hash(services.secrets, address), row["address_hash"])
    if kind == MAIL and not (_is_browser(row["browser_hash"], browser) or known):
        return _wrong(row)
    return await _enter(services, row, now)


def masked(address: str) -> str:
    """Return an address so that its owner recognises it and a stranger learns little: `p•••@e•••.com`."""
    name, _, host = address.partition("@")
    first, dot, rest = host.rpartition(".")
    return f"{name[:1]}•••@{first[:1]}•••{dot}{rest}" if dot else f"{name[:1]}•••@{host[:1]}•••"


async def sweep(c: AsyncConnection, now: datetime) -> int:
    """Forget the sign-ins that are over; return how many."""
    return (await c.execute(delete(customer_sign_in).where(customer_sign_in.c.expires_at <= now))).rowcount


async def _try(services: Services, where: Any, now: datetime) -> dict[str, Any] | Why:
    """Count one try and return the row; why there is none when it is over or was tried too often."""
    table = customer_sign_in
    async with services.db.begin() as c:
        counted = update(table).where(where, table.c.expires_at > now, *_OPEN)
        row = await c.execute(counted.values(attempts=table.c.attempts + 1).returning(table))
        found = row.mappings().first()
        if found is not None:
            return dict(found)
        left = await c.scalar(
            select(table.c.attempts).where(where, table.c.expires_at > now, table.c.used_at.is_(None))
        )
    return "over" if left is None else "locked"


async def _enter(services: Services, row: dict[str, Any], now: datetime) -> Entered | Why:
    kind, address = json.loads(services.secrets.open(row["sealed"]))
    async with services.db.begin() as c:
        owner = (await c.execute(_ADDRESS, {"kind": kind, "key": fold(address)})).one_or_none()
        if owner is None:  # no mail was sent: whoever says the code has guessed it
            return _wrong(row)
        spent = await c.execute(
            update(customer_sign_in)
            .where(customer_sign_in.c.id == row["id"], customer_sign_in.c.used_at.is_(None))
            .values(used_at=now)
        )
        if not spent.rowcount:
            return "over"
        # whatever else was asked for this address, by whomever, is of no use any more
        await c.execute(
            update(customer_sign_in)
            .where(
                customer_sign_in.c.address_hash == row["address_hash"], customer_sign_in.c.used_at.is_(None)
            )
            .values(used_at=now)
        )
        await contacts.verify_address(c, owner.contact_id, kind, address, by="sign_in")
        token = await customers.start(c, owner.id, now)
    services.wake.ring("events")
    return Entered(token, owner.contact_id)


def _wrong(row: dict[str, Any]) -> Why:
    return "locked" if row["attempts"] >= ATTEMPTS else "wrong"


def _is_browser(browser_hash: bytes, browser: str | None) -> bool:
    return browser is not None and hmac.compare_digest(browser_hash, token_hash(browser))


def _address_hash(box: SecretBox, address: str) -> bytes:
    return hmac.new(box.derive("sign-in address"), fold(address.strip()).encode(), hashlib.sha256).digest()


def _code_hash(box: SecretBox, row_id: UUID, code: str) -> bytes:
    """Return a keyed hash: of six digits a plain one tells the code to whoever reads the table."""
    return hmac.new(box.derive("sign-in code"), row_id.bytes + code.encode(), hashlib.sha256).digest()
