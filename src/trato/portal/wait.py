"""What a visitor is told of their wait, also while they look: a state, never a message of the thread."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.brands.service import AccountRecord
from trato.db.edge import Services
from trato.db.engine import FAILURES
from trato.flow import callbacks
from trato.kit.clock import now
from trato.live.hub import Hub
from trato.portal import queries
from trato.portal.queries import Guest
from trato.routing import waits
from trato.routing.waits import Wait

log = structlog.get_logger()

EVERY_S: Final = 3.0
EVENT: Final = "wait.told"


async def of_visitor(
    shared: Services, c: AsyncConnection, record: AccountRecord, guest: Guest
) -> dict[str, Any] | None:
    """Return how the visitor waits, or how they would if they wrote now; None while somebody attends."""
    found = await queries.current(c, guest)
    if found is None or found["closed_at"] is not None:
        wait = await waits.of_newcomer(shared, c, record.id, now())
        return None if wait is None else _view(wait, None)
    return (await _views(shared, c, [found["id"]]))[0].get(found["id"])


async def _views(
    shared: Services, c: AsyncConnection, ids: list[UUID]
) -> tuple[dict[UUID, dict[str, Any]], Mapping[UUID, Wait]]:
    """Return what each of these is told, and how they wait; who neither waits nor asked is left out."""
    found = await waits.of_conversations(shared, c, ids, now())
    agreed = await callbacks.of_conversations(c, ids)
    told = {}
    for conversation_id in ids:
        wait, callback = found.get(conversation_id), agreed.get(conversation_id)
        if callback is not None and callback["state"] == "done" and wait is None:
            callback = None
        if wait is not None or callback is not None:
            told[conversation_id] = _view(wait, callback)
    return told, found


def _view(wait: Wait | None, callback: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a wait as the visitor sees it; without `wait` there is only what was agreed."""
    if callback is not None:
        names = ("how", "address", "slot_start", "slot_end", "state")
        callback = {name: callback[name] for name in names}
    if wait is None:
        return {"position": None, "told": None, "is_long": False, "is_open": True, "callback": callback}
    return {
        "position": wait.position,
        "told": waits.said(wait.told),
        "is_long": wait.is_long,
        "is_open": wait.line.hours.is_open,
        "callback": callback,
    }


async def tell_waits(shared: Services, hub: Hub, *, every_s: float = EVERY_S) -> None:
    """Tell those who look what has changed of their wait, until cancelled; what is told is measured."""
    told: dict[UUID, dict[str, Any]] = {}
    while True:
        try:
            told = await _round(shared, hub, told)
        except FAILURES as error:  # they go on seeing what they were told; told again when it is back
            log.warning("waits.not_told", error=str(error))
        await asyncio.sleep(every_s)


async def _round(
    shared: Services, hub: Hub, before: Mapping[UUID, dict[str, Any]]
) -> dict[UUID, dict[str, Any]]:
    looking = hub.visitors()
    if not looking:
        return {}
    async with shared.db.connect() as c:
        told, found = await _views(shared, c, list(looking))
    new = {
        conversation_id: found[conversation_id]
        for conversation_id, view in told.items()
        if conversation_id in found and view["told"] != (before.get(conversation_id) or {}).get("told")
    }
    if new:
        async with shared.db.begin() as c:
            await waits.remember(c, new)
    for conversation_id in looking:
        view = told.get(conversation_id)
        if view != before.get(conversation_id):
            hub.tell_visitor(conversation_id, EVENT, {"wait": view})
    return told
