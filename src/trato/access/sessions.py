"""Server-side sessions: made at sign-in, found by the hash of a token that changes as they live on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import audit, tables
from trato.kit.errors import NotFound
from trato.kit.ids import new_id, new_token, token_hash

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
ROTATION = timedelta(hours=1)
# Requests that were under way with the former token when the new one arrived.
GRACE = timedelta(minutes=1)
TOUCH = timedelta(minutes=1)  # how coarse `last_seen_at` is
MAX_USER_AGENT = 300


@dataclass(frozen=True, slots=True)
class Found:
    """A live session and its user; `new_token` is set when the cookie has to change."""

    id: UUID
    user_id: UUID
    agent_id: UUID | None
    role: str
    name: str
    language: str
    csrf: str
    proved_at: datetime
    new_token: str | None = None


async def start(
    c: AsyncConnection,
    user_id: UUID,
    *,
    strong: bool,
    ip: str | None,
    user_agent: str | None,
    now: datetime,
) -> tuple[str, str]:
    """Open a session for a user who has shown who they are.

    Returns its token, which is not stored, and the token that proves requests to come from our pages.
    """
    token, csrf = new_token(), new_token()
    await c.execute(
        insert(tables.session).values(
            id=new_id(),
            token_hash=token_hash(token),
            user_id=user_id,
            csrf=csrf,
            strong=strong,
            ip=ip,
            user_agent=(user_agent or "")[:MAX_USER_AGENT],
            created_at=now,
            proved_at=now,
            rotated_at=now,
            confirmed_at=now,
            last_seen_at=now,
            expires_at=now + ABSOLUTE,
        )
    )
    return token, csrf


async def find(c: AsyncConnection, token: str, *, now: datetime) -> Found | None:
    """Return the live session of a token, noting that it was seen and giving it a new token when due.

    A former token is honoured until the new one has arrived and `GRACE` after that; seen later, it was
    copied: the session ends for whoever has either.
    """
    given = token_hash(token)
    row = await _row(c, given)
    if row is None:
        return None
    if not row.active or row.expires_at <= now or row.last_seen_at + IDLE <= now:
        return None
    current = row.token_hash == given
    if not current and row.confirmed_at is not None and row.confirmed_at + GRACE <= now:
        await _end_copied(c, row)
        return None
    fresh = await _keep(c, row, current=current, now=now)
    return Found(
        id=row.id,
        user_id=row.user_id,
        agent_id=row.agent_id,
        role=row.role,
        name=row.name,
        language=row.language,
        csrf=row.csrf,
        proved_at=row.proved_at,
        new_token=fresh,
    )


async def _row(c: AsyncConnection, given: bytes) -> Row[Any] | None:
    session, user, agent = tables.session, tables.user, tables.agent
    found = await c.execute(
        select(
            session, user.c.role, user.c.name, user.c.language, user.c.active, agent.c.id.label("agent_id")
        )
        .join(user, user.c.id == session.c.user_id)
        .outerjoin(agent, agent.c.user_id == user.c.id)
        .where(or_(session.c.token_hash == given, session.c.previous_hash == given))
    )
    return found.one_or_none()


async def _keep(c: AsyncConnection, row: Row[Any], *, current: bool, now: datetime) -> str | None:
    """Note the visit and rotate the token when due; of several requests at once, one rotates."""
    lost = not current and row.confirmed_at is None and row.rotated_at + GRACE <= now
    due = current and row.confirmed_at is not None and row.rotated_at + ROTATION <= now
    if lost or due:
        return await _rotate(c, row, due=due, now=now)
    if current and row.confirmed_at is None:
        await _set(c, row, confirmed_at=now, last_seen_at=now)
    elif row.last_seen_at + TOUCH <= now:
        await _set(c, row, last_seen_at=now)
    return None


async def _rotate(c: AsyncConnection, row: Row[Any], *, due: bool, now: datetime) -> str | None:
    token = new_token()
    session = tables.session
    kept = row.token_hash if due else row.previous_hash
    won = await c.execute(
        update(session)
        .where(session.c.id == row.id, session.c.token_hash == row.token_hash)
        .values(
            token_hash=token_hash(token),
            previous_hash=kept,
            rotated_at=now,
            confirmed_at=None,
            last_seen_at=now,
        )
    )
    return token if won.rowcount else None


async def _set(c: AsyncConnection, row: Row[Any], **values: datetime) -> None:
    session = tables.session
    await c.execute(
        update(session).where(session.c.id == row.id, session.c.token_hash == row.token_hash).values(**values)
    )


async def _end_copied(c: AsyncConnection, row: Row[Any]) -> None:
    await c.execute(delete(tables.session).where(tables.session.c.id == row.id))
    await audit.record(c, f"user:{row.user_id}", "session.copied", f"session:{row.id}", {"ip": row.ip})


async def prove(c: AsyncConnection, session_id: UUID, *, now: datetime) -> None:
    """Note that the person of a session has shown again who they are."""
    await c.execute(update(tables.session).where(tables.session.c.id == session_id).values(proved_at=now))


async def of_user(c: AsyncConnection, user_id: UUID, *, current: UUID, now: datetime) -> list[dict[str, Any]]:
    """Return a user's live sessions, the latest first."""
    session = tables.session
    rows = await c.execute(
        select(session)
        .where(session.c.user_id == user_id, _alive(now))
        .order_by(session.c.last_seen_at.desc())
    )
    return [
        {
            "id": row.id,
            "current": row.id == current,
            "ip": row.ip,
            "user_agent": row.user_agent,
            "strong": row.strong,
            "created_at": row.created_at,
            "last_seen_at": row.last_seen_at,
            "expires_at": row.expires_at,
        }
        for row in rows
    ]


async def alive(c: AsyncConnection, session_id: UUID, *, now: datetime) -> bool:
    """Say whether a session may still act: for streams that outlive the check at their start."""
    session, user = tables.session, tables.user
    found = await c.scalar(
        select(session.c.id)
        .join(user, user.c.id == session.c.user_id)
        .where(session.c.id == session_id, user.c.active, session.c.expires_at > now)
    )
    return found is not None


async def end(c: AsyncConnection, session_id: UUID) -> None:
    """End one session."""
    await c.execute(delete(tables.session).where(tables.session.c.id == session_id))


async def end_one_of(c: AsyncConnection, session_id: UUID, user_id: UUID) -> None:
    """End a session of this user; raises `NotFound` when it is not theirs or over."""
    session = tables.session
    gone = await c.execute(delete(session).where(session.c.id == session_id, session.c.user_id == user_id))
    if not gone.rowcount:
        raise NotFound("That session has ended already.")


async def end_token(c: AsyncConnection, token: str) -> None:
    """End the session that a token belongs to, if any."""
    given = token_hash(token)
    session = tables.session
    await c.execute(
        delete(session).where(or_(session.c.token_hash == given, session.c.previous_hash == given))
    )


async def end_all(c: AsyncConnection, user_id: UUID, *, but: UUID | None = None) -> int:
    """End a user's sessions, except one when given; returns how many ended."""
    session = tables.session
    condition = session.c.user_id == user_id
    if but is not None:
        condition = and_(condition, session.c.id != but)
    return (await c.execute(delete(session).where(condition))).rowcount


async def sweep(c: AsyncConnection, *, now: datetime) -> int:
    """Remove sessions that are over; returns how many."""
    session = tables.session
    return (
        await c.execute(
            delete(session).where(or_(session.c.expires_at <= now, session.c.last_seen_at <= now - IDLE))
        )
    ).rowcount


def _alive(now: datetime) -> Any:
    session = tables.session
    return and_(session.c.expires_at > now, session.c.last_seen_at > now - IDLE)
