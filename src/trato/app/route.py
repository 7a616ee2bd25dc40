"""The router process: leads, or stands by."""

from collections.abc import Callable

from trato.app.wiring import open_services
from trato.flow.assign import Assigner
from trato.routing.leader import Router
from trato.settings import Settings


async def route(settings: Settings, dsn: str, ready: Callable[[], None]) -> None:
    """Route until cancelled; calls `ready` once it leads or stands by."""
    async with open_services(settings, dsn, "route") as services:
        router = Router(services.db, services.wake, Assigner(services.db))
        ready()
        await router.run()
