"""The composition root: what `trato up` and the single roles run, wired from settings."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import uvloop

from trato.access import service as access
from trato.app.route import route
from trato.app.web import serve
from trato.app.wiring import open_services
from trato.app.work import work
from trato.demo import seed, shop
from trato.demo.traffic import simulate
from trato.kit.process_tree import Role
from trato.kit.service_loop import run_until_stopped
from trato.settings import Settings

__all__ = ["prepare", "roles"]

Ready = Callable[[], None]
Work = Callable[[Settings, str, Ready], Awaitable[None]]


def prepare(settings: Settings, dsn: str) -> Sequence[str]:
    """Bring a migrated database to where work can begin; returns lines for the person who started us.

    On the first start that is the link that creates the administrator, with the demo its sign-ins.
    """
    return uvloop.run(_prepare(settings, dsn))


async def _prepare(settings: Settings, dsn: str) -> Sequence[str]:
    async with open_services(settings, dsn, "prepare") as services:
        if settings.demo:
            await seed.seed(services)
        async with services.db.begin() as c:
            link = await access.first_administrator_link(c, settings.public.url)
            is_demo, chat = await seed.is_demo(c), await seed.demo_account(c)
    lines = [f"Widget demo   {settings.public.url}/demo"] if chat else []
    if settings.demo and not is_demo:
        lines += [
            "",
            "--demo did nothing: this installation was set up by somebody already.",
            "For the demo choose another folder with --data.",
        ]
    if is_demo:
        lines += [
            "",
            "Sign in to the demo with the password " + shop.PASSWORD,
            *(f"{staff.email:<22}{staff.role}" for staff in shop.STAFF),
        ]
    return [*lines, "", "Make the first administrator here, once:", link] if link else lines


def roles(settings: Settings, dsn: str, listener: socket.socket, *, traffic: bool) -> Sequence[Role]:
    """Return web, work and route, with `traffic` the demo's customers too; `listener` is open already."""
    found = [
        Role("web", lambda ready: uvloop.run(serve(settings, dsn, ready, sockets=[listener]))),
        Role("work", partial(_role, work, settings, dsn)),
        Role("route", partial(_role, route, settings, dsn)),
    ]
    if traffic and settings.demo:
        found.append(Role("traffic", partial(_role, simulate_role, settings, dsn)))
    return found


async def simulate_role(settings: Settings, dsn: str, ready: Ready) -> None:
    """Let the demo's customers write."""
    async with open_services(settings, dsn, "traffic") as services:
        ready()
        async with services.db.connect() as c:
            is_demo = await seed.is_demo(c)
        if is_demo:
            await simulate(services)
        else:  # nobody's real installation gets invented customers
            await asyncio.Event().wait()


def _role(main: Work, settings: Settings, dsn: str, ready: Ready) -> None:
    async def until(stop: asyncio.Event) -> None:
        running = asyncio.ensure_future(main(settings, dsn, ready))
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait({running, stopping}, return_when="FIRST_COMPLETED")
        stopping.cancel()
        running.cancel()
        results = await asyncio.gather(running, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, asyncio.CancelledError):
                raise result

    run_until_stopped(until)
