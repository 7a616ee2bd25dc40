"""Sessions of visitors: begun anonymous, resumed by token, raised by a proof of the host site."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, text, update
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands.service import AccountRecord
from trato.kit.errors import NotSignedIn
from trato.kit.ids import new_id, new_token, token_hash
from trato.portal import queries
from trato.portal.queries import Guest
from trato.portal.tables import visitor, visitor_session

ANONYMOUS_FOR = timedelta(days=90)  # since it was last seen
PROVEN_FOR = timedelta(hours=24)  # since the last proof: the next person at this computer is another one
SEEN_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Opened:
    """A session and its token, which is known here for this once."""

    token: str
    guest: Guest


async def recognised(c: AsyncConnection, token: str | None, now: datetime) -> Guest:
    """Return who holds a token, or raise `NotSignedIn`."""
    found = await queries.guest(c, token_hash(token), now) if token else None
    if found is None:
        raise NotSignedIn("This session is not known or has expired.", todo="Open the conversation again.")
    return found


async def holds(c: AsyncConnection, token: str, guest: Guest, now: datetime) -> bool:
    """Say whether a token is still that of this visitor."""
    found = await queries.guest(c, token_hash(token), now)
    return found is not None and found.visitor_id == guest.visitor_id


async def resume(
    c: AsyncConnection, record: AccountRecord, token: str | None, now: datetime
) -> Opened | None:
    """Take a session up again; None when the token is not one of this account or has expired."""
    found = await queries.guest(c, token_hash(token), now) if token else None
    if token is None or found is None or found.account_id != record.id:
        return None
    if now - found.last_seen_at > SEEN_EVERY:
        until = found.expires_at if found.external_id else now + ANONYMOUS_FOR
        await _touch(c, token, now, until)
    return Opened(token, found)


async def begin(
    c: AsyncConnection, record: AccountRecord, *, language: str | None, origin: str | None, now: datetime
) -> Opened:
    """Make an anonymous visitor with a session; no contact yet, since nothing was said."""
    visitor_id = new_id()
    await c.execute(
        insert(visitor).values(id=visitor_id, account_id=record.id, language=language, origin=origin)
    )
    return await open_for(c, visitor_id, now, now + ANONYMOUS_FOR)


def passing(record: AccountRecord, visitor_id: UUID, *, language: str, now: datetime) -> Guest:
    """Return a visitor who says one thing and leaves: without a session, the same id is the same one."""
    return Guest(visitor_id, record.id, None, language, {}, expires_at=now, last_seen_at=now)


async def keep_passing(c: AsyncConnection, guest: Guest) -> None:
    """Keep a visitor who passes, so that what they say belongs to somebody; once is enough."""
    values = {"id": guest.visitor_id, "account_id": guest.account_id, "language": guest.language}
    await c.execute(insert_new(visitor).values(**values).on_conflict_do_nothing(index_elements=["id"]))


async def open_for(c: AsyncConnection, visitor_id: UUID, now: datetime, until: datetime) -> Opened:
    """Open one more session of a visitor."""
    token = new_token()
    await c.execute(
        insert(visitor_session).values(
            token_hash=token_hash(token), visitor_id=visitor_id, last_seen_at=now, expires_at=until
        )
    )
    return Opened(token, await recognised(c, token, now))


async def renew(c: AsyncConnection, token: str, now: datetime) -> Opened:
    """Go on with the session of a visitor who was proven again, for as long as a proof is good."""
    await _touch(c, token, now, now + PROVEN_FOR)
    return Opened(token, await recognised(c, token, now))


async def end(c: AsyncConnection, token: str) -> bool:
    """End a session; whoever else ends it at the same moment waits, and False says that they were first."""
    ended = await c.execute(delete(visitor_session).where(visitor_session.c.token_hash == token_hash(token)))
    return ended.rowcount > 0


async def _touch(c: AsyncConnection, token: str, now: datetime, until: datetime) -> None:
    await c.execute(
        update(visitor_session)
        .where(visitor_session.c.token_hash == token_hash(token))
        .values(last_seen_at=now, expires_at=until)
    )


_FORGET = text("""
    DELETE FROM visitor v
    WHERE v.created_at < :before
      AND NOT EXISTS (SELECT FROM visitor_session s WHERE s.visitor_id = v.id)
      AND NOT EXISTS (SELECT FROM visitor o WHERE o.known_as = v.id)
      AND NOT EXISTS (SELECT FROM conversation k WHERE k.conversation_key = v.id::text
                      AND k.account_id = v.account_id)
""")


async def sweep(c: AsyncConnection, now: datetime) -> int:
    """Delete expired sessions and the visitors who never said a word; return how many sessions."""
    expired = await c.execute(delete(visitor_session).where(visitor_session.c.expires_at <= now))
    await c.execute(_FORGET, {"before": now - SEEN_EVERY})
    return expired.rowcount
