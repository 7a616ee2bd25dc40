"""Keeps agents who have a desk open from being taken for lost."""

import asyncio
from collections.abc import Callable, Collection
from typing import Final
from uuid import UUID

import structlog

from trato.db.engine import FAILURES, Database
from trato.routing import service

log = structlog.get_logger()

EVERY_S: Final = 20.0  # the router waits 60 s before it sets somebody offline


async def keep_seen(
    db: Database, connected: Callable[[], Collection[UUID]], *, every_s: float = EVERY_S
) -> None:
    """Note again and again, until cancelled, who is connected to this process."""
    while True:
        agents = list(connected())
        if agents:
            try:
                async with db.begin() as c:
                    await service.seen(c, agents)
            except FAILURES as error:  # noted again soon; nobody is set offline meanwhile either
                log.warning("presence.not_noted", error=str(error))
        await asyncio.sleep(every_s)
