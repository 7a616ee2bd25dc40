"""Health and metrics: what a load balancer and a monitor ask."""

import hmac
import ipaddress
import time

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text

from trato.access.edge import client_ip, public, relayed
from trato.db.edge import Shared
from trato.kit.errors import NotAllowed, Unavailable
from trato.live.hub import hub_of

router = APIRouter(tags=["health"], dependencies=[public()])

_FIGURES = {
    "trato_conversations_open": (
        "Conversations that are open",
        "SELECT count(*) FROM conversation WHERE status = 'open'",
    ),
    "trato_waiting": ("Contacts in line", "SELECT count(*) FROM waiting"),
    "trato_routing_alarms": (
        "Things that must never be in routing, and are",
        "SELECT count(*) FROM routing_alarm",
    ),
    "trato_jobs_due": (
        "Jobs that are due",
        "SELECT count(*) FROM job WHERE state = 'waiting' AND run_at <= now()",
    ),
    "trato_jobs_failed": ("Jobs given up", "SELECT count(*) FROM job WHERE state = 'failed'"),
    "trato_messages_uncertain": (
        "Messages of which nobody knows whether they arrived",
        "SELECT count(*) FROM message WHERE status = 'uncertain'",
    ),
    "trato_receipts_broken": (
        "Arrivals that could not be read",
        "SELECT count(*) FROM receipt WHERE state = 'broken'",
    ),
    "trato_accounts_failing": (
        "Channel accounts that do not work",
        "SELECT count(*) FROM account WHERE state = 'failing' AND removed_at IS NULL AND enabled",
    ),
}


@router.get("/health/live")
async def live() -> dict[str, str]:
    """Answer as long as the process runs."""
    return {"status": "ok"}


@router.get("/health/ready")
async def ready(shared: Shared) -> dict[str, str]:
    """Answer 200 when requests can be served: the database answers."""
    try:
        await shared.db.call("SELECT 1")
    except Exception as error:
        raise Unavailable("The database does not answer.", todo="See what trato doctor says.") from error
    return {"status": "ok"}


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, shared: Shared) -> Response:
    """Send figures in Prometheus' format, to the machine itself or with the token of TRATO_METRICS_TOKEN."""
    _allowed(request)
    registry = CollectorRegistry()
    began = time.perf_counter()
    async with shared.db.connect() as c:
        for name, (help_text, sql) in _FIGURES.items():
            Gauge(name, help_text, registry=registry).set(await c.scalar(text(sql)) or 0)
    position = Gauge("trato_live_position", "Last position of the event log", registry=registry)
    position.set(hub_of(shared).position)
    Gauge("trato_scrape_seconds", "Time to gather these", registry=registry).set(time.perf_counter() - began)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _allowed(request: Request) -> None:
    token: str | None = request.app.state.settings.metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return
    try:
        local = ipaddress.ip_address(client_ip(request) or "").is_loopback and not relayed(request)
    except ValueError:
        local = False
    if not local:
        raise NotAllowed(
            "Metrics are for this machine.", todo="Set TRATO_METRICS_TOKEN and send it as a bearer token."
        )
