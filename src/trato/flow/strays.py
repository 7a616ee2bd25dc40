"""Requests of providers that nobody claims: kept and shown, as many as there is room for."""

import asyncio
import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import throttle
from trato.channel_sdk import Hook
from trato.db.edge import Services
from trato.kit.clock import now
from trato.kit.errors import Unavailable
from trato.kit.ids import new_id
from trato.kit.text import clean

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Room:
    """How much is kept until somebody has looked at it."""

    count: int
    size: int  # bytes


# Of a sender whom no connector vouches for, anybody could fill the disk; a provider's own are few and large.
VOUCHED: Final = Room(5_000, 1_000_000_000)
UNKNOWN: Final = Room(200, 100_000_000)
PER_NETWORK: Final = throttle.Limit("stray", hits=30, window=timedelta(minutes=1))

_KNOWN = text("SELECT 1 FROM stray WHERE digest = :digest AND dismissed_at IS NULL")
_TAKEN = text("""
    SELECT count(*) AS number, coalesce(sum(size), 0) AS size FROM stray
    WHERE vouched = :vouched AND dismissed_at IS NULL
""")
_KEEP = text("""
    INSERT INTO stray (id, endpoint, reason, raw_key, digest, size, vouched, request)
    VALUES (:id, :endpoint, :reason, :raw_key, :digest, :size, :vouched, :request)
    ON CONFLICT (digest) WHERE dismissed_at IS NULL DO NOTHING RETURNING 1
""")


async def keep(services: Services, hook: Hook, reason: str, *, network: str, vouched: bool) -> None:
    """Keep a request that could not be placed; the same body is kept once.

    `vouched`: the connector believes its sender. Raises `TooMany` when one network sends too many of those
    that nobody vouches for, `Unavailable` when there is no room: nothing is acknowledged, and whoever sent
    it in earnest sends it again.
    """
    body = hook.body
    digest = await asyncio.to_thread(lambda: hashlib.sha256(body).hexdigest())
    async with services.db.connect() as c:
        if await c.scalar(_KNOWN, {"digest": digest}):
            return
    if not vouched:
        async with services.db.begin() as c:
            await throttle.hit(c, PER_NETWORK, network, now=now())
    async with services.db.connect() as c:
        await _check_room(c, len(body), VOUCHED if vouched else UNKNOWN, vouched=vouched)
    stray_id = new_id()
    key = f"stray/{digest}/{stray_id}"
    await services.store.put(key, body)
    values = {
        "id": stray_id,
        "endpoint": clean(hook.endpoint, 100),
        "reason": clean(reason, 500),
        "raw_key": key,
        "digest": digest,
        "size": len(body),
        "vouched": vouched,
        "request": services.secrets.seal(
            json.dumps({"method": hook.method, "headers": hook.headers, "query": hook.query}).encode()
        ),
    }
    async with services.db.begin() as c:
        kept = await c.scalar(_KEEP, values)
    if kept is None:  # the same at the same moment
        await services.store.delete(key)
    log.warning("hook.stray", endpoint=hook.endpoint, vouched=vouched)


async def _check_room(c: AsyncConnection, size: int, room: Room, *, vouched: bool) -> None:
    taken = (await c.execute(_TAKEN, {"vouched": vouched})).one()
    if taken.number >= room.count or taken.size + size > room.size:
        log.warning("hook.no_room", count=taken.number, bytes=taken.size, vouched=vouched)
        raise Unavailable(
            "Too many requests that nobody claims are kept here already.",
            todo="Look at them under Unreadable and put them aside; the provider sends this one again.",
        )
