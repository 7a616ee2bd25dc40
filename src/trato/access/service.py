"""What the layers above ask of access: the first administrator, links by mail, housekeeping."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import (
    audit,
    emails,
    links,
    passwords,
    queries,
    sessions,
    tables,
    texts,
    throttle,
    users,
)
from trato.access.errors import LinkSpent
from trato.access.ports import Ports
from trato.access.roles import Role
from trato.access.throttle import Limit
from trato.kit import clock
from trato.kit.errors import Conflict, NotFound, TooMany

FORGOTTEN = Limit("forgotten", 3, timedelta(hours=1))
DEFAULT_NAME = "Trato"


async def first_administrator_link(c: AsyncConnection, public_url: str) -> str | None:
    """Return a fresh link to the first set-up, None once somebody can administer.

    The links given before stop working; only the latest that was printed counts.
    """
    if await queries.is_set_up(c):
        return None
    return links.url(public_url, await links.create(c, "set-up", None, now=clock.now()))


async def create_first_administrator(
    c: AsyncConnection, token: str, name: str, email: str, password: str, language: str
) -> UUID:
    """Make the first administrator with the link that `first_administrator_link` gave, once.

    Raises `LinkSpent`, `WeakPassword`, `Invalid`, and `Conflict` when there is an administrator already.
    """
    now = clock.now()
    await users.one_at_a_time(c)
    if await queries.is_set_up(c):
        raise Conflict("This installation has been set up already.", todo="Sign in instead.")
    if (await links.look(c, token, now=now)).purpose != "set-up":
        raise LinkSpent
    email = emails.checked(email)
    passwords.check_rules(password, email=email, name=name)
    await links.use(c, token, "set-up", now=now)
    hashed = await passwords.hash_password(password)
    user_id = await users.create(
        c,
        email=email,
        name=name,
        role=Role.ADMINISTRATOR,
        language=language,
        password_hash=hashed,
    )
    await audit.record(c, f"user:{user_id}", "installation.set_up", f"user:{user_id}")
    return user_id


async def create_user(
    c: AsyncConnection, *, name: str, email: str, password: str, role: str, language: str, capacity: int = 4
) -> UUID:
    """Make a user who can sign in at once, for the command line and the demonstration."""
    passwords.check_rules(password, email=email, name=name)
    hashed = await passwords.hash_password(password)
    user_id = await users.create(
        c,
        email=email,
        name=name,
        role=Role.named(role),
        language=language,
        password_hash=hashed,
        capacity=capacity,
    )
    await audit.record(c, "system", "user.created", f"user:{user_id}", {"role": role})
    return user_id


async def link_for(c: AsyncConnection, public_url: str, email: str) -> str:
    """Return a one-time link for whoever has this address: to choose a password, for the command line.

    Raises `NotFound`, with who could be meant, and `Conflict` for somebody who is not active.
    """
    row = await queries.user_by_email(c, email)
    if row is None:
        raise NotFound(
            "Nobody here has that address.",
            todo="Administrators are: {addresses}.",
            values={"addresses": ", ".join(await queries.administrators(c)) or "—"},
        )
    token = await users.link_for(c, users.Author("system", None), row.id, now=clock.now())
    return links.url(public_url, token)


async def send_reset(c: AsyncConnection, ports: Ports, public_url: str, email: str, *, now: datetime) -> None:
    """Mail a link to choose another password when there is such a user; tells the caller nothing.

    The mail goes to the address on record, never to the one that was typed.
    """
    row = await queries.user_by_email(c, email)
    if row is None or not row.active or row.password_hash is None or ports.mail is None:
        return
    try:
        await throttle.hit(c, FORGOTTEN, str(row.id), now=now)
    except TooMany:
        return
    link = links.url(public_url, await links.create(c, "reset", row.id, now=now))
    mail = texts.reset(row.language, organisation=await _organisation(c, ports), name=row.name, link=link)
    await ports.mail.send_link(c, row.email, mail.subject, mail.text, row.language)
    await audit.record(c, "system", "password.link_sent", f"user:{row.id}")


async def send_invitation(
    c: AsyncConnection, ports: Ports, *, inviter: str, email: str, name: str, language: str, link: str
) -> None:
    """Mail an invitation when an account for system mail is named; the administrator has the link too."""
    if ports.mail is None:
        return
    organisation = await _organisation(c, ports)
    mail = texts.invitation(language, inviter=inviter, organisation=organisation, name=name, link=link)
    await ports.mail.send_link(c, email, mail.subject, mail.text, language)


async def reset_password(
    c: AsyncConnection, ports: Ports, token: str, password: str, *, ip: str | None, now: datetime
) -> None:
    """Choose another password with a link, once; ends all sessions. A second factor stays asked for."""
    link = await links.look(c, token, now=now)
    if link.purpose != "reset" or link.user_id is None:
        raise LinkSpent
    row = await queries.user_row(c, link.user_id, lock=True)
    if not row.active:
        raise LinkSpent
    passwords.check_rules(password, email=row.email, name=row.name)
    await links.use(c, token, "reset", now=now)
    hashed = await passwords.hash_password(password)
    await users.set_password(c, row.id, hashed, now=now)
    await sessions.end_all(c, row.id)
    author = users.Author(f"user:{row.id}", ip)
    await audit.record(c, author.actor, "password.reset", f"user:{row.id}", ip=ip)
    await users.announce(c, ports, author, row.id)


async def sweep(c: AsyncConnection, *, now: datetime) -> None:
    """Remove what is over: sessions, counters, challenges, links, stored answers. Run it now and then."""
    await sessions.sweep(c, now=now)
    await throttle.sweep(c, now=now)
    await c.execute(delete(tables.challenge).where(tables.challenge.c.expires_at <= now))
    await c.execute(delete(tables.idempotency).where(tables.idempotency.c.expires_at <= now))
    link = tables.one_time_link
    await c.execute(delete(link).where(link.c.expires_at <= now - timedelta(days=30)))


async def _organisation(c: AsyncConnection, ports: Ports) -> str:
    found = await ports.organisation(c) if ports.organisation is not None else None
    return str(found["name"]) if found is not None else DEFAULT_NAME
