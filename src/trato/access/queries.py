"""Reading users, agents and the audit log."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import emails, portraits, tables
from trato.kit.errors import NotFound
from trato.kit.paging import page


def _users() -> Select[Any]:
    user, agent, passkey = tables.user, tables.agent, tables.passkey
    passkeys = select(func.count()).where(passkey.c.user_id == user.c.id).correlate(user).scalar_subquery()
    return select(
        user,
        passkeys.label("passkeys"),
        agent.c.id.label("agent_id"),
        agent.c.capacity,
    ).outerjoin(agent, agent.c.user_id == user.c.id)


def user_view(row: Row[Any]) -> dict[str, Any]:
    """Return what may be shown of a user."""
    return {
        "id": row.id,
        "email": row.email,
        "name": row.name,
        "role": row.role,
        "language": row.language,
        "active": row.active,
        "invited": row.password_hash is None,  # has not accepted the invitation yet
        "has_totp": row.totp_secret is not None,
        "passkeys": row.passkeys,
        "created_at": row.created_at,
        "agent_id": row.agent_id,
        "capacity": row.capacity,
    }


async def users(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return all users, by name."""
    rows = await c.execute(_users().order_by(func.lower(tables.user.c.name), tables.user.c.id))
    return [user_view(row) for row in rows]


async def user(c: AsyncConnection, user_id: UUID) -> dict[str, Any]:
    """Return one user; raises `NotFound`."""
    return user_view(await user_row(c, user_id))


async def user_row(c: AsyncConnection, user_id: UUID, *, lock: bool = False) -> Row[Any]:
    """Return a user with its hashes, for access itself; raises `NotFound`."""
    statement = _users().where(tables.user.c.id == user_id)
    if lock:
        statement = statement.with_for_update(of=tables.user)
    row: Row[Any] | None = (await c.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("That user does not exist.")
    return row


async def user_by_email(c: AsyncConnection, email: str) -> Row[Any] | None:
    """Return the user who signs in with an address, however it was spelled."""
    found = await c.execute(_users().where(tables.user.c.email_key == emails.key(email)))
    row: Row[Any] | None = found.one_or_none()
    return row


async def agents(c: AsyncConnection) -> list[dict[str, Any]]:
    """Return all agents, people and assistants, by name."""
    agent = tables.agent
    rows = await c.execute(select(agent).order_by(func.lower(agent.c.name), agent.c.id))
    return [agent_view(row) for row in rows]


async def agent(c: AsyncConnection, agent_id: UUID) -> dict[str, Any]:
    """Return one agent; raises `NotFound`."""
    row = (await c.execute(select(tables.agent).where(tables.agent.c.id == agent_id))).one_or_none()
    if row is None:
        raise NotFound("That agent does not exist.")
    return agent_view(row)


def agent_view(row: Row[Any]) -> dict[str, Any]:
    """Return what may be shown of an agent."""
    return {
        "id": row.id,
        "user_id": row.user_id,
        "name": row.name,
        "kind": row.kind,
        "capacity": row.capacity,
        "signature": row.signature,
        "picture_url": portraits.path(row.portrait),
        "active": row.active,
    }


async def actor_name(c: AsyncConnection, actor: str) -> str | None:
    """Return the name of a user or an API key as events name them; None for what has no name."""
    kind, _, row_id = actor.partition(":")
    table = {"user": tables.user, "key": tables.api_key}.get(kind)
    if table is None:
        return None
    name: str | None = await c.scalar(select(table.c.name).where(table.c.id == UUID(row_id)))
    return name


async def administrators(c: AsyncConnection) -> list[str]:
    """Return the addresses of those who administer and are active."""
    user = tables.user
    asked = select(user.c.email).where(user.c.role == "administrator", user.c.active).order_by(user.c.email)
    return list(await c.scalars(asked))


async def is_set_up(c: AsyncConnection) -> bool:
    """Say whether somebody can administer this installation."""
    user = tables.user
    found = await c.scalar(
        select(user.c.id)
        .where(user.c.role == "administrator", user.c.active, user.c.password_hash.is_not(None))
        .limit(1)
    )
    return found is not None


async def audit_page(
    c: AsyncConnection, *, before: int | None, limit: int, action: str | None, target: str | None
) -> dict[str, Any]:
    """Return one page of the audit log, the latest first."""
    log = tables.audit_log
    columns = (log.c.id, log.c.at, log.c.actor, log.c.action, log.c.target, log.c.data, log.c.ip)
    statement = select(*columns).order_by(log.c.id.desc()).limit(limit + 1)
    if before is not None:
        statement = statement.where(log.c.id < before)
    if action:
        statement = statement.where(log.c.action == action)
    if target:
        statement = statement.where(log.c.target == target)
    rows = [dict(row) for row in (await c.execute(statement)).mappings()]
    return page(rows, limit, lambda row: (row["id"],))
