"""The web process: the API, the desk, the widget and their streams."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import APIRouter, Depends, FastAPI
from starlette.types import ASGIApp

from trato import __version__
from trato.access import api as access_api
from trato.access import problems
from trato.access.guard import guarded
from trato.app import description, health, hook_limit, pages
from trato.app.wiring import open_services
from trato.automation.rules import api as rules_api
from trato.automation.sla import api as sla_api
from trato.beside import line_api, side_api
from trato.brands import api as brands_api
from trato.brands import look_api
from trato.cards import api as cards_api
from trato.cards.asking import EXTRA as CARDS
from trato.cards.asking import Asker
from trato.contacts import api as contacts_api
from trato.conversations import api as conversations_api
from trato.conversations import case_api, gesture_api, label_api, thread_api
from trato.db.edge import Services
from trato.demo import orders, seed, shop
from trato.fields import api as fields_api
from trato.finding import api as finding_api
from trato.flow import api as flow_api
from trato.flow import (
    assign_api,
    callback_desk_api,
    consult_api,
    desk_api,
    scheduled_api,
    snapshot_api,
    stray_api,
    transfer_api,
    trouble_api,
    wrap_up_api,
)
from trato.flow import case_api as flow_case_api
from trato.gaps import api as gaps_api
from trato.incidents import api as incidents_api
from trato.incidents import link_api as incident_link_api
from trato.kit.language_model import EXTRA as LANGUAGE_MODEL
from trato.kit.translator import EXTRA as TRANSLATOR
from trato.knowledge import api as articles_api
from trato.knowledge import context_api, section_api, text_api, tuning_api
from trato.knowledge.finder import EXTRA as FINDER
from trato.knowledge.finder import Finder
from trato.knowledge.reads import EXTRA as READS
from trato.knowledge.reads import Reads
from trato.knowledge.tuning import DATA as SEARCH_DATA
from trato.live import api as live_api
from trato.live.hub import EXTRA as HUB
from trato.live.hub import Hub
from trato.live.server import Prompt, StreamingServer
from trato.macros import api as macros_api
from trato.notifications import api as notifications_api
from trato.notifications import stop_page
from trato.portal import (
    answers_api,
    callback_api,
    failure_api,
    known,
    look_pages,
    manual,
    matter_page,
    preference_page,
    storefront_api,
    trail_api,
)
from trato.portal import api as portal_api
from trato.portal.centre import CENTRE, lost
from trato.portal.centre.places import BrandPaths
from trato.portal.cors import VisitorCors
from trato.portal.limits import Limiter
from trato.portal.my_cases import api as my_cases_api
from trato.portal.my_cases.routes import MY_CASES
from trato.portal.pages import DEMO, DemoCustomer
from trato.portal.service import LANGUAGES
from trato.portal.wait import tell_waits
from trato.privacy import api as privacy_api
from trato.routing import api as routing_api
from trato.routing import hours_api, notices_api, peaks_api, preview_api, queues_api, setup_api, waits_api
from trato.routing.connections import keep_seen
from trato.settings import Settings
from trato.setup import api as settings_file_api
from trato.storefront import api as storefront_desk_api
from trato.storefront import service as storefront
from trato.trail import api as trail_desk_api
from trato.trail import failure_api as page_failures_api
from trato.trail import report_api
from trato.translation import api as translation_api
from trato.verbatim import api as verbatim_api
from trato.views import api as views_api
from trato.views import bulk_api
from trato.webhooks import api as webhooks_api
from trato.webhooks.api import ALLOW_PRIVATE

GRACE_S = 2  # less than the process tree's patience
UPLOAD_BYTES = 26_000_000
HOOK_BYTES = 5_000_000
LARGER = {
    "/api/v1/attachments": UPLOAD_BYTES,
    "/api/v1/visitor/attachments": UPLOAD_BYTES,
    "/api/v1/articles/": UPLOAD_BYTES,
    **{f"/help/{language}/report": UPLOAD_BYTES for language in LANGUAGES},
    **{f"/help/{language}/cases/": UPLOAD_BYTES for language in LANGUAGES},
    "/hooks/": HOOK_BYTES,
    "/api/v1/settings/import": HOOK_BYTES,
}
SLICES = (
    access_api,
    brands_api,
    look_api,
    contacts_api,
    fields_api,
    cards_api,
    privacy_api,
    finding_api,
    conversations_api,
    thread_api,
    line_api,
    side_api,
    case_api,
    gesture_api,
    label_api,
    macros_api,
    articles_api,
    gaps_api,
    text_api,
    section_api,
    context_api,
    incidents_api,
    incident_link_api,
    tuning_api,
    desk_api,
    scheduled_api,
    assign_api,
    flow_case_api,
    wrap_up_api,
    transfer_api,
    consult_api,
    snapshot_api,
    trouble_api,
    stray_api,
    routing_api,
    peaks_api,
    hours_api,
    queues_api,
    preview_api,
    setup_api,
    waits_api,
    notices_api,
    callback_desk_api,
    live_api,
    webhooks_api,
    sla_api,
    rules_api,
    notifications_api,
    portal_api,
    callback_api,
    known,
    my_cases_api,
    trail_api,
    answers_api,
    storefront_api,
    storefront_desk_api,
    failure_api,
    page_failures_api,
    trail_desk_api,
    report_api,
    preference_page,
    translation_api,
    verbatim_api,
    views_api,
    bulk_api,
    settings_file_api,
)


def create_app(services: Services, settings: Settings) -> FastAPI:
    """Return the application with every route, over services that the caller opened and closes."""
    app = FastAPI(
        title="Trato",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.services = services
    app.state.settings = settings
    app.state.hook_limiter = Limiter()
    services.extras[HUB] = Hub(services.db, services.wake)
    services.extras[FINDER] = Finder(services.db, settings.data)
    services.extras[READS] = Reads(services.db)
    services.extras[CARDS] = Asker()
    services.extras[SEARCH_DATA] = settings.data
    services.extras[trail_api.DAYS] = settings.trail_days
    services.extras[storefront.DAYS] = settings.order_days
    services.extras[LANGUAGE_MODEL] = settings.language_model
    services.extras[TRANSLATOR] = settings.translator
    services.extras[ALLOW_PRIVATE] = settings.webhooks_allow_private
    services.extras[notifications_api.ALLOW_PRIVATE] = settings.webhooks_allow_private
    problems.install(app, lost.page)
    app.add_middleware(VisitorCors)
    include_routes(app)
    return app


def include_routes(app: FastAPI) -> None:
    """Put every route where it belongs; needs no services, so the reference is written with it too."""
    api = APIRouter(prefix="/api/v1")
    for module in SLICES:
        api.include_router(module.router)
    app.include_router(api)
    app.include_router(flow_api.hooks, dependencies=[Depends(hook_limit.limit)])
    app.include_router(conversations_api.pages)
    app.include_router(health.router)
    app.include_router(portal_api.pages)
    app.include_router(orders.router)
    app.include_router(look_pages.router)
    app.include_router(manual.router)
    for part in (*MY_CASES, *CENTRE):
        app.include_router(part)
    app.include_router(preference_page.pages)
    app.include_router(matter_page.pages)
    app.include_router(stop_page.pages)
    app.include_router(pages.router)  # last: the desk answers every other path
    description.install(app)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    hub: Hub = app.state.services.extras[HUB]
    await hub.start()
    services: Services = app.state.services
    beside = [
        asyncio.create_task(keep_seen(services.db, hub.agents), name="presence"),
        asyncio.create_task(tell_waits(services, hub), name="waits"),
        asyncio.create_task(services.extras[FINDER].run(), name="finder"),
        asyncio.create_task(services.extras[READS].run(), name="reads"),
    ]
    try:
        yield
    finally:
        for task in beside:
            task.cancel()
        await asyncio.wait(beside)
        await services.extras[CARDS].aclose()
        await hub.close()


def protected(app: FastAPI, settings: Settings) -> ASGIApp:
    """Return the application behind everything that a request must pass first."""
    inner = guarded(app, trusted_proxies=settings.trusted_proxies, body_limits=LARGER)
    return BrandPaths(inner)


async def serve(settings: Settings, dsn: str, ready: Callable[[], None], sockets: Any = None) -> None:
    """Serve until SIGTERM or SIGINT; calls `ready` once requests are answered."""
    async with open_services(settings, dsn, "web") as services:
        services.extras.update(await demo_extras(services, settings))
        app = create_app(services, settings)
        config = uvicorn.Config(
            protected(app, settings),
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http=Prompt,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_S,
            timeout_keep_alive=30,
            limit_concurrency=2_000,
            ssl_certfile=settings.tls_cert,
            ssl_keyfile=settings.tls_key,
        )
        hub: Hub = services.extras[HUB]
        server = StreamingServer(config, before_exit=hub.end_streams)
        telling = asyncio.create_task(_tell_when_started(server, ready))
        try:
            await server.serve(sockets=sockets)
        finally:
            telling.cancel()


async def demo_extras(services: Services, settings: Settings) -> dict[str, Any]:
    """Return whom the demo page may vouch for: its invented customer, never one of a real installation."""
    if settings.demo:
        async with services.db.begin() as c:
            if await seed.is_demo(c):
                await orders.stay_reachable(c, services)
                return {DEMO: DemoCustomer(**shop.CUSTOMER)}
    return {}


async def _tell_when_started(server: uvicorn.Server, ready: Callable[[], None]) -> None:
    while not server.started:  # noqa: ASYNC110  uvicorn offers no event for it
        await asyncio.sleep(0.02)
    ready()
