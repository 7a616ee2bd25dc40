"""What any browser may load: the widget's script and chunks, and the demo shop that carries it."""

import re
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from trato.access import built_files
from trato.access.edge import public
from trato.brands import service as brands
from trato.brands.service import AccountRecord
from trato.db.edge import Services, Shared
from trato.kit.clock import now
from trato.kit.errors import NotFound, Unavailable
from trato.portal.identity import Identity, sign
from trato.portal.service import language_of

DEMO = "demo_customer"  # in `Services.extras`: whom the demo shop may vouch for; elsewhere nobody

_WIDGET = Path(str(resources.files("trato") / "static" / "widget"))
_SHOP = Path(str(resources.files("trato.portal") / "shop"))
_CHUNK = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(js|woff2)")  # the build's names; nothing that leaves the folder
_HASHED = re.compile(r".+-[\w-]{8}\.(js|woff2)")
_TYPES = {"js": "text/javascript", "woff2": "font/woff2"}
_SHOP_FILES = {"shop.css": "text/css", "shop.js": "text/javascript", "shop.svg": "image/svg+xml"}
_STEPS = ("product", "checkout", "thanks")
_PRODUCT = {"id": "FX-200", "name": "Heladera con freezer FX-200", "price": "$ 899.000"}
_TOTAL = {"total": "899000", "currency": "ARS"}
_FOREVER = "public, max-age=31536000, immutable"  # a chunk's name changes with its content
_SOON = "public, max-age=300"
# Any site may load the script; what it may do there is decided by the account's list of origins.
_ANY_SITE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
# As strict as the sites that the widget has to work on.
_SHOP_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

Lang = Annotated[str, Query(max_length=35)]
Theme = Annotated[str | None, Query(pattern="^(light|dark)$")]

router = APIRouter(include_in_schema=False, dependencies=[public()])
_templates = Environment(
    loader=PackageLoader("trato.portal", "shop"), autoescape=select_autoescape(), undefined=StrictUndefined
)


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """A fictitious customer who can sign in at the demo shop."""

    user_id: str
    name: str
    email: str


def _answer(request: Request, path: Path, content_type: str, cache: str) -> Awaitable[Response]:
    return built_files.send(request, path, content_type, {"Cache-Control": cache, **_ANY_SITE})


@router.get("/widget.js")
async def widget(request: Request) -> Response:
    """Send the script that a shop puts on its pages."""
    return await _answer(request, _WIDGET / "widget.js", "text/javascript", _SOON)


@router.get("/widget/{name}")
async def chunk(request: Request, name: str) -> Response:
    """Send a part of the widget that is loaded when it is needed."""
    if not (found := _CHUNK.fullmatch(name)):
        raise NotFound("There is no such file.")
    cache = _FOREVER if _HASHED.fullmatch(name) else _SOON
    return await _answer(request, _WIDGET / "widget" / name, _TYPES[found[1]], cache)


@router.get("/demo")
async def shop(
    shared: Shared,
    lang: Lang = "es",
    theme: Theme = None,
    *,
    signed_in: bool = False,
) -> Response:
    """Show a fictitious shop with the widget; in the demo, also as a customer who has signed in there."""
    return await _shop_page(shared, "shop", lang, theme, signed_in=signed_in)


@router.get("/demo/{name}")
async def shop_part(
    request: Request,
    shared: Shared,
    name: str,
    lang: Lang = "es",
    theme: Theme = None,
    order: Annotated[str, Query(pattern=r"^[0-9]{1,20}$")] = "88121",
    *,
    signed_in: bool = False,
) -> Response:
    """Send the demo shop's style and script, a product, a checkout, or the page that says thank you."""
    if name in _SHOP_FILES:
        return await _answer(request, _SHOP / name, _SHOP_FILES[name], "no-cache")
    if name not in _STEPS:
        raise NotFound("There is no such file.")
    return await _shop_page(shared, name, lang, theme, signed_in=signed_in, number=order)


async def _shop_page(
    shared: Services, name: str, lang: str, theme: str | None, *, signed_in: bool, number: str = ""
) -> Response:
    async with shared.db.connect() as c:
        records = [
            r for r in await brands.list_accounts(c) if r.enabled and r.connector.capabilities.visitors
        ]
    if not records:
        raise Unavailable("No account takes visitors yet.", todo="Create one under Channels.")
    record = records[0]
    customer: DemoCustomer | None = shared.extras.get(DEMO)
    vouched = _vouch(shared, record, customer) if customer else None
    language = language_of(lang)
    where = {"lang": language} | ({"signed_in": "true"} if signed_in else {})
    page = _templates.get_template(f"{name}.html").render(
        account=record.public_key,
        language=language,
        theme=theme,
        customer=customer,
        vouched=vouched,
        identity=vouched if signed_in else None,
        carried=f"?{urlencode(where)}",
        product=_PRODUCT,
        number=str(secrets.randbelow(900_000_000) + 100_000_000),
        context={"product": _PRODUCT, "step": name} if name in ("product", "checkout") else None,
        order=_TOTAL | {"number": number} if name == "thanks" else None,
    )
    headers = {"Content-Security-Policy": _SHOP_POLICY, "Cache-Control": "no-store"}
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)


def _vouch(shared: Services, record: AccountRecord, customer: DemoCustomer) -> dict[str, str | int]:
    """Return what a shop's server gives its page for a customer who has signed in."""
    secret = str(record.opened(shared.secrets).secrets.get("identity_secret") or "")
    exp = int((now() + timedelta(hours=1)).timestamp())
    bare = Identity(customer.user_id, customer.name, customer.email, exp, "")
    signature = sign(secret, record.public_key, bare)
    return {
        "userId": bare.user_id,
        "name": bare.name,
        "email": bare.email,
        "exp": exp,
        "signature": signature,
    }
