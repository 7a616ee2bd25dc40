"""What the pages of a contact's own cases share: their words, their frame, and the way back to the door."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.cookies import set_cookie_header
from trato.brands import service as brands
from trato.knowledge import readers
from trato.portal import customers
from trato.portal.centre import frame as frames
from trato.portal.centre.places import place_of, within
from trato.portal.customers import Customer
from trato.portal.my_cases import sign_in

ASKING: Final = "__Host-trato_asking"  # which sign-in this browser has begun
NOT_KEPT: Final = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex", "Vary": "Cookie"}


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return what these pages say, by language."""
    found: Mapping[str, Mapping[str, str]] = json.loads(
        (resources.files("trato.portal") / "help" / "cases.json").read_text("utf-8")
    )
    return found


async def show(
    request: Request,
    c: AsyncConnection,
    language: str,
    template: str,
    *,
    title: str,
    below: str = "",
    customer: Customer | None = None,
    status: int = 200,
    **values: Any,
) -> Response:
    """Send one of these pages, which nobody keeps, lists or frames; `below` is its path under the cases."""
    may_read = readers.SIGNED_IN if customer else readers.EVERYBODY
    frame = await frames.opened(request, c, language, may_read.of(place_of(request).brand_id))
    page = frames.page(
        frame,
        f"cases/{template}",
        title=title,
        paths=frame.paths(f"/cases{below}"),
        status=status,
        kept=False,
        said=words()[language],
        customer=customer,
        **{"done": "", "problem": "", **values},
    )
    page.headers["Referrer-Policy"] = "same-origin"  # an address may be a key: it goes to no other site
    return page


async def zone(c: AsyncConnection) -> ZoneInfo:
    """Return the organisation's time zone."""
    organisation = await brands.get_organisation(c)
    return ZoneInfo(str(organisation["time_zone"]) if organisation else "UTC")


def go(request: Request, language: str, below: str = "") -> RedirectResponse:
    """Lead to another of these pages."""
    return RedirectResponse(within(request, f"{language}/cases{below}"), 303, headers=NOT_KEPT)


def remember_asking(answer: Response, browser: str) -> None:
    """Bind a sign-in to this browser; the cookie is there too when a link in a mail leads to us."""
    header = set_cookie_header(ASKING, browser, sign_in.LIFE, same_site="Lax")
    answer.headers.append("set-cookie", header)


def let_in(answer: Response, token: str) -> None:
    """Give the browser its session, and let it forget what it asked for."""
    header = set_cookie_header(customers.SESSION, token, customers.LIFE, same_site="Lax")
    answer.headers.append("set-cookie", header)
    forget(answer, ASKING)


def forget(answer: Response, name: str) -> None:
    """Take a cookie away."""
    gone = set_cookie_header(name, "", sign_in.LIFE * 0, same_site="Lax")
    answer.headers.append("set-cookie", gone)
