"""The help centre's pages to read: home, sections and articles."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from trato.access.edge import public
from trato.db.edge import Services, Shared
from trato.kit.errors import NotFound
from trato.knowledge import finder, readers, reads
from trato.knowledge.markdown import headings
from trato.knowledge.readers import MayRead
from trato.portal import edge
from trato.portal.centre import frame as frames
from trato.portal.centre.frame import Frame
from trato.portal.centre.places import PLACED, within
from trato.portal.centre.shown import opening, zone

router = APIRouter(include_in_schema=False, dependencies=[public(), PLACED])

ON_HOME: Final = 6  # articles of a section
ON_PAGE: Final = 100
_MANY: Final = 3  # headings, before a list of them helps
_MAX_PAGES: Final = 1_000


@router.api_route("/help", methods=["GET", "HEAD"])
async def door(request: Request, shared: Shared) -> Response:
    """Show the first page in the reader's language."""
    edge.limit_network(request, shared)
    language = frames.preferred(request)
    allowed = await frames.allowed(request, shared)
    async with shared.db.connect() as c:
        found = await _home(shared, await frames.opened(request, c, language, allowed), c)
    found.headers["Vary"] = "Cookie, Accept-Language"
    return found


@router.api_route("/help/{language}", methods=["GET", "HEAD"])
async def home(request: Request, shared: Shared, language: str) -> Response:
    """Show the sections and their first articles."""
    edge.limit_network(request, shared)
    frames.known(language)
    allowed = await frames.allowed(request, shared)
    async with shared.db.connect() as c:
        return await _home(shared, await frames.opened(request, c, language, allowed), c)


async def _home(shared: Services, frame: Frame, c: AsyncConnection) -> Response:
    finder.want(shared)
    shelves = await readers.home(c, frame.language, frame.allowed, each=ON_HOME)
    title = frame.brand["titles"].get(frame.language) or frame.words["title"]
    organisation = frame.organisation
    return frames.page(
        frame,
        "home.html",
        title=title,
        paths=frame.paths(),
        shelves=shelves,
        hours=opening(frame),
        zone=zone(organisation),
    )


@router.api_route("/help/{language}/sections/{slug}", methods=["GET", "HEAD"])
async def section(
    request: Request,
    shared: Shared,
    language: str,
    slug: str,
    page: Annotated[int, Query(ge=1, le=_MAX_PAGES)] = 1,
) -> Response:
    """Show the articles of a section; an old address leads on."""
    edge.limit_network(request, shared)
    frames.known(language)
    allowed = await frames.allowed(request, shared)
    async with shared.db.connect() as c:
        shelf = await readers.section(c, slug, language, allowed, offset=(page - 1) * ON_PAGE, limit=ON_PAGE)
        if shelf.slug != slug:
            return _moved(within(request, f"{language}/sections/{shelf.slug}"), 301)
        if not shelf.articles and page > 1:
            raise NotFound("There is no such page.")
        frame = await frames.opened(request, c, language, allowed)
    tail = f"?page={page}" if page > 1 else ""
    return frames.page(
        frame,
        "section.html",
        title=shelf.name,
        description=shelf.description,
        paths=frame.paths(f"/sections/{slug}{tail}"),
        shelf=shelf,
        number=page,
        last=page * ON_PAGE >= shelf.count,
    )


@router.api_route("/help/{language}/articles/{slug}", methods=["GET", "HEAD"])
async def article(request: Request, shared: Shared, language: str, slug: str) -> Response:
    """Show an article; an old address, and that of another language, lead on."""
    edge.limit_network(request, shared)
    frames.known(language)
    allowed = await frames.allowed(request, shared)
    async with shared.db.connect() as c:
        found = await readers.article(c, language, slug, allowed)
        if found is None:
            return await _elsewhere(request, c, language, slug, allowed)
        frame = await frames.opened(request, c, language, allowed)
    if allowed.everybody and frames.by_a_person(request):
        reads.note(shared, found.id, language)
    parts = headings(found.html)
    return frames.page(
        frame,
        "article.html",
        title=found.title,
        description=found.summary,
        paths=frame.of_article(found.languages),
        step={"kind": "article", "language": language, "slug": slug},
        article=found,
        contents=parts if len(parts) >= _MANY else [],
        question=frames.asked(request),
        updated=frame.words["updated"].format(frame.day(found.published_at)),
    )


async def _elsewhere(
    request: Request, c: AsyncConnection, language: str, slug: str, may: MayRead
) -> Response:
    where = await readers.leads_to(c, language, slug, may)
    if where is None:
        raise NotFound("There is no such article.")
    there, its = where
    path = within(request, f"{there}/articles/{its}")
    return _moved(path, 301 if there == language else 302)


def _moved(path: str, status: int) -> Response:
    """Lead on; asked again each time, as an address that is given back must not lead in a circle."""
    return RedirectResponse(path, status, headers={"Vary": "Cookie", "Cache-Control": "public, no-cache"})
