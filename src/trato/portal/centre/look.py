"""The style of the pages, in the brand's colour, and the little script that opens the chat in place."""

from functools import cache
from importlib import resources

from fastapi import APIRouter, Request, Response

from trato.access.edge import public
from trato.brands.looks import colours
from trato.decide.colour import accents
from trato.portal.centre.frame import revalidated
from trato.portal.centre.places import PLACED, place_of

router = APIRouter(include_in_schema=False, dependencies=[public(), PLACED])


@router.api_route("/help/help.css", methods=["GET", "HEAD"])
async def style(request: Request) -> Response:
    """Send the pages' style; the brand's colour changes it at once."""
    face = place_of(request).face
    css = _css().replace("LETTERS", _letters())
    own = accents(face["accent"]) if face["accent"] else None  # of the help centre alone
    chosen = own or colours(face["brand_accent"], face["brand_accent_dark"])
    if chosen:
        light, dark = chosen
        css += f":root{{--thread:{light}}}@media(prefers-color-scheme:dark){{:root{{--thread:{dark}}}}}\n"
    return revalidated(request, css.encode(), "text/css", {})


@router.api_route("/help/help.js", methods=["GET", "HEAD"])
async def script(request: Request) -> Response:
    """Send the script that opens the chat where a link leads to a person; without it the link is followed."""
    return revalidated(request, _file("help.js").encode(), "text/javascript", {})


@cache
def _css() -> str:
    return _file("help.css") + _file("centre.css") + _file("cases.css")


def _file(name: str) -> str:
    return (resources.files("trato.portal") / "help" / name).read_text("utf-8")


def _letters() -> str:
    """Return the address of the letters that came with the widget's build; its name changes with them."""
    built = resources.files("trato") / "static" / "widget" / "widget"
    found = (one.name for one in built.iterdir() if one.name.endswith(".woff2")) if built.is_dir() else ()
    return f"/widget/{next(iter(found), 'none.woff2')}"
