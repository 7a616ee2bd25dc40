"""Holidays from another's server: fetched when the address is given, and again every few hours."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import structlog
from sqlalchemy import text

from trato.db.engine import Database
from trato.db.periodic import Periodic
from trato.decide.holidays import MAX_TEXT, NoCalendar
from trato.kit import bounded
from trato.kit.clock import now
from trato.kit.errors import DomainError, Invalid
from trato.kit.guarded_http import ForbiddenTarget, GuardedTransport
from trato.routing import hours

log = structlog.get_logger()

KIND: Final = "routing.holidays"
EVERY: Final = timedelta(hours=1)
FRESH: Final = timedelta(hours=6)
TIMEOUT_S: Final = 20.0
HTTP_OK: Final = 200

_STALE = text("""
    SELECT id, ical_url FROM hours_calendar
    WHERE ical_url IS NOT NULL AND coalesce(ical_tried_at, '-infinity') < now() - CAST(:fresh AS interval)
    ORDER BY ical_tried_at NULLS FIRST LIMIT 100
""")
_FETCHED = text("""
    UPDATE hours_calendar SET ical = :ical, ical_fetched_at = now(), ical_tried_at = now(), ical_error = NULL
    WHERE id = :id AND ical_url = :url
""")
_FAILED = text("""
    UPDATE hours_calendar SET ical_tried_at = now(), ical_error = :error WHERE id = :id AND ical_url = :url
""")


def checked(url: str, *, allow_private: bool) -> str:
    """Return the address that holidays are fetched from; `webcal://` is HTTPS. Raises `Invalid`."""
    found = "https" + url[len("webcal") :] if url.startswith("webcal://") else url
    try:
        parts = urlsplit(found)
        usable = bool(parts.hostname) and parts.port != 0 and not parts.username and not parts.password
    except ValueError:
        usable = False
    schemes = {"https", "http"} if allow_private else {"https"}
    if not usable or parts.scheme not in schemes:
        raise Invalid("The address of a calendar begins with https://.", field="ical_url")
    return found


async def fetch(url: str, *, allow_private: bool, verify: Any = True) -> str:
    """Return the calendar's text; raises `Invalid` with what is wrong. Never within a transaction."""
    try:
        async with asyncio.timeout(TIMEOUT_S), _client(allow_private=allow_private, verify=verify) as client:
            return await _read(client, url)
    except ForbiddenTarget as error:
        raise Invalid(
            "This address leads into a network where Trato does not go.", field="ical_url"
        ) from error
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise Invalid(
            "The calendar could not be fetched.",
            todo="Open the address in a browser and see whether it answers.",
            field="ical_url",
        ) from error


@asynccontextmanager
async def _client(*, allow_private: bool, verify: Any) -> AsyncIterator[httpx.AsyncClient]:
    transport = GuardedTransport(allow_private=allow_private, verify=verify)
    async with httpx.AsyncClient(transport=transport, follow_redirects=False, timeout=None) as client:  # noqa: S113  one limit over the whole, above
        yield client


async def _read(client: httpx.AsyncClient, url: str) -> str:
    async with client.stream("GET", url, headers={"Accept": "text/calendar"}) as answer:
        if answer.status_code != HTTP_OK:
            raise Invalid(
                "The server of the calendar answered with {status}.",
                todo="Open the address in a browser and see whether it answers.",
                field="ical_url",
                values={"status": answer.status_code},
            )
        content = await bounded.whole(answer.aiter_bytes(), MAX_TEXT)
    if content is None:
        raise Invalid("This calendar of holidays is too large.", field="ical_url")
    return content.decode("utf-8-sig", errors="replace").replace("\x00", "")


def fetching(db: Database, *, allow_private: bool, verify: Any = True) -> Periodic:
    """Return the job that fetches again what was fetched six hours ago."""

    async def run() -> None:
        async with db.connect() as c:
            stale = (await c.execute(_STALE, {"fresh": FRESH})).all()
        for calendar_id, url in stale:
            await _again(db, calendar_id, url, allow_private=allow_private, verify=verify)

    return Periodic(KIND, EVERY, db, run)


async def _again(db: Database, calendar_id: Any, url: str, *, allow_private: bool, verify: Any) -> None:
    told = {"id": calendar_id, "url": url}
    try:
        ical = await fetch(url, allow_private=allow_private, verify=verify)
        async with db.connect() as c:
            kept = await hours.record(c, calendar_id)
        await asyncio.to_thread(_judge, kept, ical, now())
    except DomainError as error:
        log.warning("calendar.not_fetched", calendar=str(calendar_id), error=error.message)
        async with db.begin() as c:
            await c.execute(_FAILED, {**told, "error": error.message})
        return
    async with db.begin() as c:
        await c.execute(_FETCHED, {**told, "ical": ical})
        if ical != kept["ical"]:
            await hours.tell(c, {**kept, "ical": ical, "ical_error": None}, actor="system")


def _judge(kept: dict[str, Any], ical: str, at: datetime) -> None:
    try:
        hours.value_of({**kept, "ical": ical}, at=at)
    except NoCalendar as error:
        raise hours.unreadable(error) from error
