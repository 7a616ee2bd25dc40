"""Where there is no page: said in the help centre's face, with its search and the way to a person."""

import re
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from trato.access.edge import public
from trato.access.problem_page import language_for
from trato.db.edge import Services, Shared
from trato.kit.errors import NotFound
from trato.kit.text import clean
from trato.knowledge.help_centres import HELP
from trato.portal import edge
from trato.portal.centre import frame as frames
from trato.portal.centre.places import PLACED, near, place_of

router = APIRouter(include_in_schema=False, dependencies=[public(), PLACED])

SHOP: Final = "/demo"
_WORDS: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")  # a mistyped page, no number or key
_MAX_WORDS: Final = 100


@router.get("/help/{path:path}")
@router.get("/demo/{path:path}")
async def nowhere(request: Request, shared: Shared, path: str) -> Response:
    """Lead to the page that has no slash at its end; where there is none either, it is said."""
    edge.limit_network(request, shared)
    if path and not path.endswith("/"):
        raise NotFound("There is no such page.")
    bare = str(request.scope["path"]).rstrip("/")
    if bare.startswith(HELP):
        bare = place_of(request).base + bare.removeprefix(HELP)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(quote(bare) + query, 308)


async def page(request: Request) -> Response | None:
    """Return the page for an address below the help centre or the shop that is nobody's; None elsewhere."""
    path = request.url.path
    if not f"{path}/".startswith((f"{HELP}/", f"{SHOP}/")):
        return None
    shared: Services = request.app.state.services
    await near(request, shared)
    language = language_for(request, frames.preferred(request))
    allowed = await frames.allowed(request, shared)
    async with shared.db.connect() as c:
        frame = await frames.opened(request, c, language, allowed)
    return frames.page(
        frame,
        "lost.html",
        title=frame.words["lost_title"],
        paths=frame.paths(),
        kept=False,
        status=404,
        question=_meant(path),
    )


def _meant(path: str) -> str:
    """Return what somebody may have looked for, by the last part of the address: it stands in the search."""
    last = clean(path.rpartition("/")[2])[:_MAX_WORDS]
    named = len(last) > 2 and _WORDS.fullmatch(last)  # noqa: PLR2004  two letters are a language
    return last.replace("-", " ") if named else ""
