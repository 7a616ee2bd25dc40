"""Which brand's help centre a request came to: by the path /help/{brand}, by the name asked, else the first.

The address of a brand is taken out of the path before anything else looks at it, so that every page is one
route, whichever brand shows it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from trato.db.edge import Services, services
from trato.kit.errors import NotFound
from trato.knowledge import help_centres
from trato.knowledge.help_centres import HELP, RESERVED

_SLUG: Final = "help_brand"  # in the scope: what the path named
_OF_BRAND: Final = re.compile(rf"{HELP}/([a-z0-9]+(?:-[a-z0-9]+)*)(/.*)?")
_SHORTEST: Final = 3  # two letters are a language
_NOBODY: Final[Mapping[str, Any]] = {  # before there is a brand
    "brand_id": None,
    "brand_name": "Trato",
    "language": None,
    "tone": "usted",
    "titles": {},
    "accent": None,
    "brand_accent": None,
    "brand_accent_dark": None,
    "logo_digest": None,
    "site_url": None,
    "owner_id": None,
    "is_first": True,
}


@dataclass(frozen=True, slots=True)
class Place:
    """The help centre that is asked."""

    face: Mapping[str, Any]
    base: str  # before the language in each path: /help or /help/{brand}
    url: str  # the same as the world should know it

    @property
    def brand_id(self) -> UUID | None:
        """Return the brand, None before there is one."""
        found: UUID | None = self.face["brand_id"]
        return found

    def known_as(self, path: str) -> str:
        """Return the one address by which a page of this help centre should be known."""
        return self.url + path.removeprefix(self.base)


class BrandPaths:
    """Takes the brand out of each path: everything behind it sees the same as of the first brand."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        await self._app(without_brand(scope) if scope["type"] == "http" else scope, receive, send)


def without_brand(scope: Scope) -> Scope:
    """Return the scope of a request with the brand beside its path, where the path names one."""
    found = _OF_BRAND.fullmatch(scope["path"])
    if found is None or found[1] in RESERVED or len(found[1]) < _SHORTEST:
        return scope
    rest = (found[2] or "").rstrip("/") if found[2] == "/" else found[2] or ""
    raw = scope.get("raw_path")
    cut = len(f"/{found[1]}")
    plain = raw[: len(HELP)] + (raw[len(HELP) + cut :] if rest else b"") if raw is not None else None
    return {**scope, "path": HELP + rest, "raw_path": plain, _SLUG: found[1]}


async def _find(request: Request, shared: Annotated[Services, Depends(services)]) -> None:
    if not await _placed(request, shared, request.scope.get(_SLUG)):
        raise NotFound("There is no such page.")


async def _placed(request: Request, shared: Services, slug: str | None) -> bool:
    """Note which help centre a request came to; False when there is no such one."""
    async with shared.db.connect() as c:
        rows = await help_centres.every(c)
    if slug is None and not rows:
        request.state.place = Place(_NOBODY, HELP, shared.public.url.rstrip("/") + HELP)
        return True
    found = help_centres.asked(rows, slug, request.headers.get("host", ""))
    if found is None:
        return False
    base = f"{HELP}/{slug}" if slug is not None else HELP
    url = help_centres.url_of(shared.public.url, found)
    request.state.help = base  # where the page of an error leads
    request.state.place = Place(found, base, url or shared.public.url.rstrip("/") + base)
    return True


async def near(request: Request, shared: Services) -> Place:
    """Return the help centre that a request came to, or, where there is none, that of the name asked."""
    if not hasattr(request.state, "place"):
        await _placed(request, shared, None)
    return place_of(request)


PLACED: Final = Depends(_find)  # of every router whose pages stand in a help centre


def place_of(request: Request) -> Place:
    """Return the help centre that a request came to."""
    found: Place = request.state.place
    return found


def within(request: Request, path: str) -> str:
    """Return the path of another page of the same help centre; `path` begins with the language."""
    return f"{place_of(request).base}/{path}"
