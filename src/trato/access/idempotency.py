"""Requests that may be repeated: the answer to a POST with an `Idempotency-Key` is given again for a day.

Only what was done is remembered: a refused request was rolled back and is tried anew. The claim is made
before the work and commits by itself, so of two requests at once one is performed.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import tables
from trato.kit import clock
from trato.kit.errors import Conflict, DomainError, Invalid
from trato.kit.secret_box import SecretBox

HEADER = "idempotency-key"
REMEMBERED = timedelta(hours=24)
# How long a request may be under way before its claim is taken for that of a crashed process.
UNDER_WAY = timedelta(minutes=2)
MAX_KEY = 200


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that is to be performed, and where its answer belongs."""

    key_hash: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered the first time."""

    status: int
    content_type: str
    body: bytes


class AnsweredBefore(DomainError):
    """The request was performed already; carries its answer."""

    kind = "answered-before"

    def __init__(self, answer: Answer) -> None:
        super().__init__("This request was performed already.")
        self.answer = answer


async def claim(
    c: AsyncConnection,
    secrets: SecretBox,
    *,
    caller: str,
    route: str,
    key: str,
    body: bytes,
    now: datetime,
) -> Claim:
    """Claim the request for this attempt.

    Raises `AnsweredBefore`, `Conflict` while the first attempt is under way, and `Invalid` when the key
    was used for another request.
    """
    if not 1 <= len(key) <= MAX_KEY:
        raise Invalid("A key has 1 to 200 characters.", field="Idempotency-Key")
    key_hash = hashlib.sha256(f"{caller}\0{route}\0{key}".encode()).digest()
    request_hash = hashlib.sha256(body).digest()
    kept = tables.idempotency
    statement = insert(kept).values(key_hash=key_hash, request_hash=request_hash, expires_at=now + UNDER_WAY)
    statement = statement.on_conflict_do_update(
        index_elements=[kept.c.key_hash],
        set_={
            "request_hash": request_hash,
            "status": None,
            "answer": None,
            "expires_at": now + UNDER_WAY,
        },
        # A claim that ends further away than any can was made before the clock was set back.
        where=or_(
            kept.c.expires_at <= now,
            and_(kept.c.status.is_(None), kept.c.expires_at > now + UNDER_WAY + clock.APART),
        ),
    )
    if await c.scalar(statement.returning(kept.c.key_hash)) is not None:
        return Claim(key_hash)
    row = (await c.execute(select(kept).where(kept.c.key_hash == key_hash))).one_or_none()
    if row is not None and row.request_hash != request_hash:
        raise Invalid(
            "This key was used for a different request.",
            todo="Use a new key for each new request.",
            field="Idempotency-Key",
        )
    if row is None or row.status is None:
        raise Conflict(
            "An earlier request with this key is still under way.",
            todo="Wait for its answer, then ask again.",
        )
    stored = json.loads(secrets.open(row.answer))
    raise AnsweredBefore(Answer(row.status, str(stored["content_type"]), bytes.fromhex(stored["body"])))


async def keep(
    c: AsyncConnection, secrets: SecretBox, claimed: Claim, answer: Answer, *, now: datetime
) -> None:
    """Remember the answer, encrypted: it may hold what is shown once."""
    stored = json.dumps({"content_type": answer.content_type, "body": answer.body.hex()})
    await c.execute(
        update(tables.idempotency)
        .where(tables.idempotency.c.key_hash == claimed.key_hash)
        .values(status=answer.status, answer=secrets.seal(stored.encode()), expires_at=now + REMEMBERED)
    )


async def release(c: AsyncConnection, claimed: Claim) -> None:
    """Give the claim back: the request was not performed, and may be tried again at once."""
    kept = tables.idempotency
    await c.execute(
        delete(kept).where(
            kept.c.key_hash == claimed.key_hash, or_(kept.c.status.is_(None), kept.c.answer.is_(None))
        )
    )
