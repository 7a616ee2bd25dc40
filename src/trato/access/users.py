"""Users and their agents: invited, changed, deactivated; somebody can always administer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import api_keys, audit, emails, links, passwords, portraits, queries, sessions, tables
from trato.access.errors import LastAdministrator
from trato.access.ports import Ports
from trato.access.roles import Role
from trato.kit.errors import Conflict, Invalid
from trato.kit.ids import new_id

DEFAULT_CAPACITY = 4
ADMINISTRATORS_LOCK = 7_206_147


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes a change, from where; for the audit log and the event."""

    actor: str
    ip: str | None = None


SYSTEM = Author("system")


async def create(
    c: AsyncConnection,
    *,
    email: str,
    name: str,
    role: Role,
    language: str,
    password_hash: str | None,
    capacity: int = DEFAULT_CAPACITY,
) -> UUID:
    """Make a user and the agent they work as; raises `Conflict` when the address is taken."""
    email = emails.checked(email)
    user_id = await c.scalar(
        upsert(tables.user)
        .values(
            id=new_id(),
            email=email,
            email_key=emails.key(email),
            name=name,
            role=role.label,
            language=language,
            password_hash=password_hash,
        )
        .on_conflict_do_nothing(index_elements=[tables.user.c.email_key])
        .returning(tables.user.c.id)
    )
    if user_id is None:
        raise Conflict("Somebody with that address is here already.", todo="Change their role instead.")
    await c.execute(
        insert(tables.agent).values(id=new_id(), user_id=user_id, name=name, kind="person", capacity=capacity)
    )
    return UUID(str(user_id))


async def invite(
    c: AsyncConnection,
    ports: Ports,
    author: Author,
    *,
    email: str,
    name: str,
    role: Role,
    capacity: int,
    language: str,
    now: datetime,
) -> tuple[dict[str, Any], str]:
    """Make a user who chooses a password by a link; returns the user's view and the link's token.

    Inviting again somebody who has not accepted yet renews the link.
    """
    known = await queries.user_by_email(c, email)
    if known is not None and known.password_hash is None and known.active:
        user_id = known.id
        await change(c, ports, author, user_id, role=role, capacity=capacity, name=name)
    else:
        user_id = await create(
            c, email=email, name=name, role=role, language=language, password_hash=None, capacity=capacity
        )
    token = await links.create(c, "invitation", user_id, now=now)
    await audit.record(
        c, author.actor, "user.invited", f"user:{user_id}", {"email": email, "role": role.label}, author.ip
    )
    return await announce(c, ports, author, user_id), token


async def accept(
    c: AsyncConnection,
    ports: Ports,
    *,
    token: str,
    name: str,
    password: str,
    language: str,
    ip: str | None,
    now: datetime,
) -> UUID:
    """Let the invited person choose name and password, once; raises `LinkSpent`, `WeakPassword`."""
    found = await links.look(c, token, now=now)
    if found.user_id is not None:
        row = await queries.user_row(c, found.user_id)
        passwords.check_rules(password, email=row.email, name=name)
    used = await links.use(c, token, "invitation", now=now)
    user_id = UUID(str(used.user_id))
    hashed = await passwords.hash_password(password)
    await _set(c, user_id, name=name, language=language, password_hash=hashed)
    await _set_agent(c, user_id, name=name)
    author = Author(f"user:{user_id}", ip)
    await audit.record(c, author.actor, "invitation.accepted", f"user:{user_id}", ip=ip)
    await announce(c, ports, author, user_id)
    return user_id


async def change(
    c: AsyncConnection,
    ports: Ports,
    author: Author,
    user_id: UUID,
    *,
    role: Role | None = None,
    capacity: int | None = None,
    name: str | None = None,
) -> dict[str, Any]:
    """Change what an administrator may change; another role ends the user's sessions."""
    await one_at_a_time(c)
    before = await queries.user_row(c, user_id, lock=True)
    if role is not None and role.label != before.role:
        if before.role == Role.ADMINISTRATOR.label:
            await _keep_an_administrator(c, but=user_id)
        await _set(c, user_id, role=role.label)
        await sessions.end_all(c, user_id)
        await audit.record(
            c,
            author.actor,
            "user.role_changed",
            f"user:{user_id}",
            {"from": before.role, "to": role.label},
            author.ip,
        )
    if name is not None and name != before.name:
        await _set(c, user_id, name=name)
        await _set_agent(c, user_id, name=name)
    if capacity is not None and capacity != before.capacity:
        await _set_agent(c, user_id, capacity=capacity)
        await audit.record(
            c, author.actor, "user.capacity_changed", f"user:{user_id}", {"to": capacity}, author.ip
        )
    return await announce(c, ports, author, user_id)


async def deactivate(
    c: AsyncConnection,
    ports: Ports,
    author: Author,
    user_id: UUID,
    *,
    hand_over_to: UUID | None,
    now: datetime,
) -> dict[str, Any]:
    """End all that a user can do and give their open work away: to an agent, or back to the line.

    Raises `LastAdministrator`, and `Invalid` when the receiver cannot work.
    """
    await one_at_a_time(c)
    row = await queries.user_row(c, user_id, lock=True)
    if hand_over_to is not None:
        await _check_receiver(c, hand_over_to, giver=row.agent_id)
    if row.role == Role.ADMINISTRATOR.label and row.active:
        await _keep_an_administrator(c, but=user_id)
    await _set(c, user_id, active=False)
    await _set_agent(c, user_id, active=False)
    await sessions.end_all(c, user_id)
    await api_keys.revoke_all(c, user_id, now=now)
    await links.revoke(c, "invitation", user_id, now=now)
    await links.revoke(c, "reset", user_id, now=now)
    if ports.hand_over is not None and row.agent_id is not None:
        await ports.hand_over(c, row.agent_id, hand_over_to)
    await audit.record(
        c,
        author.actor,
        "user.deactivated",
        f"user:{user_id}",
        {"hand_over_to": str(hand_over_to) if hand_over_to else None},
        author.ip,
    )
    return await announce(c, ports, author, user_id)


async def activate(c: AsyncConnection, ports: Ports, author: Author, user_id: UUID) -> dict[str, Any]:
    """Let a user in again; their former sessions and keys stay ended."""
    await queries.user_row(c, user_id, lock=True)
    await _set(c, user_id, active=True)
    await _set_agent(c, user_id, active=True)
    await audit.record(c, author.actor, "user.activated", f"user:{user_id}", ip=author.ip)
    return await announce(c, ports, author, user_id)


async def change_own(
    c: AsyncConnection,
    ports: Ports,
    author: Author,
    user_id: UUID,
    *,
    name: str | None,
    language: str | None,
    signature: str | None,
) -> dict[str, Any]:
    """Change what users may change of themselves."""
    await _set(c, user_id, name=name, language=language)
    await _set_agent(c, user_id, name=name, signature=signature)
    return await announce(c, ports, author, user_id)


async def change_picture(
    c: AsyncConnection, ports: Ports, author: Author, user_id: UUID, data: bytes | None
) -> dict[str, Any]:
    """Change how agents look to customers and colleagues, None for no picture, and return the agent's view.

    Raises `Conflict` for somebody who is no agent, and what `portraits.checked` raises.
    """
    view = await queries.user(c, user_id)
    if view["agent_id"] is None:
        raise Conflict("Only who helps customers has a picture.", todo="Ask an administrator.")
    await portraits.put(c, view["agent_id"], data)
    await announce(c, ports, author, user_id)
    return await queries.agent(c, view["agent_id"])


async def set_password(c: AsyncConnection, user_id: UUID, password_hash: str, *, now: datetime) -> None:
    """Store a hash; links to choose another password stop working."""
    await _set(c, user_id, password_hash=password_hash)
    await links.revoke(c, "reset", user_id, now=now)


async def link_for(c: AsyncConnection, author: Author, user_id: UUID, *, now: datetime) -> str:
    """Return the token of a link to hand over in person: the invitation again, or another password."""
    row = await queries.user_row(c, user_id)
    if not row.active:
        raise Conflict("That user is not active.", todo="Activate them first.")
    purpose: links.Purpose = "invitation" if row.password_hash is None else "reset"
    await audit.record(c, author.actor, "user.link_made", f"user:{user_id}", {"purpose": purpose}, author.ip)
    return await links.create(c, purpose, user_id, now=now)


async def announce(c: AsyncConnection, ports: Ports, author: Author, user_id: UUID) -> dict[str, Any]:
    """Tell the others that a user or their power changed, and return the user's view.

    Open streams ask then at once whether they may go on, so this is also said when sessions or keys end.
    """
    view = await queries.user(c, user_id)
    await ports.changed(c, "user.changed", author.actor, {"user": view})
    if view["agent_id"] is not None:
        agent = await queries.agent(c, view["agent_id"])
        await ports.changed(c, "agent.changed", author.actor, {"agent": agent})
    return view


async def one_at_a_time(c: AsyncConnection) -> None:
    """Wait until no other transaction changes who administers; taken before any row, so nobody deadlocks."""
    await c.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": ADMINISTRATORS_LOCK})


async def _keep_an_administrator(c: AsyncConnection, *, but: UUID) -> None:
    user = tables.user
    other = await c.scalar(
        select(user.c.id)
        .where(
            user.c.role == "administrator",
            user.c.active,
            user.c.password_hash.is_not(None),
            user.c.id != but,
        )
        .limit(1)
    )
    if other is None:
        raise LastAdministrator


async def _check_receiver(c: AsyncConnection, agent_id: UUID, *, giver: UUID | None) -> None:
    agent = tables.agent
    found = await c.scalar(select(agent.c.id).where(agent.c.id == agent_id, agent.c.active))
    if found is None or agent_id == giver:
        raise Invalid("The work can only go to another active agent.", field="hand_over_to")


async def _set(c: AsyncConnection, user_id: UUID, **values: Any) -> None:
    given = {name: value for name, value in values.items() if value is not None}
    if given:
        await c.execute(update(tables.user).where(tables.user.c.id == user_id).values(**given))


async def _set_agent(c: AsyncConnection, user_id: UUID, **values: Any) -> None:
    given = {name: value for name, value in values.items() if value is not None}
    if given:
        await c.execute(update(tables.agent).where(tables.agent.c.user_id == user_id).values(**given))
