"""How the widget looks, for any page that carries it; and the page on which a look is tried beforehand."""

import re
from collections.abc import Awaitable, Callable
from importlib import resources
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access import portraits
from trato.access.edge import public
from trato.brands import look_schemas, looks
from trato.brands import service as brands
from trato.db.edge import Services, Shared
from trato.kit.errors import NotFound
from trato.portal import edge
from trato.portal.centre.frame import revalidated
from trato.portal.service import language_of

# What anybody may see on the shop's pages; whoever writes in its name is still held to the account's sites.
_ANY_SITE: Final = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
_FOREVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}  # its name changes with it
_BARE: Final = {"Content-Security-Policy": "default-src 'none'; sandbox"}
# As strict as the pages that the widget stands on, and to be framed by the desk alone; a picture that is not
# saved yet comes as data.
_PREVIEW: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self'"
)
_PICTURE: Final = re.compile(r"([0-9a-f]{32})\.png")
_FILES: Final = {"preview.css": "text/css", "preview.js": "text/javascript"}

router = APIRouter(include_in_schema=False, dependencies=[public()])
templates = Environment(
    loader=PackageLoader("trato.portal", "look"), autoescape=select_autoescape(), undefined=StrictUndefined
)


@router.get("/look/accounts/{public_key}")
async def worn(request: Request, shared: Shared, public_key: str) -> Response:
    """Say how the widget of an account looks; asked anew at each load, so that what was saved is seen."""
    edge.limit_network(request, shared)
    async with shared.db.connect() as c:
        account = await brands.account_by_public_key(c, public_key)
        found = looks.worn(await looks.get(c, account.brand_id))
    body = look_schemas.WornLook(**found).model_dump_json().encode()
    return revalidated(request, body, "application/json", _ANY_SITE)


@router.get(f"{looks.LOGOS}/{{name}}")
async def logo(request: Request, shared: Shared, name: str) -> Response:
    """Send a brand's picture."""
    return await _picture(request, shared, name, looks.logo)


@router.get(f"{portraits.PORTRAITS}/{{name}}")
async def person(request: Request, shared: Shared, name: str) -> Response:
    """Send the picture of one who helps."""
    return await _picture(request, shared, name, portraits.picture)


async def _picture(
    request: Request, shared: Services, name: str, find: Callable[[AsyncConnection, str], Awaitable[bytes]]
) -> Response:
    edge.limit_network(request, shared)
    if not (found := _PICTURE.fullmatch(name)):
        raise NotFound("There is no such picture.")
    async with shared.db.connect() as c:
        data = await find(c, found[1])
    return Response(data, media_type="image/png", headers={**_ANY_SITE, **_FOREVER, **_BARE})


@router.get("/look/preview")
async def preview(lang: Annotated[str, Query(max_length=35)] = "es") -> Response:
    """Show the widget on an empty page that invents all answers; the desk says how it looks."""
    page = templates.get_template("preview.html").render(language=language_of(lang))
    headers = {"Content-Security-Policy": _PREVIEW, "Cache-Control": "no-cache"}
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)


@router.get("/look/{name}")
async def preview_file(name: str) -> Response:
    """Send the style or the script of that page."""
    if name not in _FILES:
        raise NotFound("There is no such file.")
    data = (resources.files("trato.portal") / "look" / name).read_bytes()
    return Response(data, media_type=_FILES[name], headers={"Cache-Control": "no-cache"})
